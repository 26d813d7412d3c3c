import { describe, expect, test } from "vitest";
import {
  backoff,
  clockChanges,
  dueBetween,
  loadsDue,
  nextRun,
  scheduleProblem,
  worthRetrying,
} from "../../../etl/schedule/index.ts";
import { TesseraError } from "../../../engine/errors/index.ts";

const due = (cron: string, timeZone: string, after: string, until: string): string[] =>
  dueBetween({ cron, timeZone }, new Date(after), new Date(until), undefined).map((d) => d.toISOString().slice(0, 16));

describe("over a change of clocks", () => {
  test("F14: in Berlin a time in the gap is due at the first moment after it", () => {
    expect(due("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z", "2026-03-31T00:00:00Z")).toEqual([
      "2026-03-28T01:30",
      "2026-03-29T01:00",
      "2026-03-30T00:30",
    ]);
  });
  test("F14: in Berlin a time of the repeat is due once, the first time", () => {
    expect(due("30 2 * * *", "Europe/Berlin", "2026-10-23T12:00:00Z", "2026-10-27T00:00:00Z")).toEqual([
      "2026-10-24T00:30",
      "2026-10-25T00:30",
      "2026-10-26T01:30",
    ]);
  });
  test("F14: on Lord Howe the clock moves by half an hour: gap and repeat work as everywhere", () => {
    expect(due("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T00:00:00Z", "2026-10-05T00:00:00Z")).toEqual([
      "2026-10-02T15:45",
      "2026-10-03T15:30",
      "2026-10-04T15:15",
    ]);
    expect(due("45 1 * * *", "Australia/Lord_Howe", "2026-04-02T20:00:00Z", "2026-04-06T00:00:00Z")).toEqual([
      "2026-04-03T14:45",
      "2026-04-04T14:45",
      "2026-04-05T15:15",
    ]);
  });
  test("intervals continue in real time", () => {
    expect(due("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:31:00Z", "2026-10-25T02:00:00Z")).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T00:30",
      "2026-10-25T01:00",
      "2026-10-25T01:30",
      "2026-10-25T02:00",
    ]);
  });
  test("a zone's changes are reported with the runs of that day", () => {
    const changes = clockChanges(
      { cron: "30 2 * * *", timeZone: "Europe/Berlin" },
      new Date("2026-01-01T00:00:00Z"),
      undefined,
    );
    expect(changes.map((c) => [c.at.toISOString(), c.minutes, c.runs])).toEqual([
      ["2026-03-29T01:00:00.000Z", 60, ["2026-03-29 03:00 +02:00"]],
      ["2026-10-25T01:00:00.000Z", -60, ["2026-10-25 02:30 +02:00"]],
    ]);
    expect(
      clockChanges(
        { cron: "0 0 * * *", timeZone: "Australia/Lord_Howe" },
        new Date("2026-01-01T00:00:00Z"),
        undefined,
      ).map((c) => c.minutes),
    ).toEqual([-30, 30]);
    expect(clockChanges({ cron: "0 0 * * *" }, new Date("2026-01-01T00:00:00Z"), undefined)).toEqual([]);
  });
});

describe("after three days asleep", () => {
  const jobs = (catchUp: "latest" | "all" | "none") => [
    { name: "a", schedule: { cron: "0 2 * * *", catchUp } },
    { name: "b", schedule: { cron: "30 2 * * *", catchUp } },
  ];
  const asleep = () => new Date("2026-05-01T12:00:00Z"),
    now = new Date("2026-05-04T12:00:00Z");
  test("F14: three days asleep, latest makes up for one run, all jobs in one load", () =>
    expect(loadsDue(jobs("latest"), asleep, now, undefined)).toEqual([["a", "b"]]));
  test("F14: three days asleep, none makes up for nothing", () =>
    expect(loadsDue(jobs("none"), asleep, now, undefined)).toEqual([]));
  test("F14: three days asleep, all makes up for each run, in order", () =>
    expect(loadsDue(jobs("all"), asleep, now, undefined)).toEqual([["a"], ["b"], ["a"], ["b"], ["a", "b"]]));
  test("all is limited", () =>
    expect(
      loadsDue([{ name: "a", schedule: { cron: "* * * * *", catchUp: "all" } }], asleep, now, undefined),
    ).toHaveLength(10));
  test("a job due now runs under every policy", () =>
    expect(
      loadsDue(jobs("none"), () => new Date("2026-05-01T12:00:00Z"), new Date("2026-05-04T02:30:20Z"), undefined),
    ).toEqual([["b"]]));
});

test("retries come at growing, spread intervals of at most half an hour", () => {
  expect([0, 1, 2, 9].map((n) => backoff("exponential", n, () => 0))).toEqual([30_000, 60_000, 120_000, 900_000]);
  expect([0, 1, 2, 9].map((n) => backoff("exponential", n, () => 0.999999) / 1000)).toEqual([
    expect.closeTo(60, 1),
    expect.closeTo(120, 1),
    expect.closeTo(240, 1),
    expect.closeTo(1800, 1),
  ]);
  expect(backoff("fixed", 5, () => 0)).toBe(30_000);
});

test("only failures that may pass are retried", () => {
  expect(worthRetrying(new TesseraError("source-unavailable", "away"))).toBe(true);
  expect(worthRetrying(new TesseraError("check-failed", "wrong"))).toBe(false);
});

test("an unreadable schedule is reported and never due", () => {
  expect(scheduleProblem({ cron: "often" }, undefined)).not.toBeNull();
  expect(scheduleProblem({ cron: "0 2 * * *", timeZone: "Mars/Olympus" }, undefined)).not.toBeNull();
  expect(nextRun({ cron: "often" }, new Date(), undefined)).toBeNull();
});
