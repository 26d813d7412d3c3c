/**
 * PostgreSQL on the same cores: rows a second and the load process's memory, by one reader and by two, for several sizes of a table, beside the plain
 * route by `pg-query-stream` and the appender. Memory is sampled from /proc every 50 ms. Run: `npm run bench -- load`, or this file with a number of rows.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "../etl/_postgres.ts";
import { table, target } from "./_bench.ts";
import type { ReadFigures, ReadOrder } from "./load-postgres-child.ts";

const MEMORY = "256MB";
const MILLION = 1_000_000;

export async function loadPostgres(rows = 5 * MILLION, largest = 4 * rows): Promise<void> {
  const server = await startPostgres();
  try {
    for (const count of [MILLION, rows, largest]) {
      await server.query(
        `create table sales_${count} as select i::int8 as id, (i % 50000)::int4 as customer_id, (i % 900)::int4 as product_id, timestamp '2024-01-01' + i * interval '1 second' as sold_at, ((i::int8 * 37 % 100000) / 100.0)::numeric(12,2) as amount, (i % 7)::int4 as quantity,
        case i % 3 when 0 then 'open' when 1 then 'closed' else 'won' end as status, 'order note number ' || i as note from generate_series(0, ${count - 1}) i`,
        `analyze sales_${count}`,
      );
    }
    const lines: [string, number, ReadFigures & { readonly memory: number }][] = [];
    const read = async (name: string, count: number, order: Partial<ReadOrder>): Promise<number> => {
      const figures = await measure({
        route: "tessera",
        url: server.url,
        table: `sales_${count}`,
        memory: MEMORY,
        parallel: 1,
        folder: "",
        ...order,
      });
      lines.push([name, count, figures]);
      return count / figures.extract;
    };
    await read("one reader", MILLION, {});
    // in turns, so that whatever else the machine does meets all of them
    const rates: [number, number][] = [];
    for (let turn = 0; turn < 3; turn++)
      rates.push([await read("one reader", rows, {}), await read("two ranges", rows, { parallel: 2 })]);
    await read("pg-query-stream", rows, { route: "query-stream" });
    await read("one reader", largest, {});
    await read("two ranges", largest, { parallel: 2 });
    const rate = (count: number, seconds: number): string =>
      `${Math.round(count / seconds / 1000).toLocaleString("en")} k/s`;
    table(`PostgreSQL on the same cores, 8 columns, engine's memory limit ${MEMORY}`, [
      ["route", "rows", "extract", "whole load", "memory at most"],
      ...lines.map(([name, count, { extract, whole, memory }]) => [
        name,
        count.toLocaleString("en"),
        rate(count, extract),
        rate(count, whole),
        `${memory} MB`,
      ]),
    ]);
    const best = (of: 0 | 1): number => Math.round(Math.max(...rates.map((each) => each[of])) / 1000);
    const most = Math.max(...lines.filter(([name]) => name !== "pg-query-stream").map(([, , { memory }]) => memory));
    process.stdout.write(
      `one reader at best ${best(0)} k rows/s (${best(0) >= 500 ? "meets" : "MISSES"} 500), two ranges ${best(1)} (${best(1) >= 700 ? "meets" : "MISSES"} 700); memory ${target(most, 512, " MB")}\n`,
    );
  } finally {
    await server.stop();
  }
}

async function measure(order: ReadOrder): Promise<ReadFigures & { readonly memory: number }> {
  const folder = mkdtempSync(join(tmpdir(), "tessera-bench-"));
  const child = spawn(
    process.execPath,
    [
      "--max-semi-space-size=8",
      "--import",
      fileURLToPath(new URL("../../sources.mjs", import.meta.url)),
      fileURLToPath(new URL("load-postgres-child.ts", import.meta.url)),
      JSON.stringify({ ...order, folder }),
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { MALLOC_ARENA_MAX: "2", ...process.env, UV_THREADPOOL_SIZE: process.env["UV_THREADPOOL_SIZE"] ?? "16" },
    },
  );
  let memory = 0;
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const sampler = setInterval(() => {
    try {
      memory = Math.max(
        memory,
        Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0),
      );
    } catch {
      // the process has just ended
    }
  }, 50);
  const [code] = (await once(child, "close")) as [number | null];
  clearInterval(sampler);
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the reading process ended with ${code}`);
  return { ...(JSON.parse(said.trim().split("\n").at(-1)!) as ReadFigures), memory: Math.round(memory / 1024) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await loadPostgres(Number(process.argv[2] ?? 5 * MILLION));
