import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Filter } from "../../../../engine/model/filter.ts";
import type { Row } from "../../../../engine/model/query.ts";
import { drillthrough } from "../../../../engine/query/inspect/drillthrough.ts";
import { members } from "../../../../engine/query/inspect/members.ts";
import { openShop, project } from "../../support/shop.ts";

const type = (
  operator: "equals" | "not_equals" | "in" | "is_null" | "not_null",
  ...values: (string | null)[]
): Filter => ({ member: "promotion.type", operator, ...(values.length > 0 && { values }) });
const name = (...values: string[]): Filter => ({ member: "promotion.promotion_name", operator: "not_equals", values });
const spec = {
  ...project,
  access: "allow" as const,
  roles: {
    priced: { rows: [type("equals", "price")] },
    unpriced: { rows: [type("not_equals", "price")] },
    neither: { rows: [name("Spring"), name("Summer")] },
  },
};

let shop: Awaited<ReturnType<typeof openShop>>;
// one link leads to a promotion that there is not
beforeAll(async () => {
  shop = await openShop(spec, ["update sale_promotion set promotion_id = 9 where sale_id = 2"]);
});
afterAll(() => shop.close());
const LINKS =
  "(select distinct l.sale_id, p.type, p.promotion_name from sale_promotion l left join promotion p using (promotion_id))";
/** One row a fact and type of the links that pass; facts without links stand beside them as null where `unlinked`. */
const bySql = async (passes: string, unlinked: boolean): Promise<Row[]> =>
  (await shop.sql(
    `with shown as (select distinct sale_id, type from ${LINKS} where ${passes}) select type as "promotion.type", count(*)::int as "sales.lines" from sales join shown using (sale_id) group by 1 ${unlinked ? "union all select null, count(*)::int from sales where sale_id not in (select sale_id from sale_promotion)" : ""}`,
  )) as Row[];
const summed = (rows: readonly Row[]): [string, number][] =>
  [
    ...rows.reduce(
      (at, row) =>
        at.set(
          String(row["promotion.type"]),
          (at.get(String(row["promotion.type"])) ?? 0) + Number(row["sales.lines"]),
        ),
      new Map<string, number>(),
    ),
  ].sort(([a], [b]) => a.localeCompare(b));

describe("a bridge that is filtered and grouped by shows the links that pass, and no other", () => {
  test.each<[string, readonly Filter[], string, boolean]>([
    ["equals", [type("equals", "extra")], "type = 'extra'", false],
    ["not_equals", [type("not_equals", "price")], "type is distinct from 'price'", true],
    ["in with null", [type("in", "extra", null)], "type = 'extra' or type is null", true],
    ["or is_null", [{ or: [type("equals", "extra"), type("is_null")] }], "type = 'extra' or type is null", true],
    ["is_null", [type("is_null")], "type is null", true],
    ["not_null", [type("not_null")], "type is not null", false],
    ["not_equals of another attribute", [name("Gift")], "promotion_name is distinct from 'Gift'", true],
    [
      "two negations, each passed by a link of its own",
      [name("Spring"), name("Summer")],
      "promotion_name is distinct from 'Spring' and promotion_name is distinct from 'Summer'",
      true,
    ],
    [
      "a negated filter keeps facts without such links",
      [{ not: type("equals", "price") }],
      `sale_id not in (select sale_id from ${LINKS} where type = 'price')`,
      true,
    ],
  ])("%s", async (_, filters, passes, unlinked) => {
    const { rows } = await shop.engine.query({ measures: ["sales.lines"], dimensions: ["promotion.type"], filters });
    expect(summed(rows)).toEqual(summed(await bySql(passes, unlinked)));
  });
  test("by weights too: only what passes has a part", async () => {
    const { rows } = await shop.engine.query({
      measures: ["sales.revenue"],
      dimensions: ["weighted_promotion.type"],
      filters: [{ member: "weighted_promotion.type", operator: "not_equals", values: ["price"] }],
    });
    expect(rows.map((r) => r["weighted_promotion.type"])).toEqual(["extra", null]);
    const [{ s }] = (await shop.sql(
      "select sum(amount * w) s from sales join (select sale_id, sum(share) w from sale_promotion join promotion using (promotion_id) where type = 'extra' group by 1) using (sale_id)",
    )) as [{ s: number }];
    expect(Number(rows[0]!["sales.revenue"])).toBeCloseTo(Number(s), 6);
  });
  test.each([
    ["priced", ["price"]],
    ["unpriced", ["extra", null]],
    ["neither", ["extra", null]],
  ] as const)("the role %s never sees the member that its rule excludes", async (role, seen) => {
    const engine = shop.engine.as(role);
    const values = async (query: object): Promise<unknown[]> => [
      ...new Set((await engine.query({ measures: ["sales.lines"], ...query })).rows.map((r) => r["promotion.type"])),
    ];
    expect(await values({ dimensions: ["promotion.type"] })).toEqual(seen);
    expect(await values({ dimensions: ["promotion.type", "date.year"], totals: true })).toEqual(seen);
    expect(
      await values({
        dimensions: ["promotion.type"],
        filters: [{ member: "promotion.type", operator: "equals", values: [role === "priced" ? "extra" : "price"] }],
      }),
    ).toEqual([]);
    const behind = await drillthrough(engine, {
      measures: ["sales.lines"],
      dimensions: ["promotion.type"],
      limit: 10_000,
    });
    expect(new Set(behind.rows.map((r) => r["promotion.type"]))).toEqual(new Set(seen));
    expect((await members(engine, "promotion.type")).values).toEqual(seen.filter((v) => v !== null));
  });
});
