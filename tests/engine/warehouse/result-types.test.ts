/** Results of every type, at both ends of its range and beside nulls, against DuckDB's own words for them. */
import { DuckDBInstance } from "duckdb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveInstance, type Serving } from "../../../engine/warehouse/serving.ts";

let serving: Serving;
beforeAll(async () => {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  await (await instance.connect()).run("SET TimeZone = 'UTC'");
  serving = await serveInstance(instance, { connections: 1 });
});
afterAll(() => serving.close());

const WHOLE: Readonly<Record<string, readonly [string, string]>> = {
  TINYINT: ["-128", "127"],
  UTINYINT: ["0", "255"],
  SMALLINT: ["-32768", "32767"],
  USMALLINT: ["0", "65535"],
  INTEGER: ["-2147483648", "2147483647"],
  UINTEGER: ["0", "4294967295"],
  BIGINT: ["-9223372036854775808", "9223372036854775807"],
  UBIGINT: ["0", "18446744073709551615"],
  HUGEINT: ["-170141183460469231731687303715884105728", "170141183460469231731687303715884105727"],
};
const SAFE = 9007199254740991n;

test.each(Object.entries(WHOLE))("%s is read whole from its least to its most", async (type, [least, most]) => {
  const half = (BigInt(most) / 2n + 1n).toString();
  const values = [least, "0", half, most];
  const sql = `SELECT unnest([${values.map((value) => `'${value}'::${type}`).join(", ")}, NULL]) AS v`;
  const plain = await serving.run(sql);
  // beyond what a double holds exactly, a number is text
  expect(plain.columns[0]).toEqual([
    ...values.map((value) => {
      const big = BigInt(value);
      return big >= -SAFE && big <= SAFE ? Number(value) : value;
    }),
    null,
  ]);
  const exact = await serving.run(sql, [], { exact: true });
  expect(exact.columns[0]?.map((value) => (value === null ? null : String(value)))).toEqual([...values, null]);
});

test("the last whole number that a double holds is a number, and the next one text", async () => {
  const { columns } = await serving.run(
    "SELECT unnest([9007199254740991, 9007199254740992, -9007199254740991, -9007199254740992]) AS v",
  );
  expect(columns[0]).toEqual([9007199254740991, "9007199254740992", -9007199254740991, "-9007199254740992"]);
});

test.each([
  [4, 1],
  [9, 2],
  [18, 4],
  [38, 10],
  [38, 0],
  [4, 4],
])("DECIMAL(%i,%i) is read to its last digit", async (width, scale) => {
  const digits = "9".repeat(width);
  const most = scale === 0 ? digits : `${digits.slice(0, width - scale) || "0"}.${digits.slice(width - scale)}`;
  const tiny = scale === 0 ? "1" : `0.${"0".repeat(scale - 1)}1`;
  const values = [most, `-${most}`, tiny, `-${tiny}`, "0"];
  const sql = `SELECT unnest([${values.map((value) => `'${value}'::DECIMAL(${width},${scale})`).join(", ")}, NULL]) AS v`;
  const { columns } = await serving.run(sql, [], { exact: true });
  expect(columns[0]?.map((value) => (value === null ? null : Number(value)))).toEqual([...values.map(Number), null]);
  if (width > 15) expect(columns[0]?.slice(0, 2).map(String)).toEqual([most, `-${most}`]);
});

test("numbers with a point, truth, days, moments and texts of every length come as they are", async () => {
  const text = (length: number): string => "é".repeat(Math.floor(length / 2)) + "x".repeat(length % 2);
  const { columns } = await serving.run(
    `SELECT * FROM (VALUES
      (1.5::FLOAT, -1e300::DOUBLE, true, DATE '0001-01-01', TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMPTZ '2025-06-30 12:00:00+02', '${text(12)}'),
      (-0.25::FLOAT, 5e-324::DOUBLE, false, DATE '9999-12-31', TIMESTAMP '2262-04-11 23:47:16', TIMESTAMPTZ '1800-01-01 00:00:00+00', '${text(13)}'),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL),
      (3::FLOAT, 0::DOUBLE, true, DATE '1970-01-01', TIMESTAMP '1970-01-01', TIMESTAMPTZ '1970-01-01 00:00:00+00', '')
    ) AS t(f, d, b, day, local, moment, word)`,
  );
  const [floats, doubles, truths, days, locals, moments, words] = columns;
  expect(floats).toEqual([1.5, -0.25, null, 3]);
  expect(doubles).toEqual([-1e300, 5e-324, null, 0]);
  expect(truths).toEqual([true, false, null, true]);
  expect(days).toEqual(["0001-01-01", "9999-12-31", null, "1970-01-01"]);
  expect(locals).toEqual(["1969-12-31T23:59:59.999", "2262-04-11T23:47:16", null, "1970-01-01T00:00:00"]);
  expect(moments).toEqual(["2025-06-30T10:00:00Z", "1800-01-01T00:00:00Z", null, "1970-01-01T00:00:00Z"]);
  expect(words).toEqual([text(12), text(13), null, ""]);
});

test("many chunks follow each other, nulls where they are", async () => {
  const { columns, rowCount } = await serving.run(
    "SELECT CASE WHEN i % 7 <> 3 THEN i END AS v, i % 2 = 0 AS even, 'n' || i AS name FROM range(10000) t(i)",
  );
  expect(rowCount).toBe(10_000);
  expect(columns[0]).toEqual(Array.from({ length: 10_000 }, (_, i) => (i % 7 === 3 ? null : i)));
  expect(columns[1]?.filter(Boolean)).toHaveLength(5000);
  expect(columns[2]?.[9999]).toBe("n9999");
});
