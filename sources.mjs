// Runs the sources as they are, without a build: tests, benchmarks and what they start.
import { BUILT_DOORS, readTypeScript } from "./resolve-tessera.mjs";

process.env.UV_THREADPOOL_SIZE ??= "16";
await readTypeScript(
  Object.fromEntries(
    Object.entries(BUILT_DOORS).map(([name, url]) => [name, url.replace("/dist/", "/").replace(/\.js$/, ".ts")]),
  ),
);
