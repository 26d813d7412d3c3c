/**
 * `npm run bench [-- name …]`: figures of this machine as tables of ratios. Without names: plan, ssb, ssb-http, arrow, http, malloy, within five
 * minutes. `ssb=10` takes another scale, `scale=10` other millions of lines, `arrow=2000000` other rows, `http=50` other times; `questions`, `load`,
 * `warehouse` (merges, publication, rollback, segments: some minutes) and `scale` (1, 10 and 60 million lines) are longer.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const PARTS: Readonly<Record<string, (argument: number | undefined) => Promise<void>>> = {
  plan: async () => (await import("./plan.ts")).plan(),
  ssb: async (scale) => (await import("./ssb.ts")).ssb(scale),
  arrow: async (rows) => (await import("./arrow.ts")).arrow(rows),
  http: async (times) => (await import("./http.ts")).http(times),
  "ssb-http": async (scale) => (await import("./ssb-http.ts")).ssbHttp(scale),
  scale: async (millions) => (await import("./scale.ts")).scale(millions),
  mining: async (scale) => (await import("./mining.ts")).mining(scale),
  warehouse: async (millions) => (await import("./warehouse.ts")).warehouse(millions),
  malloy: async (scale) => (await import("./malloy.ts")).malloy(scale),
};
/** Programs of their own. */
const PROGRAMS: Readonly<Record<string, string>> = { questions: "./query.bench.ts", load: "./load.bench.ts" };
const DEFAULT = ["plan", "ssb", "ssb-http", "arrow", "http", "malloy"];

const [flag, part] = process.argv.slice(2);
if (flag === "--part") {
  const [name, argument] = part!.split("=");
  await PARTS[name!]!(argument === undefined ? undefined : Number(argument));
  process.stdout.write(
    `most memory of this part: ${Math.round(process.resourceUsage().maxRSS / 1024).toLocaleString("en")} MB\n`,
  );
  process.exit(0);
}

const names = process.argv.slice(2).length > 0 ? process.argv.slice(2) : DEFAULT;
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name.split("=")[0]!) && !Object.hasOwn(PROGRAMS, name));
if (unknown.length > 0) {
  process.stderr.write(
    `unknown: ${unknown.join(", ")}; there are ${[...Object.keys(PARTS), ...Object.keys(PROGRAMS)].join(", ")}\n`,
  );
  process.exit(2);
}
const [cpu] = cpus();
process.stdout.write(
  `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${process.platform}\n`,
);
for (const name of names) {
  // a process a part: its memory is its own, and libuv has its threads from the start
  const program = PROGRAMS[name];
  const child = spawn(
    process.execPath,
    ["--import", at("../../sources.mjs"), ...(program === undefined ? [at("run.ts"), "--part", name] : [at(program)])],
    { stdio: "inherit", env: { ...process.env, UV_THREADPOOL_SIZE: process.env["UV_THREADPOOL_SIZE"] ?? "16" } },
  );
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) process.stdout.write(`${name} ended with ${code}\n`);
}
