/** A small shop in a folder of its own: files, a config that reads them, loaded and opened as a user's project is. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject, type OpenProject } from "../../../etl/project/open-project.ts";
import { runLoad } from "../../../etl/index.ts";

const COUNTRIES = [
  ["Germany", ["Berlin", "Hamburg", "Munich"]],
  ["France", ["Lyon", "Paris"]],
  ["Poland", ["Kraków", "Warsaw"]],
] as const;
const PRODUCTS = ["Teapot", "Cup", "Kettle", "Tray", "=SUM(A1:A9)"] as const;

/** Names by customer that CSV, SQL or a page might take for something else. */
const ODD_NAMES: { readonly [customer: number]: string } = {
  7: "Käthe Müller",
  8: "O'Brien; DROP TABLE customers",
  9: "<script>alert(1)</script>",
};

const customersCsv = (): string => {
  const lines = ["customer_id,name,email,phone,country,city,tier"];
  for (let i = 1; i <= 40; i++) {
    const [country, cities] = COUNTRIES[i % 3]!;
    const name = ODD_NAMES[i] ?? `Customer ${i}`;
    lines.push(
      `${i},${name},person${i}@mail.example,+4930${String(100000 + i)},${country},${cities[i % cities.length]},${i % 4 === 0 ? "Gold" : "Basic"}`,
    );
  }
  return `${lines.join("\n")}\n`;
};

/** Two orders a week for two years; one in 29 is of a customer that nobody knows, some lines are broken. */
const ordersCsv = (): string => {
  const lines = ["order_id,ordered_on,customer_id,product,channel,quantity,amount"];
  for (let i = 1; i <= 210; i++) {
    const day = new Date(Date.UTC(2024, 0, 2 + Math.floor(i * 3.4)));
    lines.push(
      `${i},${day.toISOString().slice(0, 10)},${i % 29 === 0 ? 999 : 1 + ((i * 13) % 40)},${PRODUCTS[i % 5]},${i % 3 === 0 ? "web" : "store"},${1 + (i % 6)},${(((i * 7919) % 9000) / 100 + 5).toFixed(2)}`,
    );
  }
  lines.push("211,no date,3,Cup,web,1,9.90");
  return `${lines.join("\n")}\n`;
};

const casesCsv = (): string => {
  const lines = ["case_id,opened_on,customer_id,topic,cost"];
  for (let i = 1; i <= 60; i++)
    lines.push(
      `${i},2025-${String(1 + (i % 12)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")},${1 + ((i * 7) % 40)},${i % 2 ? "Delivery" : "Quality"},${(i % 9) + 0.5}`,
    );
  return `${lines.join("\n")}\n`;
};

// a test runner has no resolve hook for the package's own name
const PACKAGE = "tessera";

const CONFIG = `
import { avg, calculated, count, countDistinct, defineCube, defineDashboard, defineDateDimension, defineDimension, defineGoal, defineJob, defineModel, defineProject, defineSegment, files, sum, unique } from ${JSON.stringify(PACKAGE)};
const drops = files({ name: "drops", path: "./drops" });
const customers = defineJob({ name: "customers", title: "Customers", source: drops, extract: { file: "customers*.csv" }, columns: { customer_id: "bigint", name: "varchar", email: "varchar", phone: "varchar", country: "varchar", city: "varchar", tier: "varchar" }, checks: [unique("customer_id")], into: { table: "customers", mode: "merge", key: "customer_id" } });
const orders = defineJob({ name: "orders", title: "Orders", description: "Every order of the shop.", source: drops, extract: { file: "orders*.csv" }, columns: { order_id: "bigint", ordered_on: "date", customer_id: "bigint", product: "varchar", channel: "varchar", quantity: "integer", amount: "decimal(12,2)" }, onReject: { quarantine: true, failAbove: "5%" }, into: { table: "orders", mode: "merge", key: "order_id" }, schedule: { cron: "0 2 * * *", timeZone: "Europe/Berlin" }, after: ["customers"] });
const cases = defineJob({ name: "cases", source: drops, extract: { file: "cases*.csv" }, columns: { case_id: "bigint", opened_on: "date", customer_id: "bigint", topic: "varchar", cost: "decimal(12,2)" }, into: { table: "cases", mode: "merge", key: "case_id" } });
const customer = defineDimension({ name: "customer", title: "Customer", table: "customers", key: "customer_id", label: "name", attributes: { name: { sql: "name", title: "Name" }, email: { sql: "email", title: "E-mail" }, phone: { sql: "phone", title: "Phone" }, country: { sql: "country", title: "Country" }, city: { sql: "city", title: "City" }, tier: { sql: "tier", title: "Loyalty tier" } }, hierarchies: { geography: ["country", "city", "name"] } });
const date = defineDateDimension({ name: "date", title: "Date", from: "2024-01-01", until: "2025-12-31" });
const sales = defineCube({
  name: "sales", title: "Sales", description: "Orders of the shop.", table: "orders", grain: ["order_id"], dimensions: { date: { to: date, on: "ordered_on" }, customer: { to: customer, on: "customer_id" } },
  attributes: { product: { sql: "product", title: "Product" }, channel: { sql: "channel", title: "Channel" } },
  measures: { revenue: sum("amount", { title: "Revenue", format: "currency" }), orders: count({ title: "Orders", format: "integer" }), units: sum("quantity", { title: "Units", format: "integer" }), buyers: countDistinct("customer_id", { title: "Buyers", format: "integer" }), average_order: calculated("revenue / orders", { title: "Average order", format: "currency" }) },
});
const service = defineCube({
  name: "service", title: "Service", table: "cases", grain: ["case_id"], dimensions: { date: { to: date, on: "opened_on" }, customer: { to: customer, on: "customer_id" } }, attributes: { topic: { sql: "topic", title: "Topic" } },
  measures: { cases: count({ title: "Cases", format: "integer", better: "down" }), cost: sum("cost", { title: "Service cost", format: "currency", better: "down" }), mean_cost: avg("cost", { title: "Mean cost", format: "currency", better: "down" }) },
});
export default defineProject({
  name: "shop", title: "Small Shop", currency: "EUR", warehouse: { path: "./warehouse" }, now: "latest", dimensions: [customer, date], cubes: [sales, service], sources: { drops }, jobs: [customers, orders, cases],
  segments: [defineSegment({ name: "good", title: "Good customers", description: "More than 300 euros.", over: "customer", filters: [{ member: "sales.revenue", operator: "gt", values: [300] }] })],
  models: [defineModel({ name: "rfm", title: "Recency, frequency, value", technique: "rfm", over: "customer", events: "sales", value: "sales.revenue" })],
  goals: [defineGoal({ name: "more", title: "Ten thousand", measure: "sales.revenue", period: "2025", baseline: { value: 0, period: "2024" }, target: 10000, by: "2025-12-31", owner: "Ada" })],
  dashboards: [
    defineDashboard({
      name: "overview", title: "The shop at a glance", period: "2025", date: "date", filters: ["customer.country", "sales.channel"],
      tiles: [
        { kind: "kpi", title: "Revenue", measure: "sales.revenue", target: 6000, compare: "previous_year", trend: "month" },
        { kind: "kpi", title: "Cases", measure: "service.cases", target: 100, compare: "previous_year", trend: "month" },
        { kind: "chart", title: "Revenue by month", chart: "line", wide: true, query: { measures: ["sales.revenue"], dimensions: ["date.month"] } },
        { kind: "chart", title: "Revenue by country", chart: "bar", query: { measures: ["sales.revenue"], dimensions: ["customer.country"], order: [{ member: "sales.revenue", direction: "desc" }] } },
        { kind: "chart", title: "Cases by topic", chart: "stacked_bar", query: { measures: ["service.cases"], dimensions: ["date.quarter", "service.topic"] } },
        { kind: "table", title: "Countries", query: { measures: ["sales.revenue", "sales.orders"], dimensions: ["customer.country"], totals: true, compare: { dimension: "date", to: "previous_year" } } },
      ],
    }),
    defineDashboard({ name: "service", title: "Service", period: "2025", date: "date", tiles: [{ kind: "kpi", title: "Cost", measure: "service.cost" }] }),
  ],
});
`;

export interface SmallShop {
  readonly project: OpenProject;
  readonly folder: string;
  /** puts another file of orders into the folder, which the next load of orders reads */
  addOrders(name: string, lines: readonly string[]): void;
  close(): Promise<void>;
}

export const ORDERS_HEADER = "order_id,ordered_on,customer_id,product,channel,quantity,amount";

/** @param load false leaves the warehouse empty */
export const openSmallShop = async ({ load = true }: { readonly load?: boolean } = {}): Promise<SmallShop> => {
  const folder = mkdtempSync(join(tmpdir(), "tessera-shop-"));
  mkdirSync(join(folder, "drops"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop", private: true, type: "module" }));
  writeFileSync(join(folder, "tessera.config.ts"), CONFIG);
  for (const [name, text] of [
    ["customers", customersCsv()],
    ["orders", ordersCsv()],
    ["cases", casesCsv()],
  ] as const)
    writeFileSync(join(folder, "drops", `${name}.csv`), text);
  if (load) await runLoad({ folder });
  const project = await openProject(folder);
  return {
    project,
    folder,
    addOrders: (name, lines) =>
      writeFileSync(join(folder, "drops", `orders-${name}.csv`), `${[ORDERS_HEADER, ...lines].join("\n")}\n`),
    async close() {
      await project.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
