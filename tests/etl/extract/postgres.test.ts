import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defineJob, env, postgres, testSource } from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";
import { startPostgres, type TestPostgres } from "../_postgres.ts";
import { startProxy } from "../_proxy.ts";

let server: TestPostgres;
let company: Company;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

const erp = postgres({ name: "erp", url: env("ERP_URL"), idleTimeout: 2 });
const load = (job: ReturnType<typeof defineJob>, url = server.url) =>
  company.load([job], { environment: { ERP_URL: url } });

describe("PostgreSQL", () => {
  it("is tested", async () => {
    expect(await testSource(erp, company.folder, { ERP_URL: server.url })).toMatch(/^PostgreSQL 1\d/);
  });

  it("gives every type exactly", async () => {
    await server.query(
      "drop schema if exists s cascade",
      "create schema s",
      `create table s.types (id int8 primary key, small int2, normal int4, flag bool, f4 float4, f8 float8, money numeric(14,2), wide numeric(30,10), "any" numeric, name text, code varchar(5), on_day date, at timestamp, atz timestamptz, tod time, doc json, docb jsonb, uid uuid, raw bytea, arr int[])`,
      `insert into s.types values (1, -7, 2147483647, true, 1.5, 0.1, 12345678901.99, 12345678901234567890.0123456789, 1.005, 'Ünïcode, longer than twelve', 'abc', '2024-02-29', '2024-03-31 02:30:00.123456', '2024-03-31 02:30:00+02', '23:59:59.5', '{"a": 1}', '{"b":[1,2]}', 'f47ac10b-58cc-4372-a567-0e02b2c3d479', '\\x00ff', '{1,2}'),
       (-9223372036854775808, 32767, -2147483648, false, -0.5, -1e300, -0.01, -0.0000000001, 12345, '', '', '0044-03-15 BC', '1969-12-31 23:59:59', '9999-12-31 00:00:00+00', '00:00', 'null', '{}', '00000000-0000-0000-0000-000000000000', '', null),
       (3, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)`,
    );
    const step = stepOf(
      await load(
        defineJob({ name: "types", source: erp, extract: { table: "s.types", key: "id" }, into: { table: "types" } }),
      ),
      "types",
    );
    expect(account(step)).toMatchObject({ read: 3, added: 3 });
    expect(
      await company.rows(
        "select column_name, data_type from duckdb_columns() where table_name = 'types' order by column_index",
      ),
    ).toEqual([
      ["id", "BIGINT"],
      ["small", "SMALLINT"],
      ["normal", "INTEGER"],
      ["flag", "BOOLEAN"],
      ["f4", "DOUBLE"],
      ["f8", "DOUBLE"],
      ["money", "DECIMAL(14,2)"],
      ["wide", "DECIMAL(30,10)"],
      ["any", "DECIMAL(18,3)"],
      ["name", "VARCHAR"],
      ["code", "VARCHAR"],
      ["on_day", "DATE"],
      ["at", "TIMESTAMP"],
      ["atz", "TIMESTAMP WITH TIME ZONE"],
      ["tod", "TIME"],
      ["doc", "JSON"],
      ["docb", "JSON"],
      ["uid", "UUID"],
      ["raw", "BLOB"],
      ["arr", "VARCHAR"],
    ]);
    expect(
      await company.rows(
        "select * replace (hex(raw) as raw, doc::varchar as doc, docb::varchar as docb) from types order by id desc",
      ),
    ).toEqual([
      ["3", ...Array.from({ length: 19 }, () => null)],
      [
        "1",
        -7,
        2147483647,
        true,
        1.5,
        0.1,
        "12345678901.99",
        "12345678901234567890.0123456789",
        "1.005",
        "Ünïcode, longer than twelve",
        "abc",
        "2024-02-29",
        "2024-03-31 02:30:00.123456",
        "2024-03-31 00:30:00+00",
        "23:59:59.5",
        '{"a": 1}',
        '{"b": [1, 2]}',
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "00FF",
        "{1,2}",
      ],
      [
        "-9223372036854775808",
        32767,
        -2147483648,
        false,
        -0.5,
        -1e300,
        "-0.01",
        "-0.0000000001",
        "12345.000",
        "",
        "",
        "0044-03-15 (BC)",
        "1969-12-31 23:59:59",
        "9999-12-31 00:00:00+00",
        "00:00:00",
        "null",
        "{}",
        "00000000-0000-0000-0000-000000000000",
        "",
        null,
      ],
    ]);
  });

  it("has infinities and NaN rejected", async () => {
    await server.query(
      "drop table if exists odd",
      "create table odd (id int, amount numeric(10,2), on_day date, ratio float8)",
      "insert into odd values (1, 1, '2024-01-01', 1), (2, 'NaN', '2024-01-01', 1), (3, 1, 'infinity', 1), (4, 1, '2024-01-01', 'Infinity')",
    );
    const run = await load(
      defineJob({
        name: "odd",
        source: erp,
        extract: { table: "odd" },
        onReject: { failAbove: "80%" },
        into: { table: "odd" },
      }),
    );
    expect(account(stepOf(run, "odd"))).toMatchObject({ read: 4, added: 1, rejected: 3 });
  });

  it("merges by a cursor with its lag, a Kysely query, and compared keys", async () => {
    await server.query(
      "drop table if exists o",
      "create table o (id int primary key, v text, at timestamptz)",
      "insert into o select i, 'v' || i, timestamptz '2024-01-01 00:00+00' + i * interval '1 minute' from generate_series(1, 100) i",
    );
    const job = defineJob({
      name: "o",
      source: erp,
      extract: {
        query: (db) => db.selectFrom("o").selectAll().where("id", "<", 1000),
        cursor: "at",
        lag: { minutes: 5 },
        key: "id",
      },
      into: { table: "o", mode: "merge" },
      deletes: "compare_keys",
    });
    expect(account(stepOf(await load(job), "o"))).toMatchObject({ read: 100, added: 100 });
    await server.query(
      "insert into o values (101, 'late', '2024-01-01 01:36+00'), (102, 'too late', '2024-01-01 01:00+00'), (103, 'none', null)",
      "update o set v = 'new', at = '2024-02-01' where id = 5",
      "delete from o where id in (7, 8)",
    );
    const second = stepOf(await load(job), "o");
    expect(account(second)).toMatchObject({ added: 2, updated: 1, removed: 2 });
    expect(second.watermarkAfter).toBe("2024-02-01 00:00:00+00");
    expect(await company.rows("select count(*), max(v) filter (id = 5) from o")).toEqual([["100", "new"]]);
  });

  it("F3: that disconnects in the middle of COPY is read again, and no row comes twice", async () => {
    await server.query(
      "drop table if exists big",
      "create table big as select i as id, md5(i::text) as v from generate_series(1, 200000) i",
    );
    const proxy = await startProxy(server.url, [1_000_000]);
    const step = stepOf(
      await load(defineJob({ name: "big", source: erp, extract: { table: "big" }, into: { table: "big" } }), proxy.url),
      "big",
    );
    expect(proxy.connections()).toBe(2);
    expect(account(step)).toMatchObject({ read: 200_000, added: 200_000 });
    expect(await company.rows("select count(distinct id) from big")).toEqual([["200000"]]);
    await proxy.stop();
  });

  it("F3: is read again as a whole when one of its ranges breaks", async () => {
    const proxy = await startProxy(server.url, [Number.POSITIVE_INFINITY, 1_000_000]);
    const step = stepOf(
      await load(
        defineJob({ name: "big", source: erp, extract: { table: "big", parallel: 2 }, into: { table: "big" } }),
        proxy.url,
      ),
      "big",
    );
    expect(proxy.connections()).toBeGreaterThan(4);
    expect(account(step)).toMatchObject({ read: 200_000, added: 200_000 });
    expect(await company.rows("select count(distinct id) from big")).toEqual([["200000"]]);
    await proxy.stop();
  });

  it("F3: that stalls ends the load, and nothing is published", async () => {
    const proxy = await startProxy(server.url, [], 500_000);
    await expect(
      load(defineJob({ name: "big", source: erp, extract: { table: "big" }, into: { table: "big2" } }), proxy.url),
    ).rejects.toMatchObject({ code: "source-unavailable" });
    expect(await company.manifest()).toBeUndefined();
    await proxy.stop();
  });
});
