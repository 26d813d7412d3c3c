import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Query, Row } from "../../../../engine/model/query.ts";
import { openShop } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const near = (value: unknown): unknown => (typeof value === "number" ? Math.round(value * 1e6) / 1e6 : value);
const normal = (rows: readonly Row[] | readonly Record<string, unknown>[]): unknown[] =>
  rows.map((row) => Object.values(row).map(near));
/** The query's rows equal a plain statement's, in the same column order. */
async function same(query: Query, sql: string): Promise<void> {
  const result = await shop.engine.query({ limit: 100_000, ...query });
  const names = result.columns.map((c) => c.name);
  expect(result.rows.map((row) => names.map((name) => near(row[name])))).toEqual(normal(await shop.sql(sql)));
}
const CURRENT = "(select * from customer where valid_until is null)";

describe("measures of one fact", () => {
  test("group by an attribute, unknown and null keys in one group", () =>
    same(
      {
        measures: ["sales.revenue", "sales.lines", "sales.orders", "sales.margin_rate"],
        dimensions: ["customer.country"],
      },
      `select country, sum(amount), count(*), count(distinct order_id), (sum(amount) - sum(s.cost)) / nullif(sum(amount), 0) from sales s left join ${CURRENT} c using (customer_id) group by 1 order by 1 nulls last`,
    ));
  test("money sums exactly", async () => {
    const { rows } = await shop.engine.query({ measures: ["sales.revenue"], exact: true });
    expect(rows[0]!["sales.revenue"]).toBe((await shop.sql("select sum(amount)::varchar as x from sales"))[0]!["x"]);
  });
  test("filtered measures count only their own rows, and rows without any of them are left out", () =>
    same(
      { measures: ["sales.web_revenue", "sales.web_lines"], dimensions: ["sales.channel"] },
      "select channel, sum(amount), count(*) from sales where channel = 'web' group by 1",
    ));
  test("medians and quantiles interpolate", () =>
    same(
      {
        measures: ["sales.middle", "sales.p90", "sales.biggest", "sales.twice"],
        dimensions: ["product.category", "date.quarter"],
      },
      "select category, date_trunc('quarter', sold_on)::date::varchar, median(amount::double), quantile_cont(amount::double, .9), max(amount), sum(amount * 2) from sales left join product using (product_id) group by 1, 2 order by 1 nulls last, 2",
    ));
  test("a snowflake attribute is reached through its reference, bins in order of their bounds", () =>
    same(
      { measures: ["sales.lines"], dimensions: ["customer.region", "customer.age_band", "customer.initial"] },
      `select region_name, case when age < 30 then '< 30' when age < 50 then '30 – 50' when age >= 50 then '≥ 50' end, left(c.name, 1), count(*) from sales left join ${CURRENT} c using (customer_id) left join region using (region_id)
     group by 1, 2, 3, (age >= 30)::int + (age >= 50)::int order by 1 nulls last, (age >= 30)::int + (age >= 50)::int nulls last, 3 nulls last`,
    ));
  test("the same dimension in two roles is joined twice", () =>
    same(
      {
        measures: ["sales.lines"],
        dimensions: ["date.month", "ship_date.month"],
        filters: [{ member: "ship_date", operator: "in_range", values: ["2024-02"] }],
      },
      "select date_trunc('month', sold_on)::date::varchar, date_trunc('month', shipped_on)::date::varchar, count(*) from sales where shipped_on between '2024-02-01' and '2024-02-29' group by 1, 2 order by 1, 2",
    ));
  test("fiscal years begin in the calendar's month", () =>
    same(
      { measures: ["sales.lines"], dimensions: ["date.fiscal_year", "date.fiscal_quarter"] },
      "select (date_trunc('year', sold_on - interval 3 month) + interval 3 month)::date::varchar, (date_trunc('quarter', sold_on - interval 3 month) + interval 3 month)::date::varchar, count(*) from sales group by 1, 2 order by 1, 2",
    ));
  test("history: as is, as was and as of agree on totals and differ on groups", async () => {
    await same(
      { measures: ["sales.lines"], dimensions: ["customer.status"], history: "as_was" },
      "select status, count(*) from sales s left join customer c on s.customer_version = c.customer_version group by 1 order by 1 nulls last",
    );
    await same(
      { measures: ["sales.lines"], dimensions: ["customer.status"], history: { as_of: "2024-01-15" } },
      "select status, count(*) from sales s left join (select * from customer where valid_from is null) c on s.customer_id = c.customer_id group by 1 order by 1 nulls last",
    );
    await same(
      { measures: ["sales.lines"], dimensions: ["customer.status"] },
      `select status, count(*) from sales left join ${CURRENT} c using (customer_id) group by 1 order by 1 nulls last`,
    );
  });
});

describe("filters", () => {
  test("not_equals keeps nulls", () =>
    same(
      { measures: ["sales.lines"], filters: [{ member: "customer.country", operator: "not_equals", values: ["DE"] }] },
      `select count(*) from sales left join ${CURRENT} c using (customer_id) where country is distinct from 'DE'`,
    ));
  test("an empty list is nothing", async () => {
    expect(
      (
        await shop.engine.query({
          measures: ["sales.lines"],
          dimensions: ["customer.country"],
          filters: [{ member: "customer.country", operator: "in", values: [] }],
        })
      ).rows,
    ).toEqual([]);
  });
  test("not of a tree is its two-valued opposite", () =>
    same(
      {
        measures: ["sales.lines"],
        filters: [
          {
            not: {
              or: [
                { member: "customer.country", operator: "equals", values: ["DE"] },
                { member: "product.category", operator: "contains", values: ["GORY 1"] },
              ],
            },
          },
        ],
      },
      `select count(*) from sales left join ${CURRENT} c using (customer_id) left join product using (product_id) where not (coalesce(country = 'DE', false) or coalesce(category = 'Category 1', false))`,
    ));
  test("% and _ and quotes are letters", () =>
    same(
      {
        measures: ["service.cases"],
        filters: [
          {
            or: [
              { member: "service.topic", operator: "contains", values: ["0% LATE_"] },
              { member: "service.topic", operator: "equals", values: ["x'y"] },
            ],
          },
        ],
      },
      "select count(*) from cases",
    ));
  test("a filter on one fact's own attribute leaves the other fact alone", () =>
    same(
      {
        measures: ["sales.lines", "service.cases"],
        filters: [{ member: "sales.channel", operator: "equals", values: ["web"] }],
      },
      "select (select count(*) from sales where channel = 'web'), (select count(*) from cases)",
    ));
  test("a filter on another fact's attribute alone is refused, not ignored", async () => {
    await expect(
      shop.engine.query({
        measures: ["service.cases"],
        filters: [{ member: "sales.channel", operator: "equals", values: ["web"] }],
      }),
    ).rejects.toMatchObject({ code: "unrelated-dimension" });
  });
  test("a measure filter is taken at the query's grain and leaves totals alone", async () => {
    const result = await shop.engine.query({
      measures: ["sales.lines"],
      dimensions: ["product.name"],
      filters: [{ member: "sales.lines", operator: "gt", values: [300] }],
      totals: true,
    });
    expect(result.rows.every((r) => Number(r["sales.lines"]) > 300)).toBe(true);
    expect(result.totals![0]!.row["sales.lines"]).toBe((await shop.sql("select count(*) n from sales"))[0]!["n"]);
  });
  test("segments filter by measures of each member, of several cubes, and exclude each other", async () => {
    await same(
      { measures: ["sales.lines"], filters: [{ segment: "big" }] },
      "select count(*) from sales where customer_id in (select customer_id from sales group by 1 having sum(amount) > 1000) and customer_id <= 40",
    );
    await same(
      { measures: ["service.cases"], filters: [{ segment: "german_or_busy" }] },
      `select count(*) from cases where customer_id in (select customer_id from ${CURRENT} where country = 'DE' or customer_id in (select customer_id from cases group by 1 having count(*) >= 3))`,
    );
    await same(
      { measures: ["sales.lines"], dimensions: ["segments.big_2024"] },
      `select coalesce(customer_id in (select customer_id from ${CURRENT} where customer_id in (select customer_id from sales where year(sold_on) = 2024 group by 1 having sum(amount) > 300) and not (coalesce(country = 'DE', false) or customer_id in (select customer_id from cases where customer_id is not null group by 1 having count(*) >= 3))), false) as x, count(*) from sales group by 1 order by 1`,
    );
  });
  test("values of the wrong type are errors with a place", async () => {
    await expect(
      shop.engine.query({
        measures: ["sales.lines"],
        filters: [{ member: "customer.age", operator: "gt", values: ["old"] }],
      }),
    ).rejects.toMatchObject({ code: "filter-invalid", place: "$.filters[0]" });
    await expect(
      shop.engine.query({
        measures: ["sales.lines"],
        filters: [{ member: "date", operator: "in_range", values: ["lost week"] }],
      }),
    ).rejects.toMatchObject({ code: "filter-invalid" });
    await expect(shop.engine.query({ measures: ["sales.revenu"] })).rejects.toThrow('did you mean "sales.revenue"?');
    await expect(shop.engine.query({ measures: ["sales.revenue"], dimensions: ["customer.contry"] })).rejects.toThrow(
      'did you mean "customer.country"?',
    );
  });
});

describe("several facts", () => {
  test("two facts do not multiply each other, and nulls of both meet in one row", () =>
    same(
      {
        measures: ["sales.revenue", "service.cases", "service.cases_per_order", "service.profit"],
        dimensions: ["customer.country"],
      },
      `with a as (select country, sum(amount) r, sum(cost) c, count(distinct order_id) o from sales left join (select customer_id, country from ${CURRENT}) using (customer_id) group by 1),
      b as (select country, count(*) n, sum(cost) k from cases left join (select customer_id, country from ${CURRENT}) using (customer_id) group by 1)
     select a.country, r, n, n / o, r - c - k from a full join b on a.country is not distinct from b.country order by 1 nulls last`,
    ));
  test("a dimension that one fact lacks is an error that names what they share", async () => {
    await expect(
      shop.engine.query({ measures: ["sales.revenue", "service.cases"], dimensions: ["product.category"] }),
    ).rejects.toMatchObject({ code: "unrelated-dimension", remedy: "sales and service share customer, date" });
  });
  test("a repeated measure is in every row", () =>
    same(
      { measures: ["sales.lines", "service.total_cases"], dimensions: ["product.category"] },
      "select category, count(*), (select count(*) from cases) from sales left join product using (product_id) group by 1 order by 1 nulls last",
    ));
  test("the order of the measures changes no value", async () => {
    const a = await shop.engine.query({
      measures: ["sales.revenue", "service.cases", "sales.revenue_share"],
      dimensions: ["date.month"],
    });
    const b = await shop.engine.query({
      measures: ["sales.revenue_share", "service.cases", "sales.revenue"],
      dimensions: ["date.month"],
    });
    expect(b.rows.map((r) => [r["sales.revenue"], r["service.cases"], r["sales.revenue_share"]])).toEqual(
      a.rows.map((r) => [r["sales.revenue"], r["service.cases"], r["sales.revenue_share"]]),
    );
  });
});

describe("totals, shares, ranks, top", () => {
  test("totals of distinct counts and ratios come from the facts", async () => {
    const { totals } = await shop.engine.query({
      measures: ["sales.buyers", "sales.margin_rate", "sales.middle"],
      dimensions: ["customer.country", "date.year"],
      totals: true,
    });
    const [grand] = await shop.sql(
      "select count(distinct customer_id) b, (sum(amount) - sum(cost)) / sum(amount) m, median(amount::double) d from sales",
    );
    expect(totals!.map((t) => t.level)).toEqual([[], ...Array.from({ length: 4 }, () => ["customer.country"])]);
    expect(Object.values(totals![0]!.row).map(near)).toEqual(Object.values(grand!).map(near));
  });
  test("totals cover the whole set also when the limit cuts the rows", async () => {
    const cut = await shop.engine.query({
      measures: ["sales.buyers"],
      dimensions: ["customer.name"],
      totals: true,
      limit: 3,
    });
    const all = await shop.engine.query({ measures: ["sales.buyers"], dimensions: ["customer.name"], totals: true });
    expect(cut.rows).toHaveLength(3);
    expect(cut.meta.truncated).toBe(true);
    expect(cut.totals).toEqual(all.totals);
  });
  test("shares add up to one and are taken of the total, the parent or named dimensions", async () => {
    await same(
      {
        measures: ["sales.revenue_share", "sales.revenue_share_in_country", "sales.buyers_share"],
        dimensions: ["customer.country", "product.category"],
      },
      `with x as (select s.*, country, category from sales s left join ${CURRENT} c using (customer_id) left join product using (product_id)),
        y as (select country, sum(amount) r, count(distinct customer_id) b from x group by 1)
       select x.country, category, sum(amount) / (select sum(amount) from x), sum(amount) / any_value(y.r), count(distinct customer_id) / any_value(y.b) from x join y on x.country is not distinct from y.country group by 1, 2 order by 1 nulls last, 2 nulls last`,
    );
    const { rows } = await shop.engine.query({
      measures: ["sales.revenue_share"],
      dimensions: ["customer.country"],
      filters: [{ member: "sales.lines", operator: "gt", values: [1] }],
    });
    expect(rows.reduce((a, r) => a + Number(r["sales.revenue_share"]), 0)).toBeCloseTo(1, 12);
  });
  test("ranks are taken among the rows of one level", () =>
    same(
      {
        measures: ["sales.revenue_rank", "sales.revenue"],
        dimensions: ["product.name"],
        order: [{ member: "sales.revenue_rank", direction: "asc" }],
      },
      "select p.name, rank() over (order by sum(amount) desc), sum(amount) from sales left join product p using (product_id) group by 1 order by 2",
    ));
  test("top keeps the best members, and others of a distinct count are counted from the facts", async () => {
    const result = await shop.engine.query({
      measures: ["sales.revenue", "sales.buyers"],
      dimensions: ["product.name", "date.year"],
      top: [{ dimension: "product.name", by: "sales.revenue", n: 3, others: true }],
      totals: true,
    });
    const best = (
      await shop.sql(
        "select p.name from sales left join product p using (product_id) group by 1 order by sum(amount) desc limit 3",
      )
    ).map((r) => r["name"]);
    expect(new Set(result.rows.map((r) => r["product.name"]))).toEqual(new Set(best));
    const others = await shop.sql(
      `select year(sold_on) y, sum(amount) r, count(distinct customer_id) b from sales left join product p using (product_id) where p.name is null or p.name not in (${best.map((b) => `'${b as string}'`).join()}) group by 1 order by 1`,
    );
    expect(
      result.others!.map((o) => [
        o.level,
        Number(String(o.row["date.year"]).slice(0, 4)),
        near(o.row["sales.revenue"]),
        o.row["sales.buyers"],
      ]),
    ).toEqual(others.map((o) => [["date.year"], o["y"], near(o["r"]), o["b"]]));
    expect(result.totals![0]!.row["sales.buyers"]).toBe(
      (await shop.sql("select count(distinct customer_id) n from sales"))[0]!["n"],
    );
  });
});

describe("bridges", () => {
  test("a fact with two links to one type counts once there, and once in the total", async () => {
    const result = await shop.engine.query({
      measures: ["sales.revenue", "sales.lines"],
      dimensions: ["promotion.type"],
      totals: true,
    });
    expect(result.rows.map((r) => Object.values(r).map(near))).toEqual(
      normal(
        await shop.sql(
          "select type, sum(amount), count(*) from sales s left join (select distinct sale_id, type from sale_promotion join promotion using (promotion_id)) b using (sale_id) group by 1 order by 1 nulls last",
        ),
      ),
    );
    expect(result.totals![0]!.row["sales.lines"]).toBe((await shop.sql("select count(*) n from sales"))[0]!["n"]);
  });
  test("weights split a fact, links to one member add up", () =>
    same(
      { measures: ["sales.revenue", "sales.lines"], dimensions: ["weighted_promotion.promotion_name"] },
      "select promotion_name, sum(amount * coalesce(w, 1)), sum(coalesce(w, 1)) from sales s left join (select sale_id, promotion_name, sum(share) w from sale_promotion join promotion using (promotion_id) group by 1, 2) b using (sale_id) group by 1 order by 1 nulls last",
    ));
  test("a filter on a bridge keeps each fact once", () =>
    same(
      {
        measures: ["sales.revenue", "sales.lines"],
        filters: [{ member: "promotion.type", operator: "equals", values: ["price"] }],
      },
      "select sum(amount), count(*) from sales where sale_id in (select sale_id from sale_promotion join promotion using (promotion_id) where type = 'price')",
    ));
});

test("two filters on a bridge are each passed by any link of the fact", () =>
  same(
    {
      measures: ["sales.lines"],
      filters: [
        { member: "promotion.type", operator: "equals", values: ["price"] },
        { member: "promotion.type", operator: "equals", values: ["extra"] },
      ],
    },
    "select count(*) from sales where sale_id in (select sale_id from sale_promotion join promotion using (promotion_id) where type = 'price') and sale_id in (select sale_id from sale_promotion join promotion using (promotion_id) where type = 'extra')",
  ));

describe("time", () => {
  test("running totals begin before the range, or within it where the measure is declared so", () =>
    same(
      {
        measures: ["sales.revenue_running", "sales.revenue_running_here", "sales.buyers_running"],
        dimensions: ["date.month"],
        filters: [{ member: "date", operator: "in_range", values: ["2024-06-01", "2024-08-31"] }],
      },
      `select m::varchar, (select sum(amount) from sales where sold_on < m + interval 1 month), (select sum(amount) from sales where sold_on >= '2024-06-01' and sold_on < m + interval 1 month), (select count(distinct customer_id) from sales where sold_on < m + interval 1 month)
     from (select unnest([date '2024-06-01', date '2024-07-01', date '2024-08-01']) m)`,
    ));
  test("to date obeys the fiscal year", () =>
    same(
      {
        measures: ["sales.revenue_ytd", "sales.revenue_fytd"],
        dimensions: ["date.month", "product.category"],
        filters: [{ member: "date", operator: "in_range", values: ["2025-02", "2025-04"] }],
      },
      `select m::varchar, category, sum(amount) filter (where sold_on >= '2025-01-01'), sum(amount) filter (where sold_on >= case when m < date '2025-04-01' then date '2024-04-01' else date '2025-04-01' end)
     from (select unnest([date '2025-02-01', date '2025-03-01', date '2025-04-01']) m) join sales on sold_on < m + interval 1 month and sold_on >= '2024-04-01' left join product using (product_id) group by 1, 2 order by 1, 2 nulls last`,
    ));
  test("rolling windows count days, not rows", () =>
    same(
      {
        measures: ["sales.revenue_28d", "sales.buyers_28d", "sales.revenue_3m"],
        dimensions: ["date.day"],
        filters: [{ member: "date", operator: "in_range", values: ["2024-03-25", "2024-04-02"] }],
      },
      `select d::date::varchar, (select sum(amount) from sales where sold_on > d - interval 28 day and sold_on <= d), (select count(distinct customer_id) from sales where sold_on > d - interval 28 day and sold_on <= d),
      (select sum(amount) from sales where sold_on > d - interval 3 month and sold_on <= d) from generate_series(date '2024-03-25', date '2024-04-02', interval 1 day) t(d) order by 1`,
    ));
  test("a month shifted is the whole month before; a day that the other month lacks is null", async () => {
    await same(
      {
        measures: ["sales.revenue", "sales.revenue_last_month"],
        dimensions: ["date.month"],
        filters: [{ member: "date", operator: "in_range", values: ["2024-02", "2024-05"] }],
      },
      `select m::date::varchar, (select sum(amount) from sales where date_trunc('month', sold_on) = m), (select sum(amount) from sales where date_trunc('month', sold_on) = m - interval 1 month) from generate_series(date '2024-02-01', date '2024-05-01', interval 1 month) t(m) order by all`,
    );
    const { rows } = await shop.engine.query({
      measures: ["sales.revenue_last_month", "sales.revenue"],
      dimensions: ["date.day"],
      filters: [{ member: "date", operator: "in_range", values: ["2024-03-28", "2024-04-01"] }],
    });
    expect(rows.map((r) => [r["date.day"], r["sales.revenue_last_month"] === null])).toEqual([
      ["2024-03-28", false],
      ["2024-03-29", false],
      ["2024-03-30", true],
      ["2024-04-01", false],
    ]);
  });
  test("a rolling measure that is also shifted keeps its window; ratios shift whole", () =>
    same(
      {
        measures: ["sales.rolling_last_month", "sales.margin_rate_last_year"],
        dimensions: ["date.month"],
        filters: [{ member: "date", operator: "in_range", values: ["2025-03", "2025-04"] }],
      },
      `select m::varchar, (select sum(amount) from sales where sold_on > e - interval 28 day and sold_on <= e), (select (sum(amount) - sum(cost)) / sum(amount) from sales where date_trunc('month', sold_on) = m - interval 1 year)
     from (values (date '2025-03-01', date '2025-02-28'), (date '2025-04-01', date '2025-03-31')) t(m, e) order by all`,
    ));
  test("without a date dimension, windows end at the range's last day and totals shift whole", async () => {
    await same(
      {
        measures: ["sales.revenue_28d", "sales.revenue_last_year", "sales.revenue_running"],
        filters: [{ member: "date", operator: "in_range", values: ["2025-01-01", "2025-03-31"] }],
      },
      "select (select sum(amount) from sales where sold_on between '2025-03-04' and '2025-03-31'), (select sum(amount) from sales where sold_on between '2024-01-01' and '2024-03-31'), (select sum(amount) from sales where sold_on <= '2025-03-31')",
    );
    const { totals } = await shop.engine.query({
      measures: ["sales.revenue_last_month", "sales.rolling_share"],
      dimensions: ["date.month"],
      filters: [{ member: "date", operator: "in_range", values: ["2024-02", "2024-05"] }],
      totals: true,
    });
    expect(near(totals![0]!.row["sales.revenue_last_month"])).toEqual(
      near(
        (await shop.sql("select sum(amount) x from sales where sold_on between '2024-01-01' and '2024-04-30'"))[0]![
          "x"
        ],
      ),
    );
    expect(totals![0]!.row["sales.rolling_share"]).toBe(1);
  });
  test("a comparison with the previous period aligns by ordinal and keeps members of either side", () =>
    same(
      {
        measures: ["sales.revenue"],
        dimensions: ["date.month"],
        filters: [{ member: "date", operator: "in_range", values: ["2024-Q2"] }],
        compare: { dimension: "date", to: "previous_period" },
      },
      `select m::date::varchar, a, b, a - b, (a - b) / abs(b) from (select m, (select sum(amount) from sales where date_trunc('month', sold_on) = m) a, (select sum(amount) from sales where date_trunc('month', sold_on) = m - interval 3 month) b from generate_series(date '2024-04-01', date '2024-06-01', interval 1 month) t(m)) order by all`,
    ));
  test("a partial period is cut on both sides", () =>
    same(
      {
        measures: ["sales.revenue"],
        filters: [{ member: "date", operator: "in_range", values: ["this month"] }],
        now: "2024-05-10",
        compare: { dimension: "date", to: "previous_period" },
      },
      "select a, b, a - b, (a - b) / abs(b) from (select (select sum(amount) from sales where sold_on between '2024-05-01' and '2024-05-10') a, (select sum(amount) from sales where sold_on between '2024-04-01' and '2024-04-10') b)",
    ));
  test("previous year by day leaves the leap day alone", async () => {
    const { rows } = await shop.engine.query({
      measures: ["sales.lines"],
      dimensions: ["date.day"],
      filters: [{ member: "date", operator: "in_range", values: ["2025-02-27", "2025-03-01"] }],
      compare: { dimension: "date", to: "previous_year" },
    });
    expect(rows.find((r) => r["date.day"] === "2025-03-01")!["sales.lines.previous"]).toBe(
      (await shop.sql("select count(*) n from sales where sold_on = '2024-03-01'"))[0]!["n"],
    );
  });
  test("fillDates adds every period for each combination present", async () => {
    const { rows } = await shop.engine.query({
      measures: ["service.cases", "service.case_cost", "service.filled"],
      dimensions: ["customer.country", "date.month"],
      filters: [{ member: "date", operator: "in_range", values: ["2024"] }],
      fillDates: true,
    });
    expect(rows).toHaveLength(4 * 12);
    expect(rows[0]).toEqual({
      "customer.country": "DE",
      "date.month": "2024-01-01",
      "service.cases": 0,
      "service.case_cost": null,
      "service.filled": 0,
    });
  });
  test("timestamps become days in the calendar's zone, over the change of the clocks", async () => {
    await same(
      { measures: ["visits.visits"], dimensions: ["at.day"], timeZone: "Australia/Lord_Howe" },
      "select (\"at\" at time zone 'Australia/Lord_Howe')::date::varchar, count(*) from visits group by 1 order by 1",
    );
    await same(
      {
        measures: ["visits.visits"],
        dimensions: ["at.hour"],
        timeZone: "Asia/Kathmandu",
        filters: [{ member: "at", operator: "in_range", values: ["2024-03-31"] }],
      },
      "select strftime(date_trunc('hour', \"at\" at time zone 'Asia/Kathmandu'), '%Y-%m-%dT%H:%M:%S'), count(*) from visits where (\"at\" at time zone 'Asia/Kathmandu')::date = '2024-03-31' group by 1 order by 1",
    );
  });
  test("an hour of a day column is an error", async () => {
    await expect(shop.engine.query({ measures: ["sales.lines"], dimensions: ["date.hour"] })).rejects.toMatchObject({
      code: "query-invalid",
    });
  });
});

describe("balances", () => {
  test("the last value is taken on the cell's last date, the same for every member", () =>
    same(
      {
        measures: ["stock.on_hand"],
        dimensions: ["date.month", "product.name"],
        filters: [{ member: "date", operator: "in_range", values: ["2024-03", "2024-05"] }],
      },
      `with m as (select date_trunc('month', day) m, max(day) d from stock group by 1) select m::date::varchar, name, sum(quantity) from stock join m on day = d join product using (product_id) where m between '2024-03-01' and '2024-05-01' group by 1, 2 order by 1, 2`,
    ));
  test("with per, each key's own last date counts", () =>
    same(
      { measures: ["stock.on_hand_each"], dimensions: ["date.quarter"] },
      "with e as (select date_trunc('quarter', day) q, warehouse, max(day) d from stock group by 1, 2) select q::date::varchar, sum(quantity) from stock s join e on date_trunc('quarter', s.day) = q and s.warehouse = e.warehouse and s.day = d group by 1 order by 1",
    ));
  test("a total over time is the last value, not the sum", async () => {
    const { totals } = await shop.engine.query({
      measures: ["stock.on_hand"],
      dimensions: ["date.month"],
      totals: true,
    });
    expect(totals![0]!.row["stock.on_hand"]).toBe(
      Number((await shop.sql("select sum(quantity) n from stock where day = (select max(day) from stock)"))[0]!["n"]),
    );
  });
  test("the average over time divides by the days of the period", () =>
    same(
      {
        measures: ["stock.average"],
        dimensions: ["date.month"],
        filters: [{ member: "date", operator: "in_range", values: ["2024-02", "2024-03"] }],
      },
      "select m::varchar, q / n from (values (date '2024-02-01', 29, (select sum(quantity) from stock where date_trunc('month', day) = '2024-02-01')), (date '2024-03-01', 31, (select sum(quantity) from stock where date_trunc('month', day) = '2024-03-01'))) t(m, n, q) order by all",
    ));
});

describe("calculations named in the query", () => {
  test("they have the formula grammar and can be filtered and ordered by", () =>
    same(
      {
        measures: [{ name: "per_line", formula: "round(sales.revenue / sales.lines, 2)" }],
        dimensions: ["product.name"],
        filters: [{ member: "per_line", operator: "gt", values: [49] }],
        order: [{ member: "per_line", direction: "desc" }],
      },
      "select p.name, round(sum(amount) / count(*), 2) x from sales left join product p using (product_id) group by 1 having x > 49 order by 2 desc, 1",
    ));
  test("division by zero is null", async () => {
    expect(
      (await shop.engine.query({ measures: [{ name: "x", formula: "sales.revenue / (sales.lines - sales.lines)" }] }))
        .rows,
    ).toEqual([{ x: null }]);
  });
});
