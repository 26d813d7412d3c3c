/** The questions of the Star Schema Benchmark that small rollups answer, over HTTP: rows as the facts give them, and how long they take. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineCube, defineProject, type ProjectSpec } from "../../engine/index.ts";
import { openProject } from "../../index.ts";
import { ms, post, quantile, table, target } from "./_bench.ts";
import { publishSsb } from "./ssb-publish.ts";
import { QUESTIONS, ssbProject } from "./ssb.ts";

const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const ROLLED = {
  brands: { dimensions: ["date.year", "part.category", "part.brand", "supplier.region"], measures: ["revenue"] },
  nations: {
    dimensions: ["date.month", "customer.region", "customer.nation", "supplier.region", "supplier.nation"],
    measures: ["revenue"],
  },
  makers: {
    dimensions: ["date.month", "customer.region", "customer.nation", "supplier.region", "part.mfgr"],
    measures: ["profit"],
  },
};
/** Three of the four flights have questions that a rollup of some ten thousand rows answers; the others need single cities or quantities. */
const SERVED = ["2.1", "2.2", "2.3", "3.1", "4.1"];
const WARM = 300;

export const rolledProject = (folder: string): ProjectSpec =>
  defineProject({
    ...ssbProject,
    now: "latest",
    warehouse: { path: folder },
    cubes: ssbProject.cubes.map((cube) => defineCube({ ...cube, rollups: ROLLED })),
  } as unknown as ProjectSpec);

export async function ssbHttp(scale = 1, times = 200): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tessera-ssb-"));
  try {
    const { rollupRows, madeMs, builtMs } = await publishSsb(folder, scale, rolledProject(folder));

    // what the facts say, before anybody is asked over HTTP
    const project = await openProject(rolledProject(folder), { folder });
    const want = new Map<string, string>();
    for (const { name, query } of QUESTIONS.filter((q) => SERVED.includes(q.name)))
      want.set(
        name,
        JSON.stringify(
          (
            await project.query({
              ...query,
              limit: 900_000,
              filters: [...(query.filters ?? []), { member: "lines.quantity", operator: "gte", values: [0] }],
            })
          ).rows,
        ),
      );
    await project.close();

    const server = spawn(process.execPath, ["--import", at("../../sources.mjs"), at("ssb-serve.ts"), folder], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, UV_THREADPOOL_SIZE: "16" },
    });
    try {
      const url = String((await once(server.stdout, "data"))[0]).trim();
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const rows: string[][] = [["question", "rows", "rollup", "p50 ms", "p95 ms"]];
      let worst = 0;
      for (const { name, query } of QUESTIONS.filter((q) => SERVED.includes(q.name))) {
        const ask = async (
          turn: number,
        ): Promise<{
          readonly taken: number;
          readonly answer: { rows: readonly unknown[]; meta: { rollup: string | null } };
        }> => {
          // another day is another question: neither its answer nor its plan was kept
          const body = JSON.stringify({
            ...query,
            limit: 10_000,
            now: new Date(Date.UTC(1999, 0, 1 + turn)).toISOString().slice(0, 10),
          });
          const start = performance.now();
          const { text } = await post(`${url}/v1/query`, agent, body);
          return { taken: performance.now() - start, answer: JSON.parse(text) as never };
        };
        const first = (await ask(0)).answer;
        if (first.meta.rollup === null || JSON.stringify(first.rows) !== want.get(name))
          throw new Error(
            `question ${name}: ${first.meta.rollup === null ? "no rollup answers" : "the rollup's rows are not those of the facts"}`,
          );
        for (let i = 1; i <= WARM; i++) await ask(i);
        const taken: number[] = [];
        for (let i = 1; i <= times; i++) taken.push((await ask(WARM + i)).taken);
        worst = Math.max(worst, quantile(taken, 0.95));
        rows.push([
          name,
          String(first.rows.length),
          first.meta.rollup,
          ms(quantile(taken, 0.5)),
          ms(quantile(taken, 0.95)),
        ]);
      }
      agent.destroy();
      table(
        `Star Schema Benchmark over HTTP, scale ${scale}, from rollups of ${rollupRows.map((n) => n.toLocaleString("en")).join(", ")} rows; made in ${((madeMs + builtMs) / 1000).toFixed(0)} s; each question ${times} times, each time with another \`now\``,
        rows,
      );
      process.stdout.write(`answers from rollups: ${target(worst, 10, " ms p95")}\n`);
    } finally {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
