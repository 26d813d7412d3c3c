/** A small shop with customers who consent or not, loaded, and its open project. */
import { defineCube, defineDimension, defineProject, defineSegment, sum } from "../../../engine/index.ts";
import { openProject, type OpenProject } from "../../../etl/project/open-project.ts";
import { defineJob, sqlite, type Job, type ListDestination, type RunSummary } from "../../../etl/index.ts";
import { loadInProcess } from "../../../etl/run/load-in-process.ts";
import { makeCompany, type Company } from "../_company.ts";

export interface ListShop {
  readonly company: Company;
  readonly project: OpenProject;
  load(): Promise<RunSummary>;
  close(): Promise<void>;
}

/** 1..40; every fourth without consent (null for 8), every tenth on the stop list; regions North and South, spend = id. */
export async function openListShop(
  destinations: readonly ListDestination[],
  jobs: readonly Job[] = [],
): Promise<ListShop> {
  const company = makeCompany();
  company.sql(
    "CREATE TABLE customers (id INTEGER, name TEXT, region TEXT, consent INTEGER, stop INTEGER, spend REAL)",
    ...Array.from({ length: 40 }, (_, i) => {
      const id = i + 1;
      const name = id === 7 ? "=1+1" : `Person ${id}`;
      const region = i % 2 === 0 ? "North" : "South";
      const consent = id % 4 === 0 ? 0 : 1;
      const stop = id % 10 === 0 ? 1 : 0;
      return `INSERT INTO customers
          VALUES (${id}, '${name}', '${region}', ${id === 8 ? "NULL" : consent}, ${stop}, ${id})`;
    }),
  );
  const source = sqlite({ name: "shop", path: "shop.sqlite" });
  const customers = defineJob({
    name: "customers",
    source,
    extract: { table: "customers" },
    columns: {
      id: "bigint",
      name: "varchar",
      region: "varchar",
      consent: "boolean",
      stop: "boolean",
      spend: "decimal(14,2)",
    },
    into: { table: "customers", mode: "replace" },
  });
  const customer = defineDimension({
    name: "customer",
    table: "customers",
    key: "id",
    label: "name",
    attributes: {
      name: { sql: "name" },
      region: { sql: "region" },
      consent: { sql: "consent", type: "boolean" },
      stop: { sql: "stop", type: "boolean" },
    },
  });
  const sales = defineCube({
    name: "sales",
    table: "customers",
    grain: ["id"],
    dimensions: { customer: { to: customer, on: "id" } },
    measures: { spend: sum("spend") },
  });
  const spec = defineProject({
    name: "test",
    warehouse: { path: "./warehouse", memoryLimit: "500MB", threads: 2 },
    dimensions: [customer],
    cubes: [sales],
    jobs: [customers, ...jobs],
    destinations,
    segments: [
      defineSegment({ name: "everyone", over: "customer", filters: [] }),
      defineSegment({
        name: "good",
        over: "customer",
        filters: [{ member: "sales.spend", operator: "gt", values: [20] }],
      }),
    ],
  });
  const load = (): Promise<RunSummary> => loadInProcess({ spec, folder: company.folder, environment: {} });
  await load();
  const project = (await openProject(spec, { folder: company.folder })) as unknown as OpenProject;
  return {
    company,
    project,
    load,
    close: async () => {
      await project.close();
      company.remove();
    },
  };
}
