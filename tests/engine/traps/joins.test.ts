import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import { defineCube, sum } from "../../../engine/model/index.ts";
import { product } from "../support/shop.ts";
import { CURRENT, openTraps, trapProject, type Traps } from "./_traps.ts";

let shop: Traps;
beforeAll(async () => {
  shop = await openTraps();
});
afterAll(() => shop.close());

describe("joins and grain", () => {
  test("trap 1: two facts that share a dimension do not multiply each other (chasm)", async () => {
    const query = {
      measures: ["sales.revenue", "service.case_cost", "sales.lines", "service.cases"],
      dimensions: ["customer.city"],
    };
    await shop.same(
      query,
      `with a as (select city, sum(amount) r, count(*) n from sales left join ${CURRENT} c using (customer_id) group by 1), b as (select city, sum(cost) k, count(*) n from cases left join (select customer_id, city from ${CURRENT}) using (customer_id) group by 1)
      select coalesce(a.city, b.city) x, r, k, coalesce(a.n, 0), coalesce(b.n, 0) from a full join b on a.city is not distinct from b.city order by 1 nulls last`,
    );
    expect(
      await shop.value(
        "select sum(s.amount) > 3 * (select sum(amount) from sales) from sales s join cases using (customer_id)",
      ),
    ).toBe(true); // what the trap would give
  });

  test("trap 2: a measure above a one-to-many join counts once in each group and once in the total (fan)", async () => {
    const query = {
      measures: ["orders.freight", "orders.orders", "orders.p50"],
      dimensions: ["order_product.category"],
    };
    await shop.same(
      query,
      `select category, sum(freight), count(*), quantile_cont(freight::double, .5) from (select distinct order_id, freight, category from order_header left join order_line using (order_id) left join product using (product_id)) group by 1 order by 1 nulls last`,
    );
    const { totals } = await shop.engine.query({ ...query, totals: true });
    expect(totals![0]!.row["orders.freight"]).toBe(await shop.value("select sum(freight) from order_header"));
    expect(totals![0]!.row["orders.orders"]).toBe(200);
    expect(
      await shop.value(
        "select (select sum(freight) from order_header join order_line using (order_id)) > 1.5 * (select sum(freight) from order_header)",
      ),
    ).toBe(true);
  });

  test("trap 3: a null or unknown key in both facts is one row after the merge", async () => {
    expect(
      await shop.rows({ measures: ["plus.up", "minus.down", "minus.level"], dimensions: ["place.place"] }),
    ).toEqual([
      { "place.place": "A", "plus.up": 30, "minus.down": 1, "minus.level": 29 },
      { "place.place": "B", "plus.up": null, "minus.down": 5, "minus.level": null },
      { "place.place": "C", "plus.up": 5, "minus.down": null, "minus.level": null },
      { "place.place": null, "plus.up": 15, "minus.down": 19, "minus.level": -4 },
    ]);
    expect(await shop.rows({ measures: ["plus.up", "minus.down"], dimensions: ["place.country"] })).toEqual([
      { "place.country": "X", "plus.up": 30, "minus.down": 6 },
      { "place.country": null, "plus.up": 20, "minus.down": 19 },
    ]);
  });

  test("trap 4: a filter on the optional side drops no fact of the other measures", async () => {
    await shop.same(
      {
        measures: ["sales.lines", "sales.revenue", "sales.german_revenue", "sales.not_german_revenue"],
        dimensions: ["sales.channel"],
      },
      `select channel, count(*), sum(amount), sum(amount) filter (where country = 'DE'), sum(amount) filter (where country is distinct from 'DE') from sales left join ${CURRENT} c using (customer_id) group by 1 order by 1 nulls last`,
    );
    await shop.same(
      {
        measures: ["sales.lines"],
        filters: [
          { member: "customer.country", operator: "not_equals", values: ["DE"] },
          { member: "product.category", operator: "not_contains", values: ["1"] },
        ],
      },
      `select count(*) from sales left join ${CURRENT} c using (customer_id) left join product using (product_id) where country is distinct from 'DE' and (category is null or category not like '%1%')`,
    );
    await shop.same(
      {
        measures: ["sales.lines"],
        filters: [
          {
            or: [
              { member: "customer.country", operator: "is_null" },
              { member: "product.category", operator: "equals", values: ["Category 1"] },
            ],
          },
        ],
      },
      `select count(*) from sales left join ${CURRENT} c using (customer_id) left join product using (product_id) where country is null or category = 'Category 1'`,
    );
  });

  test("trap 5: a fact with no dimension row is counted under the unknown member", async () => {
    const found = await shop.rows({ measures: ["sales.lines"], dimensions: ["customer.customer_id"] });
    expect(found.reduce((sum, row) => sum + Number(row["sales.lines"]), 0)).toBe(
      await shop.value("select count(*) from sales"),
    );
    expect(found.find((row) => row["customer.customer_id"] === null)!["sales.lines"]).toBe(
      await shop.value(
        "select count(*) from sales where customer_id is null or customer_id not in (select customer_id from customer)",
      ),
    );
    // through a reference too: the snowflake's outer table lacks nothing, the inner one's keys are unknown
    await shop.same(
      { measures: ["sales.lines"], dimensions: ["customer.region"] },
      `select region_name, count(*) from sales left join ${CURRENT} c using (customer_id) left join region using (region_id) group by 1 order by 1 nulls last`,
    );
  });

  test("trap 6: order date and ship date are joined each on its own column", async () => {
    await shop.same(
      {
        measures: ["sales.lines"],
        dimensions: ["date.quarter", "ship_date.quarter"],
        filters: [
          { member: "date", operator: "in_range", values: ["2024"] },
          { member: "ship_date", operator: "after", values: ["2024-03-20"] },
        ],
      },
      "select date_trunc('quarter', sold_on)::date::varchar, date_trunc('quarter', shipped_on)::date::varchar, count(*) from sales where year(sold_on) = 2024 and shipped_on > '2024-03-20' group by 1, 2 order by 1, 2",
    );
  });

  test("trap 7: two ways to one dimension have two names, and each is taken where it is named (diamond)", async () => {
    await shop.same(
      { measures: ["stops.stops"], dimensions: ["store.region", "visitor.region"] },
      "select a.region_name, b.region_name as other, count(*) from stop join store s using (store_id) join region a on a.region_id = s.region_id join visitor v using (visitor_id) join region b on b.region_id = v.region_id group by 1, 2 order by 1, 2",
    );
    const clash = defineCube({
      name: "other",
      table: "stop",
      dimensions: { customer: { to: product, on: "store_id" } },
      measures: { n: sum("store_id") },
    });
    expect(
      resolveModel({ ...trapProject, cubes: [...trapProject.cubes, clash] }).problems.map((p) => p.message),
    ).toContain("role customer leads to dimension product here and to customer in cube service");
  });

  test("trap 8: groups of a many-to-many dimension overlap, and the total counts each fact once", async () => {
    const { rows, totals, columns } = await shop.engine.query({
      measures: ["sales.lines", "sales.buyers"],
      dimensions: ["promotion.promotion_name"],
      totals: true,
    });
    expect(columns.map((c) => c.overlapping ?? false)).toEqual([false, true, true]);
    const groups = rows.reduce((sum, row) => sum + Number(row["sales.lines"]), 0);
    expect(groups).toBe(
      await shop.value(
        "select count(*) from (select distinct sale_id, promotion_id from sales left join sale_promotion using (sale_id))",
      ),
    );
    expect(totals![0]!.row["sales.lines"]).toBe(await shop.value("select count(*) from sales"));
    expect(groups).toBeGreaterThan(Number(totals![0]!.row["sales.lines"]));
    expect(totals![0]!.row["sales.buyers"]).toBe(await shop.value("select count(distinct customer_id) from sales"));
    // a subtotal of the other dimension counts each fact once too
    const spread = await shop.engine.query({
      measures: ["sales.lines"],
      dimensions: ["sales.channel", "promotion.type"],
      totals: [["sales.channel"]],
    });
    expect(spread.totals!.map((t) => Object.values(t.row))).toEqual(
      (await shop.sql("select channel, count(*) n from sales group by 1 order by 1 nulls last")).map((r) =>
        Object.values(r),
      ),
    );
  });

  test("trap 9: a bridge's weights that do not add up to one leave the total alone", async () => {
    const { rows, totals } = await shop.engine.query({
      measures: ["sales.revenue"],
      dimensions: ["weighted_promotion.promotion_name"],
      totals: true,
    });
    expect(totals![0]!.row["sales.revenue"]).toBe(await shop.value("select sum(amount) from sales"));
    expect(rows.reduce((sum, row) => sum + Number(row["sales.revenue"]), 0)).toBeCloseTo(
      Number(
        await shop.value(
          "select sum(amount * coalesce(w, 1)) from sales left join (select sale_id, sum(share) w from sale_promotion group by 1) using (sale_id)",
        ),
      ),
      4,
    );
    expect(
      await shop.value("select count(*) from (select sale_id from sale_promotion group by 1 having sum(share) <> 1)"),
    ).toBeGreaterThan(0);
  });

  test("trap 10: a parent without children counts 0, not 1", async () => {
    await shop.same(
      { measures: ["sales.lines", "service.cases"], dimensions: ["customer.name"] },
      `with p as (select name, count(*) n from sales left join ${CURRENT} c using (customer_id) group by 1), q as (select name, count(*) n from cases left join (select customer_id, name from ${CURRENT}) using (customer_id) group by 1)
      select coalesce(p.name, q.name) x, coalesce(p.n, 0), coalesce(q.n, 0) from p full join q on p.name is not distinct from q.name order by 1 nulls last`,
    );
    await shop.same(
      { measures: ["sales.buyers"], filters: [{ segment: "quiet" }] },
      `select count(distinct customer_id) from sales where customer_id in (select customer_id from ${CURRENT}) and customer_id not in (select customer_id from cases where customer_id is not null)`,
    );
  });
});
