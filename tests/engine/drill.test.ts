import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drill } from "../../engine/query/drill.ts";
import type { Query } from "../../engine/query/query.ts";
import { openShop } from "./support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => { shop = await openShop(); });
afterAll(() => shop.close());
const byCountry: Query = { measures: ["sales.revenue"], dimensions: ["date.quarter", "customer.country"], filters: [{ member: "sales.channel", operator: "equals", values: ["web"] }], totals: true, limit: 5 };

describe("drill", () => {
  test("goes down to the cell's next level, whose rows add up to the cell", async () => {
    const { rows } = await shop.engine.query(byCountry);
    const row = rows.find((r) => r["customer.country"] === "DE")!;
    const next = drill(shop.engine, { query: byCountry, direction: "down", cell: { "date.quarter": row["date.quarter"]!, "customer.country": "DE" } });
    expect(next).toEqual({ measures: ["sales.revenue"], dimensions: ["date.quarter", "customer.city"], totals: true, filters: [...byCountry.filters!, { member: "date.quarter", operator: "equals", values: [row["date.quarter"]] }, { member: "customer.country", operator: "equals", values: ["DE"] }] });
    const below = await shop.engine.query(next);
    expect(below.rows.reduce((sum, r) => sum + Number(r["sales.revenue"]), 0)).toBeCloseTo(Number(row["sales.revenue"]), 6);
    expect(drill(shop.engine, { query: next, direction: "up" }).filters).toEqual([byCountry.filters![0], { member: "date.quarter", operator: "equals", values: [row["date.quarter"]] }]);
    expect(drill(shop.engine, { query: next, direction: "up" }).dimensions).toEqual(["date.quarter", "customer.country"]);
  });
  test("moves along the calendar, into the unknown, and across", async () => {
    const months = drill(shop.engine, { query: byCountry, dimension: "date.quarter", direction: "down", cell: { "date.quarter": "2024-04-01" } });
    expect(months.dimensions).toEqual(["date.month", "customer.country"]);
    expect((await shop.engine.query({ ...months, totals: false })).rows.every((r) => String(r["date.month"]) >= "2024-04-01" && String(r["date.month"]) <= "2024-06-01")).toBe(true);
    expect(drill(shop.engine, { query: byCountry, direction: "down", cell: { "customer.country": null } }).filters!.at(-1)).toEqual({ member: "customer.country", operator: "is_null" });
    expect(drill(shop.engine, { query: byCountry, direction: { to: "product.category" }, cell: { "customer.country": "FR" } }).dimensions).toEqual(["date.quarter", "product.category"]);
  });
  test.each([
    [{ query: { measures: ["sales.revenue"] }, direction: "down" }, "the query has no dimension to drill"],
    [{ query: byCountry, direction: "up" }, "there is no level above customer.country"],
    [{ query: { measures: ["sales.revenue"], dimensions: ["customer.city"] }, direction: "down", cell: { "customer.city": "City 1" } }, "there is no level below customer.city"],
    [{ query: byCountry, direction: "down" }, "the cell has no value of customer.country"],
    [{ query: byCountry, direction: "down", cell: { "product.name": "x" } }, "product.name is no dimension of the query"],
    [{ query: byCountry, direction: { to: "product.categry" }, cell: { "customer.country": "FR" } }, "did you mean product.category?"],
  ])("says what is not there: %#", (request, words) => { expect(() => drill(shop.engine, request as never)).toThrow(words); });
});
