import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defineJob, env, postgres, rollbackLoad, type DatabaseExtract, type JobSpec } from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";
import { startPostgres, type TestPostgres } from "../_postgres.ts";

let server: TestPostgres;
let company: Company;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  company = makeCompany();
  await server.query(
    "drop table if exists o cascade",
    "create table o (id int primary key, v text, at timestamptz)",
    "insert into o select i, 'v' || i, timestamptz '2024-01-01 00:00+00' + i * interval '1 minute' from generate_series(1, 100) i",
  );
});
afterEach(() => company.remove());

const erp = postgres({ name: "erp", url: env("ERP") });
const job = (extract: Partial<DatabaseExtract> = {}, into: Partial<JobSpec["into"]> = {}) =>
  defineJob({
    name: "o",
    source: erp,
    extract: { table: "o", cursor: "at", key: "id", ...extract } as DatabaseExtract,
    into: { table: "o", mode: "merge", ...into },
  });
const load = async (one = job()) => stepOf(await company.load([one], { environment: { ERP: server.url } }), "o");

/** A transaction that stays open until it is told to end. */
async function openTransaction(...statements: string[]): Promise<{ commit(): Promise<void> }> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query("begin");
  for (const statement of statements) await client.query(statement);
  return {
    commit: async () => {
      await client.query("commit");
      await client.end();
    },
  };
}

describe("a transaction that commits late", () => {
  it("F9: is found by its snapshot, however much earlier its timestamps are, also from a savepoint", async () => {
    const late = await openTransaction(
      "insert into o values (201, 'late', '2020-01-01')",
      "savepoint s",
      "insert into o values (202, 'later', '2020-01-02')",
      "update o set v = 'changed' where id = 3",
    );
    expect(account(await load())).toMatchObject({ read: 100, added: 100 });
    await late.commit();
    expect(account(await load())).toMatchObject({ added: 2, updated: 1 });
    expect(await company.rows("select count(*), max(v) filter (id = 3) from o")).toEqual([["102", "changed"]]);
    expect(account(await load())).toMatchObject({ added: 0, updated: 0 });
  });

  it("is missed by a job with a lag only, and found within the lag", async () => {
    const byLag = job({ lateCommits: "lag", lag: { minutes: 5 } });
    const late = await openTransaction(
      "insert into o values (201, 'far', '2020-01-01'), (202, 'near', '2024-01-01 01:37+00')",
    );
    await load(byLag);
    await late.commit();
    expect(account(await load(byLag))).toMatchObject({ added: 1 });
  });

  it("is added once where rows are appended by key", async () => {
    const appends = job({}, { mode: "append", key: "id" });
    const late = await openTransaction("insert into o values (201, 'late', '2020-01-01')");
    await load(appends);
    await server.query("update o set v = 'seen' where id = 1");
    await late.commit();
    expect(account(await load(appends))).toMatchObject({ added: 1, unchanged: expect.any(Number) });
    expect(await company.rows("select count(*), count(distinct id) from o")).toEqual([["101", "101"]]);
  });

  it("F9: is never missed among eight writers that commit late at random", async () => {
    await server.query("delete from o");
    let stop = false;
    let written = 0;
    const writers = Array.from({ length: 8 }, async (_, w) => {
      for (let n = 0; !stop; n++) {
        const id = w * 100_000 + n;
        const open = await openTransaction(
          `insert into o values (${id}, 'w${w}', now() - interval '${(id * 7) % 90} minutes')`,
          ...(n > 3 ? [`update o set v = 'again' where id = ${id - 3}`] : []),
        );
        await new Promise((done) => setTimeout(done, (id * 13) % 120));
        await open.commit();
        written++;
      }
    });
    for (let i = 0; i < 6; i++) await load();
    stop = true;
    await Promise.all(writers);
    await load();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query({ text: "select id, v from o order by id", rowMode: "array" });
    await client.end();
    expect(rows.length).toBe(written);
    expect(await company.rows("select id, v from o order by id")).toEqual(rows);
  });
});

describe("the watermark of a read", () => {
  it("F17: belongs to the version: after a rollback the next incremental load reads what that version lacks", async () => {
    await load();
    const before = (await company.manifest())!.watermarks;
    expect(before["o:mark"]).toMatch(/^\d+\/\d+\/\d+\|\d+:\d+$/);
    await server.query("update o set v = 'x' where id = 5");
    const undone = await company.load([job()], { environment: { ERP: server.url } });
    expect((await company.manifest())!.watermarks["o:mark"]).not.toBe(before["o:mark"]);
    await rollbackLoad(company.warehouse, undone.id);
    expect((await company.manifest())!.watermarks).toEqual(before);
    expect(account(await load())).toMatchObject({ updated: 1 });
  });

  it("is discarded when the table was recreated, and everything is read", async () => {
    await load();
    await server.query(
      "create table p as select id, v || '!' as v, at from o",
      "drop table o",
      "alter table p rename to o",
    );
    const step = await load();
    expect(account(step)).toMatchObject({ read: 100, updated: 100 });
    expect(step.warnings.join()).toContain("recreated");
  });

  it("uses only the cursor on partitions and within views", async () => {
    await server.query(
      "drop table o",
      "create table o (id int, v text, at timestamptz, primary key (id, at)) partition by range (at)",
      "create table o1 partition of o for values from ('2024-01-01') to ('2025-01-01')",
      "create table o2 partition of o for values from ('2025-01-01') to ('2026-01-01')",
      "insert into o values (1, 'a', '2024-05-05'), (2, 'b', '2025-05-05')",
      "drop view if exists seen",
      "create view seen as select * from o",
    );
    await load();
    await server.query("insert into o values (3, 'late', '2024-02-02')");
    expect(account(await load())).toMatchObject({ added: 1 });
    await server.query("insert into o values (4, 'late', '2024-02-02')");
    expect(account(await load(job({ table: "seen" } as Partial<DatabaseExtract>)))).toMatchObject({ added: 0 });
  });
});

describe("timestamps", () => {
  it("that are infinite or far in the future do not stop later rows", async () => {
    await server.query(
      "insert into o values (301, 'never', 'infinity'), (302, 'ever', '-infinity'), (303, 'far', '9999-01-01')",
    );
    const lenient = defineJob({
      name: "o",
      source: erp,
      extract: { table: "o", cursor: "at", key: "id" },
      into: { table: "o", mode: "merge" },
      onReject: { failAbove: 5 },
    });
    const first = await load(lenient);
    expect(account(first)).toMatchObject({ read: 103, rejected: 2 });
    expect(first.watermarkAfter).toBe("9999-01-01 00:00:00+00");
    await server.query("insert into o values (304, 'today', '2024-06-01')");
    expect(account(await load(lenient))).toMatchObject({ added: 1 });
  });

  it("F9: 25,000 equal ones lose no row, and none comes twice", async () => {
    await server.query("insert into o select i, 'same', '2024-03-03' from generate_series(1001, 26000) i");
    await load();
    await server.query(
      "insert into o select i, 'same', '2024-03-03' from generate_series(30001, 30500) i",
      "insert into o values (40000, 'none', null)",
    );
    expect(account(await load())).toMatchObject({ added: 501, updated: 0 });
    expect(await company.rows("select count(*), count(distinct id) from o")).toEqual([["25601", "25601"]]);
  });

  it("F9: that are null cursors are read by every load, and once", async () => {
    await server.query("insert into o values (401, 'none', null), (402, 'none', null)");
    expect(account(await load())).toMatchObject({ added: 102 });
    await server.query(
      "insert into o values (403, 'new', null)",
      "update o set v = 'changed' where id = 401",
      "update o set at = null where id = 7",
    );
    expect(account(await load())).toMatchObject({ added: 1, updated: 2 });
    expect(await company.rows('select id, v from o where "at" is null order by id')).toEqual([
      [7, "v7"],
      [401, "changed"],
      [402, "none"],
      [403, "new"],
    ]);
    const byLag = job({ lateCommits: "lag" });
    await server.query("insert into o values (404, 'later', null)");
    expect(account(await load(byLag))).toMatchObject({ added: 1, updated: 0 });
    expect(await company.rows("select count(*), count(distinct id) from o")).toEqual([["104", "104"]]);
  });

  it("F9: of a source's clock set back an hour are found too", async () => {
    await load();
    await server.query(
      "insert into o values (500, 'back', '2024-01-01 00:10+00')",
      "update o set v = 'back', at = '2024-01-01 00:05+00' where id = 100",
    );
    const step = await load();
    expect(account(step)).toMatchObject({ added: 1, updated: 1 });
    expect(step.watermarkAfter).toBe("2024-01-01 01:40:00+00");
  });
});

describe("ranges", () => {
  const wide = (extract: Partial<DatabaseExtract>, mode: "replace" | "merge" = "replace") =>
    defineJob({
      name: "o",
      source: erp,
      extract: { table: "wide", key: "id", ...extract } as DatabaseExtract,
      into: { table: "wide", mode },
      onReject: { failAbove: "1%" },
    });
  beforeEach(async () => {
    await server.query(
      "drop table if exists wide",
      "create table wide as select i as id, i * 1.25 as amount, case when i % 5 = 0 then null else 'a text of more than twelve, ' || i end as note, case i % 3 when 0 then 'short' end as state, date '2024-01-01' + i % 400 as day from generate_series(1, 60000) i",
    );
  });

  it("read at once under one snapshot give what one reader gives", async () => {
    const one = await load(wide({}));
    const sum =
      "select count(*), count(distinct id), sum(amount), sum(hash(note)), count(state), min(day), max(day) from wide";
    const expected = await company.rows(sum);
    const step = await load(wide({ parallel: 3 }));
    expect(account(step)).toEqual(account(one));
    expect(await company.rows(sum)).toEqual(expected);
  });

  it("read an increment too, and reject rows that do not fit", async () => {
    const merged = wide({ parallel: 2, cursor: "day" }, "merge");
    await server.query(
      "alter table wide alter column amount type numeric(10,2)",
      "insert into wide values (70001, 'NaN', 'x', null, '2024-05-05'), (70002, 5, 'y', null, 'infinity')",
    );
    expect(account(await load(merged))).toMatchObject({ read: 60_002, rejected: 2, added: 60_000 });
    await server.query("update wide set note = 'late' where id <= 10");
    expect(account(await load(merged))).toMatchObject({ updated: 10 });
  });
});
