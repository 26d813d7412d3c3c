import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flows, frequentSequences, funnel, type Journeys } from "../../../engine/mining/journey/sequences.ts";

type Event = readonly [stage: number, at: number];
const journeysOf = (units: readonly (readonly Event[])[], stageCount: number): Journeys => {
  const offsets = new Int32Array(units.length + 1);
  units.forEach((u, i) => {
    offsets[i + 1] = offsets[i]! + u.length;
  });
  return {
    offsets,
    stage: Int32Array.from(units.flat(), ([s]) => s),
    at: Float64Array.from(units.flat(), ([, t]) => t),
    stageCount,
  };
};
const units = fc.array(
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40 })), { maxLength: 9 })
    .map((list) => list.sort((a, b) => a[1] - b[1])),
  { minLength: 1, maxLength: 12 },
);

/** Every choice of events, in order, that does the first k steps within the days. */
const ordered = (
  events: readonly Event[],
  steps: readonly number[],
  days: number,
  k: number,
  from = 0,
  first: number | null = null,
): boolean =>
  k === 0 ||
  events.some(
    ([s, t], i) =>
      i >= from &&
      s === steps[0] &&
      (first === null || t - first <= days) &&
      ordered(events, steps.slice(1), days, k - 1, i + 1, first ?? t),
  );
const unordered = (events: readonly Event[], steps: readonly number[], days: number, k: number): boolean =>
  k === 0 ||
  events.some(([, start]) =>
    steps.slice(0, k).every((step) => events.some(([s, t]) => s === step && t >= start && t - start <= days)),
  );

describe("funnels", () => {
  test.each([true, false])("count what trying every choice of events counts (ordered: %s)", (inOrder) =>
    fc.assert(
      fc.property(units, fc.integer({ min: 0, max: 20 }), (list, days) => {
        const steps = [0, 1, 2];
        const { reached } = funnel(journeysOf(list, 4), steps, days, inOrder);
        expect(reached).toEqual(
          steps.map((_, k) => list.filter((u) => (inOrder ? ordered : unordered)(u, steps, days, k + 1)).length),
        );
      }),
      { seed: 5, numRuns: 300 },
    ),
  );
});

describe("ways", () => {
  test("passes on as many members as arrive at every stage", () =>
    fc.assert(
      fc.property(units, (list) => {
        const found = flows(journeysOf(list, 4), 4);
        for (const position of [2, 3])
          for (let stage = 0; stage < 4; stage++) {
            const into = found
              .filter((f) => f.position === position - 1 && f.to === stage)
              .reduce((a, f) => a + f.units, 0);
            expect(
              found.filter((f) => f.position === position && f.from === stage).reduce((a, f) => a + f.units, 0),
            ).toBe(into);
          }
      }),
      { seed: 6, numRuns: 200 },
    ));
  test("counts each unit once for an order", () => {
    const list = journeysOf(
      [
        [
          [0, 1],
          [1, 2],
          [0, 3],
          [1, 4],
          [2, 5],
        ],
        [
          [0, 1],
          [2, 2],
        ],
        [
          [2, 1],
          [0, 2],
        ],
      ],
      3,
    );
    const found = Object.fromEntries(frequentSequences(list, 1).map((s) => [s.stages.join(">"), s.units]));
    expect(found).toMatchObject({ "0>2": 2, "2>0": 1, "0>1": 1, "1>0": 1, "0>1>2": 1 });
  });
});
