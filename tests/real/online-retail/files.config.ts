import { defineJob, defineProject, env, files } from "tessera";
import { columns, customer, customers, date, orderLines, product, products, rfm, sales } from "./model.ts";

const drops = files({ name: "drops", path: env("RETAIL_FOLDER") });

const lines = defineJob({
  name: "lines",
  source: drops,
  extract: { file: "online_retail.parquet" },
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
