import { describe, expect, test } from "vitest";
import { concordance, fitCox } from "../../../engine/mining/survival/cox.ts";
import { kaplanMeier, logRank, medianOf, survivalAt } from "../../../engine/mining/survival/kaplan-meier.ts";
import { readTyped } from "../../../engine/mining/read-typed.ts";
import { connect, dataPath, hasData, randomOf } from "./_data.ts";

const flags = (values: ArrayLike<number>): Uint8Array => Uint8Array.from(values);

describe("Telco, as published", () => {
  test.skipIf(!hasData)(
    "keeps 84.32 % after a year, and half of the month-to-month customers for 35 months (data folder needed)",
    async () => {
      const connection = await connect();
      const [tenure, churn, monthly] = (await readTyped(
        connection,
        `SELECT tenure::DOUBLE, (Churn = 'Yes')::INTEGER, (Contract = 'Month-to-month')::INTEGER FROM read_csv('${dataPath("telco_churn.csv")}', all_varchar = true)`,
      )) as [Float64Array, Int32Array, Int32Array];
      expect(survivalAt(kaplanMeier(tenure, flags(churn)), 12)).toBeCloseTo(0.8432, 4);
      const rows = [...tenure.keys()].filter((i) => monthly[i] === 1);
      expect(
        medianOf(
          kaplanMeier(
            Float64Array.from(rows, (i) => tenure[i]!),
            flags(rows.map((i) => churn[i]!)),
          ),
        ),
      ).toBe(35);
      expect(logRank(tenure, flags(churn), monthly, 2).p).toBeLessThan(1e-12);
      const { coefficients } = fitCox(tenure, flags(churn), [Float64Array.from(monthly)]);
      expect(coefficients[0]).toBeGreaterThan(1.5);
    },
  );
});

describe("survival curves", () => {
  // 6-MP against placebo in leukaemia (Freireich et al. 1963; Gehan 1965), the textbook's example
  const drug = [
    [6, 1],
    [6, 1],
    [6, 1],
    [6, 0],
    [7, 1],
    [9, 0],
    [10, 1],
    [10, 0],
    [11, 0],
    [13, 1],
    [16, 1],
    [17, 0],
    [19, 0],
    [20, 0],
    [22, 1],
    [23, 1],
    [25, 0],
    [32, 0],
    [32, 0],
    [34, 0],
    [35, 0],
  ] as const;
  const placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23].map((t) => [t, 1] as const);
  const all = [...drug, ...placebo];
  const times = Float64Array.from(all, ([t]) => t);
  const events = flags(all.map(([, e]) => e));
  const group = Int32Array.from(all, (_, i) => (i < drug.length ? 0 : 1));
  test("reproduces survival, numbers at risk and medians of Freireich's trial", () => {
    const steps = kaplanMeier(
      Float64Array.from(drug, ([t]) => t),
      flags(drug.map(([, e]) => e)),
    );
    expect(steps.map((s) => [s.time, s.atRisk, Number(s.survival.toFixed(4))])).toEqual([
      [6, 21, 0.8571],
      [7, 17, 0.8067],
      [10, 15, 0.7529],
      [13, 12, 0.6902],
      [16, 11, 0.6275],
      [22, 7, 0.5378],
      [23, 6, 0.4482],
    ]);
    expect([
      medianOf(steps),
      medianOf(
        kaplanMeier(
          Float64Array.from(placebo, ([t]) => t),
          flags(placebo.map(() => 1)),
        ),
      ),
    ]).toEqual([23, 8]);
  });
  test("encloses survival as published, 95 % on the log-log scale", () => {
    const steps = kaplanMeier(
      Float64Array.from(drug, ([t]) => t),
      flags(drug.map(([, e]) => e)),
    );
    // Kalbfleisch and Prentice's interval of the 6-MP group, as statistics packages print it
    expect(steps.map((step) => [step.low, step.high].map((bound) => Number(bound.toFixed(3))))).toEqual([
      [0.62, 0.952],
      [0.563, 0.923],
      [0.503, 0.889],
      [0.432, 0.849],
      [0.368, 0.805],
      [0.268, 0.747],
      [0.188, 0.68],
    ]);
  });
  test("reproduces Freireich's trial: log-rank chi2 16.79, Cox with Efron's ties 1.572 (SE .412)", () => {
    const { chi2, p } = logRank(times, events, group, 2);
    expect(chi2).toBeCloseTo(16.79, 2);
    expect(p).toBeLessThan(1e-4);
    const { coefficients, standardErrors, logLikelihood, nullLogLikelihood } = fitCox(times, events, [
      Float64Array.from(group),
    ]);
    expect(coefficients[0]).toBeCloseTo(1.5721, 4);
    expect(standardErrors[0]).toBeCloseTo(0.4124, 4);
    expect(2 * (logLikelihood - nullLogLikelihood)).toBeCloseTo(16.35, 2);
  });
  test("recovers the effect that generated the data", () => {
    const random = randomOf(4);
    const x = Float64Array.from({ length: 4000 }, () => random() * 2 - 1);
    const t = x.map((v) => Math.ceil((-Math.log(1 - random()) / Math.exp(0.8 * v)) * 10));
    const seen = flags([...t].map((v) => (v <= 25 ? 1 : 0)));
    const { coefficients, standardErrors } = fitCox(
      t.map((v) => Math.min(v, 25)),
      seen,
      [x],
    );
    expect(Math.abs(coefficients[0]! - 0.8)).toBeLessThan(3 * standardErrors[0]!);
    expect(concordance(x, t, seen)).toBeGreaterThan(0.6);
  });
  test("draws a curve without steps when no one left", () =>
    expect(kaplanMeier(Float64Array.of(1, 2), flags([0, 0]))).toEqual([]));
});
