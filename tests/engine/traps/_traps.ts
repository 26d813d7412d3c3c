/** The shop with a few facts more, shaped like the traps: order headers above their lines, two ways to a region, exact money, wide integers, hours. */
import { expect } from "vitest";
import {
  avg,
  calculated,
  count,
  countDistinct,
  defineCube,
  defineDimension,
  defineProject,
  defineSegment,
  quantile,
  share,
  shift,
  sum,
  toDate,
} from "../../../engine/model/index.ts";
import type { ProjectSpec } from "../../../engine/model/index.ts";
import type { Query, Row } from "../../../engine/model/query.ts";
import { date, openShop, product, project, region, sales } from "../support/shop.ts";

const store = defineDimension({
  name: "store",
  table: "store",
  key: "store_id",
  label: "store_name",
  references: { region: { to: region, on: "region_id" } },
  attributes: { store_name: "store_name", region: { from: "region.region_name" } },
});
const visitor = defineDimension({
  name: "visitor",
  table: "visitor",
  key: "visitor_id",
  references: { region: { to: region, on: "region_id" } },
  attributes: { region: { from: "region.region_name" } },
});
const place = defineDimension({
  name: "place",
  table: "place",
  key: "place_id",
  attributes: { place: "place_name", country: "country" },
});

/** Freight belongs to the order; its products are reached through the lines. */
const orders = defineCube({
  name: "orders",
  table: "order_header",
  grain: ["order_id"],
  dimensions: {
    order_product: { to: product, through: { table: "order_line", on: "order_id", key: "product_id" } },
    date: { to: date, on: "ordered_on" },
  },
  measures: {
    freight: sum("freight"),
    orders: count(),
    middle_freight: calculated("freight / orders"),
    p50: quantile("freight", 0.5),
  },
});
/** A stop has a region by its store and another by its visitor. */
const stops = defineCube({
  name: "stops",
  table: "stop",
  dimensions: { store: { to: store, on: "store_id" }, visitor: { to: visitor, on: "visitor_id" } },
  measures: { stops: count() },
});
const plus = defineCube({
  name: "plus",
  table: "plus",
  dimensions: { place: { to: place, on: "place_id" } },
  measures: { up: sum("x"), rows_up: count() },
});
const minus = defineCube({
  name: "minus",
  table: "minus",
  dimensions: { place: { to: place, on: "place_id" } },
  measures: { down: sum("x"), rows_down: count(), level: calculated("plus.up - down") },
});
const money = defineCube({
  name: "money",
  table: "money",
  dimensions: { date: { to: date, on: "day" } },
  measures: { sum: sum("amount"), as_double: sum({ sql: "amount::double" }), mean: avg("amount"), largest: sum("big") },
});
const moments = defineCube({
  name: "moments",
  table: "moments",
  dimensions: { moment: { to: date, on: "at" } },
  measures: { moments: count(), value: sum("value") },
});
const weeks = defineCube({
  name: "weeks",
  table: "weeks",
  dimensions: { date: { to: date, on: "day" } },
  measures: { rows: count(), rows_last_year: shift("rows", { years: -1 }), rows_mtd: toDate("rows", "month") },
});
/** The shop's sales with measures that look past the shop's own. */
const wide = defineCube({
  ...sales,
  measures: {
    ...sales.measures,
    german_revenue: sum("amount", { where: [{ member: "customer.country", operator: "equals", values: ["DE"] }] }),
    not_german_revenue: sum("amount", {
      where: [{ member: "customer.country", operator: "not_equals", values: ["DE"] }],
    }),
    average_line: avg("amount"),
    products: countDistinct("product_id"),
    share_of_parent: share("revenue", { of: "parent" }),
    mtd_last_month: shift("revenue_mtd", { months: -1 }),
    revenue_mtd: toDate("revenue", "month"),
  },
});

export const trapProject: ProjectSpec = defineProject({
  ...project,
  dimensions: [...project.dimensions, store, visitor, place],
  cubes: [...project.cubes.filter((c) => c.name !== "sales"), wide, orders, stops, plus, minus, money, moments, weeks],
  segments: [
    ...project.segments,
    defineSegment({
      name: "quiet",
      over: "customer",
      filters: [{ member: "service.cases", operator: "equals", values: [0] }],
    }),
  ],
});

export const TABLES = [
  "create table order_header as select i as order_id, date '2024-01-01' + (i % 300)::int as ordered_on, (i % 9 + 0.25)::decimal(10,2) as freight from range(1, 201) r(i)",
  // one to four lines an order, some of one product twice, some orders without a line
  "create table order_line as select i as order_id, n as line_no, 1 + (i * 3 + n // 2) % 12 as product_id from range(1, 201) r(i), range(0, 4) s(n) where n <= i % 5 and i % 10 <> 0",
  "create table store as select * from (values (1, 'Old town', 1), (2, 'Harbour', 2)) t(store_id, store_name, region_id)",
  "create table visitor as select i as visitor_id, 1 + i % 2 as region_id from range(1, 8) r(i)",
  "create table stop as select 1 + i % 2 as store_id, 1 + i % 7 as visitor_id from range(0, 100) r(i)",
  "create table place as select * from (values (1, 'A', 'X'), (2, 'B', 'X'), (3, 'C', null)) t(place_id, place_name, country)",
  "create table plus as select * from (values (1, 10), (1, 20), (3, 5), (null, 7), (99, 8)) t(place_id, x)",
  "create table minus as select * from (values (1, 1), (2, 2), (2, 3), (null, 4), (null, 6), (98, 9)) t(place_id, x)",
  "create table money as select date '2024-01-01' + (i % 90)::int as day, (i / 100)::decimal(14,2) as amount, 9007199254740993::bigint as big from range(0, 1000) r(i)",
  // every twenty minutes over both changes of the clocks in Europe, and over Australia's
  "create table moments as select timestamptz '2024-03-30 00:00:00+00' + to_minutes(20 * i) as at, i as value from range(0, 288) r(i) union all select timestamptz '2024-10-26 00:00:00+00' + to_minutes(20 * i), 1000 + i from range(0, 288) r(i) union all select timestamptz '2024-04-06 00:00:00+00' + to_minutes(20 * i), 5000 + i from range(0, 144) r(i)",
  "create table weeks as select d::date as day from generate_series(date '2024-01-01', date '2025-12-31', interval 1 day) t(d), range(0, 3) where (epoch(d) / 86400)::int % 5 <> 0",
];

/** The customer as is; history is open at its end. */
export const CURRENT = "(select * from customer where valid_until is null)";

export const near = (value: unknown): unknown => (typeof value === "number" ? Math.round(value * 1e6) / 1e6 : value);

export interface Traps extends Awaited<ReturnType<typeof openShop>> {
  /** rows equal a plain statement's, column by column in their order */
  same(query: Query, sql: string): Promise<void>;
  rows(query: Query): Promise<readonly Row[]>;
  /** the one value of a statement */
  value(sql: string): Promise<unknown>;
}

export async function openTraps(): Promise<Traps> {
  const shop = await openShop(trapProject, TABLES);
  const rows = async (query: Query): Promise<readonly Row[]> =>
    (await shop.engine.query({ limit: 100_000, ...query })).rows;
  return {
    ...shop,
    rows,
    async same(query, sql) {
      const { columns, rows: found } = await shop.engine.query({ limit: 100_000, ...query });
      const expected = (await shop.sql(sql)).map((row) => Object.values(row).map(near));
      expect(found.map((row) => columns.map((c) => near(row[c.name])))).toEqual(expected);
      expect(expected.length).toBeGreaterThan(0);
    },
    value: async (sql) => Object.values((await shop.sql(sql))[0]!)[0],
  };
}
