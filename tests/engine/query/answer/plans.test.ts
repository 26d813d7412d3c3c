import { afterAll, beforeAll, expect, test } from "vitest";
import { PLANS_KEPT } from "../../../../engine/query/answer/plans.ts";
import { openShop } from "../../support/shop.ts";

let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const measure = { measures: ["sales.revenue"], dimensions: ["customer.country"] };

test("a plan that is asked for again survives as many others as are kept", () => {
  const hot = shop.engine.prepare(measure);
  const cold = shop.engine.prepare({ ...measure, limit: 9_000 });
  for (let i = 1; i <= PLANS_KEPT; i++) {
    shop.engine.prepare({ ...measure, limit: i });
    if (i % 100 === 0) expect(shop.engine.prepare(measure)).toBe(hot);
  }
  expect(shop.engine.prepare(measure)).toBe(hot);
  expect(shop.engine.prepare({ ...measure, limit: 9_000 })).not.toBe(cold);
});
