import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "duckdb";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProject, type OpenProject } from "../../../etl/project/open-project.ts";
import { loadedDemo, truthRows, type LoadedDemo } from "./_demo.ts";

let demo: LoadedDemo;
let project: OpenProject;
let memory: DuckDBConnection;

beforeAll(async () => {
  demo = await loadedDemo();
  project = (await openProject(demo.spec, { folder: demo.home })) as unknown as OpenProject;
  memory = await (
    await DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    })
  ).connect();
});
afterAll(async () => {
  await project?.close();
  demo?.remove();
});

const rows = async (sql: string): Promise<readonly { readonly [column: string]: unknown }[]> =>
  (await project.sql(sql)).rows;
const erp = (sql: string): { [column: string]: number | string }[] => {
  const database = new Database(join(demo.home, "systems", "erp.sqlite"), { readonly: true });
  try {
    return database.prepare(sql).all() as { [column: string]: number | string }[];
  } finally {
    database.close();
  }
};

describe("a load of the demo company", () => {
  it("accounts for every row of every job", () => {
    const jobs = demo.run.steps.filter((step) => step.kind === "job");
    expect(jobs).toHaveLength(30);
    for (const step of jobs) {
      expect(step.status, step.name).toBe("done");
      expect(step.read, step.name).toBeGreaterThan(0);
      expect(step.written + step.unchanged + step.deleted + step.rejected, step.name).toBe(step.read);
    }
  });

  it("puts every broken row into quarantine with a reason, and no good one", async () => {
    const folder = join(demo.home, "warehouse", "rejects", demo.run.id);
    const found = (
      await memory.runAndReadAll(`SELECT job, "row", reason FROM read_parquet('${folder}/*.parquet')`)
    ).getRowObjectsJson() as { job: string; row: string; reason: string }[];
    expect(found.every((reject) => reject.reason.length > 5)).toBe(true);
    const table: { readonly [job: string]: string } = {
      erp_customers: "customers",
      erp_orders: "orders",
      erp_order_lines: "order_lines",
      erp_tasks: "tasks",
      shop_orders: "orders",
      shop_touchpoints: "touchpoints",
      desk_cases: "cases",
      marketing_spend: "spend",
    };
    const count = (list: readonly string[]): { [key: string]: number } =>
      Object.fromEntries([...new Set(list)].sort().map((key) => [key, list.filter((each) => each === key).length]));
    const wrong = truthRows(demo.home, "broken.csv").filter((row) => row["fault"] !== "duplicate");
    expect(count(found.map((reject) => `${reject.job.split("_")[0]!} ${table[reject.job]!}`))).toEqual(
      count(wrong.map((row) => `${row["system"]!} ${row["table"]!}`)),
    );
    // of a line that is no JSON nothing can be read, its key neither
    for (const row of wrong.filter((each) => each["fault"] !== "truncated" || each["table"] !== "orders")) {
      const [key] = row["key"]!.split("/");
      expect(
        found.some((reject) => reject.row.includes(key!)),
        `${row["table"]} ${row["key"]}`,
      ).toBe(true);
    }
  });

  it("loads a row that was delivered twice once", async () => {
    const twice = truthRows(demo.home, "broken.csv")
      .filter((row) => row["fault"] === "duplicate")
      .map((row) => `'${row["key"]!}'`);
    expect(twice.length).toBeGreaterThan(1);
    expect(
      await rows(
        `SELECT count(*)::INTEGER AS n, count(DISTINCT order_no)::INTEGER AS d FROM all_orders WHERE order_no IN (${twice.join(", ")})`,
      ),
    ).toEqual([{ n: twice.length, d: twice.length }]);
  });

  it("sums up to what the ERP holds, to the cent", async () => {
    const [own] = erp(
      "select count(*) n, sum(cast(round(net_amount * 100) as integer)) net, sum(cast(round(cost_amount * 100) as integer)) cost, sum(quantity) units from order_lines where quantity > 0 and typeof(net_amount) <> 'text'",
    );
    const [fact] = await rows(
      "SELECT count(*)::INTEGER AS n, sum(net_amount * 100)::BIGINT AS net, sum(cost_amount * 100)::BIGINT AS cost, sum(quantity)::INTEGER AS units FROM fact_sales",
    );
    expect(Object.fromEntries(Object.entries(fact!).map(([name, value]) => [name, Number(value)]))).toEqual(own);
    const [returned] = erp("select sum(cast(round(amount * 100) as integer)) n from returns");
    expect(Number((await rows("SELECT sum(returned_amount * 100)::BIGINT AS n FROM fact_sales"))[0]!["n"])).toBe(
      returned!["n"],
    );
    const [quoted] = erp("select sum(cast(round(amount * 100) as integer)) n from quotas");
    expect(Number((await rows("SELECT sum(quota_amount * 100)::BIGINT AS n FROM fact_quotas"))[0]!["n"])).toBe(
      quoted!["n"],
    );
  });

  it("sums web orders up to what the shop's drops hold, day by day", async () => {
    const folder = join(demo.home, "systems", "shop", "orders");
    const seen = new Map<string, { day: string; cents: number }>();
    for (const name of readdirSync(folder)) {
      for (const line of readFileSync(join(folder, name), "utf8").trimEnd().split("\n")) {
        if (line.includes('"order_no":"W9')) continue;
        const order = JSON.parse(line) as { order_no: string; placed_at: string; total: number };
        seen.set(order.order_no, {
          day: new Date(order.placed_at).toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" }),
          cents: Math.round(order.total * 100),
        });
      }
    }
    const byDay = new Map<string, number>();
    for (const { day, cents } of seen.values()) byDay.set(day, (byDay.get(day) ?? 0) + cents);
    const facts = await rows(
      "SELECT order_date::VARCHAR AS day, sum(net_amount * 100)::BIGINT AS cents FROM fact_sales JOIN dim_channel USING (channel_id) WHERE channel_code = 'web' GROUP BY 1 ORDER BY 1",
    );
    expect(facts.map((row) => [row["day"], Number(row["cents"])])).toEqual(
      [...byDay].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });

  it("gives every fact the version of its customer at the time", async () => {
    for (const [table, day] of [
      ["fact_sales", "order_date"],
      ["fact_touches", "touched_on"],
      ["fact_cases", "opened_on"],
      ["fact_assignments", "assigned_on"],
      ["fact_opportunities", "opened_on"],
      ["fact_tasks", "created_on"],
    ] as const) {
      const [row] = await rows(
        `SELECT count(*) FILTER (f.customer_id IS NOT NULL AND v.customer_version IS NULL)::INTEGER AS lost, count(*) FILTER (NOT (v.valid_from <= f.${day} AND (v.valid_until IS NULL OR v.valid_until > f.${day})))::INTEGER AS wrong, count(*)::INTEGER - (SELECT count(*)::INTEGER FROM ${table}) AS more FROM ${table} f LEFT JOIN dim_customer v USING (customer_version)`,
      );
      expect(row, table).toEqual({ lost: 0, wrong: 0, more: 0 });
    }
  });

  it("keeps versions of customers without gaps and overlaps", async () => {
    const [row] = await rows(
      "SELECT count(*)::INTEGER AS wrong FROM (SELECT valid_until, lead(valid_from) OVER (PARTITION BY customer_id ORDER BY valid_from) AS next FROM dim_customer) WHERE valid_until IS DISTINCT FROM next",
    );
    expect(row).toEqual({ wrong: 0 });
    expect(Number((await rows("SELECT count(*)::INTEGER AS n FROM dim_customer"))[0]!["n"])).toBeGreaterThan(
      1.5 * Number((await rows("SELECT count(DISTINCT customer_id)::INTEGER AS n FROM dim_customer"))[0]!["n"]),
    );
  });

  it("identifies customers nearly always", async () => {
    const map = new Map(
      (
        await rows(
          "SELECT source || ' ' || source_id AS id, customer_id FROM map_identity WHERE source <> 'guest' UNION ALL SELECT 'guest order ' || order_no, customer_id FROM all_orders",
        )
      ).map((row) => [String(row["id"]), String(row["customer_id"])]),
    );
    const pairs = {
      person: new Map<string, number>(),
      customer: new Map<string, number>(),
      both: new Map<string, number>(),
    };
    const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const row of truthRows(demo.home, "identities.csv")) {
      const customer = map.get(`${row["source"]!} ${row["source_id"]!}`);
      expect(customer, row["source_id"]).toBeDefined();
      add(pairs.person, row["person"]!);
      add(pairs.customer, customer!);
      add(pairs.both, `${row["person"]!} ${customer!}`);
    }
    const total = (counts: Map<string, number>): number =>
      [...counts.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
    const precision = total(pairs.both) / total(pairs.customer);
    const recall = total(pairs.both) / total(pairs.person);
    console.log(`matching: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}`);
    expect(precision).toBeGreaterThan(0.98);
    expect(recall).toBeGreaterThan(0.98);
  });

  it("changes nothing when it runs again", async () => {
    const tables = ["dim_customer", "fact_sales", "fact_touches", "fact_cases", "fact_assignments", "map_identity"];
    const state = async (): Promise<unknown> =>
      Promise.all(
        tables.map((table) =>
          rows(`SELECT count(*)::INTEGER AS n, sum(hash(t)::HUGEINT)::VARCHAR AS h FROM ${table} AS t`),
        ),
      );
    const before = await state();
    const again = await demo.load();
    await project.refresh();
    expect(await state()).toEqual(before);
    for (const step of again.steps.filter((each) => each.kind === "job"))
      expect(step.written + step.unchanged + step.deleted + step.rejected, step.name).toBe(step.read);
    const cases = again.steps.find((step) => step.name === "desk_cases")!;
    expect([cases.read, cases.written]).toEqual([cases.unchanged, 0]);
    expect(cases.read).toBeLessThan(20);
  });
});
