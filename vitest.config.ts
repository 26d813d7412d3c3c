import { defineConfig } from "vitest/config";

// DuckDB runs its queries on libuv's threads; the workers inherit this, so it must be set before they start.
process.env["UV_THREADPOOL_SIZE"] ??= "16";

const shared = { pool: "forks" as const, testTimeout: 120_000, hookTimeout: 180_000, setupFiles: [] };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["tests/**/*.test.{ts,tsx}"],
          exclude: ["tests/browser/**", "tests/long/**"],
        },
      },
      { test: { ...shared, name: "browser", include: ["tests/browser/**/*.test.{ts,tsx}"], testTimeout: 120_000 } },
      { test: { ...shared, name: "long", include: ["tests/long/**/*.test.ts"], testTimeout: 900_000 } },
    ],
  },
});
