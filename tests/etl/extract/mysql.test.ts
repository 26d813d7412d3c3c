import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defineJob, env, mysql, testSource, type JobSpec } from "../../../etl/index.ts";
import { connectionOptions } from "../../../etl/extract/mysql/mysql-session.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";
import { NO_MARIADB, startMariadb, type TestMysql } from "../_mysql.ts";
import { startProxy } from "../_proxy.ts";

let server: TestMysql;
let company: Company;
beforeAll(async () => {
  if (NO_MARIADB === undefined) server = await startMariadb();
});
afterAll(() => server?.stop());
beforeEach(() => {
  company = makeCompany();
});
afterEach(() => company.remove());

const shop = mysql({ name: "shop", url: env("SHOP"), idleTimeout: 2 });
const load = async (job: ReturnType<typeof defineJob>, url = server.url) =>
  stepOf(await company.load([job], { environment: { SHOP: url } }), job.name);
const job = (name: string, more: Partial<JobSpec> = {}) =>
  defineJob({ name, source: shop, extract: { table: name }, into: { table: name }, ...more } as JobSpec);

describe.skipIf(NO_MARIADB !== undefined)(NO_MARIADB ?? "MariaDB", () => {
  it("is tested with its version; a wrong password is reported without it", async () => {
    expect(await testSource(shop, company.folder, { SHOP: server.url })).toMatch(/^MariaDB 1\d\.\d+.*, \d+ tables$/);
    await expect(testSource(shop, company.folder, { SHOP: server.url.replace("p4ss", "wrong") })).rejects.toMatchObject(
      { code: "source-refused", message: "MySQL refused the user or password" },
    );
  });

  it("gives every type exactly, or as its text", async () => {
    await server.query(
      "drop table if exists types",
      `create table types (id bigint primary key, ub bigint unsigned, tiny tinyint, flag tinyint(1), si smallint unsigned, mi mediumint unsigned, i int, ui int unsigned, f float, d double, amount decimal(14,2), wide decimal(38,10), wider decimal(65,30),
      y year, on_day date, at datetime(6), stamp timestamp(3) null, dur time, bits bit(10), bit1 bit(1), c char(5), v varchar(200), t mediumtext, b varbinary(20), bl blob, j json, e enum('a','b'), s set('x','y'), g point)`,
      "set time_zone = '+02:00'",
      `insert into types values (-9223372036854775808, 18446744073709551615, -128, 1, 65535, 16777215, -2147483648, 4294967295, 0.1, 0.1, -123456789012.34, 1234567890123456789012345678.0123456789, 12345678901234567890123456789012345.123456789012345678901234567890,
      2024, '1000-01-01', '2024-03-31 02:30:00.123456', '2024-07-01 12:00:00.5', '-838:59:59', b'1000000001', b'1', 'ab', 'Ünïcode 🎉 longer than twelve', 'text', x'00ff', x'', '{"a": 1}', 'b', 'x,y', point(1, 2))`,
      "insert into types (id) values (9223372036854775807)",
    );
    expect(account(await load(job("types")))).toMatchObject({ read: 2, added: 2 });
    expect(
      Object.fromEntries(
        await company.rows("select column_name, data_type from duckdb_columns() where table_name = 'types'"),
      ),
    ).toEqual({
      id: "BIGINT",
      ub: "DECIMAL(20,0)",
      tiny: "SMALLINT",
      flag: "BOOLEAN",
      si: "INTEGER",
      mi: "INTEGER",
      i: "INTEGER",
      ui: "BIGINT",
      f: "DOUBLE",
      d: "DOUBLE",
      amount: "DECIMAL(14,2)",
      wide: "DECIMAL(38,10)",
      wider: "VARCHAR",
      y: "SMALLINT",
      on_day: "DATE",
      at: "TIMESTAMP",
      stamp: "TIMESTAMP WITH TIME ZONE",
      dur: "VARCHAR",
      bits: "DECIMAL(20,0)",
      bit1: "BOOLEAN",
      c: "VARCHAR",
      v: "VARCHAR",
      t: "VARCHAR",
      b: "BLOB",
      bl: "BLOB",
      j: "JSON",
      e: "VARCHAR",
      s: "VARCHAR",
      g: "VARCHAR",
    });
    expect(
      await company.rows("select * replace (hex(b) as b, hex(bl) as bl, j::varchar as j) from types order by id"),
    ).toEqual([
      [
        "-9223372036854775808",
        "18446744073709551615",
        -128,
        true,
        65535,
        16777215,
        -2147483648,
        "4294967295",
        0.10000000149011612,
        0.1,
        "-123456789012.34",
        "1234567890123456789012345678.0123456789",
        "12345678901234567890123456789012345.123456789012345678901234567890",
        2024,
        "1000-01-01",
        "2024-03-31 02:30:00.123456",
        "2024-07-01 10:00:00.5+00",
        "-838:59:59",
        "513",
        true,
        "ab",
        "Ünïcode 🎉 longer than twelve",
        "text",
        "00FF",
        "",
        '{"a": 1}',
        "b",
        "x,y",
        "POINT(1 2)",
      ],
      ["9223372036854775807", ...Array.from({ length: 28 }, () => null)],
    ]);
  });

  it("has zero dates rejected with their text, or read as null where the job declares it", async () => {
    await server.query(
      "drop table if exists visits",
      "create table visits (id int primary key, on_day date, at datetime, seen timestamp null)",
      "set sql_mode = ''",
      "insert into visits values (1, '2024-01-01', '2024-01-01 10:00', '2024-01-01 10:00'), (2, '0000-00-00', '2024-01-01 10:00', null), (3, '2024-01-01', '0000-00-00 00:00:00', null), (4, '2024-00-10', '2024-01-01', null), (5, '2024-01-01', '2024-01-01', '0000-00-00 00:00:00')",
    );
    const strict = await load(job("visits", { onReject: { failAbove: "90%" } }));
    expect(account(strict)).toMatchObject({ read: 5, added: 1, rejected: 4 });
    expect(strict.rejects).toContainEqual({ column: "on_day", reason: "invalid date", rows: 2 });
    const zeros = ["0000-00-00", "0000-00-00 00:00:00", "0000-00-00 00:00:00+00"];
    const lenient = await load(
      job("visits", {
        onReject: { failAbove: "90%" },
        columns: {
          id: "integer",
          on_day: { type: "date", nullIf: zeros },
          at: { type: "timestamp", nullIf: zeros },
          seen: { type: "timestamptz", nullIf: zeros },
        },
      }),
    );
    expect(account(lenient)).toMatchObject({ read: 5, added: 4, rejected: 1 });
  });

  it("has numbers in a TINYINT(1) rejected, or kept where the job declares numbers", async () => {
    await server.query(
      "drop table if exists flags",
      "create table flags (id int primary key, active tinyint(1))",
      "insert into flags values (1, 0), (2, 1), (3, 2), (4, -1), (5, null)",
    );
    expect(account(await load(job("flags", { onReject: { failAbove: "90%" } })))).toMatchObject({
      read: 5,
      added: 3,
      rejected: 2,
    });
    expect(account(await load(job("flags", { columns: { id: "integer", active: "smallint" } })))).toMatchObject({
      read: 5,
      rejected: 0,
    });
    expect(await company.rows("select active from flags order by id")).toEqual([[0], [1], [2], [-1], [null]]);
  });

  it("merges by a cursor with its lag, a Kysely query, and compared keys", async () => {
    await server.query(
      "drop table if exists o",
      "create table o (id int primary key, v text, at datetime(3))",
      "insert into o select seq, concat('v', seq), '2024-01-01' + interval seq minute from seq_1_to_100",
    );
    const one = defineJob({
      name: "o",
      source: shop,
      extract: {
        query: (db) => db.selectFrom("o").selectAll().where("v", "like", "v%").where("id", "<", 1000),
        cursor: "at",
        lag: { minutes: 5 },
        key: "id",
      },
      into: { table: "o", mode: "merge" },
      deletes: "compare_keys",
    });
    expect(account(await load(one))).toMatchObject({ read: 100, added: 100 });
    await server.query(
      "insert into o values (101, 'v late', '2024-01-01 01:36'), (102, 'v too late', '2024-01-01 01:00'), (103, 'v none', null)",
      "update o set v = 'v new', at = '2024-02-01' where id = 5",
      "delete from o where id in (7, 8)",
    );
    const second = await load(one);
    expect(account(second)).toMatchObject({ added: 2, updated: 1, removed: 2 });
    expect(second.watermarkAfter).toBe("2024-02-01 00:00:00.000");
  });

  it("reads one snapshot, and a large table with bounded memory", async () => {
    await server.query(
      "drop table if exists big",
      "create table big as select seq as id, md5(seq) as v from seq_1_to_200000",
    );
    const reading = load(job("big"));
    const writing = (async () => {
      for (let i = 0; i < 5; i++) await server.query("insert into big values (0, 'meanwhile')");
    })();
    const step = await reading;
    await writing;
    expect(step.read).toBeGreaterThanOrEqual(200_000);
    expect(await company.rows("select count(distinct id) >= 200000 from big where id > 0")).toEqual([[true]]);
  });

  it("that disconnects in the middle is read again, and no row comes twice; one that stalls ends the load", async () => {
    await server.query(
      "drop table if exists cut",
      "create table cut as select seq as id, md5(seq) as v from seq_1_to_100000",
    );
    const proxy = await startProxy(server.url, [1_000_000]);
    expect(account(await load(job("cut"), proxy.url))).toMatchObject({ read: 100_000, added: 100_000 });
    expect(proxy.connections()).toBe(2);
    await proxy.stop();
    const slow = await startProxy(server.url, [], 500_000);
    await expect(load(job("cut", { into: { table: "cut2" } }), slow.url)).rejects.toMatchObject({
      code: "source-unavailable",
    });
    await slow.stop();
    expect(await company.rows("select count(distinct id) from cut")).toEqual([["100000"]]);
  });
});

describe("a MySQL address", () => {
  it("cannot read files or run several statements", () => {
    const options = connectionOptions(
      "mysql://u:p%40ss@db.example:3307/shop?multipleStatements=true&flags=LOCAL_FILES&ssl=true",
      "source shop",
    );
    expect(options).toMatchObject({
      host: "db.example",
      port: 3307,
      user: "u",
      password: "p@ss",
      database: "shop",
      multipleStatements: false,
      flags: ["-LOCAL_FILES"],
      ssl: {},
    });
  });
});
