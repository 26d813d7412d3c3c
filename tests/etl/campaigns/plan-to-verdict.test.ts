import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assignmentsOf, getCampaign, recordDraw, saveCampaign, withState } from "../../../etl/index.ts";
import { openProject, type OpenProject } from "../../../index.ts";
import type { CampaignPlan } from "../../../engine/mining/index.ts";
import { holdOut } from "../../../engine/mining/contact-plan/hold-out.ts";
import { seeded } from "../../../engine/mining/random.ts";
import { demoFolder, loadedDemo, type LoadedDemo } from "../demo/_demo.ts";

let demo: LoadedDemo;
let project: OpenProject;
beforeAll(async () => {
  demo = await loadedDemo();
  project = (await openProject(demo.spec, { folder: demoFolder })) as unknown as OpenProject;
});
afterAll(async () => {
  await project?.close();
  demo?.remove();
});

const consent = (member: string) => [{ member, operator: "equals" as const, values: [true] }];
const PLAN: CampaignPlan = {
  over: "customer",
  audience: [{ member: "sales.orders", operator: "gte", values: [1] }],
  exclude: consent("customer.do_not_contact"),
  value: { effect: 0.02, worth: "customer.annual_value" },
  options: [
    { channel: "E-mail", offer: "10 %", cost: 0.05, eligible: consent("customer.email_consent") },
    { channel: "Phone", offer: "10 %", cost: 2.5, times: 3, eligible: consent("customer.phone_consent") },
  ],
  budget: 100,
  capacity: { Phone: 30 },
  contacts: { measure: "touches.sends", days: 30, most: 4 },
  floors: { by: "customer.customer_type", least: { business: 10 } },
  holdOut: 0.2,
  stratifyBy: ["customer.region"],
  seed: 4,
  windowDays: 30,
};

describe("from plan to fact", () => {
  test("a plan respects consent, exclusions, caps, budget, capacity and floors, and holds out the share of each option", async () => {
    const { members, summary } = await project.drawCampaign(PLAN);
    expect(summary).toMatchObject({ treated: members.filter((m) => m.treated).length, method: "exact" });
    expect(summary.cost).toBeLessThanOrEqual(100);
    const phone = summary.options[1]!;
    expect(phone.treated).toBeLessThanOrEqual(30);
    expect(phone.treated).toBeGreaterThan(20);
    for (const option of summary.options)
      expect(option.heldOut).toBe(Math.ceil((option.treated + option.heldOut) * 0.2 - 1e-9));
    expect(summary.scarce.map((s) => s.what)).toEqual(["budget", "channel", "floor"]);
    expect(summary.scarce[2]!.used).toBeGreaterThanOrEqual(10);
    const keys = members.map((m) => Number(m.member));
    const { rows } = await project.sql(
      "SELECT customer_id, do_not_contact, email_consent, phone_consent, annual_value FROM dim_customer WHERE valid_until IS NULL",
    );
    const known = new Map(rows.map((r) => [Number(r["customer_id"]), r]));
    expect(new Set(keys).size).toBe(keys.length);
    for (const m of members) {
      const own = known.get(Number(m.member))!;
      expect(own["do_not_contact"]).not.toBe(true);
      expect(own[m.channel === "Phone" ? "phone_consent" : "email_consent"]).toBe(true);
      expect(m.expected).toBeCloseTo(
        0.02 * (m.channel === "Phone" ? 3 : 1) * Number(own["annual_value"]) - (m.channel === "Phone" ? 2.5 : 0.05),
        6,
      );
    }
    const { rows: tired } = await project.sql(
      "SELECT customer_id FROM fact_touches WHERE touch_kind = 'send' AND touched_on > (SELECT max(order_date) FROM fact_sales) - 30 GROUP BY 1 HAVING count(*) >= 4",
    );
    const set = new Set(tired.map((r) => Number(r["customer_id"])));
    expect(keys.some((k) => set.has(k))).toBe(false);
  });
  test("the same plan and seed give the same draw, another seed another hold-out", async () => {
    const [one, two, other] = await Promise.all([
      project.drawCampaign(PLAN),
      project.drawCampaign(PLAN),
      project.drawCampaign({ ...PLAN, seed: 5 }),
    ]);
    expect(one).toEqual(two);
    expect(other.members.map((m) => m.member)).toEqual(one.members.map((m) => m.member));
    expect(other.members.map((m) => m.treated)).not.toEqual(one.members.map((m) => m.treated));
  });
  test("a draw is made once, becomes rows of the fact at the next load, and does not change", async () => {
    const { warehouse } = project;
    const campaign = withState(warehouse, (state) =>
      saveCampaign(state, "Win them back", PLAN, "ada", new Date("2026-01-01T10:00:00Z")),
    );
    const draw = await project.drawCampaign(PLAN);
    const on = String((await project.sql("SELECT max(order_date) AS d FROM fact_sales")).rows[0]!["d"]).slice(0, 10);
    const details = { by: "ada", at: new Date("2026-01-01T11:00:00Z"), on, version: project.manifest().version };
    withState(warehouse, (state) => recordDraw(state, campaign.id, draw, details));
    expect(() => withState(warehouse, (state) => recordDraw(state, campaign.id, draw, details))).toThrow(
      /already drawn on/,
    );
    expect(() =>
      withState(warehouse, (state) => saveCampaign(state, "Win them back", PLAN, "ada", new Date())),
    ).toThrow(/already/);
    await demo.load();
    await project.refresh();
    const answer = await project.query({
      measures: [
        "assignments.treated_customers",
        "assignments.held_out_customers",
        "assignments.cost",
        "assignments.planned_cost",
        "assignments.expected_profit",
      ],
      dimensions: ["campaign.name", "channel.name"],
      filters: [{ member: "campaign.name", operator: "equals", values: ["Win them back"] }],
    });
    const { summary } = draw;
    const total = (member: string): number => answer.rows.reduce((a, r) => a + Number(r[member] ?? 0), 0);
    expect(total("assignments.treated_customers")).toBe(summary.treated);
    expect(total("assignments.held_out_customers")).toBe(summary.heldOut);
    expect(total("assignments.planned_cost")).toBeCloseTo(summary.cost, 2);
    expect(total("assignments.expected_profit")).toBeCloseTo(summary.expected, 0);
    expect(answer.rows.map((r) => String(r["channel.name"])).sort()).toEqual(
      summary.options
        .filter((o) => o.treated > 0)
        .map((o) => o.channel)
        .sort(),
    );
    const [verdict] = await project.experiment({
      cube: "assignments",
      treated: "assignments.treated",
      outcomes: ["assignments.conversions"],
      by: "campaign.name",
      filters: [{ member: "campaign.name", operator: "equals", values: ["Win them back"] }],
      heldOutShare: "campaign.holdout_share",
    });
    expect(verdict).toMatchObject({ treated: summary.treated, control: summary.heldOut });
    expect(verdict!.sampleRatio!.broken).toBe(false);
    withState(warehouse, (state) => {
      expect(getCampaign(state, campaign.id)).toMatchObject({
        status: "drawn",
        drawnOn: on,
        summary: { treated: summary.treated },
      });
      expect(assignmentsOf(state, campaign.id).length).toBe(summary.treated);
      expect(assignmentsOf(state, campaign.id, { heldOut: true, channel: "Phone" }).length).toBe(
        summary.options[1]!.heldOut,
      );
    });
  });
  test("faults of a plan are reported with their place", async () => {
    await expect(
      project.drawCampaign({ ...PLAN, value: { effect: 0.1, worth: "customer.wealth" } }),
    ).rejects.toMatchObject({ code: "unknown-member", place: "$.value.worth" });
    await expect(project.drawCampaign({ ...PLAN, holdOut: 2, options: [] })).rejects.toMatchObject({
      problems: [{ place: "$.options" }, { place: "$.holdOut" }, { place: "$.capacity.Phone" }],
    });
    await expect(
      project.drawCampaign({ ...PLAN, floors: { by: "customer.customer_type", least: { business: 100_000 } } }),
    ).rejects.toMatchObject({ code: "mining-invalid" });
  });
});

describe("hold-out", () => {
  test("everybody has the same chance in every stratum", () => {
    const option = Int32Array.from({ length: 60 }, (_, i) => i % 2),
      strata = Array.from({ length: 60 }, (_, i) => ["a", "b", "c"][i % 3]!);
    const times = new Float64Array(60);
    for (let seed = 1; seed <= 4000; seed++)
      holdOut(option, strata, 0.1, seeded(seed)).forEach((h, i) => {
        times[i] = times[i]! + h;
      });
    expect(times.reduce((a, b) => a + b, 0)).toBe(4000 * 6);
    for (const t of times) expect(Math.abs(t - 400)).toBeLessThan(4.5 * Math.sqrt(4000 * 0.09));
  });
  test("the share of each stratum of an option is held out, give or take one", () => {
    const option = new Int32Array(100),
      strata = Array.from({ length: 100 }, (_, i) => (i < 33 ? "x" : "y"));
    const held = holdOut(option, strata, 0.3, seeded(2));
    const inX = held.slice(0, 33).reduce((a, b) => a + b, 0);
    expect(held.reduce((a, b) => a + b, 0)).toBe(30);
    expect(Math.abs(inX - 9.9)).toBeLessThan(1);
  });
});
