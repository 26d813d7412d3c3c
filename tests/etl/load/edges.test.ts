/** The last value that fits and the first that does not, of types, keys and periods that a load meets. */
import { DuckDBInstance, type DuckDBConnection } from "duckdb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defineJob, env, files, rest, rollbackLoad, sqlite } from "../../../etl/index.ts";
import { commonType } from "../../../etl/load/target.ts";
import { MOST_SEGMENTS } from "../../../engine/warehouse/segment-layout.ts";
import { sweep } from "../../../engine/warehouse/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";
import { startService, type Service } from "../_service.ts";
import { DIFFERENCE, segmentsOf, served, twins } from "../_segments.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
});
afterAll(() => connection.closeSync());
let company: Company;
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());
const shop = sqlite({ name: "shop", path: "./shop.sqlite" });

describe("the common type of two", () => {
  const MOST: Readonly<Record<string, string>> = {
    SMALLINT: "32767",
    INTEGER: "2147483647",
    BIGINT: "9223372036854775807",
    "DECIMAL(4,2)": "99.99",
    "DECIMAL(10,2)": "99999999.99",
    "DECIMAL(18,6)": "999999999999.999999",
    "DECIMAL(20,0)": "99999999999999999999",
  };
  const pairs = Object.keys(MOST).flatMap((a) => Object.keys(MOST).map((b) => [a, b] as const));
  it.each(pairs)("%s and %s holds the most and the least of both, exactly", async (a, b) => {
    const type = commonType(a, b);
    expect(commonType(b, a)).toBe(type);
    for (const own of [a, b])
      for (const value of [MOST[own] ?? "", `-${MOST[own] ?? ""}`]) {
        const read = await connection.runAndReadAll(
          `SELECT ('${value}'::${own})::${type} = '${value}'::DECIMAL(38,10), '${type}' = 'DOUBLE'`,
        );
        expect(read.getRows()[0], `${value} as ${type}`).toEqual([true, false]);
      }
  });
  it.each([
    ["BIGINT", "DECIMAL(10,2)", "DECIMAL(21,2)"],
    ["INTEGER", "DECIMAL(4,2)", "DECIMAL(12,2)"],
    ["SMALLINT", "DECIMAL(4,4)", "DECIMAL(9,4)"],
    ["SMALLINT", "BIGINT", "BIGINT"],
    ["DECIMAL(38,0)", "DECIMAL(38,2)", "DOUBLE"],
    ["DECIMAL(36,0)", "DECIMAL(10,2)", "DECIMAL(38,2)"],
    ["DECIMAL(37,0)", "DECIMAL(10,2)", "DOUBLE"],
    ["BIGINT", "DOUBLE", "DOUBLE"],
    ["DATE", "TIMESTAMP", "TIMESTAMP"],
    ["TIMESTAMPTZ", "DATE", "TIMESTAMPTZ"],
    ["DATE", "INTEGER", "VARCHAR"],
    ["BOOLEAN", "BOOLEAN", "BOOLEAN"],
    ["BOOLEAN", "INTEGER", "VARCHAR"],
  ])("of %s and %s is %s", (a, b, type) => expect([commonType(a, b), commonType(b, a)]).toEqual([type, type]));
});

it("a Parquet column of any type is loaded with its least and its most", async () => {
  const RANGES: Readonly<Record<string, readonly [least: string, most: string, as: string]>> = {
    TINYINT: ["-128", "127", "SMALLINT"],
    UTINYINT: ["0", "255", "SMALLINT"],
    SMALLINT: ["-32768", "32767", "SMALLINT"],
    USMALLINT: ["0", "65535", "INTEGER"],
    INTEGER: ["-2147483648", "2147483647", "INTEGER"],
    UINTEGER: ["0", "4294967295", "BIGINT"],
    BIGINT: ["-9223372036854775808", "9223372036854775807", "BIGINT"],
    UBIGINT: ["0", "18446744073709551615", "DECIMAL(20,0)"],
    "DECIMAL(38,3)": [`-${"9".repeat(35)}.999`, `${"9".repeat(35)}.999`, "DECIMAL(38,3)"],
    DOUBLE: ["-1.7976931348623157e308", "5e-324", "DOUBLE"],
    BOOLEAN: ["false", "true", "BOOLEAN"],
    DATE: ["0001-01-01", "9999-12-31", "DATE"],
    TIMESTAMP: ["1969-12-31 23:59:59.999999", "2262-04-11 23:47:16", "TIMESTAMP"],
    VARCHAR: ["", "Ünïcödé", "VARCHAR"],
  };
  const entries = Object.entries(RANGES);
  const row = (at: 0 | 1): string => entries.map(([type, range], i) => `'${range[at]}'::${type} AS c${i}`).join(", ");
  const nulls = entries.map(([type], i) => `NULL::${type} AS c${i}`).join(", ");
  const path = `${company.folder}/drops/t.parquet`;
  await connection.run(
    `COPY (SELECT 1 AS id, ${row(0)} UNION ALL SELECT 2, ${row(1)} UNION ALL SELECT 3, ${nulls}) TO '${path}' (FORMAT PARQUET)`,
  );
  await company.load([
    defineJob({
      name: "t",
      source: files({ name: "drops", path: "./drops" }),
      extract: { file: "t.parquet" },
      into: { table: "t", mode: "merge", key: "id" },
    }),
  ]);
  const columns = entries.map((_, i) => `c${i}`);
  expect(await company.rows(`select ${columns.map((c) => `typeof(${c})`).join(", ")} from t where id = 1`)).toEqual([
    entries.map(([, [, , type]]) => type),
  ]);
  const same = entries.map(([type, [least, most]], i) => [
    `(select c${i} from t where id = 1) = '${least}'::${type} and (select c${i} from t where id = 2) = '${most}'::${type} and (select c${i} from t where id = 3) is null`,
  ]);
  expect(await company.rows(`select ${same.join(", ")}`)).toEqual([entries.map(() => true)]);
});

describe("of several rows with one key", () => {
  const job = defineJob({
    name: "t",
    source: shop,
    extract: { table: "t", cursor: "at" },
    columns: { id: "bigint", at: "timestamp", v: "varchar" },
    into: { table: "t", mode: "merge", key: "id" },
  });
  it("the one with the latest stamp stays, wherever it is read; one without a stamp wins over none with one", async () => {
    company.sql(
      "create table t (id integer, at text, v text)",
      "insert into t values (1, '2024-01-02', 'new'), (1, '2024-01-01', 'old'), (2, null, 'unstamped'), (2, '2024-01-01', 'stamped')",
      "insert into t values (3, '2024-01-01', 'stamped'), (3, null, 'unstamped'), (4, null, 'first'), (4, null, 'second')",
    );
    await company.load([job]);
    expect(await company.rows("select id, v from t order by id")).toEqual([
      ["1", "new"],
      ["2", "stamped"],
      ["3", "stamped"],
      ["4", "second"],
    ]);
  });
});

describe("a JSON service", () => {
  let service: Service | undefined;
  afterEach(async () => {
    await service?.stop();
    service = undefined;
  });
  const job = (total: boolean) =>
    defineJob({
      name: "cases",
      source: rest({
        name: "desk",
        baseUrl: env("DESK"),
        retries: 2,
        pagination: { kind: "offset", size: 2, ...(total && { total: "$.total" }) },
      }),
      extract: {
        path: "/cases",
        records: "$.data",
        ...(!total && { cursor: "at", since: "since", lag: { days: 1 } }),
      } as never,
      into: { table: "cases", mode: "merge", key: "id" },
    });
  const rows = [1, 2, 3, 4].map((id) => ({ id, at: `2024-01-0${id}T00:00:00Z` }));
  it("is backfilled from the day that is asked for, whatever was read before", async () => {
    service = await startService(({ url }) => ({
      json: { data: rows.slice(Number(url.searchParams.get("offset")), Number(url.searchParams.get("offset")) + 2) },
    }));
    const environment = { DESK: service.url };
    await company.load([job(false)], { environment });
    const before = service.calls.length;
    await company.load([job(false)], {
      environment,
      jobs: ["cases"],
      backfill: { from: "2023-11-01", until: "2023-12-01" },
    });
    const asked = service.calls.slice(before).map(({ url }) => url.searchParams.get("since"));
    expect(asked.length).toBeGreaterThan(0);
    for (const each of asked) expect(each).toBe("2023-11-01");
  });
  it.each([
    ["grows at its front", [{ id: 9, at: "2024-01-09T00:00:00Z" }, ...rows], 5],
    ["shrinks", rows.slice(1), 3],
  ])("whose list %s while it is read is read again, so that no row is missed", async (_, changed, left) => {
    let [asked, announced] = [0, 0];
    service = await startService(({ url }) => {
      const offset = Number(url.searchParams.get("offset"));
      const list = asked++ === 0 ? rows : changed;
      if (offset === 0) announced++;
      return { json: { data: list.slice(offset, offset + 2), total: list.length } };
    });
    const run = await company.load([job(true)], { environment: { DESK: service.url } });
    expect(account(stepOf(run, "cases"))).toMatchObject({ added: left });
    expect(await company.rows("select count(*) from cases where id = 9")).toEqual([[left === 5 ? "1" : "0"]]);
    expect(announced).toBe(2);
  });
});

it("a version that is served after a rollback is kept, however many are newer", async () => {
  const job = defineJob({ name: "o", source: shop, extract: { table: "o" }, into: { table: "o", mode: "replace" } });
  company.sql("create table o (id integer primary key)", "insert into o values (1)");
  await company.load([job]);
  const runs: string[] = [];
  for (const id of [2, 3, 4]) {
    company.sql(`insert into o values (${id})`);
    runs.push((await company.load([job])).id);
  }
  for (const run of runs.toReversed()) await rollbackLoad(company.warehouse, run);
  expect((await company.manifest())?.version).toBe(1);
  sweep(company.warehouse, [], new Date(Date.now() + 100 * 86_400_000), { last: 1, days: 0 });
  expect(await company.rows("select count(*) from o")).toEqual([["1"]]);
});

it("a table with all the segments it may have takes a month of few rows into its neighbour", async () => {
  company.sql(
    "create table sales (id integer primary key, ordered_on text, amount decimal(12,2), note text, touched integer)",
  );
  const month = (i: number): string => `${2020 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}`;
  let id = 0;
  const add = (at: number, rows: number): void => {
    for (let i = 0; i < rows; i++)
      company.sql(`insert into sales values (${id++}, '${month(at)}-0${1 + (i % 9)}', ${i}, 'n', ${id})`);
  };
  const merge = twins({ into: { mode: "merge", key: "id" } });
  for (let i = 0; i < MOST_SEGMENTS; i++) add(i, i === MOST_SEGMENTS - 1 ? 1 : 4);
  await company.load(merge);
  expect(segmentsOf((await company.manifest())!)).toHaveLength(MOST_SEGMENTS);
  // the cheapest pair is the last month, and the one that comes
  add(MOST_SEGMENTS, 1);
  await company.load(merge);
  const found = segmentsOf((await company.manifest())!);
  expect(found).toHaveLength(MOST_SEGMENTS);
  expect(found.at(-1)?.segment).toMatchObject({ from: month(MOST_SEGMENTS - 1), until: month(MOST_SEGMENTS + 1) });
  expect(await served(company, DIFFERENCE)).toEqual([["0", "0"]]);
});
