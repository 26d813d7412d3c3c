import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arrow } from "../../../../engine/query/exports/arrow.ts";
import { catalogView } from "../../../../engine/query/inspect/catalog-view.ts";
import { drillthrough } from "../../../../engine/query/inspect/drillthrough.ts";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import { members } from "../../../../engine/query/inspect/members.ts";
import { openShop } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

describe("arrow", () => {
  test("carries the same answer as JSON: dictionaries, decimals with their scale, dates, nulls", async () => {
    const query = {
      measures: ["sales.revenue", "sales.orders", "sales.margin_rate", "sales.lines"],
      dimensions: ["customer.country", "customer.age_band", "date.month"],
    };
    const json = await shop.engine.query(query);
    const table = tableFromIPC(await arrow(shop.engine, query));
    expect(table.numRows).toBe(json.rows.length);
    expect(table.schema.fields.map((f) => f.name)).toEqual(json.columns.map((c) => c.name));
    const scale = (table.schema.fields[3]!.type as { scale: number }).scale;
    for (const [i, row] of json.rows.entries()) {
      const got = table.get(i)!.toJSON() as Record<string, unknown>;
      expect(got["customer.country"]).toBe(row["customer.country"]);
      expect(got["customer.age_band"]).toBe(row["customer.age_band"]);
      expect(new Date(got["date.month"] as number).toISOString().slice(0, 10)).toBe(row["date.month"]);
      expect(Number(BigInt(String(got["sales.revenue"]))) / 10 ** scale).toBe(row["sales.revenue"]);
      expect(Number(got["sales.orders"])).toBe(row["sales.orders"]);
      expect(got["sales.margin_rate"]).toBe(row["sales.margin_rate"]);
    }
  });
  test("an empty answer is an empty table with its columns", async () => {
    const table = tableFromIPC(
      await arrow(shop.engine, {
        measures: ["sales.revenue"],
        dimensions: ["customer.country"],
        filters: [{ member: "customer.country", operator: "equals", values: ["nowhere"] }],
      }),
    );
    expect(table.numRows).toBe(0);
    expect(table.schema.fields.map((f) => f.name)).toEqual(["customer.country", "sales.revenue"]);
  });
  test("leaves nothing behind on its connection", async () => {
    await arrow(shop.engine, { measures: ["sales.lines"], dimensions: ["customer.name"] });
    expect(await shop.sql("select count(*) n from duckdb_tables() where temporary")).toEqual([{ n: 0 }]);
    expect(await shop.sql("select count(*) n from duckdb_types() where type_name like 'arrow%'")).toEqual([{ n: 0 }]);
  });
});

describe("drillthrough", () => {
  test("its rows add up to the cell, unknown members included", async () => {
    const filters = [{ member: "date", operator: "in_range" as const, values: ["2024"] }];
    const { rows } = await shop.engine.query({
      measures: ["sales.revenue", "sales.web_revenue", "sales.lines"],
      dimensions: ["customer.country", "product.category"],
      filters,
    });
    for (const cell of [rows[0]!, rows[rows.length - 1]!, rows.find((r) => r["customer.country"] === null)!]) {
      const under = await drillthrough(shop.engine, {
        measures: ["sales.revenue", "sales.web_revenue"],
        dimensions: ["customer.name", "date.day"],
        filters,
        cell: { "customer.country": cell["customer.country"]!, "product.category": cell["product.category"]! },
        limit: 10_000,
      });
      const total = (name: string): number =>
        Math.round(under.rows.reduce((a, r) => a + Number(r[name] ?? 0), 0) * 100) / 100;
      expect(under.rows).toHaveLength(Number(cell["sales.lines"]));
      expect(total("sales.revenue")).toBe(cell["sales.revenue"]);
      expect(total("sales.web_revenue")).toBe(cell["sales.web_revenue"] ?? 0);
    }
  });
  test("a time measure and two facts at once are refused with a remedy", async () => {
    await expect(drillthrough(shop.engine, { measures: ["sales.revenue_ytd"] })).rejects.toMatchObject({
      code: "query-invalid",
    });
    await expect(drillthrough(shop.engine, { measures: ["sales.revenue", "service.cases"] })).rejects.toMatchObject({
      code: "query-invalid",
    });
    await expect(drillthrough(shop.engine, { measures: ["sales.revenue"], cell: ["x"] })).rejects.toMatchObject({
      code: "query-invalid",
    });
    await expect(drillthrough(shop.engine, null)).rejects.toMatchObject({ code: "query-invalid" });
  });
});

describe("members, explain, catalog", () => {
  test("members are searched without regard to case and come in order", async () => {
    expect(await members(shop.engine, "product.category", { search: "gory 1" })).toEqual({
      values: ["Category 1"],
      truncated: false,
    });
    expect((await members(shop.engine, "customer.age_band")).values).toEqual(["< 30", "30 – 50", "≥ 50"]);
    expect((await members(shop.engine, "customer.country")).values).toEqual(["DE", "FR", "IT"]);
    expect((await members(shop.engine, "date.year")).values).toEqual(["2024-01-01", "2025-01-01"]);
    expect((await members(shop.engine, "sales.channel")).values).toEqual(["store", "web"]);
    expect((await members(shop.engine, "customer.name", { limit: 2 })).truncated).toBe(true);
  });
  test("an explanation shows the statement with its values apart", async () => {
    const found = await explain(shop.engine, {
      measures: ["sales.margin_rate"],
      filters: [{ member: "customer.country", operator: "equals", values: ["'; drop table sales"] }],
    });
    expect(found.sql[0]).not.toContain("drop table");
    expect(found.parameters).toEqual(["'; drop table sales"]);
    expect(found.measures[0]).toEqual({ member: "sales.margin_rate", formula: "margin / revenue", tables: ["sales"] });
  });
  test("the catalog is plain JSON and names every member once", () => {
    const view = catalogView(shop.engine);
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
    expect(
      view.roles
        .find((r) => r.name === "customer")!
        .attributes.filter((a) => a.isLabel)
        .map((a) => a.member),
    ).toEqual(["customer.name"]);
    expect(view.cubes.find((c) => c.name === "sales")!.measures.find((m) => m.name === "revenue_28d")!.formula).toBe(
      "sales.revenue over the last 28 days",
    );
  });
  test("no parameter of any kind reaches the statement's text, and nothing breaks out of it", async () => {
    const nasty = ["'", '"', "; select 1 --", "$1", "${x}", "\\", "\u0000", "%", "_", "😀", "a".repeat(5000)];
    for (const value of nasty)
      expect(
        (
          await shop.engine.query({
            measures: ["sales.lines"],
            filters: [{ member: "customer.name", operator: "equals", values: [value] }],
          })
        ).rows[0]!["sales.lines"],
      ).toBe(0);
    for (const value of nasty)
      await expect(shop.engine.query({ measures: [value] })).rejects.toMatchObject({
        code: expect.stringMatching(/unknown-member|query-invalid/) as unknown,
      });
  });
});
