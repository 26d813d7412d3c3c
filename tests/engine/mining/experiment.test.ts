/** Ratios of two sums in an experiment: the delta method, and verdicts that carry them. */
import { describe, expect, test } from "vitest";
import { mean, ratioMoments, variance, welch, type Moments } from "../../../engine/mining/experiment/statistics.ts";
import { seeded } from "../../../engine/mining/random.ts";

const momentsOf = (values: readonly number[]): Moments => ({
  n: values.length,
  sum: values.reduce((a, b) => a + b, 0),
  squares: values.reduce((a, b) => a + b * b, 0),
});
const ratioOf = (above: readonly number[], below: readonly number[]): Moments | null =>
  ratioMoments(
    momentsOf(above),
    momentsOf(below),
    above.reduce((all, a, i) => all + a * below[i]!, 0),
  );

describe("a ratio of two sums", () => {
  test("equals the mean and its variance when the denominator is one", () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    const ratio = ratioOf(
      values,
      values.map(() => 1),
    )!;
    expect(mean(ratio)).toBeCloseTo(mean(momentsOf(values)), 12);
    expect(variance(ratio)).toBeCloseTo(variance(momentsOf(values)), 12);
  });
  test("is exact when every unit has the same ratio, and null without a denominator", () => {
    const below = [1, 0, 4, 2, 0, 7];
    const ratio = ratioOf(
      below.map((b) => b * 2.5),
      below,
    )!;
    expect(mean(ratio)).toBeCloseTo(2.5, 12);
    expect(variance(ratio)).toBeCloseTo(0, 12);
    expect(ratioOf([0, 0], [0, 0])).toBeNull();
  });
  test("has intervals that cover the true difference in 92 to 98 % of 1,000 simulated populations", () => {
    const random = seeded(20_779);
    // how many answers a customer gives hangs together with how good they are
    const group = (n: number): Moments => {
      const above: number[] = [],
        below: number[] = [];
      for (let i = 0; i < n; i++) {
        const liking = random.uniform();
        const answers = Math.floor(random.uniform() * (1 + 4 * liking));
        below.push(answers);
        above.push(
          Array.from({ length: answers }, () => (random.uniform() < 0.3 + 0.5 * liking ? 5 : 2)).reduce(
            (a, b) => a + b,
            0,
          ),
        );
      }
      return ratioOf(above, below)!;
    };
    let covered = 0;
    for (let run = 0; run < 1000; run++) {
      const { interval } = welch(group(400), group(150));
      if (interval[0] <= 0 && interval[1] >= 0) covered++;
    }
    expect(covered / 1000).toBeGreaterThan(0.92);
    expect(covered / 1000).toBeLessThan(0.98);
  });
});
