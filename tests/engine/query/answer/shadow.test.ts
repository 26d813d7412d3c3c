import { expect, test } from "vitest";
import { defineCube, type ProjectSpec } from "../../../../engine/model/index.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { shadow } from "../../../../engine/query/answer/shadow.ts";
import { openShop, project, sales, service } from "../../support/shop.ts";

const spec = {
  ...project,
  cubes: [
    defineCube({
      ...sales,
      rollups: { daily: { dimensions: ["date.day", "customer.country"], measures: ["revenue", "lines", "cost"] } },
    }),
    service,
  ],
} as unknown as ProjectSpec;
const during = (range: string): NonNullable<Query["filters"]> => [
  { member: "date", operator: "in_range", values: [range] },
];
const QUESTIONS: readonly Query[] = [
  {
    measures: ["sales.revenue", "sales.buyers", "sales.margin_rate", "service.cases"],
    dimensions: ["customer.country", "date.quarter"],
    totals: true,
  },
  {
    measures: ["sales.revenue_share", "sales.revenue_rank", "sales.revenue_28d", "sales.revenue_last_year"],
    dimensions: ["date.month"],
    filters: during("2025-Q1"),
    totals: true,
  },
  {
    measures: ["sales.revenue", "sales.web_lines"],
    dimensions: ["customer.city"],
    filters: [{ member: "sales.revenue", operator: "gt", values: [500] }],
    limit: 3,
    order: [{ member: "sales.revenue" }],
  },
  {
    measures: ["sales.revenue", { name: "each", formula: "sales.revenue / sales.lines" }],
    dimensions: ["date.month"],
    filters: during("2025-Q1"),
    compare: { dimension: "date", to: "previous_year" },
    totals: true,
  },
  {
    measures: ["sales.lines"],
    dimensions: ["customer.country"],
    filters: [
      {
        and: [
          { member: "sales.lines", operator: "gt", values: [1] },
          { member: "sales.channel", operator: "equals", values: ["web"] },
        ],
      },
    ],
  },
  { measures: ["sales.orders", "service.total_cases"], dimensions: ["promotion.type"], totals: true },
];

test("a second opinion from the facts agrees with every kind of answer", async () => {
  const shop = await openShop(spec);
  try {
    for (const query of QUESTIONS)
      expect(await shadow(shop.engine, query, await shop.engine.query(query)), JSON.stringify(query)).toEqual([]);
  } finally {
    await shop.close();
  }
});

test("a rollup with one wrong number is found, with the cell and both numbers", async () => {
  const shop = await openShop(spec);
  try {
    await shop.sql(
      "update rollup_sales_daily set m0 = m0 + 1 where k0 = (select min(k0) from rollup_sales_daily where k1 = 'DE') and k1 = 'DE'",
    );
    const query: Query = { measures: ["sales.revenue", "sales.lines"], dimensions: ["customer.country"], totals: true };
    const result = await shop.engine.query(query);
    const revenue = Number(result.rows.find((row) => row["customer.country"] === "DE")!["sales.revenue"]);
    const found = await shadow(shop.engine, query, result);
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({ measure: "sales.revenue", cell: { "customer.country": "DE" }, answered: revenue });
    expect(Number(found[0]!.answered) - Number(found[0]!.again)).toBeCloseTo(1, 6);
    expect(found[1]!.cell).toEqual({});
  } finally {
    await shop.close();
  }
});
