import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MOST_SEGMENTS } from "../../../engine/warehouse/segment-layout.ts";
import { rollbackLoad, sqlite, type Job } from "../../../etl/index.ts";
import { account, makeCompany, type Company } from "../_company.ts";
import { DIFFERENCE, pathsOf, playLoads, segmentsOf, served, twins } from "../_segments.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql(
    "create table sales (id integer primary key, ordered_on text, amount decimal(12,2), note text, touched integer)",
  );
});
afterEach(() => company.remove());

/** `rows` sales, ten a month from 2020 on. */
const fill = (rows: number, first = 0): void =>
  company.sql(
    `with recursive n(i) as (select ${first} union all select i + 1 from n where i + 1 < ${first + rows}) insert into sales select i, date('2020-01-01', (i / 10) || ' months', (i % 10 * 2) || ' days'), i * 1.25, 'note ' || i, i from n`,
  );
const same = async (): Promise<void> => expect(await served(company, DIFFERENCE)).toEqual([["0", "0"]]);

const merge = twins({ into: { mode: "merge", key: "id" }, deletes: "compare_keys" });

describe("a table beyond its limit", () => {
  it("is one table below it, and files by months above it", async () => {
    fill(20);
    await company.load(merge);
    expect(segmentsOf((await company.manifest())!)).toEqual([]);
    company.sql("insert into sales values (100, '2021-05-05', 1, 'x', 100)");
    await company.load(merge);
    const manifest = (await company.manifest())!;
    expect(
      segmentsOf(manifest).map(({ path, segment, tables }) => [
        path,
        segment!.from,
        segment!.until,
        tables[0]!.rows,
        segment!.min,
        segment!.max,
      ]),
    ).toEqual([
      ["files/000002-cut~2020-01.duckdb", "2020-01", "2020-02", 10, "2020-01-01", "2020-01-19"],
      ["files/000002-cut~2020-02.duckdb", "2020-02", "2020-03", 10, "2020-02-01", "2020-02-19"],
      ["files/000002-cut~2021-05.duckdb", "2021-05", "2021-06", 1, "2021-05-05", "2021-05-05"],
    ]);
    await same();
  });

  it("has only those files written that a load changes: files of new rows, and of rows that leave them", async () => {
    fill(100);
    await company.load(merge);
    const before = pathsOf((await company.manifest())!);
    expect(before.size).toBe(10);
    company.sql(
      "update sales set ordered_on = '2020-09-09', note = 'moved' where id = 25",
      "delete from sales where id = 44",
      "insert into sales values (500, null, 3, 'undated', 500)",
    );
    const run = await company.load(merge);
    expect(account(run.steps[0]!)).toEqual({ ...account(run.steps[1]!) });
    expect(account(run.steps[0]!)).toMatchObject({ added: 1, updated: 1, removed: 1 });
    const after = pathsOf((await company.manifest())!);
    expect(
      [...after]
        .filter(([role, path]) => before.get(role) !== path)
        .map(([role]) => role)
        .sort(),
    ).toEqual(["cut~2020-03", "cut~2020-05", "cut~2020-09", "cut~undated"]);
    await same();
    const unchanged = await company.load(merge);
    expect(unchanged.steps[0]).toMatchObject({ added: 0, updated: 0, unchanged: 100 });
    expect(pathsOf((await company.manifest())!)).toEqual(after);
  });

  it("never has more than 24 files: neighbours with few rows become one", async () => {
    fill(240);
    await company.load(merge);
    const before = pathsOf((await company.manifest())!);
    expect(before.size).toBe(24);
    fill(15, 240);
    company.sql("delete from sales where id between 31 and 48");
    await company.load(merge);
    const manifest = (await company.manifest())!;
    expect(segmentsOf(manifest)).toHaveLength(MOST_SEGMENTS);
    // what had few rows before the load
    expect(pathsOf(manifest).get("cut~2020-01")).not.toBe(before.get("cut~2020-01"));
    await same();
    company.sql("insert into sales select id + 10000, date(ordered_on, '-40 years'), amount, note, touched from sales");
    await company.load(merge);
    expect(segmentsOf((await company.manifest())!)).toHaveLength(MOST_SEGMENTS);
    await same();
  });

  it("becomes one table again when it has no segments any more or is small, and is cut again when the column changes", async () => {
    fill(60);
    await company.load(merge);
    const [cut, whole] = merge as [(typeof merge)[0], (typeof merge)[0]];
    const { segments: _, ...into } = cut!.into;
    await company.load([{ ...cut!, into }, whole!]);
    expect(segmentsOf((await company.manifest())!)).toEqual([]);
    await same();
    await company.load(merge);
    expect(segmentsOf((await company.manifest())!)).toHaveLength(6);
    const replace = twins({ into: { mode: "replace" } });
    company.sql("delete from sales where id > 10");
    await company.load(replace);
    expect(segmentsOf((await company.manifest())!)).toEqual([]);
    await same();
  });

  it("that is read whole each time has only those files written whose rows changed", async () => {
    fill(100);
    const replace = twins({ into: { mode: "replace" } });
    await company.load(replace);
    const before = pathsOf((await company.manifest())!);
    company.sql("update sales set amount = 7 where id = 33");
    await company.load(replace);
    const after = pathsOf((await company.manifest())!);
    expect([...after].filter(([role, path]) => before.get(role) !== path).map(([role]) => role)).toEqual([
      "cut~2020-04",
    ]);
    await same();
  });

  it("is written while jobs of other sources load", async () => {
    fill(30);
    const jobs = ["a", "b"].map(
      (name) =>
        ({
          ...merge[0]!,
          name,
          source: sqlite({ name, path: "./shop.sqlite" }),
          into: { ...merge[0]!.into, table: `cut_${name}` },
        }) as Job,
    );
    await company.load([...jobs, merge[1]!]);
    company.sql(
      "update sales set ordered_on = date(ordered_on, '40 days') where id % 7 = 0",
      "delete from sales where id % 11 = 0",
    );
    await company.load([...jobs, merge[1]!]);
    for (const { into } of jobs)
      expect(await served(company, DIFFERENCE.replaceAll("cut", into.table))).toEqual([["0", "0"]]);
  });

  it("gets a new column in all its files", async () => {
    fill(50);
    await company.load(merge);
    company.sql("alter table sales add column channel text", "update sales set channel = 'web' where id = 7");
    await company.load(merge.map((job) => ({ ...job, columns: { ...job.columns, channel: "varchar" as const } })));
    await same();
    expect(await served(company, "select count(*), count(channel) from cut")).toEqual([["50", "1"]]);
  });

  it("is rolled back with its files, and has the right rows after the next load", async () => {
    fill(100);
    await company.load(merge);
    const before = (await company.manifest())!;
    company.sql("update sales set ordered_on = '2021-01-01' where id < 20");
    const run = await company.load(merge);
    await rollbackLoad(company.warehouse, run.id);
    expect((await company.manifest())!.files).toEqual(before.files);
    company.sql("delete from sales where id = 3");
    await company.load(merge);
    await same();
  });
});

describe("any sequence of loads", () => {
  it.each(["merge", "replace"] as const)("gives the same rows with and without segments: %s", (mode) =>
    playLoads(mode, { seed: 7, numRuns: 1 }),
  );
});
