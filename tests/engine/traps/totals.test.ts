import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Query } from "../../../engine/model/query.ts";
import { CURRENT, near, openTraps, type Traps } from "./_traps.ts";

let shop: Traps;
beforeAll(async () => {
  shop = await openTraps();
});
afterAll(() => shop.close());

/** The totals of one level equal a statement's rows. */
async function level(query: Query, dimensions: readonly string[], sql: string): Promise<void> {
  const { totals } = await shop.engine.query(query);
  const rows = totals!.filter((t) => t.level.join() === dimensions.join()).map((t) => Object.values(t.row).map(near));
  expect(rows).toEqual((await shop.sql(sql)).map((row) => Object.values(row).map(near)));
}

describe("totals", () => {
  test("trap 20: the total of a distinct count is counted, not added", async () => {
    const query = {
      measures: ["sales.buyers", "sales.orders"],
      dimensions: ["product.category", "date.year"],
      totals: true,
    };
    await level(query, [], "select count(distinct customer_id), count(distinct order_id) from sales");
    await level(
      query,
      ["product.category"],
      "select category, count(distinct customer_id), count(distinct order_id) from sales left join product using (product_id) group by 1 order by 1 nulls last",
    );
    const { rows, totals } = await shop.engine.query(query);
    expect(rows.reduce((sum, row) => sum + Number(row["sales.buyers"]), 0)).toBeGreaterThan(
      Number(totals![0]!.row["sales.buyers"]),
    );
  });

  test("trap 21: the total of a ratio, an average or a median is taken of the facts, not of the rows", async () => {
    const query = {
      measures: ["sales.margin_rate", "sales.average_line", "sales.middle", "sales.p90"],
      dimensions: ["customer.country", "sales.channel"],
      totals: true,
    };
    await level(
      query,
      [],
      "select (sum(amount) - sum(cost)) / sum(amount), avg(amount), median(amount::double), quantile_cont(amount::double, .9) from sales",
    );
    await level(
      query,
      ["customer.country"],
      `select country, (sum(amount) - sum(s.cost)) / sum(amount), avg(amount), median(amount::double), quantile_cont(amount::double, .9) from sales s left join ${CURRENT} c using (customer_id) group by 1 order by 1 nulls last`,
    );
  });

  test("trap 22: a limit, an order, a top and a measure filter leave the totals as they are", async () => {
    const base: Query = {
      measures: ["sales.revenue", "sales.buyers", "sales.middle"],
      dimensions: ["customer.name", "date.year"],
      totals: true,
    };
    const { totals } = await shop.engine.query(base);
    const changes: Partial<Query>[] = [
      { limit: 2 },
      { order: [{ member: "sales.revenue", direction: "asc" }] },
      { filters: [{ member: "sales.revenue", operator: "gt", values: [1500] }] },
      { top: [{ dimension: "customer.name", by: "sales.buyers", n: 2 }] },
      {
        limit: 1,
        order: [{ member: "date.year", direction: "desc" }],
        filters: [{ member: "sales.buyers", operator: "gte", values: [1] }],
      },
    ];
    const byKey = (list: typeof totals): unknown[] => list!.map((t) => JSON.stringify(t)).sort();
    for (const change of changes)
      expect(byKey((await shop.engine.query({ ...base, ...change })).totals)).toEqual(byKey(totals));
    await level(base, [], "select sum(amount), count(distinct customer_id), median(amount::double) from sales");
  });

  test("trap 23: shares add to 100 %, of a whole that obeys dimension filters and no measure filter", async () => {
    const share = {
      measures: ["sales.revenue_share", "sales.share_of_parent"],
      dimensions: ["product.category", "customer.country"],
    };
    const sum = (rows: readonly { readonly [name: string]: unknown }[], name: string): number =>
      rows.reduce((all, row) => all + Number(row[name]), 0);
    expect(sum(await shop.rows(share), "sales.revenue_share")).toBeCloseTo(1, 10);
    const german = await shop.rows({
      ...share,
      filters: [{ member: "customer.country", operator: "equals", values: ["DE"] }],
    });
    expect(sum(german, "sales.revenue_share")).toBeCloseTo(1, 10);
    expect(german.every((row) => row["sales.share_of_parent"] === 1)).toBe(true);
    await shop.same(
      { ...share, filters: [{ member: "sales.lines", operator: "gt", values: [250] }] },
      `with x as (select s.amount, country, category from sales s left join ${CURRENT} c using (customer_id) left join product using (product_id)), p as (select category, sum(amount) r from x group by 1)
       select x.category, country, sum(amount) / (select sum(amount) from x), sum(amount) / any_value(p.r) from x join p on p.category is not distinct from x.category group by 1, 2 having count(*) > 250 order by 1 nulls last, 2 nulls last`,
    );
    const cut = await shop.rows({ ...share, top: [{ dimension: "product.category", by: "sales.revenue", n: 1 }] });
    expect(sum(cut, "sales.revenue_share")).toBeLessThan(0.9);
  });

  test("trap 24: the others of a distinct count are counted from the facts, not total minus top", async () => {
    const result = await shop.engine.query({
      measures: ["sales.buyers", "sales.revenue"],
      dimensions: ["product.name"],
      top: [{ dimension: "product.name", by: "sales.revenue", n: 4, others: true }],
      totals: true,
    });
    const top = result.rows
      .map((row) => (row["product.name"] === null ? "'(unknown)'" : `'${String(row["product.name"])}'`))
      .join();
    expect(top).toContain("(unknown)"); // the unknown member is ranked like any other
    expect(result.others!.map((o) => [o.level, ...Object.values(o.row).map(near)])).toEqual([
      [
        [],
        ...Object.values(
          (
            await shop.sql(
              `select count(distinct customer_id), sum(amount) from sales left join product p using (product_id) where coalesce(p.name, '(unknown)') not in (${top})`,
            )
          )[0]!,
        ).map(near),
      ],
    ]);
    const kept = result.rows.reduce((sum, row) => sum + Number(row["sales.buyers"]), 0);
    expect(Number(result.totals![0]!.row["sales.buyers"]) - kept).toBeLessThan(0); // what the trap would give
  });

  test("trap 25: members without a value at a level are one group of it, and its subtotal is counted once", async () => {
    const query = {
      measures: ["sales.revenue", "sales.lines"],
      dimensions: ["product.category", "product.name"],
      totals: true,
    };
    await level(
      query,
      ["product.category"],
      "select category, sum(amount), count(*) from sales left join product using (product_id) group by 1 order by 1 nulls last",
    );
    await level(query, [], "select sum(amount), count(*) from sales");
    const { totals } = await shop.engine.query(query);
    const categories = totals!.filter((t) => t.level.length === 1);
    expect(categories.filter((t) => t.row["product.category"] === null)).toHaveLength(1); // beside the grand total, whose category is also absent
    expect(categories.reduce((sum, t) => sum + Number(t.row["sales.lines"]), 0)).toBe(totals![0]!.row["sales.lines"]);
  });
});
