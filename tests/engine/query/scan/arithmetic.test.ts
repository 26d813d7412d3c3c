import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arithmetic } from "../../../../engine/query/scan/arithmetic.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { openShop } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

describe("a statement that is planned for its values", () => {
  const of = (country: string): Query => ({
    measures: ["sales.revenue"],
    filters: [{ member: "customer.country", operator: "equals", values: [country] }],
  });
  const revenue = async (country: string): Promise<unknown> =>
    (await shop.engine.query(of(country))).rows[0]?.["sales.revenue"] ?? null;

  test("answers each value with its own numbers, in any order and again", async () => {
    const { rows } = await shop.engine.query({
      measures: ["sales.revenue"],
      dimensions: ["customer.country"],
      filters: [{ member: "customer.country", operator: "not_null" }],
    });
    const asked = [...rows, ...rows.toReversed(), ...rows];
    expect(asked.length).toBeGreaterThan(5);
    for (const row of asked) expect(await revenue(String(row["customer.country"]))).toBe(row["sales.revenue"]);
    expect(await Promise.all(asked.map((row) => revenue(String(row["customer.country"]))))).toEqual(
      asked.map((row) => row["sales.revenue"]),
    );
  });
  test("never holds a value as text", async () => {
    for (const value of ["x' or 1=1 --", "getvariable('p1')", "$1", "';drop table customer;--"]) {
      const { printed } = shop.engine.prepare(of(value));
      expect(printed.folded).not.toContain(value === "getvariable('p1')" ? "'getvariable" : value);
      expect(await revenue(value)).toBeNull();
    }
  });
});

describe("plain arithmetic of an author", () => {
  const columns = new Set(["a", "b", "Amount"]);
  const named = (sql: string): string | null => arithmetic(sql, "f", (name) => columns.has(name));
  test("names each column by its relation", () => {
    expect(named("a - b")).toBe('"f"."a" - "f"."b"');
    expect(named("(a + 1.5) * Amount - 2e3")).toBe('("f"."a" + 1.5) * "f"."Amount" - 2e3');
  });
  test.each([
    "a / b",
    "abs(a)",
    "abs (a)",
    "a -- b",
    "a + c",
    "a || 'x'",
    "f.a + b",
    "case when a then b end",
    "date '2024-01-01'",
    '"a" + b',
    "a; b",
    "a::int",
  ])("leaves %s as it is", (sql) => {
    expect(named(sql)).toBeNull();
  });
});
