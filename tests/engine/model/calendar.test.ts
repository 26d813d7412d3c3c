import fc from "fast-check";
import { expect, test } from "vitest";
import { civil, dayOf, parseDay, toIso } from "../../../engine/model/time/calendar.ts";

const MS = 86_400_000;
test("every day of eight millennia has the date that Date gives it, and back", () => {
  fc.assert(
    fc.property(fc.integer({ min: -719_000, max: 2_932_896 }), (day) => {
      const date = new Date(day * MS);
      const c = civil(day);
      expect([c.year, c.month, c.day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
      expect(dayOf(c.year, c.month, c.day)).toBe(day);
      expect(toIso(day)).toBe(date.toISOString().slice(0, 10));
      expect(parseDay(toIso(day))).toBe(day);
    }),
    { seed: 7, numRuns: 5000 },
  );
});

test("months and days beyond their own go over into the next, as in Date", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1600, max: 2400 }),
      fc.integer({ min: -40, max: 60 }),
      fc.integer({ min: -400, max: 800 }),
      (year, month, day) => {
        expect(dayOf(year, month, day)).toBe(Date.UTC(year, month - 1, day) / MS);
      },
    ),
    { seed: 8, numRuns: 5000 },
  );
});

test("the first century is not the twentieth", () => {
  expect([toIso(parseDay("0001-01-01")!), toIso(parseDay("0099-12-31")!), parseDay("2023-02-29")]).toEqual([
    "0001-01-01",
    "0099-12-31",
    null,
  ]);
});
