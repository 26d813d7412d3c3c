/** Time of some questions over the demo company, answered one after the other in this process. Run after `npm start -- --no-serve`: `npx tsx tests/bench/query.bench.ts [times]`. */
import { fileURLToPath } from "node:url";
import { openProject, type Query } from "../../index.ts";

const times = Number(process.argv[2] ?? 50);
const QUESTIONS: readonly (readonly [string, Query])[] = [
  ["revenue by month", { measures: ["sales.revenue"], dimensions: ["date.month"] }],
  [
    "buyers by month and country, with totals",
    { measures: ["sales.buyers"], dimensions: ["date.month", "customer.country"], totals: true },
  ],
  [
    "revenue and cases by region, on last year",
    {
      measures: ["sales.revenue", "service.cases"],
      dimensions: ["customer.country", "customer.region"],
      filters: [{ member: "date", operator: "in_range", values: ["2025"] }],
      compare: { dimension: "date", to: "previous_year" },
    },
  ],
  ["profit over three facts by RFM segment", { measures: ["sales.profit"], dimensions: ["customer.rfm_segment"] }],
  ["active customers of twelve months, by month", { measures: ["sales.buyers_12m"], dimensions: ["date.month"] }],
  [
    "ten best customers, the others and the total",
    {
      measures: ["sales.revenue"],
      dimensions: ["customer.customer_id"],
      top: [{ dimension: "customer.customer_id", by: "sales.revenue", n: 10, others: true }],
      totals: true,
    },
  ],
];

const began = performance.now();
const project = await openProject(fileURLToPath(new URL("../../etl/demo", import.meta.url)));
console.log(`opened in ${Math.round(performance.now() - began)} ms; milliseconds of ${times} answers`);
console.log(`${"question".padEnd(46)} first   p50   p95`);
for (const [title, query] of QUESTIONS) {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const from = performance.now();
    await project.query(query);
    taken.push(performance.now() - from);
  }
  const [first] = taken;
  taken.sort((a, b) => a - b);
  const at = (share: number): string => taken[Math.min(times - 1, Math.floor(times * share))]!.toFixed(0).padStart(5);
  console.log(`${title.padEnd(46)} ${first!.toFixed(0).padStart(5)} ${at(0.5)} ${at(0.95)}`);
}
await project.close();
