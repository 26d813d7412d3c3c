import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { logUsage, openState, takeLease } from "../../../engine/warehouse/index.ts";
import {
  defineJob,
  defineTable,
  files,
  getRun,
  listJobs,
  listRuns,
  notNull,
  references,
  rowCount,
  runLoad,
  sqlite,
  unique,
} from "../../../etl/index.ts";
import { defineProject } from "../../../engine/index.ts";
import { account, makeCompany, stepOf, type Company } from "../_company.ts";

const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
let company: Company;
beforeEach(() => {
  company = makeCompany();
  company.sql(
    "create table customers (id integer primary key, city text)",
    "create table orders (id integer primary key, customer_id integer, amount decimal(10,2), at text)",
    "insert into customers values (1, 'Ulm'), (2, 'Kiel')",
    "insert into orders values (10, 1, 5.5, '2024-01-01'), (11, 2, 6.5, '2024-01-02'), (12, 1, 7, '2024-01-03')",
  );
});
afterEach(() => company.remove());

const customers = defineJob({
  name: "load_customers",
  source: shop,
  extract: { table: "customers" },
  into: { table: "customers", key: "id" },
  tags: ["nightly"],
});
const orders = defineJob({
  name: "load_orders",
  source: shop,
  extract: { table: "orders", cursor: "at", key: "id" },
  into: { table: "orders", mode: "merge" },
  after: ["load_customers"],
  checks: [references("customer_id", "customers", { key: "id" })],
});
const dim = defineTable({
  name: "dim_customer",
  kind: "dimension",
  key: "customer_id",
  changes: { track: ["city"] },
  select: (db) => db.selectFrom("customers as c").select(["c.id as customer_id", "c.city"]).where("c.id", ">", 0),
});
const fact = defineTable({
  name: "fact_orders",
  key: "order_id",
  checks: [unique("order_id")],
  sql: "select o.id as order_id, o.amount, d.customer_version from orders o left join dim_customer d on d.customer_id = o.customer_id and d.valid_from <= cast(o.at as timestamp) and (d.valid_until is null or cast(o.at as timestamp) < d.valid_until)",
});

describe("a load", () => {
  it("builds the star in its own order, keeps versions, and leaves unchanged tables", async () => {
    const first = await company.load([orders, customers], {
      tables: [fact, dim],
      now: () => new Date("2024-01-10T00:00:00Z"),
    });
    expect(first.steps.map((step) => step.name)).toEqual([
      "load_customers",
      "load_orders",
      "dim_customer",
      "fact_orders",
    ]);
    expect(await company.rows("select * from fact_orders order by 1")).toEqual([
      ["10", "5.50", "1"],
      ["11", "6.50", "2"],
      ["12", "7.00", "1"],
    ]);
    const same = await company.load([orders, customers], { tables: [fact, dim] });
    expect(same.steps.filter((step) => step.kind === "table")).toEqual([]);
    company.sql("update customers set city = 'Bonn' where id = 1");
    const changed = await company.load([orders, customers], {
      tables: [fact, dim],
      now: () => new Date("2024-02-01T00:00:00Z"),
    });
    expect(changed.steps.map((step) => step.name).slice(2)).toEqual(["dim_customer", "fact_orders"]);
    expect(
      await company.rows(
        "select customer_id, city, valid_from::VARCHAR, valid_until::VARCHAR, customer_version from dim_customer order by customer_version",
      ),
    ).toEqual([
      ["1", "Ulm", "0001-01-01 00:00:00", "2024-02-01 00:00:00", "1"],
      ["2", "Kiel", "0001-01-01 00:00:00", null, "2"],
      ["1", "Bonn", "2024-02-01 00:00:00", null, "3"],
    ]);
  });

  it("F19: publishes nothing when a check fails, crashes, or finds too few rows", async () => {
    await company.load([customers]);
    company.sql("insert into orders values (13, 99, 1, '2024-01-04')");
    await expect(company.load([customers, orders])).rejects.toMatchObject({
      code: "check-failed",
      message: expect.stringContaining("references(customer_id, customers.id) on orders: 1 row, for example 99"),
    });
    await expect(company.load([defineJob({ ...customers, checks: [notNull("nope")] })])).rejects.toMatchObject({
      code: "check-failed",
    });
    await expect(company.load([defineJob({ ...customers, checks: [rowCount({ min: 3 })] })])).rejects.toMatchObject({
      code: "check-failed",
    });
    expect((await company.manifest())!.version).toBe(1);
    const warned = await company.load([defineJob({ ...customers, checks: [rowCount({ min: 3 }, { warn: true })] })]);
    expect(stepOf(warned, "load_customers").checks).toMatchObject([{ passed: false, warn: true, found: 2 }]);
    const state = openState(company.warehouse);
    expect(listRuns(state).map((run) => run.status)).toEqual(["published", "failed", "failed", "failed", "published"]);
    expect(listRuns(state)[3]!.steps.map((step) => step.status)).toEqual(["done", "failed"]);
    state.close();
  });

  it("that is dry shows its changes and changes nothing", async () => {
    await company.load([customers]);
    company.sql("update customers set city = 'Hof' where id = 1", "insert into customers values (3, 'Linz')");
    const run = await company.load([customers], { dryRun: true });
    expect(run).toMatchObject({ status: "checked", version: null });
    expect(account(stepOf(run, "load_customers"))).toMatchObject({ added: 1, updated: 1, unchanged: 1 });
    expect((await company.manifest())!.version).toBe(1);
    expect(readdirSync(join(company.warehouse, "work"))).toEqual([]);
  });

  it("that is full makes the table equal to the rows read", async () => {
    await company.load([customers]);
    company.sql("delete from customers where id = 2");
    expect(account(stepOf(await company.load([customers]), "load_customers"))).toMatchObject({ removed: 0 });
    expect(account(stepOf(await company.load([customers], { full: true }), "load_customers"))).toMatchObject({
      removed: 1,
    });
    company.sql("delete from customers");
    await expect(company.load([customers], { full: true })).rejects.toMatchObject({ code: "too-few-rows" });
  });

  it("runs the jobs of a tag; an unknown job or tag is refused by name", async () => {
    const run = await company.load([customers, orders], { select: "nightly" });
    expect(run.steps.map((step) => step.name)).toEqual(["load_customers"]);
    await expect(company.load([customers], { jobs: ["load_custommers"] })).rejects.toThrow(
      /did you mean "load_customers"/,
    );
    await expect(company.load([customers], { select: "hourly" })).rejects.toMatchObject({ code: "not-found" });
  });

  it("reports every fault of the jobs at once", async () => {
    const bad = [
      defineJob({ ...customers, after: ["nobody"] }),
      defineJob({ ...customers, into: { table: "tessera_runs", mode: "merge" } }),
    ];
    await expect(company.load(bad)).rejects.toMatchObject({ problems: expect.objectContaining({ length: 4 }) });
  });

  it("names the holder of the lease, or waits", async () => {
    const state = openState(company.warehouse);
    const lease = takeLease(state, "somebody");
    await expect(company.load([customers])).rejects.toMatchObject({
      code: "lease-held",
      message: expect.stringContaining("run somebody"),
    });
    setTimeout(() => lease.release(), 300);
    expect((await company.load([customers], { patience: 10_000 })).status).toBe("published");
    state.close();
  });

  it("writes runs and usage as tables of the warehouse", async () => {
    const state = openState(company.warehouse);
    logUsage(state, {
      at: new Date("2024-01-01T10:00:00Z"),
      caller: "owner",
      kind: "query",
      members: ["a.b", "c.d"],
      milliseconds: 2.5,
      rows: 3,
      status: "ok",
    });
    await company.load([customers]);
    await company.load([customers]);
    expect(
      await company.rows("select job, read, written, unchanged, status from tessera_runs order by started_at"),
    ).toEqual([
      ["load_customers", "2", "2", "0", "published"],
      ["load_customers", "2", "0", "2", "published"],
    ]);
    expect(await company.rows('select "at"::VARCHAR, caller, members, milliseconds, rows from tessera_usage')).toEqual([
      ["2024-01-01 10:00:00+00", "owner", "a.b c.d", 2.5, "3"],
    ]);
    const [view] = listJobs(
      defineProject({ name: "t", warehouse: { path: "w" }, dimensions: [], cubes: [], jobs: [customers] }),
      state,
    );
    expect(view).toMatchObject({ name: "load_customers", mode: "merge", last: { status: "done", read: 2 } });
    state.close();
  });

  it("runs jobs of different sources and keeps snapshots by day", async () => {
    company.drop("a.csv", "id,v\n1,x\n");
    const csv = defineJob({
      name: "csv",
      source: files({ name: "drops", path: "./drops" }),
      extract: { file: "a.csv" },
      into: { table: "a" },
    });
    const daily = defineJob({
      name: "daily",
      source: shop,
      extract: { table: "customers" },
      into: { table: "daily", mode: "snapshot", key: "id" },
    });
    for (const day of ["2024-01-01", "2024-01-02", "2024-01-02"])
      await company.load([csv, daily], { now: () => new Date(`${day}T12:00:00Z`) });
    expect(await company.rows("select snapshot_date, count(*) from daily group by 1 order by 1")).toEqual([
      ["2024-01-01", "2"],
      ["2024-01-02", "2"],
    ]);
  });
});

describe("a load in a process of its own", () => {
  beforeEach(() => writeFileSync(join(company.folder, "package.json"), '{ "type": "module" }'));
  const config = (rows: number) => `
    import { defineJob, defineProject, sqlite, rest, env } from "tessera";
    const shop = sqlite({ name: "shop", path: "./shop.sqlite" });
    export default defineProject({ name: "t", warehouse: { path: "./warehouse", threads: 2 }, dimensions: [], cubes: [], jobs: [
      defineJob({ name: "big", source: shop, extract: { query: "with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) select i as id, 'text ' || i as v, i * 0.5 as w from n" }, into: { table: "big", mode: "merge", key: "id" } }),
    ] });`;

  it("that is cancelled stops and is marked as cancelled", async () => {
    writeFileSync(join(company.folder, "tessera.config.ts"), config(3_000_000));
    const stop = new AbortController();
    const loading = runLoad({
      folder: company.folder,
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.stage === "extract") stop.abort();
      },
    });
    await expect(loading).rejects.toMatchObject({ code: "cancelled" });
    expect(existsSync(join(company.warehouse, "current"))).toBe(false);
    const state = openState(company.warehouse);
    expect(getRun(state, listRuns(state)[0]!.id).status).toBe("failed");
    state.close();
  });
});
