import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveModel } from "../../../../engine/model/resolve-model.ts";
import { defineSegment } from "../../../../engine/model/index.ts";
import type { Filter, MemberFilter } from "../../../../engine/model/filter.ts";
import { memberList } from "../../../../engine/query/inspect/member-list.ts";
import { segmentSize } from "../../../../engine/query/inspect/segment-size.ts";
import { openShop, project } from "../../support/shop.ts";

const segment = (name: string, filters: readonly Filter[], over = "customer") => defineSegment({ name, over, filters });
const is = (member: string, ...values: (string | number | boolean)[]): MemberFilter => ({
  member,
  operator: "equals",
  values,
});
const more = (member: string, than: number): MemberFilter => ({ member, operator: "gt", values: [than] });
const during = (...values: string[]): MemberFilter => ({ member: "date", operator: "in_range", values });
const spec = {
  ...project,
  segments: [
    ...project.segments,
    segment("frequent", [more("sales.lines", 76)]),
    segment("cheap_product", [{ member: "sales.lines", operator: "lt", values: [264] }], "product"),
    segment("not_frequent", [{ not: { segment: "frequent" } }]),
  ],
  roles: { rare: { rows: [{ segment: "not_frequent" }] } },
};

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(spec, ["update cases set topic = 'zz' where case_id % 70 = 0"]);
});
afterAll(() => shop.close());
const listed = async (filters: readonly Filter[]): Promise<readonly unknown[]> =>
  (await memberList(shop.engine, { over: "customer", filters }, [])).keys;
/** The customers that pass: `s` has a row a customer with sales, `k` one with cases. */
const bySql = async (condition: string): Promise<readonly unknown[]> =>
  (
    await shop.sql(`
  with c as (select customer_id, country, age from customer where valid_until is null),
  s as (select customer_id, count(*) lines, count(*) filter (year(sold_on) = 2024) lines_2024, count(*) filter (channel = 'web') web, count(*) filter (channel = 'web' and year(sold_on) = 2024) web_2024, count(*) filter (sold_on between '2025-06-01' and '2025-06-07') june, sum(amount) filter (channel = 'web' and year(sold_on) = 2024) web_revenue_2024,
     count(*) filter (product_id in (select product_id from sales group by 1 having count(*) < 264)) cheap from sales group by 1),
  k as (select customer_id, count(*) cases, count(*) filter (topic = 'zz') zz from cases group by 1)
  select customer_id from c left join s using (customer_id) left join k using (customer_id) where ${condition} order by 1`)
  ).map((row) => row["customer_id"]);

describe("a segment's rule is evaluated member by member", () => {
  test.each<[string, readonly Filter[], string]>([
    ["a measure over the facts of the days beside it", [more("sales.lines", 50), during("2024")], "lines_2024 > 50"],
    [
      "the same, however it is nested",
      [{ and: [{ and: [during("2024")] }, more("sales.lines", 50)] }],
      "lines_2024 > 50",
    ],
    [
      "less than, nested",
      [{ and: [{ member: "sales.lines", operator: "lt", values: [52] }, during("2024")] }],
      "lines_2024 < 52",
    ],
    [
      "days around a `not` hold within it",
      [during("2024"), { not: more("sales.lines", 50) }],
      "not coalesce(lines_2024 > 50, false)",
    ],
    [
      "days within an operand hold there alone",
      [{ or: [{ and: [during("2024"), more("sales.lines", 51)] }, more("sales.lines", 76)] }],
      "lines_2024 > 51 or lines > 76",
    ],
    [
      "an own attribute or a measure",
      [{ or: [is("customer.country", "DE"), more("sales.lines", 76)] }],
      "country = 'DE' or lines > 76",
    ],
    [
      "a negated attribute keeps members without one",
      [{ not: is("customer.country", "DE") }],
      "not coalesce(country = 'DE', false)",
    ],
    ["only segments, negated", [{ not: { segment: "frequent" } }], "not lines > 76"],
    ["only segments, either", [{ or: [{ segment: "frequent" }, { not: { segment: "frequent" } }] }], "true"],
    [
      "a segment by its member",
      [is("segments.frequent", false), is("customer.country", "FR")],
      "country = 'FR' and lines <= 76",
    ],
    [
      "two facts under their own filters",
      [more("sales.lines", 51), during("2024"), more("service.cases", 6)],
      "lines_2024 > 51 and (select count(*) from cases x where x.customer_id = c.customer_id and year(opened_on) = 2024) > 6",
    ],
    [
      "a range of a measure",
      [{ member: "sales.lines", operator: "between", values: [75, 76] }],
      "lines between 75 and 76",
    ],
    [
      "facts whose product is in another segment",
      [more("sales.lines", 23), { segment: "cheap_product" }],
      "cheap > 23",
    ],
    ["a bare rule about a fact's own attribute: whoever has such facts", [is("service.topic", "zz")], "zz > 0"],
    ["the members without such facts", [{ not: is("service.topic", "zz") }], "not coalesce(zz > 0, false)"],
    [
      "such facts, and an attribute",
      [is("service.topic", "zz"), is("customer.country", "FR")],
      "zz > 0 and country = 'FR'",
    ],
    [
      "such facts, or an attribute",
      [{ or: [is("service.topic", "zz"), is("customer.country", "FR")] }],
      "zz > 0 or country = 'FR'",
    ],
    [
      "one fact that passes both rules",
      [is("sales.channel", "web"), during("2025-06-01", "2025-06-07")],
      "exists (select 1 from sales x where x.customer_id = c.customer_id and channel = 'web' and sold_on between '2025-06-01' and '2025-06-07')",
    ],
    [
      "bought then, and not on the web then",
      [is("sales.channel", "web", "store"), { not: is("sales.channel", "web") }, during("2025-06-01", "2025-06-07")],
      "exists (select 1 from sales x where x.customer_id = c.customer_id and channel in ('web', 'store') and sold_on between '2025-06-01' and '2025-06-07') and not exists (select 1 from sales x where x.customer_id = c.customer_id and channel = 'web' and sold_on between '2025-06-01' and '2025-06-07')",
    ],
    [
      "not on the web: those facts, beside a measure",
      [more("sales.lines", 34), { not: is("sales.channel", "web") }, during("2024")],
      "lines_2024 - web_2024 > 34",
    ],
    [
      "members by another fact's rule",
      [more("sales.lines", 75), { ...is("service.topic", "zz"), scope: "entity", entity: "customer" }],
      "lines > 75 and zz > 0",
    ],
  ])("%s", async (_, filters, condition) => {
    const expected = await bySql(condition);
    expect(await listed(filters)).toEqual(expected);
    expect(await segmentSize(shop.engine, { over: "customer", filters })).toEqual({ members: expected.length, of: 40 });
    // whoever passes, and whoever does not, are all
    expect((await listed([{ not: { and: filters } }])).length).toBe(40 - expected.length);
  });
  test("most rules above pass some members and not others", async () => {
    for (const condition of [
      "lines_2024 > 50",
      "lines_2024 < 52",
      "lines > 76",
      "zz > 0",
      "lines_2024 - web_2024 > 34",
      "cheap > 23",
    ]) {
      const n = (await bySql(condition)).length;
      expect([condition, n > 0 && n < 40]).toEqual([condition, true]);
    }
  });
  test("a segment of products, or an attribute of customers, keeps the facts of unknown customers", async () => {
    const { rows } = await shop.engine.query({
      measures: ["sales.lines"],
      filters: [{ or: [{ segment: "cheap_product" }, is("customer.country", "DE")] }],
    });
    expect(rows[0]!["sales.lines"]).toBe(
      (
        await shop.sql(
          "select count(*)::int n from sales where product_id in (select product_id from sales where product_id <= 12 group by 1 having count(*) < 264) or customer_id in (select customer_id from customer where valid_until is null and country = 'DE')",
        )
      )[0]!["n"],
    );
  });
  test("a row rule with a negated segment hides the right members", async () => {
    const { rows } = await shop.engine.as("rare").query({ measures: ["sales.lines"] });
    const [{ n }] = (await shop.sql(
      "select count(*)::int n from sales where customer_id in (select customer_id from sales where customer_id <= 40 group by 1 having count(*) <= 76)",
    )) as [{ n: number }];
    expect(rows).toEqual([{ "sales.lines": n }]);
  });
});

describe("an ambiguous rule is refused, by the model check and at use", () => {
  test.each<[string, readonly Filter[], string]>([
    [
      "days alone, of which facts?",
      [during("2024")],
      "the rule about date is ambiguous: sales and service have facts of a customer",
    ],
    [
      "days beside an attribute",
      [during("2024"), is("customer.country", "DE")],
      "is ambiguous: sales and service have facts of a customer",
    ],
    ["facts that no cube has of a member", [is("stock.nothing", "x")], 'member "stock.nothing" not found'],
    [
      "a rule about another fact than the measure's",
      [more("sales.lines", 3), is("service.topic", "zz")],
      "the rule about service.topic restricts no measure next to it",
    ],
  ])("%s", async (_, filters, words) => {
    await expect(segmentSize(shop.engine, { over: "customer", filters })).rejects.toThrow(words);
    expect(resolveModel({ ...project, segments: [segment("odd", filters)] }).problems).toEqual([
      expect.objectContaining({
        code: expect.any(String),
        message: expect.stringContaining(words),
        place: expect.stringMatching(/^segment odd/),
      }),
    ]);
  });
});
