import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Filter } from "../../../../engine/model/filter.ts";
import type { Query, Row } from "../../../../engine/model/query.ts";
import { openShop } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
const compared: Query = {
  measures: ["sales.lines", { name: "each", formula: "sales.revenue / sales.lines" }],
  dimensions: ["date.month", "customer.country"],
  filters: [{ member: "date", operator: "in_range", values: ["2025-01", "2025-06"] }],
  compare: { dimension: "date", to: "previous_year" },
};
const where = (member: string, operator: "gt" | "lt" | "between" | "is_null" | "gte", ...values: number[]): Filter => ({
  member,
  operator,
  ...(values.length > 0 && { values }),
});
const number = (row: Row, name: string): number => Number(row[name]);

describe("a filter on a measure", () => {
  test.each<[string, Filter, (row: Row) => boolean]>([
    ["the other side", where("sales.lines.previous", "gt", 47), (r) => number(r, "sales.lines.previous") > 47],
    ["what became of it", where("sales.lines.change", "lt", 0), (r) => number(r, "sales.lines.change") < 0],
    [
      "the rate of it, from and to",
      where("sales.lines.change_rate", "between", -0.05, 0.05),
      (r) => Math.abs(number(r, "sales.lines.change_rate")) <= 0.05,
    ],
    ["a calculation's other side", where("each.change_rate", "gt", 0), (r) => number(r, "each.change_rate") > 0],
    [
      "either side",
      { or: [where("sales.lines.previous", "gt", 48), where("sales.lines", "lt", 44)] },
      (r) => number(r, "sales.lines.previous") > 48 || number(r, "sales.lines") < 44,
    ],
    [
      "not within",
      { not: where("sales.lines", "between", 46, 48) },
      (r) => number(r, "sales.lines") < 46 || number(r, "sales.lines") > 48,
    ],
    [
      "within, together with a filter on facts",
      {
        and: [
          where("sales.lines", "between", 46, 48),
          { member: "customer.country", operator: "equals", values: ["DE"] },
        ],
      },
      (r) => number(r, "sales.lines") >= 46 && number(r, "sales.lines") <= 48 && r["customer.country"] === "DE",
    ],
  ])("may be about %s, and keeps the totals", async (_, filter, keeps) => {
    const all = await shop.engine.query({ ...compared, totals: [[]] });
    const some = await shop.engine.query({ ...compared, filters: [...compared.filters!, filter], totals: [[]] });
    const kept = all.rows.filter(keeps);
    expect(some.rows).toEqual(kept);
    expect(kept.length > 0 && kept.length < all.rows.length).toBe(true);
    if (!("and" in filter)) expect(some.totals).toEqual(all.totals);
  });
  test.each<[Query, string]>([
    [{ measures: ["sales.lines"], filters: [where("sales.lines.previous", "gt", 1)] }, "needs a comparison"],
    [
      { ...compared, filters: [...compared.filters!, where("sales.orders.previous", "gt", 1)] },
      '"sales.orders" is not among the compared measures',
    ],
    [
      { ...compared, filters: [...compared.filters!, where("sales.lines", "between", 1)] },
      "between on sales.lines takes two values",
    ],
    [{ ...compared, filters: [...compared.filters!, where("sales.lnes.previous", "gt", 1)] }, "not found"],
  ])("reports what it lacks: %#", async (query, words) => {
    await expect(shop.engine.query(query)).rejects.toMatchObject({
      code: expect.stringMatching(/filter-invalid|unknown-member/),
      message: expect.stringContaining(words),
    });
  });
});
