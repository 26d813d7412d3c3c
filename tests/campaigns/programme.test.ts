import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { yearOutlook } from "../../api/pages/programme/goal-outlook.ts";
import { scenarioOf } from "../../api/pages/programme/scenario.ts";
import { openSmallShop, type SmallShop } from "../api/support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => { shop = await openSmallShop(); app = createApp({ project: shop.project, clock: () => new Date("2026-01-05T09:00:00Z") }); });
afterAll(() => shop.close());
const page = async (): Promise<string> => { const r = await app.request("/programme", { headers: { Accept: "text/html" } }); expect(r.status).toBe(200); return r.text(); };
const judge = (fields: Record<string, string>) => app.request("/programme/judgements", { method: "POST", body: new URLSearchParams(fields).toString(), headers: { "Content-Type": "application/x-www-form-urlencoded" } });

describe("/programme", () => {
  test("tells goals, adoption and readiness, and keeps what people judged with name and date", async () => {
    const empty = await page();
    expect(empty).toContain("Ten thousand");
    expect(empty).toContain("Readiness of the data");
    expect(empty).toContain("Nothing was judged yet");
    expect((await judge({ goal: "Service is friendlier", verdict: "partly", judged_on: "2026-01-04", assessor: "Ada <b>", words: "Letters say so" })).status).toBe(303);
    const judged = await page();
    expect(judged).toContain("Service is friendlier");
    expect(judged).toContain("Ada &lt;b&gt;");
    expect((await judge({ goal: "x", verdict: "surely", judged_on: "2026-01-04", assessor: "Ada", words: "so" })).status).toBe(400);
    expect((await judge({ goal: "x", verdict: "missed", judged_on: "soon", assessor: "Ada", words: "so" })).status).toBe(400);
    expect((await judge({ goal: "x", verdict: "missed", judged_on: "2026-01-04", assessor: " ", words: "so" })).status).toBe(400);
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
    expect(scenarioOf([{ month: "a", cost: 0, benefit: 50 }, { month: "b", cost: 80, benefit: 0 }, { month: "c", cost: 0, benefit: 40 }]).plan.payback).toBe("c");
  });
});

describe("shall we make it", () => {
  /** 2023 and 2024 bring 100 a month, but 300 and 500 in December; 2025 is `pace` a month through September. */
  const months = (pace: number): Map<string, number> => new Map([2023, 2024, 2025].flatMap((y) => Array.from({ length: y === 2025 ? 9 : 12 }, (_, m) => [`${y}-${String(m + 1).padStart(2, "0")}`, y === 2025 ? pace : m < 11 ? 100 : y === 2023 ? 300 : 500] as const)));
  test("the season of earlier years is in the forecast, and what is needed a month stands beside the pace", () => {
    const found = yearOutlook(months(110), 2025, 9, 1500, true);
    expect(found).toMatchObject({ years: 2, pace: 110, needed: 170, words: "on the way" });
    expect(found.range![0]).toBeCloseTo(990 * 1400 / 900, 9);
    expect(found.range![1]).toBeCloseTo(990 * 1600 / 900, 9);
    expect(yearOutlook(months(100), 2025, 9, 1500, true).words).toBe("uncertain");
    expect(yearOutlook(months(80), 2025, 9, 1500, true).words).toBe("not on the way");
    expect(yearOutlook(months(80), 2025, 9, 1500, false).words).toBe("on the way");
  });
  test("without an earlier year nothing is foretold, but what is needed is told", () => {
    expect(yearOutlook(new Map([["2025-01", 10]]), 2025, 1, 120, true)).toEqual({ expected: null, range: null, years: 0, needed: 10, pace: 10, words: "open" });
  });
  test("the page gives a verdict on the shop's goal from its own months", async () => {
    expect(await page()).toMatch(/badge (good|bad|warn)">(reached|missed|on the way|uncertain|not on the way)</);
  });
});
