import { expect, test } from "vitest";
import { DuckDBInstance } from "duckdb";
import { typeInWords, type ColumnType } from "../../../engine/model/column-type.ts";
import { attributeTypeOf } from "../../../engine/query/binding/binding.ts";
import { columnTypeOf } from "../../../engine/warehouse/column-types.ts";

const TYPES: readonly (readonly [string, ColumnType, string])[] = [
  ["tinyint", { t: "integer", bits: 8 }, "integer"],
  ["uinteger", { t: "integer", bits: 32, unsigned: true }, "integer"],
  ["bigint", { t: "integer", bits: 64 }, "integer"],
  ["uhugeint", { t: "integer", bits: 128, unsigned: true }, "integer"],
  ["decimal(14, 2)", { t: "decimal", precision: 14, scale: 2 }, "number"],
  ["float", { t: "double" }, "number"],
  ["double", { t: "double" }, "number"],
  ["varchar", { t: "text" }, "string"],
  ["boolean", { t: "boolean" }, "boolean"],
  ["date", { t: "date" }, "date"],
  ["timestamp", { t: "local" }, "timestamp"],
  ["timestamp_ns", { t: "local" }, "timestamp"],
  ["timestamptz", { t: "instant" }, "timestamp"],
  ["uuid", { t: "other", name: "uuid" }, "string"],
  ["time", { t: "other", name: "time" }, "string"],
  ["enum('a', 'b')", { t: "other", name: "enum('a', 'b')" }, "string"],
  ["decimal(4, 1)[]", { t: "other", name: "decimal(4,1)[]" }, "string"],
];

test("DuckDB's own names of types are read as logical types", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const read = await connection.runAndReadAll(
    `select ${TYPES.map(([sql], i) => `cast(null as ${sql}) as c${i}`).join(", ")}`,
  );
  const named = (
    await connection.runAndReadAll(`select ${TYPES.map(([sql]) => `typeof(cast(null as ${sql}))`).join(", ")}`)
  ).getRows()[0]!;
  for (const [i, [sql, type, attribute]] of TYPES.entries()) {
    expect(columnTypeOf(String(named[i])), sql).toEqual(type);
    expect(columnTypeOf(String(read.columnType(i))), sql).toEqual(type);
    expect(attributeTypeOf(columnTypeOf(String(named[i]))), sql).toBe(attribute);
  }
  connection.closeSync();
  instance.closeSync();
});

test("a type is said in words", () => {
  expect(typeInWords({ t: "local" })).toBe("a date with a time");
  expect(typeInWords({ t: "other", name: "uuid" })).toBe("of type uuid");
});
