import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import { openState } from "../../../engine/warehouse/index.ts";
import { getRun, listRuns, runMine } from "../../../etl/index.ts";
import { PACKAGE } from "../cli/_cli.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({ project: shop.project });
});
afterAll(() => shop.close());

const row = async (): Promise<string> =>
  /<tr id="job-orders">.*?<\/tr>/s.exec(await (await app.request("/data")).text())![0];
const paused = async (): Promise<boolean> =>
  ((await (await app.request("/v1/jobs")).json()) as { jobs: { name: string; paused: boolean }[] }).jobs.find(
    (job) => job.name === "orders",
  )!.paused;

test("a job's schedule is paused and resumed by a button of the page, whose state says so", async () => {
  const before = await row();
  expect(before).toContain('action="/data/jobs/orders/pause"');
  expect(before).toMatch(/<button[^>]*type="submit"[^>]*aria-label="Pause the schedule of Orders"/);
  expect(before).not.toContain(">paused<");
  const answer = await app.request("/data/jobs/orders/pause", { method: "POST" });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/data#job-orders"]);
  const after = await row();
  expect(after).toContain(">paused<");
  expect(after).toContain('aria-label="Resume the schedule of Orders"');
  expect(await paused()).toBe(true);
  const page = await (await app.request("/data/jobs/orders")).text();
  expect(page).toContain(">paused<");
  const back = await app.request("/data/jobs/orders/resume", {
    method: "POST",
    headers: { referer: "http://localhost/data/jobs/orders" },
  });
  expect(back.headers.get("location")).toBe("/data/jobs/orders");
  expect(await paused()).toBe(false);
  expect((await app.request("/data/jobs/nothing/pause", { method: "POST" })).status).toBe(404);
  // what no schedule starts has nothing to pause
  expect(await (await app.request("/data/jobs/cases")).text()).not.toContain("/pause");
});

describe("a mining run", () => {
  const started = async (): Promise<{ readonly id: string; readonly ended: Promise<unknown> }> => {
    let going = (): void => undefined;
    const underway = new Promise<void>((done) => {
      going = done;
    });
    const ended = runMine({ folder: shop.folder, onProgress: () => going() }).catch((error: unknown) => error);
    await underway;
    const state = openState(shop.project.warehouse);
    const id = listRuns(state, { limit: 1 })[0]!.id;
    state.close();
    return { id, ended };
  };
  const runOf = (id: string) => {
    const state = openState(shop.project.warehouse);
    try {
      return getRun(state, id);
    } finally {
      state.close();
    }
  };
  beforeAll(() => {
    // so many models that there is time to cancel
    const config = join(shop.folder, "tessera.config.ts");
    const text = readFileSync(config, "utf8");
    const many = text.replace(
      /models: \[(defineModel\(\{ name: "rfm".*?\}\))\]/,
      (_, one: string) =>
        `models: Array.from({ length: 60 }, (_, i) => (${one.replace('name: "rfm"', "name: `rfm${i}`")}))`,
    );
    expect(many).not.toBe(text);
    writeFileSync(config, many);
  });

  test("is cancelled by POST /v1/runs/{id}/cancel: nothing is published, the run says so, and the next may begin", async () => {
    const { id, ended } = await started();
    expect(runOf(id)).toMatchObject({ status: "running", kind: "mine" });
    const answer = await app.request(`/v1/runs/${id}/cancel`, { method: "POST" });
    expect([answer.status, await answer.json()]).toEqual([202, { run: id }]);
    expect(await ended).toMatchObject({ code: "cancelled" });
    expect(runOf(id)).toMatchObject({ status: "failed", version: null, error: { code: "cancelled" } });
    expect((await app.request(`/v1/runs/${id}/cancel`, { method: "POST" })).status).toBe(404);
  });

  test("is cancelled by the command, which names its process", async () => {
    const { id, ended } = await started();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(PACKAGE, "tessera.cjs"), "--project", shop.folder, "cancel", id],
      { encoding: "utf8" },
    );
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^asked run ${id} \\(process \\d+\\) to stop`));
    expect(await ended).toMatchObject({ code: "cancelled" });
    expect(runOf(id)).toMatchObject({ status: "failed", error: { code: "cancelled" } });
    // nothing is in the way of the next one
    const one = await runMine({ folder: shop.folder, models: ["rfm0"] });
    expect(one.version).toBe(2);
  });
});
