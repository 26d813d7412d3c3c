/** What the benchmarks share: timing in interleaved pairs, percentiles, tables, and one DuckDB to ask. */
import { request, type Agent } from "node:http";
import { DuckDBInstance } from "duckdb";
import { dayOf } from "../../engine/model/time/calendar.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import type { ProjectSpec } from "../../engine/model/index.ts";
import type { Engine } from "../../engine/query/answer/engine.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import { serveInstance } from "../../engine/warehouse/serving.ts";

export const median = (values: readonly number[]): number => quantile(values, 0.5);
export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))]!;
}

export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly ratio: number;
}

/** A B A B …, so that whatever else the machine does meets both; medians in milliseconds, and the median of the pairs' ratios. */
export async function pairs(
  times: number,
  a: () => Promise<unknown>,
  b: () => Promise<unknown>,
  warm = 2,
): Promise<Pair> {
  for (let i = 0; i < warm; i++) {
    await a();
    await b();
  }
  const [left, right]: [number[], number[]] = [[], []];
  for (let i = 0; i < times; i++) {
    // who goes first changes with each turn
    if (i % 2 === 0) {
      left.push(await timed(a));
      right.push(await timed(b));
    } else {
      right.push(await timed(b));
      left.push(await timed(a));
    }
  }
  return { a: median(left), b: median(right), ratio: median(left.map((value, i) => value / right[i]!)) };
}

export function ms(value: number): string {
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
}

/** @param rows the first is the heading; numbers stand right */
export function table(title: string, rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => (row[c] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((value, c) => (c === 0 ? value.padEnd(widths[c]!) : value.padStart(widths[c]!)))
      .join("  ")
      .trimEnd(),
  );
  process.stdout.write(
    `\n${title}\n${lines[0]}\n${"-".repeat(Math.max(...lines.map((l) => l.length)))}\n${lines.slice(1).join("\n")}\n`,
  );
}

export const target = (value: number, most: number, unit = ""): string =>
  `${value <= most ? "meets" : "MISSES"} the target of ${most}${unit}`;

/** An engine over a DuckDB that the statements fill. */
export async function openFilled(
  spec: ProjectSpec,
  statements: readonly string[],
  threads = 2,
): Promise<{ readonly engine: Engine; close(): Promise<void> }> {
  const { catalog, problems } = resolveModel(spec);
  if (problems.length > 0) throw new Error(JSON.stringify(problems, null, 1));
  const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  const serving = await serveInstance(instance, { connections: 2 });
  return {
    engine: await openEngine({ catalog, serving, today: () => dayOf(2026, 1, 1) }),
    close: () => serving.close(),
  };
}

/** A question over a connection that is kept, as a browser or a proxy keeps it. */
export function post(
  url: string,
  agent: Agent,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method: "POST",
        agent,
        headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) },
      },
      (response) => {
        let text = "";
        response
          .setEncoding("utf8")
          .on("data", (part: string) => {
            text += part;
          })
          .on("end", () => resolve({ status: response.statusCode ?? 0, text }))
          .on("error", reject);
      },
    );
    call.on("error", reject).end(body);
  });
}
