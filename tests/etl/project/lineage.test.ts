import { afterAll, beforeAll, expect, test } from "vitest";
import { calculated, defineCube, defineDimension, defineProject, sum } from "../../../engine/index.ts";
import { defineJob, defineTable, files, sqlite } from "../../../etl/index.ts";
import { openProject, type OpenProject } from "../../../etl/project/open-project.ts";
import { makeCompany } from "../_company.ts";

const company = makeCompany();
const shop = sqlite({ name: "shop", path: "shop.sqlite" });
const orders = defineJob({
  name: "orders",
  title: "Orders",
  source: shop,
  extract: { table: "orders" },
  columns: { order_id: { from: "id", type: "bigint" }, customer: "varchar", amount: "decimal(10,2)" },
  into: { table: "raw_orders", mode: "replace" },
});
const people = defineJob({
  name: "people",
  source: files({ name: "drops", path: "./drops" }),
  extract: { file: "people.csv" },
  into: { table: "raw_people", mode: "replace" },
});
const fact = defineTable({
  name: "fact_orders",
  kind: "fact",
  sql: "select o.*, p.city from raw_orders o left join raw_people p on p.name = o.customer",
});
const customer = defineDimension({
  name: "customer",
  table: "raw_people",
  key: "name",
  attributes: { name: "name", city: "city" },
});
const spec = defineProject({
  name: "lineage",
  warehouse: { path: "./warehouse", memoryLimit: "500MB" },
  dimensions: [customer],
  jobs: [orders, people],
  tables: [fact],
  cubes: [
    defineCube({
      name: "sales",
      table: "fact_orders",
      dimensions: { customer: { to: customer, on: "customer" } },
      measures: { revenue: sum("amount"), twice: calculated("revenue * 2") },
    }),
  ],
});
let project: OpenProject<typeof spec>;
let runs: string[] = [];
beforeAll(async () => {
  company.sql(
    "create table orders (id integer, customer text, amount real)",
    "insert into orders values (1, 'Ann', 5), (2, 'Bob', 7)",
  );
  company.drop("people.csv", "name,city\nAnn,Oslo\nBob,Rome\n");
  const load = async (names?: readonly string[]): Promise<string> =>
    (await company.load([orders, people], { tables: [fact], spec: spec as never, ...(names && { jobs: names }) })).id;
  runs = [await load()];
  company.sql("insert into orders values (3, 'Ann', 11)");
  runs.push(await load(["orders"]));
  project = await openProject(spec, { folder: company.folder });
});
afterAll(async () => {
  await project.close();
  company.remove();
});

test("a measure leads back to its tables, jobs, source columns and loads", async () => {
  const { measures, tables } = await project.lineage("sales.twice");
  expect(measures).toEqual(["sales.revenue"]);
  expect(tables.map((t) => t.name)).toEqual(["fact_orders", "raw_orders", "raw_people"]);
  expect(tables[0]).toMatchObject({ from: ["raw_orders", "raw_people"], load: { run: runs[1] } });
  expect(tables[1]).toMatchObject({
    from: [],
    job: {
      name: "orders",
      source: "shop",
      kind: "sqlite",
      extract: "orders",
      columns: { order_id: "id", customer: "customer", amount: "amount" },
    },
    load: { run: runs[1], read: 3 },
  });
  expect(tables[2]).toMatchObject({
    job: { name: "people", source: "drops", extract: "people.csv" },
    load: { run: runs[0], written: 2 },
  });
});
test("so does an attribute, and an explanation of an answer", async () => {
  expect((await project.lineage("customer.city")).tables.map((t) => t.name)).toEqual(["raw_people"]);
  const { tables, cubes } = await project.explain({ measures: ["sales.revenue"] });
  expect([cubes, tables.map((t) => t.load?.run)]).toEqual([["sales"], [runs[1], runs[1], runs[0]]]);
});
test("an unknown member is refused with the nearest name", async () => {
  await expect(project.lineage("customer.cit")).rejects.toThrow('did you mean "customer.city"?');
});
