import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decomposeAmount,
  decomposeRate,
  decomposeVolume,
  type Part,
} from "../../../engine/mining/drivers/decompose.ts";

const amount = fc.integer({ min: 0, max: 10_000_000 }).map((cents) => cents / 100);
const parts = fc
  .array(
    fc.record({
      before: amount,
      after: amount,
      baseBefore: fc.integer({ min: 0, max: 900 }),
      baseAfter: fc.integer({ min: 0, max: 900 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((list): Part[] => [
    ...list.map((p, i) => ({ ...p, member: `m${i}` })),
    { member: "always", before: 10, after: 12, baseBefore: 5, baseAfter: 6 },
  ]);
const total = (of: readonly { readonly total: number }[]): number => of.reduce((a, c) => a + c.total, 0);

describe("decomposing a change", () => {
  test("adds up to the cent for any data", () =>
    fc.assert(
      fc.property(parts, (list) => {
        for (const found of [decomposeAmount(list), decomposeVolume(list)])
          expect(Math.abs(total(found.contributions) - (found.after - found.before))).toBeLessThan(0.005);
        const rate = decomposeRate(list);
        expect(Math.abs(total(rate.contributions) - (rate.after - rate.before))).toBeLessThan(
          1e-9 * Math.max(1, Math.abs(rate.after), Math.abs(rate.before)) * 1000,
        );
      }),
      { seed: 7, numRuns: 300 },
    ));
  test("computes volume, mix and rate as by hand", () => {
    // ten orders of 5 and ten of 15 become twenty of 5 and ten of 18
    const found = decomposeVolume([
      { member: "a", before: 50, after: 100, baseBefore: 10, baseAfter: 20 },
      { member: "b", before: 150, after: 180, baseBefore: 10, baseAfter: 10 },
    ]);
    const sum = (part: "volume" | "mix" | "rate"): number => found.contributions.reduce((s, c) => s + c[part], 0);
    expect([sum("volume"), sum("mix"), sum("rate")].map((v) => Number(v.toFixed(9)))).toEqual([100, -50, 30]);
  });
  test("reports Simpson's paradox when every part rises and the whole falls", () => {
    const list: Part[] = [
      { member: "cheap", before: 10, after: 110, baseBefore: 100, baseAfter: 1000 },
      { member: "dear", before: 90, after: 10, baseBefore: 100, baseAfter: 10 },
    ];
    const { before, after, simpson } = decomposeRate(list);
    expect([after < before, simpson]).toEqual([true, true]);
    expect(decomposeRate([list[0]!, { ...list[1]!, after: 5 }]).simpson).toBe(true);
  });
  test("ranks a small member that moved most above a large one that moved with all", () => {
    const found = decomposeRate([
      { member: "large", before: 500, after: 520, baseBefore: 10_000, baseAfter: 10_000 },
      { member: "broken", before: 10, after: 60, baseBefore: 200, baseAfter: 200 },
    ]);
    expect([...found.contributions].sort((a, b) => b.strength - a.strength)[0]!.member).toBe("broken");
  });
});
