import { fileURLToPath } from "node:url";
import { statfsSync } from "node:fs";
import { defineConfig } from "vitest/config";

// DuckDB runs its queries on libuv's threads; the workers inherit this, so it must be set before they start.
process.env["UV_THREADPOOL_SIZE"] ??= "16";
// loads and mining runs that tests start are built programs: `tests/build-first.ts` builds them before the first test
process.env["TESSERA_BUILT_PROGRAMS"] ??= "1";
// warehouses of tests live in memory where there is room: waiting for the disk is a quarter of their time
if (process.env["TMPDIR"] === undefined && hasRoom("/dev/shm")) process.env["TMPDIR"] = "/dev/shm";

/** At least 4 GB free. */
function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 4 * 2 ** 30;
  } catch {
    return false;
  }
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** tests and notebooks run the sources; commands that tests start run `dist/`, which is built before */
const alias = [
  { find: /^tessera$/, replacement: here("index.ts") },
  { find: /^tessera\/etl$/, replacement: here("etl/index.ts") },
  { find: /^tessera\/mining$/, replacement: here("mining.ts") },
  { find: /^tessera\/client$/, replacement: here("api/client/index.ts") },
];
const shared = {
  pool: "forks" as const,
  testTimeout: 120_000,
  hookTimeout: 180_000,
  setupFiles: process.env["TESSERA_RECORD_REACH"] === undefined ? [] : ["tests/mutate/record-reach.ts"],
};

export default defineConfig({
  resolve: { alias },
  test: {
    maxWorkers: 2,
    globalSetup: ["tests/build-first.ts"],
    // measured where it is asked for (`--coverage`); what child processes run is not seen
    coverage: {
      provider: "v8",
      include: ["engine/**/*.ts", "cubes/**/*.ts", "etl/**/*.ts", "api/**/*.{ts,tsx}"],
      exclude: ["**/*.d.ts", "api/islands/**"],
      reporter: ["json-summary"],
    },
    projects: [
      {
        resolve: { alias },
        test: {
          ...shared,
          name: "unit",
          // modules are read once a worker, not once a file: a third of the time; tests keep no state in modules
          isolate: false,
          include: ["tests/**/*.test.{ts,tsx}"],
          exclude: ["tests/browser/**", "tests/long/**"],
        },
      },
      {
        resolve: { alias },
        test: { ...shared, name: "browser", include: ["tests/browser/**/*.test.{ts,tsx}"], testTimeout: 120_000 },
      },
      {
        resolve: { alias },
        test: { ...shared, name: "long", include: ["tests/long/**/*.test.ts"], testTimeout: 900_000 },
      },
    ],
  },
});
