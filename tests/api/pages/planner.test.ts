import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({ project: shop.project, clock: () => new Date("2026-01-05T09:00:00Z") });
});
afterAll(() => shop.close());

const PLAN = {
  over: "customer",
  audience: [{ segment: "good" }],
  value: { effect: 0.5, worth: 20 },
  holdOut: 0.25,
  windowDays: 14,
  seed: 3,
  options: [
    { channel: "E-mail", offer: "=cmd()", cost: 0.1 },
    {
      channel: "Phone",
      cost: 3,
      times: 2,
      eligible: [{ member: "customer.country", operator: "equals", values: ["France"] }],
    },
  ],
  capacity: { Phone: 2 },
};
const post = async (path: string, body?: unknown) => {
  const r = await app.request(path, {
    method: "POST",
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  return { status: r.status, body: (await r.json()) as Record<string, unknown> };
};
const get = async (path: string, accept = "application/json") => {
  const r = await app.request(path, { headers: { Accept: accept } });
  return { status: r.status, text: await r.text(), headers: r.headers };
};

describe("/v1/campaigns", () => {
  test("a plan is tried without a trace, kept, drawn once, and listed with formulas made harmless", async () => {
    const tried = await post("/v1/campaigns/audience", PLAN);
    expect(tried.status).toBe(200);
    expect((JSON.parse((await get("/v1/campaigns")).text) as { campaigns: unknown[] }).campaigns).toEqual([]);
    const kept = await post("/v1/campaigns", { name: "Tea time", plan: PLAN });
    expect(kept).toMatchObject({ status: 201, body: { status: "planned", summary: null } });
    const id = Number(kept.body["id"]);
    expect((await get(`/v1/campaigns/${id}/list`)).status).toBe(404);
    const drawn = await post(`/v1/campaigns/${id}/assign`);
    expect(drawn).toMatchObject({ status: 200, body: { status: "drawn", summary: tried.body } });
    expect(await post(`/v1/campaigns/${id}/assign`)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const summary = drawn.body["summary"] as {
      treated: number;
      heldOut: number;
      options: { channel: string; treated: number }[];
    };
    expect(summary.options[1]!.treated).toBeLessThanOrEqual(2);
    const list = await get(`/v1/campaigns/${id}/list?channel=E-mail`);
    expect(list.headers.get("content-type")).toContain("text/csv");
    const lines = list.text.trim().split("\r\n");
    expect(lines.length - 1).toBe(summary.options[0]!.treated);
    expect(lines[0]).toContain("Name,E-mail,Phone,City");
    expect(lines[1]).toMatch(/,E-mail,'=cmd\(\)$/);
    expect((await get(`/v1/campaigns/${id}/list?held_out=1`)).text.trim().split("\r\n").length - 1).toBe(
      summary.heldOut,
    );
  });
  test("a wrong plan says what is wrong and where", async () => {
    expect(await post("/v1/campaigns/audience", { ...PLAN, audience: [{ segment: "rich" }] })).toMatchObject({
      body: { code: "unknown-member" },
    });
    expect(await post("/v1/campaigns/audience", { ...PLAN, holdOut: 3 })).toMatchObject({
      status: 422,
      body: { place: "$.holdOut" },
    });
    expect(await post("/v1/campaigns/audience", { ...PLAN, budjet: 3 })).toMatchObject({ status: 400 });
    expect((await post("/v1/campaigns/99/assign")).status).toBe(404);
  });
});

describe("pages", () => {
  test("the planner tries what its fields say, keeps it by a form, and draws it once", async () => {
    const fields = "segment=good&effect=0.5&worth=20&c0=E-mail&p0=0.1&holdout=20&window=14&seed=1";
    const tried = (await get(`/campaigns/plan?${fields}`, "text/html")).text;
    expect(tried).toContain("Save plan");
    expect((await get(`/campaigns/plan?${fields.replace("0.1&", "dear&")}`, "text/html")).text).toContain(
      "is not a number",
    );
    const made = await app.request("/campaigns/plans", {
      method: "POST",
      body: `${fields}&name=By+hand`,
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    });
    expect(made.status).toBe(303);
    const place = made.headers.get("location")!;
    expect((await get(place, "text/html")).text).toContain("Draw control group");
    // without consent the route asks, and draws nothing
    const asked = await app.request(`${place}/draw`, { method: "POST" });
    expect(await asked.text()).toContain('name="sure" value="1"');
    expect((await get(place, "text/html")).text).toContain("Draw control group");
    const sure = { method: "POST", body: new URLSearchParams({ sure: "1" }) };
    expect((await app.request(`${place}/draw`, sure)).status).toBe(303);
    const drawn = (await get(place, "text/html")).text;
    expect(drawn).not.toContain("Draw control group");
    expect(drawn).toContain("All channels");
    expect((await get(`${place}/list.csv`)).text).toContain("By hand");
    const again = { method: "POST", body: new URLSearchParams({ sure: "1" }) };
    expect((await app.request(`${place}/draw`, again)).status).toBe(403);
    expect((await get("/campaigns", "text/html")).text).toContain("By hand");
  });
});
