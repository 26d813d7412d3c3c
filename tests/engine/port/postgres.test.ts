import { afterAll, beforeAll, expect, test } from "vitest";
import { difference, fromCsv, openGolden, readCases, toCsv, type GoldenShop } from "../golden/_golden.ts";
import { openPostgresShop, type PostgresShop } from "./_postgres-shop.ts";

/** `top` is several statements with the engine in between; what is left is every other golden case. */
const cases = readCases().filter(({ query }) => query.top === undefined);
let shop: GoldenShop;
let postgres: PostgresShop;
beforeAll(async () => { shop = await openGolden(); postgres = await openPostgresShop(shop.engine); });
afterAll(async () => { await postgres?.close(); await shop?.close(); });

test.each(cases)("PostgreSQL answers as DuckDB does: $name", async ({ query, csv }) => {
  const found = await postgres.ask(query);
  expect(difference(fromCsv(toCsv({ ...found, meta: { elapsedMs: 0, warehouseVersion: null, rollup: null, truncated: false } })), fromCsv(csv!))).toBeNull();
});

test("enough golden cases go through the second printer", () => { expect(cases.length).toBeGreaterThanOrEqual(40); });
