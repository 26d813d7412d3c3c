import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import type { OutlookRequest } from "../../../engine/mining/index.ts";
import { scenarioOf } from "../../../api/pages/programme/scenario.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({ project: shop.project, clock: () => new Date("2026-01-05T09:00:00Z") });
});
afterAll(() => shop.close());
const page = async (): Promise<string> => {
  const r = await app.request("/programme", { headers: { Accept: "text/html" } });
  expect(r.status).toBe(200);
  return r.text();
};
const judge = (fields: Record<string, string>) =>
  app.request("/programme/judgements", {
    method: "POST",
    body: new URLSearchParams(fields).toString(),
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });

describe("/programme", () => {
  test("tells goals, adoption and readiness, and keeps what people judged with name and date", async () => {
    const empty = await page();
    expect(empty).toContain("Ten thousand");
    expect(empty).toContain("Data readiness");
    expect(empty).toContain("No judgements yet");
    expect(
      (
        await judge({
          goal: "Service is friendlier",
          verdict: "partly",
          judged_on: "2026-01-04",
          assessor: "Ada <b>",
          words: "Letters say so",
        })
      ).status,
    ).toBe(303);
    const judged = await page();
    expect(judged).toContain("Service is friendlier");
    expect(judged).toContain("Ada &lt;b&gt;");
    expect(
      (await judge({ goal: "x", verdict: "surely", judged_on: "2026-01-04", assessor: "Ada", words: "so" })).status,
    ).toBe(400);
    expect(
      (await judge({ goal: "x", verdict: "missed", judged_on: "soon", assessor: "Ada", words: "so" })).status,
    ).toBe(400);
    expect(
      (await judge({ goal: "x", verdict: "missed", judged_on: "2026-01-04", assessor: " ", words: "so" })).status,
    ).toBe(400);
  });
});

describe("cost and benefit with expectations discounted", () => {
  const flows = [100, 0, 0, 0, 0, 0].map((cost, i) => ({ month: `2025-0${i + 1}-01`, cost, benefit: 60 }));
  test("cost counts twice, benefit half and comes half as fast", () => {
    const { months, plan, cautious } = scenarioOf(flows);
    expect(months.map((m) => m.net)).toEqual([-40, 20, 80, 140, 200, 260]);
    // by month k half of what the plan had by k/2, less 200
    expect(months.map((m) => m.cautious)).toEqual([-185, -170, -155, -140, -125, -110]);
    expect(plan).toEqual({ cost: 100, benefit: 360, net: 260, payback: "2025-02-01" });
    expect(cautious).toEqual({ cost: 200, benefit: 90, net: -110, payback: null });
  });
  test("payback is the month after which the sum never falls below zero again", () => {
    expect(
      scenarioOf([
        { month: "a", cost: 0, benefit: 50 },
        { month: "b", cost: 80, benefit: 0 },
        { month: "c", cost: 0, benefit: 40 },
      ]).plan.payback,
    ).toBe("c");
  });
});

describe("shall we make it", () => {
  const goal = {
    name: "g",
    title: "G",
    measure: "sales.revenue",
    baseline: { value: 0, period: "2024" },
    by: "2026-12-31",
  };
  const outlook = (request: Omit<OutlookRequest, "measure"> & { readonly measure?: string }) =>
    shop.project.outlook({ measure: goal.measure, ...request });
  test("a year that is over is reached or missed by its own figure", async () => {
    expect(await outlook({ period: "2024", target: 1 })).toMatchObject({
      words: "reached",
      interval: null,
      done: 12,
      of: 12,
    });
    expect(await outlook({ period: "2024", target: 1e9 })).toMatchObject({ words: "missed" });
    expect(await outlook({ period: "2024", target: 1, down: true })).toMatchObject({ words: "missed" });
  });
  test("the year to come is told with an interval, a chance, and what is needed a month", async () => {
    const found = await outlook({ period: "2026", target: 5000 });
    expect(found).toMatchObject({ unit: "month", done: 0, of: 12, needed: 5000 / 12 });
    expect(found.interval![0] < found.expected! && found.expected! < found.interval![1]).toBe(true);
    const lastYear = Number(
      (
        await shop.project.query({
          measures: ["sales.revenue"],
          filters: [{ member: "date", operator: "in_range", values: ["2025"] }],
        })
      ).rows[0]!["sales.revenue"],
    );
    expect(Math.abs(found.expected! / lastYear - 1)).toBeLessThan(0.3);
    expect((await outlook({ period: "2026", target: 1 })).words).toBe("on the way");
    expect((await outlook({ period: "2026", target: 1e7 })).words).toBe("not on the way");
    expect((await outlook({ period: "2026", target: 1 })).chance!).toBeGreaterThan(0.99);
  });
  test("a fiscal year that begins in July counts what it has so far, and tells the rest", async () => {
    const found = await outlook({ period: ["2025-07-01", "2026-06-30"], target: 5000 });
    const so = Number(
      (
        await shop.project.query({
          measures: ["sales.revenue"],
          filters: [
            {
              member: "date",
              operator: "in_range",
              values: ["2025-07-01", `2025-${String(6 + found.done).padStart(2, "0")}-28`],
            },
          ],
        })
      ).rows[0]!["sales.revenue"],
    );
    expect(found.of).toBe(12);
    expect(found.done).toBeGreaterThanOrEqual(5);
    expect(found.pace! * found.done).toBeGreaterThanOrEqual(so);
    expect(found.expected!).toBeGreaterThan(so);
    expect(found.needed).toBeCloseTo((5000 - found.pace! * found.done) / (12 - found.done), 6);
  });
  test("a rate is told by its two sides, odd days by days, and too few months not at all", async () => {
    const rate = await outlook({ measure: "sales.average_order", period: "2026", target: 50 });
    const now = Number(
      (await shop.project.query({ measures: ["sales.average_order"] })).rows[0]!["sales.average_order"],
    );
    expect(rate.by).toContain("numerator and denominator");
    expect(Math.abs(rate.expected! / now - 1)).toBeLessThan(0.2);
    expect([rate.needed, rate.pace]).toEqual([null, null]);
    expect((await outlook({ measure: "service.mean_cost", period: "2026", target: 4, down: true })).by).toContain(
      "10 whole months are loaded",
    );
    expect(await outlook({ period: ["2026-01-01", "2026-02-15"], target: 700 })).toMatchObject({ unit: "day", of: 46 });
  });
  test("what neither adds up nor is a mean is not told ahead", async () => {
    expect(await outlook({ measure: "sales.buyers", period: "2026", target: 50 })).toMatchObject({
      expected: null,
      interval: null,
      words: "open",
    });
  });
  test("/v1/goals tells each goal with its outlook, and keeps judgements", async () => {
    const { goals } = (await (await app.request("/v1/goals")).json()) as {
      goals: { name: string; outlook: { words: string } }[];
    };
    expect(goals.map((g) => [g.name, g.outlook.words])).toEqual([["more", "not on the way"]]);
    const post = (body: object) =>
      app.request("/v1/goals/judgements", {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json" },
      });
    const judgement = {
      goal: "Partners trust us",
      judgedOn: "2026-01-03",
      assessor: "Eve",
      verdict: "reached",
      words: "All signed again",
    };
    expect((await post(judgement)).status).toBe(201);
    expect((await post({ ...judgement, judgedOn: "soon" })).status).toBe(400);
    expect((await post({ ...judgement, verdict: "surely" })).status).toBe(400);
    expect(
      ((await (await app.request("/v1/goals/judgements")).json()) as { judgements: object[] }).judgements,
    ).toContainEqual(judgement);
    expect(await page()).toContain("Partners trust us");
  });
});
