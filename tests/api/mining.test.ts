import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { openSmallShop, type SmallShop } from "./support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => { shop = await openSmallShop(); app = createApp({ project: shop.project }); });
afterAll(() => shop.close());

test("a model is mined from the page, which looks again by itself until the labels are there", async () => {
  expect(await (await app.request("/segments")).text()).toContain("Not mined yet");
  const started = await app.request("/segments/models/rfm/mine", { method: "POST" });
  expect([started.status, started.headers.get("location")]).toEqual([303, "/segments#model-rfm"]);
  const during = await app.request("/segments");
  expect(during.headers.get("refresh")).toBe("3");
  expect(await during.text()).toContain("mining");
  expect((await app.request("/v1/models/rfm/runs", { method: "POST" })).status).toBe(409);
  const run = async (): Promise<{ state: string; version: number | null }> => ((await (await app.request("/v1/models/rfm/runs")).json()) as { run: { state: string; version: number | null } }).run;
  while ((await run()).state === "running") await new Promise((done) => setTimeout(done, 100));
  expect(await run()).toMatchObject({ state: "done", version: 2 });
  const after = await app.request("/segments");
  expect(after.headers.get("refresh")).toBeNull();
  expect(await after.text()).toContain("full report");
}, 30_000);

test("a model that there is not is 404 with the nearest name", async () => {
  const answer = await app.request("/v1/models/rmf/runs", { method: "POST" });
  expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ code: "not-found", detail: expect.stringContaining("rfm") })]);
});
