/** A small shop with the corners that wrong numbers come from: unknown keys, nulls, a bridge, a version history, a gap of days. */
import { printDuckdb } from "../../../engine/sql/print-duckdb.ts";
import { DuckDBInstance } from "duckdb";
import { dayOf } from "../../../engine/model/time/calendar.ts";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import {
  averageOverTime,
  calculated,
  count,
  countDistinct,
  defineCube,
  defineDateDimension,
  defineDimension,
  defineProject,
  defineSegment,
  lastValue,
  max,
  median,
  quantile,
  rank,
  rolling,
  running,
  share,
  shift,
  sum,
  toDate,
  type ProjectSpec,
} from "../../../engine/model/index.ts";
import type { Engine } from "../../../engine/query/answer/engine.ts";
import { openEngine } from "../../../engine/query/answer/open-engine.ts";
import { buildRollups } from "../../../engine/rollup/index.ts";
import { encodeTables } from "../../../engine/warehouse/encoded-tables.ts";
import { readColumns } from "../../../engine/warehouse/columns.ts";
import { serveInstance, type Serving } from "../../../engine/warehouse/serving.ts";

export const region = defineDimension({
  name: "region",
  table: "region",
  key: "region_id",
  attributes: { region_name: "region_name" },
});
export const customer = defineDimension({
  name: "customer",
  table: "customer",
  key: "customer_id",
  label: "name",
  references: { region: { to: region, on: "region_id" } },
  attributes: {
    name: "name",
    country: "country",
    city: "city",
    status: "status",
    age: "age",
    age_band: { sql: "age", bins: [30, 50] },
    initial: { sql: "left(name, 1)" },
    region: { from: "region.region_name" },
  },
  hierarchies: { geography: ["country", "city"] },
  history: { from: "valid_from", until: "valid_until", version: "customer_version" },
});
export const product = defineDimension({
  name: "product",
  table: "product",
  key: "product_id",
  label: "name",
  attributes: { name: "name", category: "category" },
});
export const promotion = defineDimension({
  name: "promotion",
  table: "promotion",
  key: "promotion_id",
  attributes: { promotion_name: "promotion_name", type: "type" },
});
export const date = defineDateDimension({
  name: "date",
  from: "2024-01-01",
  until: "2025-12-31",
  fiscalYearStart: 4,
  holidays: [{ on: "2024-12-25", name: "Christmas" }],
});

export const sales = defineCube({
  name: "sales",
  table: "sales",
  grain: ["sale_id"],
  dimensions: {
    customer: { to: customer, on: "customer_id" },
    product: { to: product, on: "product_id" },
    date: { to: date, on: "sold_on" },
    ship_date: { to: date, on: "shipped_on" },
    promotion: { to: promotion, through: { table: "sale_promotion", on: "sale_id", key: "promotion_id" } },
    weighted_promotion: {
      to: promotion,
      through: { table: "sale_promotion", on: "sale_id", key: "promotion_id", weight: "share" },
    },
  },
  attributes: { channel: "channel" },
  measures: {
    revenue: sum("amount", { format: "currency" }),
    lines: count(),
    orders: countDistinct("order_id"),
    buyers: countDistinct("customer_id"),
    cost: sum("cost"),
    web_revenue: sum("amount", { where: [{ member: "sales.channel", operator: "equals", values: ["web"] }] }),
    web_lines: count({ where: [{ member: "sales.channel", operator: "equals", values: ["web"] }] }),
    biggest: max("amount"),
    middle: median("amount"),
    p90: quantile("amount", 0.9),
    twice: sum({ sql: "amount * 2" }),
    margin: calculated("revenue - cost"),
    margin_rate: calculated("margin / revenue", { format: "percent" }),
    revenue_running: running("revenue"),
    revenue_running_here: running("revenue", { within: "range" }),
    buyers_running: running("buyers"),
    revenue_ytd: toDate("revenue", "year"),
    revenue_fytd: toDate("revenue", "fiscal_year"),
    revenue_28d: rolling("revenue", { days: 28 }),
    buyers_28d: rolling("buyers", { days: 28 }),
    revenue_3m: rolling("revenue", { months: 3 }),
    revenue_last_month: shift("revenue", { months: -1 }),
    revenue_last_year: shift("revenue", { years: -1 }),
    margin_rate_last_year: shift("margin_rate", { years: -1 }),
    rolling_last_month: shift("revenue_28d", { months: -1 }),
    revenue_share: share("revenue", { of: "total" }),
    buyers_share: share("buyers", { of: "parent" }),
    revenue_share_in_country: share("revenue", { of: ["customer.country"] }),
    revenue_rank: rank("revenue"),
    rolling_share: share("revenue_28d", { of: "total" }),
  },
});
export const service = defineCube({
  name: "service",
  table: "cases",
  grain: ["case_id"],
  dimensions: { customer: { to: customer, on: "customer_id" }, date: { to: date, on: "opened_on" } },
  attributes: { topic: "topic" },
  measures: {
    cases: count(),
    case_cost: sum("cost"),
    cases_per_order: calculated("cases / sales.orders"),
    profit: calculated("sales.margin - case_cost"),
    total_cases: count({ unrelated: "repeat" }),
    filled: sum("cost", { fill: 0 }),
  },
});
export const stock = defineCube({
  name: "stock",
  table: "stock",
  dimensions: { product: { to: product, on: "product_id" }, date: { to: date, on: "day" } },
  measures: {
    on_hand: lastValue("quantity", { over: "date" }),
    on_hand_each: lastValue("quantity", { over: "date", per: ["warehouse"] }),
    average: averageOverTime("quantity", { over: "date" }),
  },
});
export const visits = defineCube({
  name: "visits",
  table: "visits",
  dimensions: { at: { to: date, on: "at" }, date: { to: date, on: "at" } },
  measures: { visits: count() },
});

export const project = {
  ...defineProject({
    name: "shop",
    currency: "EUR",
    warehouse: { path: "unused" },
    now: "2025-06-30",
    dimensions: [customer, product, promotion, date],
    cubes: [sales, service, stock, visits],
    segments: [
      defineSegment({
        name: "big",
        title: "Big buyers",
        over: "customer",
        filters: [{ member: "sales.revenue", operator: "gt", values: [1000] }],
      }),
      defineSegment({
        name: "german_or_busy",
        over: "customer",
        filters: [
          {
            or: [
              { member: "customer.country", operator: "equals", values: ["DE"] },
              { member: "service.cases", operator: "gte", values: [3] },
            ],
          },
        ],
      }),
      defineSegment({
        name: "big_2024",
        over: "customer",
        filters: [
          { member: "sales.revenue", operator: "gt", values: [300] },
          { member: "date", operator: "in_range", values: ["2024"] },
          { not: { segment: "german_or_busy" } },
        ],
      }),
    ],
  }),
} satisfies ProjectSpec;

export const shopTables: readonly string[] = [
  "create table region as select * from (values (1, 'North'), (2, 'South')) t(region_id, region_name)",
  `create table customer as select i + 1000 * v as customer_version, i as customer_id, case when i % 17 = 0 then null else 'Name ' || i end as name, case i % 4 when 0 then 'DE' when 1 then 'FR' when 2 then 'IT' end as country,
     'City ' || (i % 7) as city, case v when 0 then 'new' else 'old' end as status, 20 + (i * 7) % 50 as age, 1 + i % 3 as region_id,
     case v when 0 then null else date '2024-07-01' end as valid_from, case when v = 0 and i % 2 = 0 then date '2024-07-01' end as valid_until
   from range(1, 41) r(i), range(2) s(v) where v = 0 or i % 2 = 0`,
  "create table product as select i as product_id, 'Product ' || i as name, case when i % 5 = 0 then null else 'Category ' || (i % 3) end as category from range(1, 13) r(i)",
  "create table promotion as select * from (values (1, 'Spring', 'price'), (2, 'Summer', 'price'), (3, 'Gift', 'extra')) t(promotion_id, promotion_name, type)",
  // customers 41 to 44 and product 13 are unknown; some keys are null; no sales on Sundays
  `create table sales as select i as sale_id, i // 2 as order_id, case when i % 41 = 0 then null else 1 + (i * 13) % 44 end as customer_id, 1 + (i * 5) % 13 as product_id,
     d as sold_on, case when i % 6 = 0 then null else d + (i % 9)::int end as shipped_on, case when i % 37 = 0 then null else ((i * 7919) % 10000 / 100)::decimal(14,2) end as amount, ((i * 31) % 3000 / 100)::decimal(14,2) as cost,
     case i % 3 when 0 then 'web' when 1 then 'store' end as channel, 1 + (i * 13) % 44 + case when d >= date '2024-07-01' and ((i * 13) % 44) % 2 = 1 then 1000 else 0 end as customer_version
   from (select i, date '2024-01-01' + ((i * 17) % 546)::int as d from range(1, 4001) r(i)) where isodow(d) < 7`,
  "create table sale_promotion as select sale_id, 1 + sale_id % 3 as promotion_id, 0.5::decimal(3,2) as share from sales where sale_id % 2 = 0 union all select sale_id, 1 + (sale_id + 1) % 3, 0.25 from sales where sale_id % 4 = 0 union all select sale_id, 1 + sale_id % 3, 0.10 from sales where sale_id % 20 = 0",
  "create table cases as select i as case_id, case when i % 11 = 0 then null else 1 + (i * 3) % 46 end as customer_id, date '2024-03-01' + ((i * 29) % 400)::int as opened_on, ((i * 11) % 500 / 10)::decimal(10,2) as cost, case i % 2 when 0 then '100% late_' else 'x''y' end as topic from range(1, 301) r(i)",
  "create table stock as select p as product_id, w as warehouse, date '2024-01-01' + (7 * n)::int as day, (p * n + w) % 50 as quantity from range(1, 6) a(p), range(1, 3) b(w), range(0, 70) c(n) where not (w = 2 and n % 4 = 3)",
  "create table visits as select timestamptz '2024-03-30 20:00:00+00' + to_minutes(i * 7) as at from range(0, 2000) r(i)",
];

/** @param encoded rollups are copied as `engine/warehouse/encoded-tables.ts` does for questions that rollups alone answer */
export async function openShop(
  spec: ProjectSpec = project,
  more: readonly string[] = [],
  encoded = false,
): Promise<{ engine: Engine; sql(text: string): Promise<Record<string, unknown>[]>; close(): Promise<void> }> {
  const { catalog, problems } = resolveModel(spec);
  if (problems.length > 0) throw new Error(JSON.stringify(problems, null, 1));
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const statement of [...shopTables, ...more]) await connection.run(statement);
  if (spec.cubes.some((cube) => cube.rollups)) {
    const columns = new Map<string, Map<string, string>>();
    for (const [table, name, type] of (
      await connection.runAndReadAll(
        "select table_name, column_name, data_type from duckdb_columns() where not internal",
      )
    ).getRows() as [string, string, string][])
      columns.set(table, (columns.get(table) ?? new Map<string, string>()).set(name, type));
    if (encoded) await connection.run("ATTACH ':memory:' AS rolled");
    const unlocked: Serving = {
      version: null,
      columns,
      spool: null,
      print: printDuckdb,
      run: async (text, parameters = []) =>
        readColumns(
          await connection.run(
            text,
            parameters.map((p) => p.value),
          ),
        ),
      using: (work) => work(connection),
      close: async () => {},
    };
    await buildRollups(
      await openEngine({ catalog, serving: unlocked, today: () => dayOf(2026, 1, 1) }),
      connection,
      encoded ? "rolled" : "memory",
    );
    if (encoded) {
      await encodeTables(connection, "rolled");
      await connection.run("DETACH rolled");
    }
  }
  const serving = await serveInstance(instance, { connections: 2 });
  const engine = await openEngine({ catalog, serving, today: () => dayOf(2026, 1, 1) });
  return {
    engine,
    sql: async (text) => {
      const read = await serving.run(text);
      return Array.from({ length: read.rowCount }, (_, r) =>
        Object.fromEntries(read.names.map((name, c) => [name, read.columns[c]![r]])),
      );
    },
    close: () => serving.close(),
  };
}
