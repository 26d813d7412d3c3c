import { afterEach, beforeEach, expect, it } from "vitest";
import { count, defineCube, defineDashboard, defineProject, sum } from "../../../engine/index.ts";
import { defineJob, defineTable, planOf, sqlite } from "../../../etl/index.ts";
import { makeCompany, type Company } from "../_company.ts";

let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql(
    "create table o (id integer, amount integer, units integer)",
    "insert into o values (1, 5, 1), (2, 7, 2)",
  );
});
afterEach(() => company.remove());

const job = defineJob({
  name: "o",
  source: sqlite({ name: "shop", path: "./shop.sqlite" }),
  extract: { table: "o" },
  into: { table: "raw", mode: "replace" },
});
const before = defineTable({ name: "fact", sql: "select id, amount, units from raw" });
const spec = defineProject({
  name: "t",
  warehouse: { path: "./warehouse" },
  dimensions: [],
  jobs: [job],
  tables: [before],
  cubes: [
    defineCube({
      name: "sales",
      table: "fact",
      dimensions: {},
      measures: { n: count(), revenue: sum("amount"), units: sum("units") },
    }),
  ],
  dashboards: [
    defineDashboard({
      name: "overview",
      title: "Overview",
      period: "this month",
      date: "date",
      tiles: [{ kind: "table", title: "Units", query: { measures: ["sales.units"] } }],
    }),
  ],
});

it("a plan names the measures that a change of columns breaks, and no others", async () => {
  await company.load([job], { tables: [before], spec: spec as never });
  const after = {
    ...spec,
    tables: [defineTable({ name: "fact", sql: "select id, amount, units as pieces from raw" })],
  };
  const run = await company.load([job], { spec: after as never, dryRun: true });
  const { breaks } = planOf(after as never, run, false);
  expect(breaks).toHaveLength(1);
  expect(breaks[0]).toMatch(/^breaks: fact\.units is gone: sales\.units, dashboard overview › Units will fail$/);
  expect((await company.manifest())!.version).toBe(1);
  const same = await company.load([job], { spec: spec as never, dryRun: true });
  expect(planOf(spec as never, same, false).breaks).toEqual([]);
});
