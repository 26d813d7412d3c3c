import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { approxCountDistinct, defineCube, rolling, running, type ProjectSpec } from "../../../../engine/model/index.ts";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { STANDARD_ERROR } from "../../../../engine/query/scan/registers.ts";
import { openShop, project, sales, service } from "../../support/shop.ts";

const more = {
  some_orders: approxCountDistinct("order_id"),
  some_web_orders: approxCountDistinct("order_id", {
    where: [{ member: "sales.channel", operator: "equals", values: ["web"] }],
  }),
  some_pairs: approxCountDistinct({ sql: "order_id * 100 + product_id" }),
};
const time = { some_orders_28d: rolling("some_orders", { days: 28 }), some_orders_running: running("some_orders") };
const rollups = {
  daily: {
    dimensions: ["date.day", "customer.country"],
    measures: ["revenue", "lines", "some_orders", "some_web_orders"],
  },
  monthly: {
    dimensions: ["date.month", "product.category"],
    measures: ["revenue", "lines", "web_lines", "biggest", "some_orders", "some_pairs"],
  },
};
const spec = (with_: boolean): ProjectSpec =>
  ({
    ...project,
    cubes: [
      defineCube({ ...sales, measures: { ...sales.measures, ...more, ...time }, ...(with_ && { rollups }) }),
      service,
    ],
  }) as unknown as ProjectSpec;
let shop: Awaited<ReturnType<typeof openShop>>;
let plain: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  [shop, plain] = await Promise.all([openShop(spec(true)), openShop(spec(false))]);
});
afterAll(() => Promise.all([shop.close(), plain.close()]));

test("an approximate count of nothing is 0, in one row and in the grand total", async () => {
  const none = [{ member: "sales.channel", operator: "equals" as const, values: ["by pigeon"] }];
  expect((await plain.engine.query({ measures: ["sales.some_orders", "sales.orders"], filters: none })).rows).toEqual([
    { "sales.some_orders": 0, "sales.orders": 0 },
  ]);
  expect((await plain.engine.query({ measures: ["sales.some_orders"], filters: none })).rows).toEqual([
    { "sales.some_orders": 0 },
  ]);
  const { rows, totals } = await plain.engine.query({
    measures: ["sales.some_orders", "sales.some_orders_running"],
    dimensions: ["customer.country"],
    filters: none,
    totals: true,
  });
  expect([rows, totals]).toEqual([
    [],
    [{ level: [], row: { "sales.some_orders": 0, "sales.some_orders_running": 0 } }],
  ]);
});

const during = (...values: string[]): NonNullable<Query["filters"]> => [
  { member: "date", operator: "in_range", values },
];
async function same(query: Query, rollup: string | null): Promise<void> {
  const [one, other] = await Promise.all([shop.engine.query(query), plain.engine.query(query)]);
  expect(one.meta.rollup).toBe(rollup);
  expect(one.rows.length).toBeGreaterThan(0);
  expect(one.rows).toEqual(other.rows);
  expect(one.totals).toEqual(other.totals);
}

describe("approximate distinct counts", () => {
  test("stay within four standard errors from one value to a million, and are exact where there are few", async () => {
    const big = await openShop({ ...spec(false) }, [
      "delete from sales",
      ...[1, 2, 3, 10, 50, 500, 3000, 12_000, 40_000, 250_000].map(
        (n) =>
          `insert into sales select i, i % ${n}, 1, 1, date '2024-01-01', null, 1, 1, 'n${n}', 1 from range(${n * 2}) r(i)`,
      ),
    ]);
    try {
      const { rows } = await big.engine.query({ measures: ["sales.some_orders"], dimensions: ["sales.channel"] });
      for (const row of rows) {
        const [n, found] = [Number(String(row["sales.channel"]).slice(1)), Number(row["sales.some_orders"])];
        expect(Math.abs(found - n), `${n} values`).toBeLessThanOrEqual(n <= 10 ? 0 : 4 * STANDARD_ERROR * n);
      }
      expect(rows).toHaveLength(10);
    } finally {
      await big.close();
    }
  });
  test("are near the exact count at every total, with filters of their own too", async () => {
    const { rows, totals } = await plain.engine.query({
      measures: ["sales.orders", "sales.some_orders", "sales.some_web_orders"],
      dimensions: ["customer.country", "date.quarter"],
      totals: true,
    });
    for (const row of [...rows, ...totals!.map((t) => t.row)])
      expect(Math.abs(Number(row["sales.some_orders"]) / Number(row["sales.orders"]) - 1)).toBeLessThan(
        4 * STANDARD_ERROR,
      );
    const [all] = await plain.sql("select count(distinct order_id) filter (where channel = 'web') as n from sales");
    expect(
      Math.abs(Number(totals!.find((t) => t.level.length === 0)!.row["sales.some_web_orders"]) / Number(all!["n"]) - 1),
    ).toBeLessThan(4 * STANDARD_ERROR);
  });
  test("of nothing are 0 where another measure has a value", async () => {
    const { rows } = await plain.engine.query({
      measures: ["sales.lines", "sales.some_web_orders"],
      filters: [{ member: "sales.channel", operator: "equals", values: ["store"] }],
    });
    expect(rows[0]!["sales.some_web_orders"]).toBe(0);
  });
  test("move along time", async () => {
    const { rows } = await plain.engine.query({
      measures: ["sales.some_orders_running", "sales.some_orders_28d", "sales.some_orders"],
      dimensions: ["date.month"],
      filters: during("2024"),
      compare: { dimension: "date", to: "previous_year" },
    });
    expect(rows).toHaveLength(12);
    expect(Number(rows[11]!["sales.some_orders_running"])).toBeGreaterThan(
      Number(rows[0]!["sales.some_orders_running"]) * 5,
    );
  });
});

describe("registers in a rollup", () => {
  test("give the facts' own estimate at any coarser grain, with totals", async () => {
    await same(
      { measures: ["sales.some_orders", "sales.revenue"], dimensions: ["date.year", "customer.country"], totals: true },
      "sales.daily",
    );
    await same({ measures: ["sales.some_orders"], dimensions: ["product.category"] }, "sales.monthly");
    await same(
      { measures: ["sales.some_pairs", "sales.lines"], totals: true, dimensions: ["date.quarter"] },
      "sales.monthly",
    );
    await same(
      {
        measures: ["sales.some_web_orders"],
        filters: [{ member: "customer.country", operator: "equals", values: ["DE"] }],
      },
      "sales.daily",
    );
  });
  test("serve windows", () =>
    same(
      {
        measures: ["sales.some_orders_28d", "sales.some_orders_running"],
        dimensions: ["date.month"],
        filters: during("2024-02-10", "2024-11-20"),
      },
      "sales.daily",
    ));
});

describe("a range that cuts months", () => {
  test("takes its whole months from the rollup and its edges from the facts", async () => {
    const cut: Query = {
      measures: [
        "sales.revenue",
        "sales.lines",
        "sales.web_lines",
        "sales.biggest",
        "sales.some_orders",
        "sales.some_pairs",
      ],
      dimensions: ["product.category", "date.quarter"],
      filters: during("2024-01-20", "2025-03-17"),
      totals: true,
    };
    await same(cut, "sales.monthly");
    const { rollups } = await explain(shop.engine, cut);
    expect(rollups.find((r) => r.name === "sales.monthly")).toMatchObject({
      used: true,
      reason: expect.stringContaining(
        "for the whole months 2024-02 to 2025-02; the days before and after come from the facts",
      ) as unknown,
    });
  });
  test("also with one edge, with other filters, and without dimensions", async () => {
    await same(
      {
        measures: ["sales.biggest"],
        filters: [
          ...during("2024-03-01", "2024-10-09"),
          { member: "product.category", operator: "not_equals", values: ["Category 1"] },
        ],
      },
      "sales.monthly",
    );
    await same(
      {
        measures: ["sales.biggest"],
        dimensions: ["date.month"],
        filters: [{ member: "date", operator: "after", values: ["2024-10-09"] }],
      },
      "sales.monthly",
    );
  });
  test("reads the facts alone where it holds no whole month, and where days are asked for", async () => {
    await same({ measures: ["sales.biggest"], filters: during("2024-03-02", "2024-04-29") }, null);
    await same(
      { measures: ["sales.biggest"], dimensions: ["date.day"], filters: during("2024-03-02", "2024-08-29") },
      null,
    );
  });
});
