import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toIso } from "../../../../engine/model/time/calendar.ts";
import { resolveModel } from "../../../../engine/model/resolve-model.ts";
import { countDistinct, defineCube, sum, type ProjectSpec } from "../../../../engine/model/index.ts";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { rollupDefinitions } from "../../../../engine/rollup/index.ts";
import { openShop, project, sales, service } from "../../support/shop.ts";

const rollups = {
  daily: { dimensions: ["date.day", "customer.country", "product.category"], measures: ["revenue", "lines", "orders"] },
  monthly: { dimensions: ["date.month", "customer.country"], measures: ["revenue", "web_revenue", "biggest"] },
};
const spec: ProjectSpec = { ...project, cubes: [defineCube({ ...sales, rollups }), service] };
let shop: Awaited<ReturnType<typeof openShop>>;
let plain: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  [shop, plain] = await Promise.all([openShop(spec), openShop()]);
});
afterAll(() => Promise.all([shop.close(), plain.close()]));

const inRange = (...values: string[]): NonNullable<Query["filters"]> => [
  { member: "date", operator: "in_range", values },
];
async function same(query: Query, rollup: string | null): Promise<void> {
  const [with_, without] = await Promise.all([shop.engine.query(query), plain.engine.query(query)]);
  expect(with_.meta.rollup).toBe(rollup);
  expect(without.meta.rollup).toBeNull();
  expect(with_.rows).toEqual(without.rows);
  expect(with_.totals).toEqual(without.totals);
}

describe("a rollup answers with the facts' own numbers", () => {
  test("the smallest that has every dimension, level and measure", () =>
    same(
      { measures: ["sales.revenue"], dimensions: ["date.year", "customer.country"], totals: true },
      "sales.monthly",
    ));
  test("a stored month answers whole months, not days", async () => {
    await same({ measures: ["sales.revenue"], filters: inRange("2024-02", "2024-04") }, "sales.monthly");
    await same({ measures: ["sales.revenue"], filters: inRange("2024-02-01", "2024-04-29") }, "sales.daily");
    await same({ measures: ["sales.biggest"], filters: inRange("2024-02-02", "2024-03-29") }, null);
  });
  test("time measures move along its days", () =>
    same(
      {
        measures: ["sales.revenue_28d", "sales.revenue_last_month", "sales.revenue_ytd", "sales.revenue_running"],
        dimensions: ["date.month", "product.category"],
        filters: inRange("2024"),
        totals: true,
      },
      "sales.daily",
    ));
  test("time measures whose windows are whole months move along its months", async () => {
    await same(
      {
        measures: ["sales.revenue", "sales.revenue_last_month", "sales.revenue_ytd", "sales.revenue_running"],
        dimensions: ["date.month", "customer.country"],
        filters: inRange("2024"),
        totals: true,
      },
      "sales.monthly",
    );
    await same(
      {
        measures: ["sales.revenue"],
        dimensions: ["date.month"],
        filters: inRange("2024-02", "2024-04"),
        compare: { dimension: "date", to: "previous_year" },
      },
      "sales.monthly",
    );
    await same(
      {
        measures: ["sales.revenue"],
        dimensions: ["date.quarter", "customer.country"],
        filters: inRange("2024"),
        compare: { dimension: "date", to: "previous_period" },
        totals: true,
      },
      "sales.monthly",
    );
    await same(
      { measures: ["sales.revenue_28d"], dimensions: ["date.month"], filters: inRange("2024") },
      "sales.daily",
    );
    await same(
      { measures: ["sales.revenue_ytd"], dimensions: ["date.month"], filters: inRange("2024-01-01", "2024-03-20") },
      "sales.daily",
    );
  });
  test("a range that begins or ends with the facts cuts no month", async () => {
    const span = plain.engine.spanOf("sales", "date")!;
    const [first, last] = [toIso(span.from), toIso(span.until)];
    await same(
      { measures: ["sales.revenue"], dimensions: ["date.month", "customer.country"], filters: inRange(first, last) },
      "sales.monthly",
    );
    await same(
      { measures: ["sales.revenue"], filters: [{ member: "date", operator: "before", values: [last] }] },
      "sales.daily",
    );
  });
  test("weeks come from days, never from months", () =>
    same({ measures: ["sales.revenue"], dimensions: ["date.week"] }, "sales.daily"));
  test("measures that no rollup holds are read from the facts, in one answer", () =>
    same({ measures: ["sales.revenue", "sales.cost", "sales.margin"], dimensions: ["date.month"] }, "sales.monthly"));
  test("another fact in the query does not keep it from being used", () =>
    same(
      { measures: ["sales.revenue", "service.cases"], dimensions: ["customer.country", "date.month"] },
      "sales.monthly",
    ));
  test("a distinct count comes from it at its own grain only", async () => {
    await same(
      {
        measures: ["sales.orders"],
        dimensions: ["date.day", "customer.country", "product.category"],
        filters: inRange("2024-05"),
      },
      "sales.daily",
    );
    await same(
      { measures: ["sales.orders"], dimensions: ["date.day", "customer.country"], filters: inRange("2024-05") },
      null,
    );
    await same(
      {
        measures: ["sales.orders"],
        dimensions: ["date.day", "customer.country", "product.category"],
        filters: inRange("2024-05"),
        totals: true,
      },
      null,
    );
  });
  test("another history reads the facts", () =>
    same({ measures: ["sales.revenue"], dimensions: ["customer.country"], history: "as_was" }, null));
  test("a filter on a dimension that it lacks reads the facts", () =>
    same(
      { measures: ["sales.revenue"], filters: [{ member: "sales.channel", operator: "equals", values: ["web"] }] },
      null,
    ));
  test("a segment reads the facts", () => same({ measures: ["sales.revenue"], filters: [{ segment: "big" }] }, null));
});

describe("explanations", () => {
  test("name each rollup as used or give the reason why not", async () => {
    const { rollups } = await explain(shop.engine, { measures: ["sales.revenue"], dimensions: ["date.week"] });
    expect(rollups.find((r) => r.name === "sales.daily")!.used).toBe(true);
    expect(rollups.find((r) => r.name === "sales.monthly")).toEqual({
      name: "sales.monthly",
      used: false,
      reason: "it lacks the dimension date.week",
    });
    expect(
      (await explain(shop.engine, { measures: ["sales.orders"], dimensions: ["date.month"] })).rollups.map(
        (r) => r.reason,
      ),
    ).toEqual(
      ["sales.orders does not add up, and the grains differ", "it lacks the measure sales.orders"].sort(
        (a, b) => (a.includes("lacks") ? 1 : 0) - (b.includes("lacks") ? 1 : 0),
      ),
    );
  });
});

describe("definitions", () => {
  const hashes = (cube: typeof sales): Map<string, string> => {
    const { catalog } = resolveModel({ ...project, cubes: [defineCube({ ...cube, rollups }), service] } as ProjectSpec);
    return new Map(rollupDefinitions(catalog, shop.engine.binding).definitions.map((d) => [d.name, d.hash]));
  };
  test("another formula is another rollup, another title is not", () => {
    const before = hashes(sales);
    const changed = hashes({
      ...sales,
      measures: {
        ...sales.measures,
        web_revenue: sum("amount", { where: [{ member: "sales.channel", operator: "equals", values: ["store"] }] }),
      },
    } as unknown as typeof sales);
    expect(changed.get("sales.monthly")).not.toBe(before.get("sales.monthly"));
    expect(changed.get("sales.daily")).toBe(before.get("sales.daily"));
    expect(
      hashes({
        ...sales,
        measures: { ...sales.measures, revenue: sum("amount", { title: "Turnover", format: "currency" }) },
      } as unknown as typeof sales).get("sales.daily"),
    ).toBe(before.get("sales.daily"));
  });
  test("one that was built from another definition is not used, with the reason", async () => {
    const { engine } = shop;
    const { openEngine } = await import("../../../../engine/query/answer/open-engine.ts");
    const { catalog } = resolveModel({
      ...project,
      cubes: [
        defineCube({ ...sales, measures: { ...sales.measures, orders: countDistinct("customer_id") }, rollups }),
        service,
      ],
    } as unknown as ProjectSpec);
    const changed = await openEngine({ catalog, serving: engine.serving, today: () => 0 });
    const { rollups: reasons } = await explain(changed, { measures: ["sales.revenue"], dimensions: ["date.day"] });
    expect(reasons.find((r) => r.name === "sales.daily")).toEqual({
      name: "sales.daily",
      used: false,
      reason: "it was built from another definition; the next load builds it again",
    });
  });
  test("a rollup of calculated measures, labels or bridges is a problem of the model", () => {
    const { catalog } = resolveModel({
      ...project,
      cubes: [
        defineCube({
          ...sales,
          rollups: { odd: { dimensions: ["promotion.type", "customer.contry"], measures: ["margin", "revenu"] } },
        }),
        service,
      ],
    } as unknown as ProjectSpec);
    expect(rollupDefinitions(catalog, shop.engine.binding).problems.map((p) => p.message)).toEqual([
      '"promotion.type" is many-to-many',
      expect.stringContaining('did you mean "customer.country"?') as unknown as string,
      '"sales.margin" is computed from other measures',
      expect.stringContaining('did you mean "sales.revenue"?') as unknown as string,
    ]);
  });
});
