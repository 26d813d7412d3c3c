import { afterAll, beforeAll, expect, test } from "vitest";
import { difference, fromCsv, openGolden, readCases, toCsv, type GoldenShop } from "../golden/_golden.ts";
import type { MemberFilter } from "../../../engine/model/filter.ts";
import type { Query } from "../../../engine/model/query.ts";
import { openPostgresShop, type PostgresShop } from "./_postgres-shop.ts";

/** `top` is several statements with the engine in between; what is left is every other golden case. */
const cases = readCases().filter(({ query }) => query.top === undefined);
let shop: GoldenShop;
let postgres: PostgresShop;
beforeAll(async () => {
  shop = await openGolden();
  postgres = await openPostgresShop(shop.engine);
});
afterAll(async () => {
  await postgres?.close();
  await shop?.close();
});

test.each(cases)("PostgreSQL answers as DuckDB does: $name", async ({ query, csv }) => {
  const found = await postgres.ask(query);
  expect(
    difference(
      fromCsv(toCsv({ ...found, meta: { elapsedMs: 0, warehouseVersion: null, rollup: null, truncated: false } })),
      fromCsv(csv!),
    ),
  ).toBeNull();
});

test("enough golden cases go through the second printer", () => {
  expect(cases.length).toBeGreaterThanOrEqual(40);
});

const x = (formula: string): Query => ({ measures: [{ name: "x", formula }] });
test.each<[string, Query, unknown]>([
  ["a root of what is negative", x("power(0 - sales.lines, 0.333)"), null],
  ["zero to a negative power", x("power(0 * sales.lines, 0 - sales.lines)"), null],
  ["a power beyond all doubles", x("power(sales.lines, 400)"), null],
  ["a power below all doubles", x("power(sales.lines, 0 - 400)"), 0],
  ["whole powers of what is negative", x("power(0 - sales.lines / sales.lines, 3)"), -1],
  ["nothing to a power", x("power(nullif(sales.lines, sales.lines), 2)"), null],
  ["zero to the power of zero", x("power(0 * sales.lines, 0)"), 1],
  ["e to more than a double holds", x("exp(sales.lines * 100)"), null],
  ["e to less", x("exp(0 - sales.lines * 100)"), 0],
  ["what is no number is null within the formula too", x("coalesce(exp(sales.lines * 100), power(0, 0 - 1), 7)"), 7],
])("both databases agree on %s", async (_, query, value) => {
  expect((await shop.engine.query(query)).rows).toEqual([{ x: value }]);
  expect((await postgres.ask(query)).rows).toEqual([{ x: value }]);
});

test.each<[MemberFilter["operator"], readonly number[], string]>([
  ["gt", [30.5], "age > 30.5"],
  ["lte", [30.5], "age <= 30.5"],
  ["between", [29.5, 40.2], "age between 29.5 and 40.2"],
  ["in", [22, 30.5], "age in (22, 30.5)"],
  ["not_in", [22, 30.5], "age not in (22, 30.5) or age is null"],
  ["equals", [30.5], "false"],
])("whole numbers are compared with broken ones: %s %j", async (operator, values, condition) => {
  const query: Query = { measures: ["sales.lines"], filters: [{ member: "customer.age", operator, values }] };
  const n = Number(
    (
      await shop.engine.serving.run(
        `select count(*)::int n from sales left join (select * from customer where valid_until is null) c using (customer_id) where ${condition}`,
      )
    ).columns[0]![0],
  );
  expect((await shop.engine.query(query)).rows).toEqual([{ "sales.lines": n }]);
  expect((await postgres.ask(query)).rows).toEqual([{ "sales.lines": n }]);
});
