/** Measures of measures, against plain statements that take the inner measure first. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  avg,
  count,
  defineCube,
  defineProject,
  max,
  measure,
  median,
  quantile,
  rolling,
  share,
  shift,
  stddev,
  sum,
} from "../../../../engine/model/index.ts";
import { resolveModel } from "../../../../engine/model/resolve-model.ts";
import { drillthrough } from "../../../../engine/query/inspect/drillthrough.ts";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import type { Query, Value } from "../../../../engine/model/query.ts";
import { openShop, project, sales, service } from "../../support/shop.ts";

const nested = defineProject({
  ...project,
  segments: [],
  cubes: [
    defineCube({
      ...sales,
      measures: {
        ...sales.measures,
        per_customer: avg(measure("revenue"), { per: "customer" }),
        middle_orders: median(measure("orders"), { per: "customer" }),
        best_day: max(measure("revenue"), { per: "date" }),
        p90_city: quantile(measure("margin"), 0.9, { per: "customer.city" }),
        spread: stddev(measure("margin_rate"), { per: ["customer", "product"] }),
        active: count(measure("revenue"), { per: "customer" }),
        sum_of_best: sum(measure("biggest"), { per: "sales.channel" }),
        web_per_customer: avg(measure("web_lines"), { per: "customer" }),
        last_year: shift("per_customer", { years: -1 }),
        rolling_28d: rolling("per_customer", { days: 28 }),
        part: share("active", { of: "total" }),
        typical: avg(measure("per_customer"), { per: "date.month" }),
        by_type: avg(measure("revenue"), { per: "promotion.type" }),
        de_per_customer: avg(measure("revenue"), {
          per: "customer",
          where: [{ member: "customer.country", operator: "equals", values: ["DE"] }],
        }),
        best_day_before: shift("best_day", { months: -1 }),
      },
      rollups: { daily: { dimensions: ["date.day", "customer.country"], measures: ["revenue"] } },
    }),
    defineCube({
      ...service,
      measures: {
        ...service.measures,
        cases_per_order_of_a_customer: avg(measure("cases_per_order"), { per: "customer" }),
        cases_of_a_customer: avg(measure("cases"), { per: "customer" }),
        everywhere: avg(measure("cases"), { per: "customer", unrelated: "repeat" }),
      },
    }),
    ...project.cubes.slice(2),
  ],
});
let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(nested);
});
afterAll(() => shop.close());
const near = (value: unknown): unknown => (typeof value === "number" ? Math.round(value * 1e6) / 1e6 : value);
const rows = async (query: Query): Promise<Value[][]> => {
  const r = await shop.engine.query({ limit: 100_000, ...query });
  return r.rows.map((row) => r.columns.map((c) => near(row[c.name]!) as Value));
};
const sql = async (text: string): Promise<unknown[][]> =>
  (await shop.sql(text)).map((row) => Object.values(row).map(near));
const same = async (query: Query, text: string): Promise<void> => {
  const want = await sql(text);
  expect(want.length).toBeGreaterThan(0);
  expect(await rows(query)).toEqual(want);
};
const within = (...values: string[]) => ({ member: "date", operator: "in_range" as const, values });
const C = "(select * from customer where valid_until is null)";

describe("a measure of a measure", () => {
  test("is taken for each member first, the unknown and those without a value left out", () =>
    same(
      { measures: ["sales.per_customer", "sales.middle_orders", "sales.active"] },
      `select avg(r), median(o::double), count(r) from (select customer_id, sum(amount) r, count(distinct order_id) o from sales join ${C} c using (customer_id) group by 1)`,
    ));
  test("at a coarser grain, once in each group", () =>
    same(
      { measures: ["sales.per_customer", "sales.lines"], dimensions: ["customer.country", "date.quarter"] },
      `with i as (select country, date_trunc('quarter', sold_on) q, c.customer_id, sum(amount) r, count(*) n from sales left join ${C} c using (customer_id) group by 1, 2, 3) select country, q::date::varchar, avg(r) filter (where customer_id is not null), sum(n) from i group by 1, 2 order by 1 nulls last, 2`,
    ));
  test("of days, of an attribute, of pairs and of the fact's own attribute", () =>
    same(
      {
        measures: ["sales.best_day", "sales.p90_city", "sales.spread", "sales.sum_of_best"],
        dimensions: ["product.category"],
      },
      `with x as (select s.*, category, city, c.customer_id known, p.product_id as product from sales s left join ${C} c using (customer_id) left join product p using (product_id)),
       a as (select category, max(r) v from (select category, sold_on, sum(amount) r from x group by 1, 2) group by 1), b as (select category, quantile_cont(r::double, .9) v from (select category, city, sum(amount) - sum(cost) r from x where city is not null group by 1, 2) group by 1),
       c as (select category, stddev_samp(r) v from (select category, known, product, ((sum(amount) - sum(cost)) / nullif(sum(amount), 0))::double r from x where known is not null and product is not null group by 1, 2, 3) group by 1), d as (select category, sum(r) v from (select category, channel, max(amount) r from x where channel is not null group by 1, 2) group by 1)
     select a.category, a.v v1, b.v v2, c.v v3, d.v v4 from a left join b on a.category is not distinct from b.category left join c on a.category is not distinct from c.category left join d on a.category is not distinct from d.category order by 1 nulls last`,
    ));
  test("its totals are taken of the facts, not of the rows", async () => {
    const { totals } = await shop.engine.query({
      measures: ["sales.per_customer", "sales.active"],
      dimensions: ["product.category", "date.year"],
      totals: true,
    });
    expect(near(totals!.find((t) => t.level.length === 0)!.row["sales.per_customer"])).toBe(
      (
        await sql(
          `select avg(r) from (select sum(amount) r from sales join ${C} c using (customer_id) group by customer_id)`,
        )
      )[0]![0],
    );
    expect(totals!.filter((t) => t.level.length === 1).map((t) => Object.values(t.row).map(near))).toEqual(
      await sql(
        `select category, avg(r), count(r) from (select category, c.customer_id, sum(amount) r from sales join ${C} c using (customer_id) left join product using (product_id) group by 1, 2) group by 1 order by 1 nulls last`,
      ),
    );
  });
  test("by its own grain it is the inner measure, and its total is still that of the members", async () => {
    const query: Query = { measures: ["sales.per_customer"], dimensions: ["customer.customer_id"], totals: true };
    await same(
      query,
      `select customer_id, sum(amount) from sales join ${C} c using (customer_id) group by 1 order by 1`,
    );
    expect(near((await shop.engine.query(query)).totals![0]!.row["sales.per_customer"])).toBe(
      (await rows({ measures: ["sales.per_customer"] }))[0]![0],
    );
  });
  test("filters, its own and the query's, decide before the inner measure", async () => {
    await same(
      {
        measures: ["sales.per_customer", "sales.de_per_customer"],
        filters: [{ member: "sales.channel", operator: "equals", values: ["web"] }, within("2024")],
      },
      `select avg(r), avg(r) filter (where country = 'DE') from (select customer_id, country, sum(amount) r from sales join ${C} c using (customer_id) where channel = 'web' and year(sold_on) = 2024 group by 1, 2)`,
    );
    await same(
      {
        measures: ["sales.per_customer"],
        dimensions: ["product.name"],
        filters: [{ member: "sales.per_customer", operator: "gt", values: [120] }],
        order: [{ member: "sales.per_customer" }],
      },
      `select p.name, avg(r) x from (select product_id, customer_id, sum(amount) r from sales join ${C} c using (customer_id) group by 1, 2) left join product p using (product_id) group by 1 having x > 120 order by 2 desc, 1`,
    );
  });
  test("another measure's count does not turn a missing value into 0", async () => {
    const alone = await rows({ measures: ["sales.web_per_customer"], dimensions: ["product.category"] });
    expect(
      (
        await rows({
          measures: ["sales.web_per_customer", "sales.per_customer", "sales.lines"],
          dimensions: ["product.category"],
        })
      ).map((row) => row.slice(0, 2)),
    ).toEqual(alone);
    expect(alone).toEqual(
      await sql(
        `select category, avg(n) from (select category, customer_id, count(*) n from sales join ${C} c using (customer_id) left join product using (product_id) where channel = 'web' group by 1, 2) group by 1 order by 1 nulls last`,
      ),
    );
  });
  test("windows, shifts and comparisons move the inner measure", async () => {
    await same(
      { measures: ["sales.rolling_28d"], dimensions: ["date.day"], filters: [within("2024-05-01", "2024-05-04")] },
      `select d::date::varchar, (select avg(r) from (select sum(amount) r from sales join ${C} c using (customer_id) where sold_on > d - interval 28 day and sold_on <= d group by customer_id)) from generate_series(date '2024-05-01', date '2024-05-04', interval 1 day) t(d) order by 1`,
    );
    await same(
      {
        measures: ["sales.per_customer", "sales.last_year"],
        filters: [within("2025-02")],
        compare: { dimension: "date", to: "previous_period" },
      },
      `with m as (select date_trunc('month', sold_on) m, customer_id, sum(amount) r from sales join ${C} c using (customer_id) group by 1, 2), v as (select m, avg(r) a from m group by 1)
       select a, b, a - b, (a - b) / abs(b), c, d, c - d, (c - d) / abs(d) from (select (select a from v where m = '2025-02-01') a, (select a from v where m = '2025-01-01') b, (select a from v where m = '2024-02-01') c, (select a from v where m = '2024-01-01') d)`,
    );
  });
  test("taken for each day it is moved and compared as a whole, by other dimensions too", async () => {
    const best = (m: string): string =>
      `(select category, max(r) v from (select category, sold_on, sum(amount) r from sales left join product using (product_id) where date_trunc('month', sold_on) = '${m}' group by 1, 2) group by 1)`;
    await same(
      {
        measures: ["sales.best_day", "sales.best_day_before"],
        dimensions: ["product.category"],
        filters: [within("2024-05")],
        compare: { dimension: "date", to: "previous_year" },
      },
      `select a.category, a.v x1, null x2, null x3, null x4, b.v x5, null x6, null x7, null x8 from ${best("2024-05-01")} a left join ${best("2024-04-01")} b on a.category is not distinct from b.category order by 1 nulls last`,
    );
    await same(
      {
        measures: ["sales.best_day"],
        filters: [within("2025-05")],
        compare: { dimension: "date", to: "previous_period" },
      },
      `select a, b, a - b, (a - b) / b from (select (select max(r) from (select sum(amount) r from sales where date_trunc('month', sold_on) = '2025-05-01' group by sold_on)) a, (select max(r) from (select sum(amount) r from sales where date_trunc('month', sold_on) = '2025-04-01' group by sold_on)) b)`,
    );
  });
  test("shares, tops, others and segments of it come from its own members", async () => {
    await same(
      {
        measures: ["sales.part"],
        dimensions: ["customer.country"],
        filters: [{ member: "customer.country", operator: "not_null" }],
      },
      `with a as (select country, count(distinct customer_id) n from sales join ${C} c using (customer_id) where country is not null and amount is not null group by 1) select country, n / (select sum(n) from a) from a order by 1`,
    );
    const top = await shop.engine.query({
      measures: ["sales.per_customer"],
      dimensions: ["product.name"],
      top: [{ dimension: "product.name", by: "sales.per_customer", n: 3, others: true }],
    });
    const kept = top.rows.map((r) => `'${String(r["product.name"])}'`).join();
    expect(near(top.others![0]!.row["sales.per_customer"])).toBe(
      (
        await sql(
          `select avg(r) from (select sum(amount) r from sales join ${C} c using (customer_id) left join product p using (product_id) where coalesce(p.name, 'null') not in (${kept}) group by customer_id)`,
        )
      )[0]![0],
    );
  });
  test("one can be taken of another, through a bridge, and across two facts", async () => {
    await same(
      { measures: ["sales.typical", "sales.by_type"] },
      `select (select avg(a) from (select m, avg(r) a from (select date_trunc('month', sold_on) m, customer_id, sum(amount) r from sales join ${C} c using (customer_id) group by 1, 2) group by 1)),
      (select avg(r) from (select type, sum(amount) r from sales join (select distinct sale_id, type from sale_promotion join promotion using (promotion_id)) using (sale_id) group by 1))`,
    );
    await same(
      { measures: ["service.cases_per_order_of_a_customer", "service.cases_of_a_customer"] },
      `with s as (select customer_id, count(distinct order_id) o from sales join ${C} c using (customer_id) group by 1), k as (select customer_id, count(*) n from cases join ${C} c using (customer_id) group by 1)
      select avg(coalesce(n, 0) / o) filter (where o > 0), avg(n) from s full join k using (customer_id)`,
    );
  });
  test("a filter on another fact's own attribute leaves it alone", async () => {
    const plain = (await rows({ measures: ["sales.per_customer"] }))[0]![0];
    expect(
      (
        await rows({
          measures: ["sales.per_customer", "service.cases"],
          filters: [{ member: "service.topic", operator: "equals", values: ["x'y"] }],
        })
      )[0]![0],
    ).toBe(plain);
  });
  test("it is repeated where its fact lacks a dimension, if it asks to be", async () => {
    const plain = (await rows({ measures: ["service.cases_of_a_customer"], filters: [within("2024")] }))[0]![0];
    const found = await rows({
      measures: ["service.everywhere", "sales.lines"],
      dimensions: ["product.category"],
      filters: [within("2024"), { member: "product.name", operator: "not_null" }],
    });
    expect(found).toEqual(
      (
        await sql(
          "select category, count(*) from sales join product using (product_id) where year(sold_on) = 2024 group by 1 order by 1 nulls last",
        )
      ).map(([category, n]) => [category, plain, n]),
    );
  });
  test("history decides what its members are", () =>
    same(
      { measures: ["sales.per_customer"], dimensions: ["customer.status"], history: "as_was" },
      "select status, avg(r) from (select status, c.customer_id, sum(amount) r from sales s join customer c on s.customer_version = c.customer_version group by 1, 2) group by 1 order by 1",
    ));
});

describe("unsupported uses are refused with the reason", () => {
  test("moved by the dates that it is taken for each of", async () => {
    await expect(
      shop.engine.query({
        measures: ["sales.best_day_before"],
        dimensions: ["date.week"],
        filters: [within("2024-05")],
      }),
    ).rejects.toMatchObject({
      code: "query-invalid",
      message: "sales.best_day is taken for each date.day, and cannot also move or be compared by date.week",
    });
  });
  test("by a dimension that its fact lacks, and drilled through", async () => {
    await expect(
      shop.engine.query({ measures: ["service.cases_of_a_customer"], dimensions: ["product.name"] }),
    ).rejects.toMatchObject({ code: "unrelated-dimension" });
    await expect(drillthrough(shop.engine, { measures: ["sales.per_customer"] })).rejects.toMatchObject({
      code: "query-invalid",
      remedy: "drill through sales.revenue",
    });
  });
  test("a model that names no grain, or none that the cube has", () => {
    const wrong = {
      ...nested,
      cubes: [
        defineCube({
          ...sales,
          measures: {
            revenue: sum("amount"),
            a: avg(measure("revenu"), { per: "customer" }),
            b: avg(measure("revenue"), { per: "custumer" }),
            c: avg(measure("revenue"), { per: "customer.contry" }),
            d: avg(measure("revenue"), { per: [] }),
          },
        }),
      ],
    };
    expect(resolveModel(wrong).problems.map((p) => p.message)).toEqual([
      'measure "sales.revenu" not found (did you mean "sales.revenue"?)',
      'role "custumer" not found (did you mean "customer"?)',
      'attribute "customer.contry" not found (did you mean "country"?)',
      "a measure of a measure needs `per`",
    ]);
  });
  test("explain shows the inner measure, and which rollup answers it", async () => {
    const { measures, rollups } = await explain(shop.engine, { measures: ["sales.best_day"] });
    expect(measures[0]).toEqual({
      member: "sales.best_day",
      formula: "max of sales.revenue for each date",
      tables: ["sales"],
    });
    expect(rollups).toMatchObject([{ name: "sales.daily", used: true }]);
    expect(await rows({ measures: ["sales.best_day"] })).toEqual(
      await sql("select max(r) from (select sum(amount) r from sales group by sold_on)"),
    );
  });
});
