/** Whatever is ranked, what is kept and what is left out add up to the totals: random tops over dates and members, compared and moved in time. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TesseraError } from "../../../../engine/errors/index.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { openShop } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const DIMENSIONS = [
  "customer.country",
  "product.name",
  "sales.channel",
  "date.month",
  "date.quarter",
  "date.day_of_week",
  "customer.age_band",
  "ship_date.month",
];
const MEASURES = [
  "sales.revenue",
  "sales.lines",
  "sales.web_revenue",
  "sales.revenue_last_month",
  "sales.revenue_last_year",
  "sales.revenue_share",
];
const question = fc
  .record({
    dimensions: fc.shuffledSubarray(DIMENSIONS, { minLength: 1, maxLength: 3 }),
    measures: fc.subarray(MEASURES, { minLength: 1, maxLength: 4 }),
    by: fc.constantFrom("sales.revenue", "sales.lines", "sales.buyers"),
    tops: fc.integer({ min: 1, max: 2 }),
    n: fc.integer({ min: 1, max: 3 }),
    range: fc.constantFrom(["2025-H1"], ["2025-02-10", "2025-05-20"], ["2025-03"]),
    compare: fc.constantFrom("previous_year" as const, "previous_period" as const, null),
    filter: fc.boolean(),
  })
  .map(
    ({ dimensions, measures, by, tops, n, range, compare, filter }): Query => ({
      dimensions,
      measures,
      totals: true,
      limit: 100_000,
      top: dimensions.slice(0, tops).map((dimension) => ({ dimension, by, n, others: true })),
      filters: [
        { member: "date", operator: "in_range", values: range },
        ...(filter ? [{ not: { member: "customer.country", operator: "equals" as const, values: ["DE"] } }] : []),
      ],
      ...(compare && { compare: { dimension: "date", to: compare } }),
    }),
  );

test("80 random rankings with their others add up to the grand total, shares to one", async () => {
  let refused = 0;
  for (const query of fc.sample(question, { numRuns: 80, seed: 20_821 })) {
    let result;
    try {
      result = await shop.engine.query(query);
    } catch (error) {
      // dates ranked within other members: said, not guessed
      if (error instanceof TesseraError && error.message.includes("moves along it")) {
        refused++;
        continue;
      }
      throw error;
    }
    const all = [...result.rows, ...result.others!.map((o) => o.row)];
    const total = result.totals!.find((t) => t.level.length === 0)!.row;
    for (const column of result.columns.filter((c) => c.kind === "measure" && !/\.change/.test(c.name))) {
      // days of one side that have no partner on the other are in the total alone
      if (column.name.endsWith(".previous") && query.dimensions!.some((d) => d.startsWith("date."))) continue;
      // by the day a shift reads the same day numbers, of which the total's whole months have more
      if (/_last_/.test(column.name) && query.dimensions!.includes("date.day_of_week")) continue;
      const sum = all.reduce((n, row) => n + Number(row[column.name] ?? 0), 0);
      expect(sum, `${column.name} of ${JSON.stringify(query)}`).toBeCloseTo(Number(total[column.name] ?? 0), 6);
    }
  }
  expect(refused).toBeLessThan(10);
});
