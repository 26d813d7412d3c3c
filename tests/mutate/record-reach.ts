/** A setup file of Vitest: writes down which functions of the product a test file runs. Child processes are not seen. */
import { mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PRODUCT = /^(engine|cubes|etl|api)\//;

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: false });
const started = performance.now();

afterAll(async () => {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const reached: Record<string, string[]> = {};
  for (const { url, functions } of result) {
    const path = relative(ROOT, url.startsWith("file:") ? fileURLToPath(url) : url.replace(/\?.*$/, ""));
    if (!PRODUCT.test(path)) continue;
    const names = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).map((each) => each.functionName);
    reached[path] = [...new Set(names)];
  }
  const test = relative(ROOT, expect.getState().testPath ?? "");
  const folder = process.env["TESSERA_RECORD_REACH"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const seconds = (performance.now() - started) / 1000;
  writeFileSync(join(folder, `${test.replaceAll("/", "__")}.json`), JSON.stringify({ test, seconds, reached }));
});
