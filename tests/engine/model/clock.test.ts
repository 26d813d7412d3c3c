import { expect, test } from "vitest";
import { parseDay } from "../../../engine/model/time/calendar.ts";
import { today } from "../../../engine/model/time/clock.ts";

test("the day of a moment is that of the zone asked for", () => {
  const moment = new Date("2025-07-31T22:30:00Z");
  expect(today("UTC", moment)).toBe(parseDay("2025-07-31"));
  expect(today("Europe/Berlin", moment)).toBe(parseDay("2025-08-01"));
  expect(today("America/New_York", moment)).toBe(parseDay("2025-07-31"));
});

test("without a zone the day is that of the machine", () => {
  expect(today(undefined, new Date(2025, 6, 31, 23, 59))).toBe(parseDay("2025-07-31"));
  expect(today(undefined, new Date(2025, 7, 1))).toBe(parseDay("2025-08-01"));
});
