import { afterAll, beforeAll, expect, test } from "vitest";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import { openShop } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test("a query with `top` is explained by the statement that answers it", async () => {
  const query = {
    measures: ["sales.revenue"],
    dimensions: ["customer.country", "date.month"],
    top: [{ dimension: "customer.country", by: "sales.revenue", n: 2 }],
  };
  const { rows } = await shop.engine.query(query);
  const { sql, parameters } = await explain(shop.engine, query);
  const { printed } = await shop.engine.planAnswer(query);
  expect(sql).toEqual([printed.sql]);
  expect(parameters).toEqual(printed.parameters.map(({ value }) => value));
  const read = await shop.engine.serving.run(printed.sql, printed.parameters);
  expect(read.rowCount).toBe(rows.length);
  expect(new Set(rows.map((row) => row["customer.country"])).size).toBe(2);
});

test("a query with totals is explained with its totals", async () => {
  const query = { measures: ["sales.revenue"], dimensions: ["customer.country"], totals: true };
  expect((await explain(shop.engine, query)).sql).toEqual([shop.engine.prepare(query).printed.sql]);
});
