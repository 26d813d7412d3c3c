import { expect, test } from "vitest";
import { dueBetween } from "../../../etl/schedule/due.ts";

const due = (cron: string, timeZone: string, after: string, until: string): string[] =>
  dueBetween({ cron, timeZone }, new Date(after), new Date(until), undefined).map((at) =>
    at.toISOString().slice(0, 16),
  );

test("F14: in Santiago midnight itself is in the gap: a job due then is due at one o'clock, once", () => {
  expect(due("0 0 * * *", "America/Santiago", "2026-09-04T12:00:00Z", "2026-09-08T00:00:00Z")).toEqual([
    "2026-09-05T04:00",
    "2026-09-06T04:00",
    "2026-09-07T03:00",
  ]);
  expect(due("30 0 * * *", "America/Santiago", "2026-09-05T12:00:00Z", "2026-09-07T00:00:00Z")).toEqual([
    "2026-09-06T04:00",
  ]);
});

test("F14: in Santiago the hour before midnight comes twice: a job due in it is due once, the first time", () => {
  expect(due("30 23 * * *", "America/Santiago", "2026-04-03T12:00:00Z", "2026-04-06T12:00:00Z")).toEqual([
    "2026-04-04T02:30",
    "2026-04-05T02:30",
    "2026-04-06T03:30",
  ]);
});

test("F14: the leap day is due only in leap years", () => {
  expect(due("0 2 29 2 *", "Asia/Shanghai", "2026-01-01T00:00:00Z", "2033-01-01T00:00:00Z")).toEqual([
    "2028-02-28T18:00",
    "2032-02-28T18:00",
  ]);
});

test("F14: a clock that jumps back makes nothing due a second time", () => {
  expect(due("0 2 * * *", "Europe/Berlin", "2026-05-02T12:00:00Z", "2026-05-02T09:00:00Z")).toEqual([]);
});
