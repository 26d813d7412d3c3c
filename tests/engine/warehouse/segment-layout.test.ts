import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOut, monthName, monthNumber, type Counted } from "../../../engine/warehouse/segment-layout.ts";

const month = (name: string): number => monthNumber(name);
const each = (from: string, count: number, rows: (i: number) => number): { month: number; rows: number }[] =>
  Array.from({ length: count }, (_, i) => ({ month: month(from) + i, rows: rows(i) }));

describe("the layout of segments", () => {
  it("is one file a month, up to 24", () => {
    expect(
      layOut(
        [],
        each("2023-11", 24, () => 5),
      ).map((placed) => [monthName(placed.from), monthName(placed.until), placed.of]),
    ).toEqual(each("2023-11", 24, () => 5).map(({ month: m }) => [monthName(m), monthName(m + 1), []]));
  });

  it("joins those neighbours that have the fewest rows", () => {
    const placed = layOut(
      [],
      each("2020-01", 26, (i) => (i < 4 ? 1 : 100)),
    );
    expect(placed).toHaveLength(24);
    expect(placed.slice(0, 3).map((p) => [monthName(p.from), monthName(p.until), p.rows])).toEqual([
      ["2020-01", "2020-03", 2],
      ["2020-03", "2020-05", 2],
      ["2020-05", "2020-06", 100],
    ]);
  });

  it("lets a new month go with the last one when that is small, and leaves all others as files", () => {
    const present: Counted[] = Array.from({ length: 24 }, (_, i) => ({
      from: month("2020-01") + i,
      until: month("2020-01") + i + 1,
      rows: i === 23 ? 10 : 1000,
    }));
    const placed = layOut(present, [{ month: month("2022-01"), rows: 7 }]);
    expect(placed.slice(0, 23).map((p) => p.of)).toEqual(present.slice(0, 23).map((_, i) => [i]));
    expect(placed[23]).toEqual({ from: month("2021-12"), until: month("2022-02"), rows: 17, of: [23] });
  });

  it("keeps months that a range covers in it, and is never more than the limit, in order, without overlap, with every month in one", () => {
    const counts = fc.uniqueArray(
      fc.record({ month: fc.integer({ min: 12, max: 119_999 }), rows: fc.integer({ min: 1, max: 1_000_000 }) }),
      { selector: (c) => c.month, maxLength: 900 },
    );
    fc.assert(
      fc.property(counts, counts, fc.integer({ min: 2, max: 24 }), (first, second, limit) => {
        const sorted = (list: typeof first): typeof first => [...list].sort((a, b) => a.month - b.month);
        const before = layOut([], sorted(first), limit);
        const after = layOut(before, sorted(second), limit);
        for (const placed of [before, after]) {
          expect(placed.length).toBeLessThanOrEqual(limit);
          for (const [i, range] of placed.entries())
            expect(range.from < range.until && (i === 0 || placed[i - 1]!.until <= range.from)).toBe(true);
        }
        for (const { month: m } of [...first, ...second])
          expect(after.filter((range) => m >= range.from && m < range.until)).toHaveLength(1);
        expect(after.flatMap((range) => range.of).sort((a, b) => a - b)).toEqual(before.map((_, i) => i));
      }),
      { numRuns: 60 },
    );
  });

  it("has names that sort as time does, for every year from 1 to 9999", () => {
    for (const name of ["0001-01", "0999-12", "2024-06", "9999-12"]) expect(monthName(monthNumber(name))).toBe(name);
    expect(monthName(monthNumber("2023-12") + 1)).toBe("2024-01");
  });
});
