import { describe, expect, test } from "vitest";
import { auc, fitLogistic, scoresOf } from "../../../engine/mining/churn/logistic.ts";
import { chances, explainBoosted, fitBoosted } from "../../../engine/mining/boosting/trees.ts";
import { randomOf } from "./_data.ts";

const made = (n: number, seed: number): { columns: Float64Array[]; y: Float64Array } => {
  const random = randomOf(seed);
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: n }, () => random() * 2 - 1));
  // only together do the first two say anything: a straight line cannot see it
  const y = Float64Array.from({ length: n }, (_, i) =>
    random() < (columns[0]![i]! * columns[1]![i]! > 0 ? 0.8 : 0.2) ? 1 : 0,
  );
  return { columns, y };
};

describe("boosted trees", () => {
  const train = made(6000, 1),
    unseen = made(3000, 2);
  const fitted = fitBoosted(train.columns, train.y);
  test("find an interaction of two features that logistic regression misses", () => {
    expect(auc(chances(explainBoosted(fitted, unseen.columns).score), unseen.y)).toBeGreaterThan(0.77);
    expect(auc(scoresOf(fitLogistic(train.columns, train.y), unseen.columns), unseen.y)).toBeLessThan(0.55);
    expect(fitted.gain[2]).toBeLessThan(0.1 * fitted.gain[0]!);
  });
  test("give reasons that add up to the score", () => {
    const { score, base, parts } = explainBoosted(fitted, unseen.columns);
    for (let i = 0; i < 200; i++) expect(base + parts.reduce((sum, p) => sum + p[i]!, 0)).toBeCloseTo(score[i]!, 10);
  });
  test("give the same trees for the same rows, with unknown values in a bin of their own", () => {
    expect(fitBoosted(train.columns, train.y, { trees: 5 })).toEqual(fitBoosted(train.columns, train.y, { trees: 5 }));
    const gaps = train.columns.map((c) => c.map((v, i) => (i % 3 === 0 ? Number.NaN : v)));
    const y = train.y.map((_, i) => (i % 3 === 0 ? 1 : 0));
    const { score } = explainBoosted(fitBoosted(gaps, y, { trees: 60 }), gaps);
    expect(Math.min(...[0, 3, 6].map((i) => score[i]!))).toBeGreaterThan(Math.max(...[1, 2, 4].map((i) => score[i]!)));
  });
});
