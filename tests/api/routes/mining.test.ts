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

test("a model is mined from the page, which looks again by itself until the labels are there", async () => {
  expect(await (await app.request("/segments")).text()).toContain("Not run yet");
  const started = await app.request("/segments/models/rfm/mine", { method: "POST" });
  expect([started.status, started.headers.get("location")]).toEqual([303, "/segments#model-rfm"]);
  const during = await app.request("/segments");
  expect(during.headers.get("refresh")).toBe("3");
  expect(await during.text()).toContain("running");
  expect((await app.request("/v1/models/rfm/runs", { method: "POST" })).status).toBe(409);
  const run = async (): Promise<{ state: string; version: number | null }> =>
    ((await (await app.request("/v1/models/rfm/runs")).json()) as { run: { state: string; version: number | null } })
      .run;
  while ((await run()).state === "running") await new Promise((done) => setTimeout(done, 100));
  expect(await run()).toMatchObject({ state: "done", version: 2 });
  const after = await app.request("/segments");
  expect(after.headers.get("refresh")).toBeNull();
  expect(await after.text()).toContain("full report");
}, 30_000);

test("a model that there is not is 404 with the nearest name", async () => {
  const answer = await app.request("/v1/models/rmf/runs", { method: "POST" });
  expect([answer.status, await answer.json()]).toEqual([
    404,
    expect.objectContaining({ code: "not-found", detail: expect.stringContaining("rfm") }),
  ]);
});

const post = async (path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> => {
  const r = await app.request(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
  return { status: r.status, body: (await r.json()) as Record<string, unknown> };
};

test("why a measure moved: the parts of every cut add up to the move, and the page tells it", async () => {
  const { status, body } = await post("/v1/drivers", {
    measure: "sales.revenue",
    volume: "sales.orders",
    before: ["2024-01-01", "2024-12-31"],
    after: ["2025-01-01", "2025-12-31"],
  });
  expect(status).toBe(200);
  const move = body as unknown as {
    kind: string;
    before: number;
    after: number;
    cuts: { dimensions: string[]; contributions: { total: number }[] }[];
  };
  expect(move.kind).toBe("volume");
  expect(move.cuts.map((c) => c.dimensions.join())).toContain("sales.channel,customer.country");
  for (const cut of move.cuts)
    expect(cut.contributions.reduce((sum, c) => sum + c.total, 0)).toBeCloseTo(move.after - move.before, 2);
  const page = await (
    await app.request(
      "/why?measures=sales.revenue&before_from=2024-01-01&before_until=2024-12-31&from=2025-01-01&until=2025-12-31",
    )
  ).text();
  for (const part of ["Drivers of change: Revenue", "Strongest drivers", "Actual and expected"])
    expect(page).toContain(part);
  expect(await (await app.request("/")).text()).toContain('href="/why?measures=sales.revenue');
  expect(
    await (await app.request("/explore?measures=sales.revenue&where=customer.country:Germany&period=2025")).text(),
  ).toContain("/why?measures=sales.revenue&amp;where=customer.country:Germany&amp;period=2025");
  expect(
    (
      await post("/v1/drivers", {
        measure: "sales.nothing",
        before: ["2024-01-01", "2024-12-31"],
        after: ["2025-01-01", "2025-12-31"],
      })
    ).status,
  ).toBe(400);
  expect(
    (
      await post("/v1/drivers", {
        measure: "sales.revenue",
        before: ["soon", "2024-12-31"],
        after: ["2025-01-01", "2025-12-31"],
      })
    ).status,
  ).toBe(400);
});

test("each period of a measure stands beside its expected band, by month and by week", async () => {
  for (const period of ["month", "week"]) {
    const { status, body } = await post("/v1/anomalies", { measure: "sales.revenue", period, last: 6 });
    expect(status).toBe(200);
    const points = (body as unknown as { points: { actual: number; low: number; high: number; odd: string | null }[] })
      .points;
    expect(points).toHaveLength(6);
    for (const { actual, low, high, odd } of points) {
      const above = actual > high ? "above" : null;
      expect(odd).toBe(actual < low ? "below" : above);
    }
  }
  expect((await post("/v1/anomalies", { measure: "service.mean_cost", period: "quarter" })).body["code"]).toBe(
    "too-little-data",
  );
});

test("a count of distinct members is decomposed only by dimensions that divide them", async () => {
  const request = {
    measure: "sales.buyers",
    before: ["2024-01-01", "2024-12-31"],
    after: ["2025-01-01", "2025-12-31"],
  };
  const { body } = await post("/v1/drivers", request);
  const move = body as unknown as { before: number; cuts: { dimensions: string[] }[] };
  const { rows } = await shop.project.query({
    measures: ["sales.buyers"],
    filters: [{ member: "date", operator: "in_range", values: ["2024"] }],
  });
  expect(move.before).toBe(rows[0]!["sales.buyers"]);
  expect(move.cuts.map((c) => c.dimensions.join())).toEqual(expect.arrayContaining(["customer.country"]));
  expect(move.cuts.map((c) => c.dimensions.join())).not.toContain("sales.channel");
  expect((await post("/v1/drivers", { ...request, dimensions: ["sales.channel"] })).body["detail"]).toContain(
    "does not add up over sales.channel",
  );
});
