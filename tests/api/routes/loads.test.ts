import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createApp, createApplication } from "../../../api/app.ts";
import { withProjectState } from "../../../api/services/project-state.ts";
import type { RunSummary } from "../../../etl/index.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({ project: shop.project });
});
afterAll(() => shop.close());

const get = async <T>(path: string): Promise<T> => (await (await app.request(path)).json()) as T;
const post = (path: string, body = "{}") =>
  app.request(path, { method: "POST", body, headers: { "Content-Type": "application/json" } });
const orders = async (): Promise<unknown> =>
  (
    await get<{ rows: Record<string, unknown>[] }>(
      `/v1/query?q=${encodeURIComponent(JSON.stringify({ measures: ["sales.orders"] }))}`,
    )
  ).rows[0]!["sales.orders"];

/** Follows a run by its events until it ends. */
const follow = async (run: string): Promise<string[]> => {
  const text = await (await app.request(`/v1/runs/${run}/events`)).text();
  return [...text.matchAll(/^event: (\w+)$/gm)].map((m) => m[1]!);
};

describe("jobs and loads", () => {
  test("jobs tell their last run, its accounting and the next run", async () => {
    const { jobs } = await get<{
      jobs: {
        name: string;
        due: string | null;
        last: { read: number; written: number; unchanged: number; deleted: number; rejected: number };
        next: string | null;
      }[];
    }>("/v1/jobs");
    const job = jobs.find((j) => j.name === "orders")!;
    expect(job.last).toMatchObject({ read: 211, written: 210, rejected: 1 });
    expect(Date.parse(job.due!)).toBeGreaterThan(Date.now());
    expect(job.next).toBeNull(); // nobody runs the schedule
    expect(jobs.find((j) => j.name === "cases")!.due).toBeNull();
    for (const { last } of jobs) expect(last.read).toBe(last.written + last.unchanged + last.deleted + last.rejected);
  });
  test("rejected rows come with their reason and the row as it came", async () => {
    const { loads } = await get<{ loads: RunSummary[] }>("/v1/loads");
    const { rejects } = await get<{ rejects: { job: string; column: string; reason: string; row: string }[] }>(
      `/v1/loads/${loads[0]!.id}/rejects`,
    );
    expect(rejects).toHaveLength(1);
    expect(rejects[0]).toMatchObject({ job: "orders", column: "ordered_on", row: expect.stringContaining("no date") });
    const page = await (await app.request(`/data/loads/${loads[0]!.id}`)).text();
    expect(page).toContain("Rejected rows");
    expect(page).toContain("211");
  });
  test("a job started here publishes, its events end, and answers follow; rolled back, they are as before", async () => {
    expect(await orders()).toBe(210);
    shop.addOrders("more", ["301,2025-11-30,5,Cup,web,2,19.90", "302,2025-12-01,6,Cup,web,1,9.95"]);
    const started = await post("/v1/jobs/orders/runs");
    expect(started.status).toBe(202);
    const { run } = (await started.json()) as { run: string };
    const events = await follow(run);
    expect(events[0]).toBe("progress");
    expect(events.at(-1)).toBe("end");
    expect(await get(`/v1/runs/${run}`)).toMatchObject({ status: "published", startedBy: "page" });
    await shop.project.refresh();
    expect(await orders()).toBe(212);

    const asked = await app.request(`/data/loads/${run}/rollback`, {
      method: "POST",
      headers: { Accept: "text/html" },
    });
    expect(await asked.text()).toContain("Roll back load");
    expect(await orders()).toBe(212);
    const done = await post(`/v1/loads/${run}/rollback`);
    expect(await done.json()).toMatchObject({ runs: [run] });
    expect(await orders()).toBe(210);
    expect(await get(`/v1/runs/${run}`)).toMatchObject({ status: "rolled_back" });
  });
  test("what does not exist is 404 with the nearest name", async () => {
    expect(await (await post("/v1/jobs/ordres/runs")).json()).toMatchObject({
      code: "not-found",
      detail: expect.stringContaining("orders"),
    });
    for (const path of [
      "/v1/runs/nothing",
      "/v1/runs/nothing/events",
      "/v1/loads/nothing/rejects",
      "/data/loads/nothing",
      "/data/jobs/nothing",
    ])
      expect((await app.request(path)).status).toBe(404);
    for (const path of ["/v1/loads/nothing/rollback", "/v1/runs/nothing/cancel"])
      expect((await post(path)).status).toBe(404);
  });
});

test("what was asked is in the query log: names of members, never their values", async () => {
  const { app: own, close } = createApplication({ project: shop.project });
  await own.request(
    `/v1/query?q=${encodeURIComponent(JSON.stringify({ measures: ["sales.revenue"], dimensions: ["customer.city"], filters: [{ member: "customer.name", operator: "equals", values: ["Käthe Müller"] }] }))}&format=csv`,
  );
  await own.request("/v1/query", {
    method: "POST",
    body: JSON.stringify({ measures: ["sales.nothing"] }),
    headers: { "Content-Type": "application/json" },
  });
  close();
  await vi.waitFor(
    async () => {
      const rows = await withProjectState(shop.project, (state) =>
        state.prepare("SELECT kind, members, status, rows FROM query_log ORDER BY id DESC LIMIT 2").all(),
      );
      expect(rows).toEqual([
        expect.objectContaining({ kind: "query", members: "sales.nothing", status: "unknown-member" }),
        expect.objectContaining({
          kind: "export",
          members: "sales.revenue customer.city customer.name",
          status: "ok",
          rows: 1,
        }),
      ]);
    },
    { timeout: 5000, interval: 100 },
  );
  expect(
    JSON.stringify(await withProjectState(shop.project, (state) => state.prepare("SELECT * FROM query_log").all())),
  ).not.toContain("Müller");
});

test("a question over HTTP is in the query log once, computed or kept", async () => {
  const { app: own, close } = createApplication({ project: shop.project });
  const logged = () =>
    withProjectState(
      shop.project,
      (state) =>
        state.prepare("SELECT kind FROM query_log WHERE members = 'sales.orders customer.city date'").all().length,
    );
  const before = await logged();
  for (let i = 0; i < 3; i++)
    await own.request("/v1/query", {
      method: "POST",
      body: JSON.stringify({
        measures: ["sales.orders"],
        dimensions: ["customer.city"],
        filters: [{ member: "date", operator: "in_range", values: ["2025"] }],
      }),
      headers: { "Content-Type": "application/json" },
    });
  close();
  await vi.waitFor(async () => expect(await logged()).toBe(before + 3), { timeout: 5000, interval: 100 });
});
