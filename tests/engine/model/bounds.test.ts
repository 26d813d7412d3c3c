import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TesseraError } from "../../../engine/errors/index.ts";
import { parseFormula } from "../../../engine/model/parse-formula.ts";
import { members } from "../../../engine/query/inspect/members.ts";
import { openShop } from "../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
const range = (...values: string[]) => [{ member: "date", operator: "in_range", values }];
const compared = (by: unknown) => ({
  measures: ["sales.lines"],
  filters: range("2025"),
  compare: { dimension: "date", to: { by } },
});
const calculated = (formula: string, name = "x") => ({ measures: [{ name, formula }] });

describe("what exceeds all bounds is refused with a code, a place and a remedy", () => {
  test.each<[string, unknown, string]>([
    [
      "years before there were any",
      { measures: ["sales.lines"], filters: range("last 9999 years") },
      "outside the years 1 to 9999",
    ],
    [
      "years after the last",
      { measures: ["sales.lines"], filters: range("2025", "next 9999 years") },
      "outside the years 1 to 9999",
    ],
    ["a comparison with no day", compared({ days: -999_999_999_999 }), "at most"],
    ["a comparison by weeks without end", compared({ weeks: 1e15 }), "at most"],
    ["a comparison with the time before the first year", compared({ years: -9000 }), "outside the years 1 to 9999"],
    ["the same in words", compared("-9999 years"), "outside the years 1 to 9999"],
    ["a calculation that would be every row's nature", calculated("sales.lines", "__proto__"), "__proto__"],
    ["a formula of six hundred divisions", calculated(`sales.lines${" / 2".repeat(600)}`), "too many operations"],
    ["logarithms of logarithms", calculated(`${"ln(".repeat(40)}sales.lines${")".repeat(40)}`), "too large"],
  ])("%s", async (_, query, words) => {
    const error = (await shop.engine.query(query).catch((e: unknown) => e)) as TesseraError;
    expect(error).toBeInstanceOf(TesseraError);
    expect(error.message).toContain(words);
    expect([error.place, error.remedy]).toEqual([expect.any(String), expect.any(String)]);
  });
  test("long formulas within the bounds are answered", async () => {
    expect((await shop.engine.query(calculated(`sales.lines${" + 1".repeat(200)}`))).rows).toEqual([{ x: 3428 + 200 }]);
    expect((await shop.engine.query(calculated(`sales.lines${" / 2".repeat(200)}`))).rows[0]!["x"]).toBeCloseTo(0, 9);
    expect(() => parseFormula(Array.from({ length: 5000 }, () => "1").join(" + "))).toThrow("too many operations");
  });
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("a limit of %s members is refused", async (limit) => {
    await expect(members(shop.engine, "customer.city", { limit })).rejects.toMatchObject({
      code: "query-invalid",
      place: "limit",
    });
  });
});

test("members of bins are searched by the names that they are shown by", async () => {
  expect((await members(shop.engine, "customer.age_band", { search: "30" })).values).toEqual(["< 30", "30 – 50"]);
  expect((await members(shop.engine, "customer.age_band", { search: "≥" })).values).toEqual(["≥ 50"]);
  expect((await members(shop.engine, "customer.age_band", { search: "1" })).values).toEqual([]);
});
