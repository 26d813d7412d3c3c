import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import type { Allocation, ExperimentVerdict } from "../../../engine/mining/index.ts";
import { openCampaignShop } from "../support/campaign-shop.ts";
import { openSmallShop } from "../support/small-shop.ts";

let shop: Awaited<ReturnType<typeof openCampaignShop>>;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openCampaignShop();
  app = createApp({ project: shop.project });
});
afterAll(() => shop.close());

const post = async (path: string, body: unknown) => {
  const r = await app.request(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
  return { status: r.status, body: (await r.json()) as Record<string, unknown> };
};
const page = async (path: string): Promise<string> => {
  const r = await app.request(path, { headers: { Accept: "text/html" } });
  expect(r.status, path).toBe(200);
  return r.text();
};
const evaluate = async (body: unknown): Promise<ExperimentVerdict[]> => {
  const r = await post("/v1/experiments/evaluate", body);
  expect(r.status).toBe(200);
  return r.body["verdicts"] as ExperimentVerdict[];
};

describe("experiments", () => {
  test("a declared one finds the campaign that worked, and shows nothing for the one that did not", async () => {
    const verdicts = await evaluate({ name: "seasons" });
    const spring = verdicts.find((v) => v.group === "spring")!,
      autumn = verdicts.find((v) => v.group === "autumn")!;
    expect([spring.treated, spring.control]).toEqual([800, 200]);
    expect(spring.outcomes[0]!.treated.mean).toBeCloseTo(0.3, 10);
    expect(spring.outcomes[0]!.control.mean).toBeCloseTo(0.1, 10);
    expect(spring.outcomes[0]!.verdict).toBe("more");
    expect(autumn.outcomes[0]!.verdict).toBe("no difference shown");
    expect(spring.profit!.cost).toBe(400);
    expect(verdicts.find((v) => v.group === "winter")).toMatchObject({
      outcomes: [],
      warnings: [expect.stringContaining("no control group")],
    });
  });
  test("a whole request answers as the declared one does, and cuts and filters narrow it", async () => {
    const whole = await evaluate({
      cube: "assignments",
      treated: "assignments.treated",
      by: "campaign.name",
      outcomes: ["assignments.buyers", "assignments.margin"],
      covariate: "assignments.prior",
      cost: "assignments.cost",
    });
    expect(whole).toEqual(await evaluate({ name: "seasons" }));
    const cut = await evaluate({
      name: "seasons",
      by: "customer.kind",
      filters: [{ member: "campaign.name", operator: "equals", values: ["spring"] }],
    });
    expect(new Set(cut.map((v) => v.group))).toEqual(new Set(["business", "consumer"]));
    expect(cut).toHaveLength(2);
    expect(cut.reduce((n, v) => n + v.treated, 0)).toBe(800);
  });
  test("what is wrong is said with its place and remedy", async () => {
    expect(await post("/v1/experiments/evaluate", { name: "saesons" })).toMatchObject({
      status: 404,
      body: { code: "not-found", detail: expect.stringContaining("seasons"), place: "$.name" },
    });
    expect(await post("/v1/experiments/evaluate", { cube: "assignments" })).toMatchObject({
      status: 400,
      body: { problems: [{ place: "$.treated" }, { place: "$.outcomes" }] },
    });
    expect(await post("/v1/experiments/evaluate", { name: "seasons", cost: "assignments.cost" })).toMatchObject({
      status: 400,
      body: { place: "$.cost" },
    });
    expect(await post("/v1/experiments/evaluate", { name: "seasons", by: "channel.name" })).toMatchObject({
      body: { code: "unrelated-dimension" },
    });
    expect(
      await post("/v1/experiments/evaluate", {
        cube: "assignments",
        treated: "assignments.treated",
        outcomes: ["media.visits"],
      }),
    ).toMatchObject({ status: 422, body: { code: "mining-invalid", place: "$.outcomes" } });
  });
});

describe("allocations", () => {
  test("money moves to the channel that still answers to it, within bounds and budget", async () => {
    const { status, body } = await post("/v1/allocation", { name: "media" });
    const plan = body as unknown as Allocation;
    expect(status).toBe(200);
    const of = (p: Allocation, name: string) => p.channels.find((c) => c.channel === name)!;
    expect(of(plan, "Mail").recommended).toBeGreaterThan(of(plan, "Mail").current);
    expect(of(plan, "Search").recommended).toBeLessThan(of(plan, "Search").current);
    expect(plan.then).toBeGreaterThan(plan.now);
    const bound = (await post("/v1/allocation", { name: "media", budget: 6000, bounds: { Search: [4000, 5000] } }))
      .body as unknown as Allocation;
    expect(bound.channels.reduce((a, c) => a + c.recommended, 0)).toBeCloseTo(6000, 4);
    expect(of(bound, "Search").recommended).toBeGreaterThanOrEqual(4000);
  });
  test("a budget that the bounds do not leave room for is refused in words", async () => {
    expect(await post("/v1/allocation", { name: "media", budget: 10 })).toMatchObject({
      status: 422,
      body: { code: "mining-invalid", place: "$.budget" },
    });
    expect(
      await post("/v1/allocation", {
        name: "media",
        filters: [{ member: "date.day", operator: "in_range", values: ["2025-Q1"] }],
      }),
    ).toMatchObject({ status: 422, body: { code: "too-little-data" } });
    expect(await post("/v1/allocation", { spend: "media.spent" })).toMatchObject({ status: 400 });
  });
});

describe("pages", () => {
  test("campaigns are compared in a table and a forest plot, each with a page of its own", async () => {
    const text = await page("/campaigns");
    for (const part of [
      "Seasons",
      "spring",
      "more than without",
      "no difference shown",
      "cannot be determined",
      "Lift in buyers",
      "CUPED",
      "random control group",
      "/campaigns/seasons/spring",
      "<svg",
    ])
      expect(text).toContain(part);
    expect(text).not.toContain("NaN");
    expect(await page("/campaigns?period=2025-Q2")).not.toContain("autumn");
    expect(await page("/campaigns?period=2024")).toContain("No campaigns in this period");
    expect(await page("/campaigns?period=rubbish")).toContain("rubbish");
    const one = await page("/campaigns/seasons/spring");
    for (const part of ["Outcomes", "business", "consumer", "ten percent", "+20.0 pts"]) expect(one).toContain(part);
    expect((await app.request("/campaigns/seasons/summer")).status).toBe(404);
    expect((await app.request("/campaigns/nothing/spring")).status).toBe(404);
  });
  test("channels show curves, the split and a form whose fields stay in the address", async () => {
    const text = await page("/channels");
    for (const part of [
      "Media budget",
      "Mail",
      "Search",
      "Expected gain",
      "not randomised",
      "Spend per visit",
      'name="least.Mail"',
    ])
      expect(text).toContain(part);
    expect(await page("/channels?of=media&budget=6000&least.Search=4000")).toContain('value="6000"');
    expect(await page("/channels?of=media&budget=10")).toContain("cannot be met");
    const emptied = await app.request("/channels?of=media&budget=7000&least.Mail=&most.Mail=");
    expect([emptied.status, emptied.headers.get("location")]).toEqual([303, "/channels?of=media&budget=7000"]);
    expect((await app.request("/channels?budget=much")).status).toBe(400);
  });
  test("only where they are declared does the navigation name them", async () => {
    expect(await page("/campaigns")).toContain('href="/channels"');
    const plain = await openSmallShop({ load: false });
    try {
      const text = await (
        await createApp({ project: plain.project }).request("/model", { headers: { Accept: "text/html" } })
      ).text();
      expect(text).not.toContain('href="/campaigns"');
    } finally {
      await plain.close();
    }
  });
});
