import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Filter } from "../../../engine/model/index.ts";
import { drillthrough } from "../../../engine/query/inspect/drillthrough.ts";
import { CURRENT, openTraps, type Traps } from "./_traps.ts";

let shop: Traps;
beforeAll(async () => {
  shop = await openTraps();
});
afterAll(() => shop.close());

describe("filters", () => {
  test("trap 26: an empty list is nothing, and the opposite of nothing is everything", async () => {
    const lines = async (filter: Filter): Promise<unknown> =>
      (await shop.rows({ measures: ["sales.lines"], filters: [filter] }))[0]?.["sales.lines"];
    const all = await shop.value("select count(*) from sales");
    for (const member of ["customer.country", "sales.channel", "promotion.type", "date.month", "customer.age"]) {
      for (const operator of ["in", "equals"] as const)
        expect(await lines({ member, operator, values: [] }), `${member} ${operator}`).toBe(0);
      for (const operator of ["not_in", "not_equals"] as const)
        expect(await lines({ member, operator, values: [] }), `${member} ${operator}`).toBe(all);
    }
    expect(await lines({ or: [] })).toBe(0);
    expect(await lines({ and: [] })).toBe(all);
    expect(
      (
        await drillthrough(shop.engine, {
          measures: ["sales.revenue"],
          filters: [{ member: "customer.country", operator: "in", values: [] }],
        })
      ).rows,
    ).toEqual([]);
  });

  test("trap 27: not_equals and its kin keep nulls", async () => {
    await shop.same(
      { measures: ["sales.lines"], filters: [{ member: "sales.channel", operator: "not_equals", values: ["web"] }] },
      "select count(*) from sales where channel is distinct from 'web'",
    );
    await shop.same(
      {
        measures: ["sales.lines"],
        filters: [{ member: "customer.country", operator: "not_in", values: ["DE", "FR"] }],
      },
      `select count(*) from sales left join ${CURRENT} c using (customer_id) where country is null or country not in ('DE', 'FR')`,
    );
    await shop.same(
      {
        measures: ["sales.lines"],
        filters: [{ not: { member: "customer.name", operator: "starts_with", values: ["name 1"] } }],
      },
      `select count(*) from sales left join ${CURRENT} c using (customer_id) where c.name is null or c.name not ilike 'name 1%'`,
    );
    await shop.same(
      { measures: ["sales.lines"], filters: [{ member: "ship_date", operator: "not_equals", values: ["2024"] }] },
      "select count(*) from sales where shipped_on is null or year(shipped_on) <> 2024",
    );
    await shop.same(
      {
        measures: ["sales.lines"],
        filters: [{ member: "sales.channel", operator: "not_equals", values: ["web", null] }],
      },
      "select count(*) from sales where channel <> 'web'",
    );
  });

  test("trap 28: a filter on one fact's own attribute leaves the other fact's numbers alone", () =>
    shop.same(
      {
        measures: ["sales.lines", "service.cases", "service.case_cost"],
        dimensions: ["customer.country"],
        filters: [{ member: "sales.channel", operator: "equals", values: ["web"] }],
      },
      `with a as (select country, count(*) n from sales left join ${CURRENT} c using (customer_id) where channel = 'web' group by 1), b as (select country, count(*) n, sum(cost) k from cases left join (select customer_id, country from ${CURRENT}) using (customer_id) group by 1)
     select coalesce(a.country, b.country) x, coalesce(a.n, 0), coalesce(b.n, 0), k from a full join b on a.country is not distinct from b.country order by 1 nulls last`,
    ));

  test("trap 29: %, _, quotes and backslashes in a text filter are letters", async () => {
    const cases = async (
      operator: "contains" | "starts_with" | "ends_with" | "equals" | "not_contains",
      value: string,
    ): Promise<unknown> =>
      (
        await shop.rows({
          measures: ["service.cases"],
          filters: [{ member: "service.topic", operator, values: [value] }],
        })
      )[0]!["service.cases"];
    const half = await shop.value("select count(*) from cases where topic = '100% late_'");
    expect(await cases("contains", "%")).toBe(half);
    expect(await cases("contains", "_")).toBe(half);
    expect(await cases("ends_with", "LATE_")).toBe(half);
    expect(await cases("contains", "%late")).toBe(0);
    expect(await cases("starts_with", "1_0")).toBe(0);
    expect(await cases("equals", "x'y")).toBe(Number(await shop.value("select count(*) from cases")) - Number(half));
    expect(await cases("not_contains", "'")).toBe(half);
    expect(await cases("contains", "\\")).toBe(0);
    expect(await cases("contains", "' or 1=1 --")).toBe(0);
  });
});
