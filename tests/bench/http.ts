/**
 * Questions of the demo over HTTP, from a server in a process of its own; each with another `now`, so that no kept answer is served and every one is
 * planned anew. The client keeps one connection, as a browser or a proxy does.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Query } from "../../engine/model/query.ts";
import { ms, post, quantile, table, target } from "./_bench.ts";
import { DEMO_WAREHOUSE } from "./plan.ts";

const LAUNCHER = fileURLToPath(new URL("../../tessera.cjs", import.meta.url));
const year: Query["filters"] = [{ member: "date", operator: "in_range", values: ["2025"] }];
const QUESTIONS: readonly (readonly [string, Query])[] = [
  [
    "revenue by department and channel",
    {
      measures: ["sales.revenue", "sales.units"],
      dimensions: ["product.department", "channel.name"],
      filters: year,
      totals: true,
    },
  ],
  [
    "revenue, margin by month, on last year",
    {
      measures: ["sales.revenue", "sales.margin"],
      dimensions: ["date.month"],
      filters: year,
      compare: { dimension: "date", to: "previous_year" },
    },
  ],
  ["revenue by month", { measures: ["sales.revenue"], dimensions: ["date.month"], filters: year }],
  [
    "revenue, orders and margin by country, with totals",
    {
      measures: ["sales.revenue", "sales.orders", "sales.margin_rate"],
      dimensions: ["customer.country", "product.department"],
      filters: year,
      totals: true,
    },
  ],
  ["buyers by month and country", { measures: ["sales.buyers"], dimensions: ["date.month", "customer.country"] }],
  [
    "revenue and cases by region, on last year",
    {
      measures: ["sales.revenue", "service.cases"],
      dimensions: ["customer.country", "customer.region"],
      filters: year,
      compare: { dimension: "date", to: "previous_year" },
    },
  ],
  [
    "ten best products and the others",
    {
      measures: ["sales.revenue"],
      dimensions: ["product.name"],
      filters: year,
      top: [{ dimension: "product.name", by: "sales.revenue", n: 10, others: true }],
    },
  ],
  ["profit over three facts by RFM segment", { measures: ["sales.profit"], dimensions: ["customer.rfm_segment"] }],
];

/** Rounds before any is counted: JavaScript is compiled as it runs hot. */
const WARM = 300;

export async function http(times = 100): Promise<void> {
  if (!existsSync(join(DEMO_WAREHOUSE, "current"))) {
    process.stdout.write("\nHTTP: no demo is loaded (`npm start -- --no-serve` loads one), left out\n");
    return;
  }
  const server = spawn(process.execPath, [LAUNCHER, "serve", "--port", "0"], {
    cwd: fileURLToPath(new URL("../../etl/demo", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = "";
      server.stdout.on("data", (text: Buffer) => {
        said += String(text);
        const found = /http:\/\/\S+/.exec(said);
        if (found) resolve(found[0]);
      });
      server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const rolled: number[] = [];
    const rows: string[][] = [["question", "rows", "rollup", "first ms", "p50 ms", "p95 ms", "kept answer ms"]];
    for (const [name, query] of QUESTIONS) {
      const ask = async (turn: number): Promise<{ taken: number; rows: number; rollup: string | null }> => {
        const began = performance.now();
        const response = await post(
          `${url}/v1/query`,
          agent,
          JSON.stringify({ ...query, now: new Date(Date.UTC(2025, 8, 1 + turn)).toISOString().slice(0, 10) }),
        );
        const answer = JSON.parse(response.text) as {
          rows?: unknown[];
          meta: { rollup: string | null };
          detail?: string;
        };
        if (response.status !== 200 || !answer.rows)
          throw new Error(`${name}: ${response.status} ${answer.detail ?? ""}`);
        return { taken: performance.now() - began, rows: answer.rows.length, rollup: answer.meta.rollup };
      };
      const first = await ask(0);
      for (let i = 1; i <= WARM; i++) await ask(1000 + i);
      const taken: number[] = [];
      for (let i = 1; i <= times; i++) taken.push((await ask(i)).taken);
      const kept: number[] = [];
      for (let i = 0; i < 10; i++) kept.push((await ask(times)).taken);
      if (first.rollup !== null && !name.includes("orders") && !name.includes("cases"))
        rolled.push(quantile(taken, 0.95));
      rows.push([
        name,
        String(first.rows),
        first.rollup ?? "",
        ms(first.taken),
        ms(quantile(taken, 0.5)),
        ms(quantile(taken, 0.95)),
        ms(quantile(kept, 0.5)),
      ]);
    }
    table(
      `Questions of the demo over HTTP, one after the other, ${times} times each after ${WARM}; the first is of a question never asked`,
      rows,
    );
    process.stdout.write(`answers from rollups alone: ${target(Math.max(...rolled), 10, " ms p95")}\n`);
    const memory = `/proc/${server.pid}/status`;
    if (existsSync(memory))
      process.stdout.write(
        `most memory of the server: ${Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(memory, "utf8"))?.[1] ?? 0) / 1024).toLocaleString("en")} MB\n`,
      );
  } finally {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
}
