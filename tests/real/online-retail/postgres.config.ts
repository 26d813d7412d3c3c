import { defineJob, defineProject, env, postgres } from "tessera";
import { columns, customer, customers, date, orderLines, product, products, rfm, sales } from "./model.ts";

const erp = postgres({ name: "erp", url: env("ERP_URL") });

const lines = defineJob({
  name: "lines",
  source: erp,
  extract: { table: "shop.invoice_lines" },
  columns,
  into: { table: "lines", mode: "replace" },
});

export default defineProject({
  name: "online_retail",
  title: "Online Retail",
  currency: "GBP",
  warehouse: { path: "./warehouse", memoryLimit: "1GB" },
  now: "latest",
  dimensions: [date, customer, product],
  cubes: [sales],
  jobs: [lines],
  tables: [customers, products, orderLines],
  models: [rfm],
});
