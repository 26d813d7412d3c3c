import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drill } from "../../../../engine/query/inspect/drill.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { openShop } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
const byCountry: Query = {
  measures: ["sales.revenue"],
  dimensions: ["date.quarter", "customer.country"],
  filters: [{ member: "sales.channel", operator: "equals", values: ["web"] }],
  totals: true,
  limit: 5,
};

describe("drill", () => {
  test("goes down to the cell's next level, whose rows add up to the cell", async () => {
    const { rows } = await shop.engine.query(byCountry);
    const row = rows.find((r) => r["customer.country"] === "DE")!;
    const next = drill(shop.engine, {
      query: byCountry,
      direction: "down",
      cell: { "date.quarter": row["date.quarter"]!, "customer.country": "DE" },
    });
    expect(next).toEqual({
      measures: ["sales.revenue"],
      dimensions: ["date.quarter", "customer.city"],
      totals: true,
      filters: [
        ...byCountry.filters!,
        { member: "date.quarter", operator: "equals", values: [row["date.quarter"]] },
        { member: "customer.country", operator: "equals", values: ["DE"] },
      ],
    });
    const below = await shop.engine.query(next);
    expect(below.rows.reduce((sum, r) => sum + Number(r["sales.revenue"]), 0)).toBeCloseTo(
      Number(row["sales.revenue"]),
      6,
    );
    expect(drill(shop.engine, { query: next, direction: "up" }).filters).toEqual([
      byCountry.filters![0],
      { member: "date.quarter", operator: "equals", values: [row["date.quarter"]] },
    ]);
    expect(drill(shop.engine, { query: next, direction: "up" }).dimensions).toEqual([
      "date.quarter",
      "customer.country",
    ]);
  });
  test.each(["customer.country", "date.quarter"])("refuses to go across to %s, which the query has already", (to) => {
    const ask = () =>
      drill(shop.engine, {
        query: byCountry,
        dimension: "customer.country",
        direction: { to },
        cell: { "customer.country": "DE" },
      });
    expect(ask).toThrow(/is among the dimensions already/);
  });
  test("moves along the calendar, into the unknown, and across", async () => {
    const months = drill(shop.engine, {
      query: byCountry,
      dimension: "date.quarter",
      direction: "down",
      cell: { "date.quarter": "2024-04-01" },
    });
    expect(months.dimensions).toEqual(["date.month", "customer.country"]);
    expect(
      (await shop.engine.query({ ...months, totals: false })).rows.every(
        (r) => String(r["date.month"]) >= "2024-04-01" && String(r["date.month"]) <= "2024-06-01",
      ),
    ).toBe(true);
    expect(
      drill(shop.engine, { query: byCountry, direction: "down", cell: { "customer.country": null } }).filters!.at(-1),
    ).toEqual({ member: "customer.country", operator: "is_null" });
    expect(
      drill(shop.engine, {
        query: byCountry,
        direction: { to: "product.category" },
        cell: { "customer.country": "FR" },
      }).dimensions,
    ).toEqual(["date.quarter", "product.category"]);
  });
  test.each([
    [{ query: { measures: ["sales.revenue"] }, direction: "down" }, "the query has no dimension to drill"],
    [{ query: byCountry, direction: "up" }, "customer.country has no level above it"],
    [
      {
        query: { measures: ["sales.revenue"], dimensions: ["customer.city"] },
        direction: "down",
        cell: { "customer.city": "City 1" },
      },
      "customer.city has no level below it",
    ],
    [{ query: byCountry, direction: "down" }, "the cell has no value of customer.country"],
    [
      { query: byCountry, direction: "down", cell: { "product.name": "x" } },
      '"product.name" is not a dimension of the query',
    ],
    [
      { query: byCountry, direction: { to: "product.categry" }, cell: { "customer.country": "FR" } },
      'did you mean "product.category"?',
    ],
  ])("reports what is missing: %#", (request, words) => {
    expect(() => drill(shop.engine, request as never)).toThrow(words);
  });

  test("takes along what names the dimension that moves, so that the next query can be asked", async () => {
    const ask = async (query: Query, more: object): Promise<Query> => {
      const next = drill(shop.engine, { query, ...more } as never);
      await shop.engine.query(next);
      return next;
    };
    const lines: Query = { measures: ["sales.lines"], dimensions: ["customer.country"] };
    expect(
      (
        await ask(
          { ...lines, totals: [["customer.country"], []] },
          { direction: "down", cell: { "customer.country": "DE" } },
        )
      ).totals,
    ).toEqual([["customer.city"], []]);
    const years: Query = {
      ...lines,
      dimensions: ["customer.country", "date.year"],
      pivot: { columns: ["date.year"] },
      order: [{ member: "date.year" }, { member: "sales.lines" }],
      totals: [["date.year"], ["customer.country"]],
    };
    expect(
      await ask(years, { dimension: "date.year", direction: "down", cell: { "date.year": "2024-01-01" } }),
    ).toMatchObject({
      pivot: { columns: ["date.quarter"] },
      order: [{ member: "sales.lines" }],
      totals: [["date.quarter"], ["customer.country"]],
    });
    const months: Query = {
      measures: ["sales.lines"],
      dimensions: ["date.month"],
      filters: [{ member: "date", operator: "in_range", values: ["2025"] }],
      fillDates: true,
    };
    expect(await ask(months, { direction: "down", cell: { "date.month": "2025-03-01" } })).toMatchObject({
      fillDates: true,
    });
    expect(
      await ask(months, { direction: { to: "customer.country" }, cell: { "date.month": "2025-03-01" } }),
    ).not.toHaveProperty("fillDates");
    // a role alone and its attribute are one dimension
    expect(
      await ask(
        { measures: ["sales.lines"], dimensions: ["date"] },
        { direction: { to: "customer.country" }, cell: { "date.day": "2025-03-01" } },
      ),
    ).toMatchObject({ dimensions: ["customer.country"], filters: [{ member: "date.day", values: ["2025-03-01"] }] });
    expect(
      await ask(
        { ...lines, dimensions: ["customer.city", "customer.country"] },
        {
          dimension: "customer.country",
          direction: "down",
          cell: { "customer.country": "DE", "customer.city": "City 1" },
        },
      ),
    ).toMatchObject({ dimensions: ["customer.city"] });
  });

  const during = (...values: string[]): NonNullable<Query["filters"]> => [
    { member: "date", operator: "in_range", values },
  ];
  test.each<[string, Query]>([
    [
      "the period before",
      {
        measures: ["sales.lines", "sales.margin"],
        dimensions: ["date.month"],
        filters: during("2025-01", "2025-06"),
        compare: { dimension: "date", to: "previous_period" },
      },
    ],
    [
      "the period before, by ranges that are no whole months",
      {
        measures: ["sales.lines"],
        dimensions: ["date.week"],
        filters: during("2025-01-10", "2025-03-02"),
        compare: { dimension: "date", to: "previous_period" },
      },
    ],
    [
      "the year before, cut at now",
      {
        measures: ["sales.lines"],
        dimensions: ["date.quarter", "customer.country"],
        filters: during("2025"),
        compare: { dimension: "date", to: "previous_year" },
        now: "2025-05-20",
      },
    ],
    [
      "another range",
      {
        measures: ["sales.lines"],
        dimensions: ["date.month"],
        filters: during("2025-01", "2025-03"),
        compare: { dimension: "date", to: { range: ["2024-06-01", "2024-08-31"] } },
      },
    ],
  ])("keeps to the other side of a cell that is compared with %s", async (_, query) => {
    const { rows } = await shop.engine.query(query);
    for (const row of rows) {
      const cell = Object.fromEntries(query.dimensions!.map((d) => [d, row[d]!]));
      for (const next of [
        drill(shop.engine, { query, dimension: query.dimensions![0]!, direction: "down", cell }),
        drill(shop.engine, { query, dimension: query.dimensions![0]!, direction: { to: "product.category" }, cell }),
      ]) {
        const { totals } = await shop.engine.query({ ...next, totals: [[]] });
        expect([cell, totals!.find((t) => t.level.length === 0)!.row]).toEqual([
          cell,
          Object.fromEntries(
            Object.entries(row)
              .filter(([name]) => !query.dimensions!.includes(name))
              .map(([name, value]) => [name, typeof value === "number" ? expect.closeTo(value, 6) : value]),
          ),
        ]);
      }
    }
    expect(rows.length).toBeGreaterThan(2);
  });
  test("refuses where the other side, or the range that a measure runs in, cannot be kept", async () => {
    const uneven: Query = {
      measures: ["sales.lines"],
      dimensions: ["date.month"],
      filters: during("2025-01", "2025-03"),
      compare: { dimension: "date", to: { range: ["2024-06-01", "2024-07-31"] } },
    };
    expect(() =>
      drill(shop.engine, { query: uneven, direction: "down", cell: { "date.month": "2025-03-01" } }),
    ).toThrow("has no days to be compared with");
    const below = drill(shop.engine, { query: uneven, direction: "down", cell: { "date.month": "2025-02-01" } });
    expect(below.compare!.to).toEqual({ range: ["2024-07-01", "2024-07-31"] });
    expect(() => drill(shop.engine, { query: below, direction: "up" })).toThrow("belongs to the drilled cell");
    const here: Query = {
      measures: ["sales.revenue_running_here"],
      dimensions: ["date.month"],
      filters: during("2025-01", "2025-06"),
    };
    expect(() =>
      drill(shop.engine, { query: here, direction: { to: "customer.country" }, cell: { "date.month": "2025-03-01" } }),
    ).toThrow("runs from the beginning of the query's range");
    const first = drill(shop.engine, {
      query: here,
      direction: { to: "customer.country" },
      cell: { "date.month": "2025-01-01" },
    });
    expect(
      (await shop.engine.query({ ...first, totals: [[]] })).totals![0]!.row["sales.revenue_running_here"],
    ).toBeCloseTo(Number((await shop.engine.query(here)).rows[0]!["sales.revenue_running_here"]), 6);
  });
  test.each([
    [
      {
        query: { measures: ["service.cases"], dimensions: ["customer.country"] },
        direction: { to: "product.category" },
        cell: { "customer.country": "DE" },
      },
      "unrelated-dimension",
    ],
    [{ query: byCountry, direction: "down", cell: null }, "query-invalid"],
    [{ query: byCountry, direction: "down", cell: { "customer.country": { a: 1 } } }, "query-invalid"],
    [{ query: byCountry, direction: "sideways", cell: {} }, "query-invalid"],
    [{ query: null, direction: "down" }, "query-invalid"],
  ])("refuses what has no next query with a code: %#", (request, code) => {
    let found: unknown;
    try {
      drill(shop.engine, request as never);
    } catch (error) {
      found = error;
    }
    expect(found).toMatchObject({ code, place: expect.any(String) });
  });
});
