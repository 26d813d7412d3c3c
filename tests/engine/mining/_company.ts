/**
 * A company large enough to mine: a few thousand buyers with habits of their own, some of whom leave, and random
 * mailings; loaded as a user's project is.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runLoad } from "../../../etl/index.ts";
import { openProject, type OpenProject } from "../../../etl/project/open-project.ts";
import { gammaOf, randomOf } from "./_data.ts";

const PACKAGE = "tessera";
const BUYERS = 2500,
  DAYS = 730;
const iso = (day: number): string => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);

const CONFIG = `
import { calculated, count, defineCube, defineDateDimension, defineDimension, defineJob, defineModel, defineProject, files, sum } from ${JSON.stringify(PACKAGE)};
const drops = files({ name: "drops", path: "./drops" });
const job = (name, key, columns, after = []) => defineJob({ name, source: drops, extract: { file: name + ".csv" }, columns, into: { table: name, mode: "merge", key }, after });
const customer = defineDimension({ name: "customer", title: "Customer", table: "customers", key: "customer_id", label: "name", attributes: { customer_id: { sql: "customer_id", title: "Number" }, name: { sql: "name", title: "Name" }, region: { sql: "region", title: "Region" }, age: { sql: "age", title: "Age", type: "integer" }, letters: { sql: "letters", title: "Farewell letters", type: "integer" } } });
const product = defineDimension({ name: "product", title: "Product", table: "products", key: "product_id", label: "title", attributes: { product_id: { sql: "product_id", title: "Number" }, title: { sql: "title", title: "Title" } } });
const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2025-12-31" });
const sales = defineCube({ name: "sales", table: "orders", grain: ["line_id"], dimensions: { date: { to: date, on: "ordered_on" }, customer: { to: customer, on: "customer_id" }, product: { to: product, on: "product_id" } }, attributes: { order: "order_id" }, measures: { revenue: sum("amount", { title: "Revenue", format: "currency" }), lines: count({ title: "Lines" }), average_line: calculated("revenue / lines", { title: "Average line", format: "currency" }) } });
const mailings = defineCube({ name: "mailings", table: "mailings", grain: ["mailing_id"], dimensions: { date: { to: date, on: "sent_on" }, customer: { to: customer, on: "customer_id" } }, attributes: { treated: { sql: "treated", title: "Treated", type: "boolean" } }, measures: { answers: sum("answered", { title: "Answers", format: "integer" }), prior: sum("prior", { title: "Bought before" }) } });
const models = [
  defineModel({ name: "lifetime", technique: "bg_nbd", over: "customer", events: "sales", value: "sales.revenue", horizon: { weeks: 26 } }),
  defineModel({ name: "churn", technique: "boosting", over: "customer", events: "sales", label: { inactive: { days: 90 } }, features: ["sales.average_line", "customer.age"], cutoffs: "monthly", action: { cost: 1, worth: 30, works: 0.2 } }),
  defineModel({ name: "leaking", technique: "logistic", over: "customer", events: "sales", label: { inactive: { days: 90 } }, features: ["sales.average_line", "customer.letters", "customer.age"], l1: 30 }),
  defineModel({ name: "answers", technique: "response", over: "customer", contacts: "mailings", treated: "mailings.treated", outcome: "mailings.answers", events: "sales", features: ["sales.revenue", "customer.age"], action: { cost: 1, worth: 8 } }),
  defineModel({ name: "moved", technique: "uplift", over: "customer", assignments: "mailings", treated: "mailings.treated", outcome: "mailings.answers", features: ["mailings.prior", "customer.age"] }),
  defineModel({ name: "together", technique: "basket", over: "product", events: "sales", basket: "sales.order", audience: "customer", support: 0.005 }),
  defineModel({ name: "kinds", technique: "kmeans", over: "customer", features: ["sales.lines", "sales.average_line", "customer.age"], k: 3 }),
  defineModel({ name: "staying", technique: "survival", over: "customer", events: "sales", inactive: { days: 120 }, features: ["customer.age"] }),
  defineModel({ name: "outlook", technique: "forecast", over: "date", measure: "sales.revenue", period: "week" }),
  defineModel({ name: "why", technique: "drivers", over: "date", measure: "sales.average_line", before: ["2024-01-01", "2024-12-31"], after: ["2025-01-01", "2025-12-31"], dimensions: ["customer.region", "product.title"] }),
];
export default defineProject({
  name: "company", currency: "EUR", warehouse: { path: "./warehouse" }, now: "latest", dimensions: [customer, product, date], cubes: [sales, mailings], sources: { drops }, models,
  jobs: [job("customers", "customer_id", { customer_id: "bigint", name: "varchar", region: "varchar", age: "integer", letters: "integer" }), job("products", "product_id", { product_id: "bigint", title: "varchar" }), job("orders", "line_id", { line_id: "bigint", order_id: "bigint", ordered_on: "date", customer_id: "bigint", product_id: "bigint", amount: "decimal(12,2)" }, ["customers", "products"]), job("mailings", "mailing_id", { mailing_id: "bigint", sent_on: "date", customer_id: "bigint", treated: "boolean", answered: "integer", prior: "integer" }, ["customers"])],
});
`;

export interface Company {
  readonly project: OpenProject;
  readonly folder: string;
  close(): Promise<void>;
}

export async function openCompany(): Promise<Company> {
  const folder = mkdtempSync(join(tmpdir(), "tessera-company-"));
  const random = randomOf(21);
  const gamma = gammaOf(random);
  const orders = ["line_id,order_id,ordered_on,customer_id,product_id,amount"],
    mailings = ["mailing_id,sent_on,customer_id,treated,answered,prior"],
    customers = ["customer_id,name,region,age,letters"];
  let [line, order, mailing] = [0, 0, 0];
  for (let c = 1; c <= BUYERS; c++) {
    const age = 18 + Math.floor(60 * random());
    const rate = gamma(1.4) / 35,
      leave = 0.04 + 0.12 * (age < 35 ? 1 : 0),
      mean = 15 + 20 * gamma(2);
    const days: number[] = [];
    let gone = DAYS;
    for (let t = 300 * random(); t < DAYS; t += -Math.log(1 - random()) / rate) {
      days.push(Math.floor(t));
      if (days.length > 1 && random() < leave) {
        gone = t;
        break;
      }
    }
    for (const day of days) {
      order++;
      const basket = new Set([1 + Math.floor(12 * random())]);
      if (basket.has(1) && random() < 0.7) basket.add(2);
      if (random() < 0.4) basket.add(1 + Math.floor(12 * random()));
      for (const product of basket)
        orders.push(`${++line},${order},${iso(day)},${c},${product},${(mean * (0.4 + random())).toFixed(2)}`);
    }
    for (let month = 3; month < 23; month += 2) {
      if (random() < 0.4) continue;
      const sent = Math.floor(month * 30.4),
        treated = random() < 0.8;
      const prior = days.filter((d) => d < sent).length;
      if (prior === 0) continue;
      const answered =
        gone > sent && random() < 0.04 + 0.02 * Math.min(prior, 8) + (treated && age < 40 ? 0.12 : 0) ? 1 : 0;
      mailings.push(`${++mailing},${iso(sent)},${c},${treated},${answered},${prior}`);
    }
    // written long after: it knows who did not come in the quarter after the day that is learnt on
    customers.push(
      `${c},Customer ${c},${["North", "South", "West"][c % 3]!},${age},${days.some((d) => d > DAYS - 181 && d <= DAYS - 91) ? 0 : 1}`,
    );
  }
  mkdirSync(join(folder, "drops"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "company", private: true, type: "module" }));
  writeFileSync(join(folder, "tessera.config.ts"), CONFIG);
  const products = ["product_id,title", ...Array.from({ length: 12 }, (_, i) => `${i + 1},Thing ${i + 1}`)];
  for (const [name, lines] of [
    ["customers", customers],
    ["products", products],
    ["orders", orders],
    ["mailings", mailings],
  ] as const)
    writeFileSync(join(folder, "drops", `${name}.csv`), `${lines.join("\n")}\n`);
  await runLoad({ folder });
  const project = await openProject(folder);
  return {
    project,
    folder,
    close: async () => {
      await project.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
