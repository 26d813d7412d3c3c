import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC, type DataType, type Decimal } from "apache-arrow";
import { DuckDBInstance, type DuckDBConnection } from "duckdb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveModel } from "../../../../engine/model/resolve-model.ts";
import {
  count,
  defineCube,
  defineDateDimension,
  defineProject,
  max,
  min,
  sum,
} from "../../../../engine/model/index.ts";
import { arrow } from "../../../../engine/query/exports/arrow.ts";
import type { Engine } from "../../../../engine/query/answer/engine.ts";
import { openEngine } from "../../../../engine/query/answer/open-engine.ts";
import { parquet } from "../../../../engine/query/exports/parquet.ts";
import type { Query, Value } from "../../../../engine/model/query.ts";
import { openFiles } from "../../../../engine/warehouse/serving.ts";

const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2025-12-31" });
const odd = defineCube({
  name: "odd",
  table: "odd",
  dimensions: { date: { to: date, on: "d" } },
  attributes: Object.fromEntries(
    [
      "id",
      "bigint",
      "unsigned",
      "small_unsigned",
      "huge",
      "hugest",
      "price",
      "rate",
      "clock",
      "span",
      "bytes",
      "uuid",
      "word",
      "kind",
      "nothing",
      "no_number",
      "flag",
      "seconds",
      "nanos",
      "endless",
    ].map((name) => [name, name]),
  ),
  measures: {
    n: count(),
    total: sum("bigint"),
    huge_total: sum("huge"),
    most: max("unsigned"),
    least: min("small_unsigned"),
    nothing_at_all: sum("no_number"),
    priced: sum("price"),
    rated: sum("rate"),
  },
});

let engine: Engine;
let reader: DuckDBConnection;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tessera-formats-"));
  const file = join(folder, "odd.duckdb");
  const made = await DuckDBInstance.create(file);
  await (
    await made.connect()
  ).run(`create table odd as select i as id, date '2025-01-01' + i::int as d, 9007199254740990 + i as bigint, case when i <> 2 then (18446744073709551610 + i)::ubigint end as unsigned, i::ubigint as small_unsigned,
    (99999999999999999999999999999999999990 + i)::hugeint * case when i % 2 = 0 then 1 else -1 end as huge, (170141183460469231731687303715884105720 + i)::hugeint as hugest, (i * 1.25 - 2)::decimal(10, 2) as price, (i / 10.0)::real as rate, time '10:00:00.5' + to_minutes(i::int) as clock, to_days(i::int) + interval '90 seconds' as span,
    encode('a' || i) as bytes, cast('00000000-0000-0000-0000-00000000000' || i as uuid) as uuid, case when i > 0 then 'word ' || i end as word, cast(case i % 2 when 0 then 'x' else 'y' end as enum ('x', 'y')) as kind, cast(null as varchar) as nothing, cast(null as integer) as no_number, i % 2 = 0 as flag,
    timestamp_s '2025-01-01 00:00:01' as seconds, timestamp_ns '2025-01-01 00:00:00.123456789' as nanos, case when i = 1 then 'infinity'::double when i = 2 then 'nan'::double else i / 3.0 end as endless from range(4) r(i)`);
  made.closeSync();
  const serving = await openFiles([{ path: file, tables: [] }], 1, { tempDirectory: folder, connections: 2 });
  const { catalog, problems } = resolveModel(
    defineProject({
      name: "formats",
      warehouse: { path: folder },
      now: "2025-06-30",
      dimensions: [date],
      cubes: [odd],
    }),
  );
  expect(problems).toEqual([]);
  engine = await openEngine({ catalog, serving, today: () => 20_000 });
  reader = await (await DuckDBInstance.create(":memory:")).connect();
});
afterAll(async () => {
  await engine.serving.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A value of an Arrow column as JSON says it with every digit kept. */
function text(value: unknown, type: DataType): Value {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint32Array) {
    const whole = BigInt.asIntN(
      128,
      [...value].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n),
    );
    const { scale } = type as Decimal;
    const digits = (whole < 0n ? -whole : whole).toString().padStart(scale + 1, "0");
    return `${whole < 0n ? "-" : ""}${scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`}`;
  }
  if (String(type).startsWith("Date")) return new Date(Number(value)).toISOString().slice(0, 10);
  return String(value);
}
const said = (value: Value): Value => (value === null ? null : String(value));

const QUESTIONS: readonly [string, Query][] = [
  [
    "integers of every width",
    {
      measures: ["odd.n", "odd.total", "odd.huge_total", "odd.most", "odd.least"],
      dimensions: ["odd.bigint", "odd.unsigned", "odd.small_unsigned", "odd.huge", "odd.hugest"],
    },
  ],
  [
    "times, spans, bytes and names",
    {
      measures: ["odd.n"],
      dimensions: [
        "odd.id",
        "odd.clock",
        "odd.span",
        "odd.bytes",
        "odd.uuid",
        "odd.word",
        "odd.kind",
        "odd.seconds",
        "odd.nanos",
      ],
    },
  ],
  [
    "columns with nothing in them",
    { measures: ["odd.n", "odd.nothing_at_all"], dimensions: ["odd.nothing", "odd.no_number"] },
  ],
  [
    "decimals, doubles, dates and truth",
    {
      measures: ["odd.priced", "odd.rated"],
      dimensions: ["odd.id", "odd.price", "odd.rate", "odd.flag", "date.day", "odd.endless"],
    },
  ],
];

describe("Arrow and Parquet hold the values of the JSON answer", () => {
  test.each(QUESTIONS)("Arrow: %s", async (_, query) => {
    const json = await engine.query({ ...query, exact: true });
    const table = tableFromIPC(await arrow(engine, query));
    const rows = Array.from({ length: table.numRows }, (_r, i) =>
      Object.fromEntries(table.schema.fields.map((f) => [f.name, text(table.get(i)![f.name], f.type as DataType)])),
    );
    expect(rows).toEqual(
      json.rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, said(value)]))),
    );
  });
  test.each(QUESTIONS)("Parquet: %s", async (_, query) => {
    const json = await engine.query({ ...query, exact: true });
    const file = join(folder, "answer.parquet");
    writeFileSync(file, await parquet(engine, query));
    const [read, raw] = [
      await reader.runAndReadAll(`select columns(*)::varchar from '${file}'`),
      (await reader.runAndReadAll(`select * from '${file}'`)).getRows(),
    ];
    // the text of a double is the dialect's own business
    expect(
      read
        .getRows()
        .map((row, r) => row.map((value, c) => (typeof raw[r]![c] === "number" ? String(raw[r]![c]) : value))),
    ).toEqual(json.rows.map((row) => Object.values(row).map(said)));
  });
  test("integers that fit into 64 bits stay such, larger ones are decimals of 38 digits, and text beyond", async () => {
    const { fields } = tableFromIPC(await arrow(engine, QUESTIONS[0]![1])).schema;
    expect(fields.map((f) => `${f.name}: ${String(f.type)}`)).toEqual([
      "odd.bigint: Int64",
      "odd.unsigned: Decimal[38e0]",
      "odd.small_unsigned: Int64",
      "odd.huge: Decimal[38e0]",
      "odd.hugest: Dictionary<Int32, Utf8>",
      "odd.n: Int64",
      "odd.total: Int64",
      "odd.huge_total: Decimal[38e0]",
      "odd.most: Decimal[38e0]",
      "odd.least: Int64",
    ]);
    const file = join(folder, "types.parquet");
    writeFileSync(file, await parquet(engine, { measures: ["odd.huge_total"], dimensions: ["odd.huge"] }));
    expect(
      (
        await reader.runAndReadAll(`select distinct typeof("odd.huge"), typeof("odd.huge_total") from '${file}'`)
      ).getRows(),
    ).toEqual([["DECIMAL(38,0)", "DECIMAL(38,0)"]]);
  });
});
