import { afterAll, beforeAll, expect, test } from "vitest";
import { explain } from "../../../../engine/query/inspect/explain.ts";
import { planText } from "../../../../engine/query/inspect/plan-text.ts";
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

test("the logical plan is shown as JSON with short parts on one line, unless the statement is left out", async () => {
  const query = { measures: ["sales.revenue_last_month"], dimensions: ["date.month"], totals: true };
  const { logical } = await explain(shop.engine, query);
  expect(logical).toBe(shop.engine.prepare(query).compiled.plan);
  const text = planText(logical);
  expect(JSON.parse(text)).toEqual(logical);
  expect(text.split("\n").slice(0, 3)).toEqual([
    "{",
    '  "keys": [{ "member": "date.month" }],',
    '  "shown": [[0], []],',
  ]);
  expect(text).toContain('"moves": [{ "role": "date", "change": { "type": "shift", "span": { "months": -1 } } }]');
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
});
