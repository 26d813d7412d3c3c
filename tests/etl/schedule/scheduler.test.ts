import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import { makeWarehouse, openState } from "../../../engine/warehouse/index.ts";
import { defineJob, files, type Schedule } from "../../../etl/index.ts";
import { openScheduler, schedulerHolder, type Scheduler, type SchedulerEvent } from "../../../etl/schedule/index.ts";
import { settleRuns } from "../../../etl/runs/record.ts";

const drops = files({ name: "drops", path: "." });
const job = (name: string, schedule: Schedule, after?: string[]) =>
  defineJob({
    name,
    source: drops,
    extract: { file: `${name}.csv` },
    into: { table: name },
    schedule,
    ...(after && { after }),
  });
const specOf = (jobs: ReturnType<typeof job>[]): ProjectSpec => ({
  name: "p",
  warehouse: { path: "." },
  dimensions: [],
  cubes: [],
  jobs,
  timeZone: "Europe/Berlin",
});

let warehouse: string, now: Date, ran: string[][], events: SchedulerEvent[], open: Scheduler[];
let load: (jobs: readonly string[], signal: AbortSignal) => Promise<unknown>;
beforeEach(() => {
  warehouse = mkdtempSync(join(tmpdir(), "tessera-schedule-"));
  makeWarehouse(warehouse);
  now = new Date("2026-06-01T00:00:00Z");
  ran = [];
  events = [];
  open = [];
  load = async (jobs) => void ran.push([...jobs]);
});
afterEach(async () => {
  for (const s of open) await s.close();
  rmSync(warehouse, { recursive: true, force: true });
});

const start = (jobs: ReturnType<typeof job>[], pauses: number[] = []): Scheduler => {
  const scheduler = openScheduler({
    spec: specOf(jobs),
    warehouse,
    clock: () => now,
    random: () => 0,
    load: (names, signal) => load(names, signal),
    pause: async (length) => void pauses.push(length),
    onEvent: (e) => events.push(e),
  });
  open.push(scheduler);
  return scheduler;
};
const at = (iso: string): void => {
  now = new Date(iso);
};

test("jobs that are due at the same minute run as one load, once", async () => {
  const scheduler = start([
    job("a", { cron: "0 2 * * *" }),
    job("b", { cron: "0 2 * * *" }),
    job("c", { cron: "0 4 * * *" }),
  ]);
  at("2026-06-01T23:59:50Z");
  await scheduler.tick();
  expect(ran).toEqual([["c"]]); // since midnight only 04:00 was missed, and is made good
  at("2026-06-02T00:00:05Z");
  await scheduler.tick();
  await scheduler.tick();
  expect(ran.slice(1)).toEqual([["a", "b"]]); // 02:00 in Berlin is midnight in UTC
});

test("F13: of two schedulers the second is refused with the holder's name, and starts when the first ends", async () => {
  const first = start([job("a", { cron: "0 2 * * *" })]);
  expect(() => start([])).toThrow(`process ${process.pid} has run the schedules`);
  const state = openState(warehouse);
  settleRuns(state, new Map()); // what every load does first must not take the scheduler's lease away
  expect(schedulerHolder(state)?.pid).toBe(process.pid);
  await first.close();
  open.length = 0;
  expect(schedulerHolder(state)).toBeUndefined();
  state.close();
  start([]);
});

test("a job that still runs is skipped, or waits where it declares that; others wait", async () => {
  let release = (): void => {};
  load = (jobs) => {
    ran.push([...jobs]);
    return ran.length === 1
      ? new Promise<void>((done) => {
          release = done;
        })
      : Promise.resolve();
  };
  const scheduler = start([
    job("a", { cron: "* * * * *" }),
    job("b", { cron: "* * * * *", overlap: "queue" }),
    job("c", { cron: "1 2 * * *" }),
  ]);
  at("2026-06-01T00:00:01Z");
  at("2026-06-01T00:01:01Z");
  const first = scheduler.tick();
  at("2026-06-01T00:02:01Z");
  const second = scheduler.tick();
  release();
  await Promise.all([first, second]);
  expect(ran).toEqual([["a", "b", "c"], ["b"]]);
  expect(events).toContainEqual({ kind: "skipped", jobs: ["a"], because: "its last run is still at work" });
});

test("a failed load is retried as often as its jobs declare, at growing intervals", async () => {
  load = async (jobs) => {
    ran.push([...jobs]);
    throw new TesseraError("source-unavailable", "away");
  };
  const pauses: number[] = [];
  const scheduler = start([job("a", { cron: "0 2 * * *", retries: 2 }), job("b", { cron: "0 2 * * *" })], pauses);
  at("2026-06-02T00:00:01Z");
  await scheduler.tick();
  expect(ran).toEqual([["a", "b"], ["a"], ["a"]]);
  expect(pauses).toEqual([30_000, 60_000]);
  expect(events.at(-1)).toMatchObject({ kind: "failed", again: null });
});

test("failures that cannot pass are not retried", async () => {
  load = async (jobs) => {
    ran.push([...jobs]);
    throw new TesseraError("check-failed", "wrong");
  };
  const scheduler = start([job("a", { cron: "0 2 * * *", retries: 5 })]);
  at("2026-06-02T00:00:01Z");
  await scheduler.tick();
  expect(ran).toHaveLength(1);
});

test("a load that takes longer than its timeout is stopped", async () => {
  load = (_, signal) =>
    new Promise((_done, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
  const scheduler = start([job("a", { cron: "0 2 * * *", timeout: { seconds: 0.05 } })]);
  at("2026-06-02T00:00:01Z");
  await scheduler.tick();
  expect(events.at(-1)).toMatchObject({ kind: "failed", error: { code: "timeout" } });
});
