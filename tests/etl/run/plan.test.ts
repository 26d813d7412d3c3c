import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineProject } from "../../../engine/index.ts";
import {
  defineJob,
  defineTable,
  notNull,
  planOf,
  sqlite,
  unique,
  type Job,
  type LoadPlan,
} from "../../../etl/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql(
    "create table o (id integer primary key, v text, at text)",
    "insert into o values (1, 'a', '2024-01-01'), (2, 'b', '2024-01-02'), (3, 'c', '2024-02-01')",
  );
});
afterEach(() => company.remove());

const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
const orders = defineJob({
  name: "o",
  source: shop,
  extract: { table: "o", cursor: "at", key: "id" },
  into: { table: "o", mode: "merge" },
  checks: [notNull("v")],
});
const fact = defineTable({ name: "fact", sql: "select * from o" });
const plan = async (job: Job = orders): Promise<LoadPlan> =>
  planOf(
    defineProject({ name: "t", warehouse: { path: "w" }, dimensions: [], cubes: [], jobs: [job] }),
    await company.load([job], { dryRun: true, tables: [fact] }),
    false,
  );

describe("a plan", () => {
  it("shows the changes of a load: rows, columns, checks, tables", async () => {
    await company.load([orders], { tables: [fact] });
    company.sql(
      "alter table o add column size integer",
      "update o set v = 'new', at = '2024-03-01' where id = 2",
      "insert into o values (4, 'd', '2024-03-02', 7)",
    );
    expect(await plan()).toMatchObject({
      kind: "load-plan",
      baseVersion: 1,
      tables: ["fact"],
      jobs: [
        {
          job: "o",
          table: "o",
          added: 1,
          updated: 1,
          deleted: 0,
          changes: ["o.size is new (BIGINT)"],
          checks: [{ check: "notNull(v)", passed: true }],
        },
      ],
    });
    expect((await company.manifest())!.version).toBe(1);
  });

  it("is carried out exactly or not at all: when the source, the job or the warehouse has changed, nothing is published", async () => {
    await company.load([orders], { tables: [fact] });
    company.sql("insert into o values (4, 'd', '2024-03-02')");
    const planned = await plan();
    company.sql("insert into o values (5, 'e', '2024-03-03')");
    await expect(company.load([orders], { plan: planned, tables: [fact] })).rejects.toMatchObject({
      code: "check-failed",
      message: expect.stringContaining("o: 2 rows added instead of 1"),
    });
    await expect(
      company.load([defineJob({ ...orders, checks: [unique("id")] })], { plan: await plan(), tables: [fact] }),
    ).rejects.toThrow(/declaration of .* changed/);
    expect((await company.manifest())!.version).toBe(1);
    const right = await plan();
    expect((await company.load([orders], { plan: right, tables: [fact] })).status).toBe("published");
    await expect(company.load([orders], { plan: right, tables: [fact] })).rejects.toThrow(
      /for version 1, version 2 is served/,
    );
  });
});

describe("a backfill", () => {
  it("reads the rows of a period again and leaves the watermark", async () => {
    await company.load([orders]);
    // changed behind the watermark, without a new stamp
    company.sql("update o set v = 'mended'", "insert into o values (9, 'old', '2024-01-15')");
    expect(account(stepOf(await company.load([orders]), "o"))).toMatchObject({ read: 1 });
    const step = stepOf(
      await company.load([orders], { jobs: ["o"], backfill: { from: "2024-01-01", until: "2024-02-01" } }),
      "o",
    );
    expect(account(step)).toMatchObject({ read: 3, added: 1, updated: 2 });
    expect((await company.manifest())!.watermarks).toEqual({ o: "2024-02-01" });
    expect(await company.rows("select id, v from o order by id")).toEqual([
      ["1", "mended"],
      ["2", "mended"],
      ["3", "mended"],
      ["9", "old"],
    ]);
  });

  it("is refused where rows would be loaded twice, without a cursor, and for several jobs", async () => {
    const options = { backfill: { from: "a", until: "b" } };
    await expect(company.load([orders], options)).rejects.toMatchObject({ code: "usage" });
    await expect(
      company.load([defineJob({ ...orders, into: { table: "o", mode: "replace" } } as Job)], {
        ...options,
        jobs: ["o"],
      }),
    ).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("replace") });
    await expect(
      company.load([defineJob({ name: "o", source: shop, extract: { table: "o", key: "id" }, into: { table: "o" } })], {
        ...options,
        jobs: ["o"],
      }),
    ).rejects.toThrow(/a job with a cursor/);
  });
});
