/** Every golden question, asked of a warehouse whose facts lie in segments. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dayOf } from "../../../engine/model/time/calendar.ts";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import type { Engine } from "../../../engine/query/answer/engine.ts";
import { openEngine } from "../../../engine/query/answer/open-engine.ts";
import {
  MAIN,
  makeWorkFolder,
  openForWriting,
  openSegments,
  publishVersion,
  type Manifest,
} from "../../../engine/warehouse/index.ts";
import { openServing, type Serving } from "../../../engine/warehouse/serving.ts";
import { difference, fromCsv, goldenProject, goldenTables, readCases, toCsv } from "../golden/_golden.ts";
import { shopTables } from "../support/shop.ts";

let folder: string;
let serving: Serving;
let engine: Engine;
let manifest: Manifest;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tessera-segments-"));
  const work = makeWorkFolder(folder, "r1");
  const main = join(work, "main.duckdb");
  const writer = await openForWriting({ warehouse: main }, { tempDirectory: join(work, "temp") });
  const segments = await openSegments(writer, { folder, base: null, work, catalog: "warehouse" });
  for (const statement of [...shopTables, ...goldenTables]) await writer.connection.run(statement);
  for (const [table, by] of [
    ["sales", "sold_on"],
    ["visits", "at"],
    ["cases", "opened_on"],
    ["stock", "day"],
  ] as const)
    await segments.settle(table, { by, rows: 10 });
  const held = segments.files();
  await segments.finish();
  await writer.close();
  manifest = await publishVersion(folder, {
    base: null,
    run: "r1",
    files: { [MAIN]: main, ...Object.fromEntries(held.map(({ role, path }) => [role, path])) },
    segments: Object.fromEntries(held.map(({ role, segment }) => [role, segment])),
  });
  serving = await openServing(folder, manifest, { tempDirectory: join(folder, "served"), connections: 2, threads: 2 });
  engine = await openEngine({ catalog: resolveModel(goldenProject).catalog, serving, today: () => dayOf(2026, 1, 1) });
});
afterAll(async () => {
  await serving?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the facts lie in files by month", () => {
  const tables = manifest.files.flatMap((file) => file.segment?.table ?? []);
  expect(new Set(tables)).toEqual(new Set(["sales", "visits", "cases", "stock"]));
  expect(tables.filter((table) => table === "sales").length).toBeGreaterThan(12);
  expect(manifest.files.find((file) => !file.segment)!.tables.map((table) => table.name)).toEqual([
    "customer",
    "product",
    "promotion",
    "region",
    "sale_promotion",
    "seller",
  ]);
});

test.each(readCases())("golden, in segments: $name", async ({ query, csv }) => {
  expect(difference(fromCsv(toCsv(await engine.query(query))), fromCsv(csv!))).toBeNull();
});

test("DuckDB leaves out the segments that a range excludes", async () => {
  const plan = (
    await serving.run(
      "EXPLAIN SELECT sum(amount) FROM sales WHERE sold_on >= DATE '2024-03-05' AND sold_on < DATE '2024-03-09'",
    )
  ).columns[1]!.join("\n");
  expect(plan.match(/SEQ_SCAN/g)).toHaveLength(1);
});
