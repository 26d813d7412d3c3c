import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  calculated,
  count,
  defineCube,
  defineDimension,
  firstValue,
  lastValue,
  sum,
  type ProjectSpec,
} from "../../../../engine/model/index.ts";
import { drillthrough } from "../../../../engine/query/inspect/drillthrough.ts";
import type { DrillthroughRequest } from "../../../../engine/query/language/drill-request.ts";
import type { Query, Row, Value } from "../../../../engine/model/query.ts";
import { openShop, project, sales, service, stock, visits } from "../../support/shop.ts";

const staff = defineDimension({
  name: "staff",
  table: "staff",
  key: "id",
  label: "name",
  attributes: { name: "name" },
  parentChild: { reports_to: { parent: "boss", root: 0 } },
});
const pay = defineCube({
  name: "pay",
  table: "pay",
  dimensions: { staff: { to: staff, on: "staff_id" } },
  measures: { paid: sum("amount"), payments: count() },
});
const stocked = defineCube({
  ...stock,
  measures: {
    ...stock.measures,
    first: firstValue("quantity", { over: "date" }),
    full: lastValue("quantity", {
      over: "date",
      where: [{ member: "product.name", operator: "not_equals", values: ["Product 2"] }],
    }),
    of_old: calculated("on_hand - first"),
  },
} as typeof stock);
const spec: ProjectSpec = {
  ...project,
  dimensions: [...project.dimensions, staff],
  cubes: [sales, service, stocked, visits, pay],
  access: "allow",
  roles: { partly: { hide: ["sales.cost"], show: ["sales.margin"] } },
};

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(spec, [
    "create table staff as select * from (values (1, 'Ann', 0), (2, 'Bob', 1), (3, 'Cy', 2)) t(id, name, boss)",
    "create table pay as select 1 + i % 3 as staff_id, (i * 1.5)::decimal(10, 2) as amount from range(30) r(i)",
    // the last day of product 1 is not the last day of all
    "delete from stock where product_id = 1 and day = (select max(day) from stock)",
  ]);
});
afterAll(() => shop.close());
const added = (rows: readonly Row[], measure: string): number =>
  rows.reduce((total, row) => total + Number(row[measure] ?? 0), 0);
/** Every cell of a question against the sum of the rows below it. */
const everyCell = async (query: Query, more: Partial<DrillthroughRequest> = {}): Promise<number> => {
  const { rows } = await shop.engine.query(query);
  for (const row of rows) {
    const cell = Object.fromEntries((query.dimensions ?? []).map((d) => [d, row[d]!]));
    const under = await drillthrough(shop.engine, { ...query, dimensions: [], ...more, cell, limit: 100_000 });
    for (const measure of query.measures as string[])
      expect([cell, measure, added(under.rows, measure)]).toEqual([
        cell,
        measure,
        expect.closeTo(Number(row[measure] ?? 0), 6),
      ]);
  }
  return rows.length;
};
const price: NonNullable<Query["filters"]> = [{ member: "promotion.type", operator: "not_equals", values: ["extra"] }];

describe("the rows below a cell add up to it", () => {
  test.each<[string, Query, Partial<DrillthroughRequest>, number]>([
    ["of a bridge", { measures: ["sales.revenue", "sales.lines"], dimensions: ["promotion.type"] }, {}, 3],
    [
      "of a bridge, told with what it links to",
      { measures: ["sales.revenue", "sales.lines"], dimensions: ["promotion.type"] },
      { dimensions: ["promotion.promotion_name", "weighted_promotion.type"] },
      3,
    ],
    [
      "of a bridge that is filtered too",
      { measures: ["sales.lines"], dimensions: ["promotion.promotion_name"], filters: price },
      {},
      3,
    ],
    [
      "of a weighted bridge",
      {
        measures: ["sales.revenue", "sales.lines", "sales.web_revenue"],
        dimensions: ["weighted_promotion.type", "customer.country"],
      },
      {},
      7,
    ],
    [
      "of both bridges",
      {
        measures: ["sales.revenue", "sales.lines"],
        dimensions: ["weighted_promotion.promotion_name", "promotion.type"],
      },
      {},
      7,
    ],
    [
      "of a filter by a weighted bridge, which takes whole facts",
      {
        measures: ["sales.revenue"],
        dimensions: ["customer.country"],
        filters: [{ member: "weighted_promotion.type", operator: "equals", values: ["price"] }],
      },
      {},
      2,
    ],
    [
      "of a last value: the rows of that day",
      { measures: ["stock.on_hand"], dimensions: ["date.month", "product.category"] },
      {},
      64,
    ],
    [
      "of a last value of the last day of all, whatever the product",
      { measures: ["stock.on_hand"], dimensions: ["product.name"] },
      {},
      4,
    ],
    ["of a last value with a filter of its own", { measures: ["stock.full"], dimensions: ["product.name"] }, {}, 3],
    ["of a first value", { measures: ["stock.first"], dimensions: ["date.quarter"] }, {}, 6],
    [
      "of a last value for each warehouse",
      { measures: ["stock.on_hand_each"], dimensions: ["date.quarter", "product.name"] },
      {},
      30,
    ],
    [
      "of a first and of each last value beside each other",
      { measures: ["stock.first", "stock.on_hand_each"], dimensions: ["date.quarter"] },
      {},
      6,
    ],
    [
      "of a hierarchy of parents",
      { measures: ["pay.paid", "pay.payments"], dimensions: ["staff.reports_to"] },
      { dimensions: ["staff.reports_to", "staff.name"] },
      3,
    ],
    [
      "beside a comparison, cut at now",
      {
        measures: ["sales.revenue"],
        dimensions: ["date.quarter"],
        filters: [{ member: "date", operator: "in_range", values: ["2025"] }],
        compare: { dimension: "date", to: "previous_year" },
        now: "2025-05-10",
      },
      {},
      2,
    ],
  ])("%s", async (_, query, more, cells) => {
    expect(await everyCell(query, more)).toBe(cells);
  });

  test("are one row a fact, with its weight and its links as one text", async () => {
    const { rows, columns } = await drillthrough(shop.engine, {
      measures: ["sales.lines"],
      dimensions: ["promotion.promotion_name"],
      cell: { "weighted_promotion.type": "price" },
      limit: 100_000,
    });
    expect(columns.map((c) => c.name)).toEqual([
      "promotion.promotion_name",
      "sales.sale_id",
      "weighted_promotion.weight",
      "sales.lines",
    ]);
    const expected = await shop.sql(
      "select string_agg(distinct promotion_name, ', ' order by promotion_name) n, sale_id, sum(share) filter (type = 'price') w from sale_promotion join promotion using (promotion_id) join sales using (sale_id) group by sale_id having count(*) filter (type = 'price') > 0 order by sale_id",
    );
    expect(
      rows.map((r) => [r["promotion.promotion_name"], r["sales.sale_id"], Number(r["weighted_promotion.weight"])]),
    ).toEqual(expected.map((r) => [r["n"], r["sale_id"], Number(r["w"])]));
    expect(rows.some((r) => String(r["promotion.promotion_name"]).includes(", "))).toBe(true);
  });
});

test.each<[string, unknown, string]>([
  [
    "a measure filter",
    { measures: ["sales.revenue"], filters: [{ member: "sales.revenue", operator: "gt", values: [5] }] },
    "a measure filter decides about whole cells",
  ],
  [
    "a measure in the cell",
    { measures: ["sales.revenue"], cell: { "sales.revenue": 5 } },
    '"sales.revenue" is a measure',
  ],
  ["a calculation of nothing", { measures: [{ name: "x", formula: "1" }] }, "no facts are behind x"],
  ["filters that are no list", { measures: ["sales.revenue"], filters: {} }, "filters is a list; got {}"],
  [
    "a cell that is no value",
    { measures: ["sales.revenue"], cell: { "customer.country": ["DE"] } },
    'customer.country cannot be ["DE"]',
  ],
  ["a cell of null", { measures: ["sales.revenue"], cell: null }, "cell is an object; got null"],
  ["a misspelt key", { measures: ["sales.revenue"], cel: {} }, 'did you mean "cell"?'],
  ["another fact's attribute", { measures: ["sales.revenue"], cell: { "service.topic": "x" } }, "restricts no measure"],
])("%s is refused with the reason", async (_, request, words) => {
  await expect(drillthrough(shop.engine, request)).rejects.toMatchObject({
    code: expect.stringMatching(/invalid|unrelated/),
    message: expect.stringContaining(words),
  });
});

test("rows behind a visible measure that a role may not see are refused, without hidden names", async () => {
  const engine = shop.engine.as("partly");
  expect((await engine.query({ measures: ["sales.margin"] })).rows[0]!["sales.margin"] as Value).not.toBeNull();
  const error = (await drillthrough(engine, { measures: ["sales.margin"] }).catch((e: Error) => e)) as Error & {
    code: string;
  };
  expect(error).toMatchObject({
    code: "query-invalid",
    message: expect.stringContaining("sales.margin are hidden from your role"),
  });
  expect(error.message).not.toContain("cost");
});
