import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({ project: shop.project });
});
afterAll(() => shop.close());
const post = (body: unknown) =>
  app.request("/v1/attribution", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("a request needs its members, and says which are missing", async () => {
  const answer = await post({ touches: "service" });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("channel is missing");
});

test("a role that gets the credit must exist, and a name must be declared", async () => {
  const answer = await post({
    touches: "service",
    channel: "channel",
    unit: "customer",
    conversions: "sales",
    conversion: "sales.product",
    value: "sales.revenue",
  });
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([422, "mining-invalid"]);
  expect((await post({ name: "attributed" })).status).toBe(404);
});

test("credit adds up over channels, and conversions that nothing touched are told apart", async () => {
  // cases stand in for touches and customers for channels: what is asked is the arithmetic
  const answer = await post({
    touches: "service",
    channel: "customer",
    unit: "customer",
    conversions: "sales",
    conversion: "sales.product",
    value: "sales.revenue",
    lookback: 400,
  });
  expect(answer.status).toBe(200);
  const found = (await answer.json()) as {
    conversions: number;
    untouched: { conversions: number };
    channels: { conversions: Record<string, number> }[];
  };
  expect(found.conversions + found.untouched.conversions).toBe(5);
  for (const rule of ["first", "last", "linear", "position", "decay", "shapley", "markov"])
    expect(found.channels.reduce((sum, c) => sum + c.conversions[rule]!, 0)).toBeCloseTo(found.conversions, 9);
});
