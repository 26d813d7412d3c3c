import { afterAll, beforeAll, expect, test } from "vitest";
import { pivot } from "../../../../engine/query/language/pivot.ts";
import { advise } from "../../../../engine/rollup/index.ts";
import { openShop } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test("members become columns in their own order, a missing cell is null, and every number keeps its place", async () => {
  const query = {
    measures: ["sales.revenue", "sales.lines"],
    dimensions: ["customer.country", "date.quarter"],
    pivot: { columns: ["date.quarter"] },
    filters: [{ member: "date", operator: "in_range" as const, values: ["2024"] }],
  };
  const result = await shop.engine.query(query);
  const across = pivot(result, query.pivot.columns);
  expect(across.columns.map((c) => c.title).slice(0, 4)).toEqual([
    "Country",
    "2024-Q1 · Revenue",
    "2024-Q1 · Lines",
    "2024-Q2 · Revenue",
  ]);
  expect(across.rows).toHaveLength(4);
  const sum = (values: unknown[]): number =>
    Math.round(values.reduce<number>((a, v) => a + Number(v ?? 0), 0) * 100) / 100;
  const revenue = across.columns.filter((c) => c.title.endsWith("Revenue"));
  expect(sum(across.rows.flatMap((row) => revenue.map((c) => row[c.name])))).toBe(
    sum(result.rows.map((row) => row["sales.revenue"])),
  );
});
test.each([
  ["year", "2024"],
  ["half", "2024-01-01"],
  ["quarter", "2024-Q1"],
  ["month", "2024-01"],
  ["week", "2024-01-01"],
  ["day", "2024-01-01"],
  ["fiscal_year", "2023-04-01"],
])("titles a %s across as people write it: %s", async (level, title) => {
  const query = {
    measures: ["sales.revenue", "sales.lines"],
    dimensions: [`date.${level}`, "sales.channel"],
    filters: [{ member: "date", operator: "in_range" as const, values: ["2024-01"] }],
  };
  const across = pivot(await shop.engine.query(query), [`date.${level}`]);
  expect(across.columns.slice(1, 3).map((column) => column.title)).toEqual([`${title} · Revenue`, `${title} · Lines`]);
  const alone = pivot(await shop.engine.query({ ...query, measures: ["sales.lines"] }), [`date.${level}`]);
  expect(alone.columns[1]?.title).toBe(title);
});
test("unknown members across come last, and are titled so", async () => {
  const across = pivot(
    await shop.engine.query({ measures: ["sales.lines"], dimensions: ["customer.country", "sales.channel"] }),
    ["sales.channel"],
  );
  expect(across.columns.map((column) => column.title)).toEqual(["Country", "store", "web", "(unknown)"]);
});
test("pivot names dimensions of the query", async () => {
  await expect(
    shop.engine.query({ measures: ["sales.lines"], pivot: { columns: ["date.month"] } }),
  ).rejects.toMatchObject({ code: "query-invalid", place: "$.pivot.columns[0]" });
});
test("advice names the dimensions asked for, with the rows that a rollup would have", async () => {
  const log = Array.from({ length: 5 }, () => ({
    members: ["sales.margin", "customer.country", "date.quarter"],
    milliseconds: 200,
  }));
  const [first, ...others] = await advise(shop.engine, [
    ...log,
    { members: ["sales.buyers", "date.month"], milliseconds: 9000 },
  ]);
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    cube: "sales",
    dimensions: ["customer.country", "date.month"],
    measures: ["sales.cost", "sales.revenue"],
    queries: 5,
    spent: 1000,
  });
  expect(first!.rollupRows).toBe(
    (
      await shop.sql(
        "select count(*) n from (select distinct country, date_trunc('month', sold_on) from sales left join (select * from customer where valid_until is null) using (customer_id))",
      )
    )[0]!["n"],
  );
});
