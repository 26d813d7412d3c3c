import { existsSync, readFileSync } from "node:fs";
import { DuckDBInstance } from "duckdb";
import { describe, expect, test } from "vitest";
import { kmeans } from "../../../engine/mining/clustering/kmeans.ts";
import { silhouette } from "../../../engine/mining/clustering/validity.ts";
import { Matrix } from "../../../engine/mining/numeric/matrix.ts";
import { fitCurve, response } from "../../../engine/mining/allocation/response-curve.ts";
import { splitBudget, totalResponse } from "../../../engine/mining/allocation/split-budget.ts";
import {
  adjust,
  chanceToWin,
  relativeLift,
  sampleRatio,
  welch,
  type Moments,
} from "../../../engine/mining/experiment/statistics.ts";
import { auc, brier, fitLogistic, scoresOf, topDecileLift } from "../../../engine/mining/churn/logistic.ts";
import { alive, expectedOfNew, expectedPurchases, fitBgNbd } from "../../../engine/mining/lifetime-value/bg-nbd.ts";
import { fitGammaGamma } from "../../../engine/mining/lifetime-value/gamma-gamma.ts";
import { rfmSegment, RFM_SEGMENTS } from "../../../engine/mining/rfm/segments.ts";

const DATA = new URL("../../../../shared/data/", import.meta.url);
const has = existsSync(DATA);
const path = (name: string): string => new URL(name, DATA).pathname;

describe("k-means", () => {
  test.skipIf(!has)("finds iris's published inertia from 99 of 100 seeds (data folder needed)", () => {
    const rows = readFileSync(path("iris.csv"), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) =>
        line
          .split(",")
          .map((v) => v.replaceAll('"', ""))
          .filter((v) => v !== "" && !Number.isNaN(Number(v)))
          .map(Number)
          .slice(-4),
      );
    const data = Float64Array.from(rows.flat());
    const runs = Array.from({ length: 100 }, (_, seed) => kmeans(new Matrix(150, 4, data), { k: 3, seed }));
    expect(runs.filter((r) => Math.abs(r.inertia - 78.851441) < 1e-5).length).toBeGreaterThanOrEqual(99);
    expect(silhouette(new Matrix(150, 4, data), runs[0]!.assigned, 3)).toBeCloseTo(0.552819, 5);
  });
  test("gives the same clusters for the same seed", () => {
    const data = Float64Array.from({ length: 600 }, (_, i) => ((Math.sin(i * 12.9898) * 43758.5453) % 1) + (i % 3));
    expect(kmeans(new Matrix(300, 2, data), { k: 4, seed: 5 })).toEqual(
      kmeans(new Matrix(300, 2, data), { k: 4, seed: 5 }),
    );
  });
});

describe("experiments", () => {
  test("computes Welch's relative lift as published by GrowthBook", () => {
    const moments = (sum: number, squares: number, n: number): Moments => ({ n, sum, squares });
    const found = relativeLift(moments(2422.7, 134698.29, 3461), moments(1396.87, 52377.9767, 3407))!;
    expect(welch(moments(2422.7, 134698.29, 3461), moments(1396.87, 52377.9767, 3407)).difference).toBeCloseTo(0.29, 2);
    expect(welch(moments(2422.7, 134698.29, 3461), moments(1396.87, 52377.9767, 3407)).standardError).toBeCloseTo(
      0.12478,
      5,
    );
    expect(welch(moments(2422.7, 134698.29, 3461), moments(1396.87, 52377.9767, 3407)).p).toBeCloseTo(0.02016, 5);
    expect(found.difference).toBeCloseTo(0.7073, 3);
  });
  test("rejects a sample ratio of 1000 to 1200", () => expect(sampleRatio([1000, 1200]).p).toBeCloseTo(0.000020079, 9));
  test("computes the chance to win with a flat prior", () =>
    expect(chanceToWin(0.04082, 0.14725)).toBeCloseTo(0.60918, 4));
  test("keeps corrected p-values monotone and never below the raw ones", () => {
    const p = [0.01, 0.04, 0.03, 0.5];
    for (const method of ["bonferroni", "holm", "benjamini_hochberg"] as const)
      adjust(p, method).forEach((q, i) => expect(q).toBeGreaterThanOrEqual(p[i]!));
    expect(adjust(p, "holm").map((x) => Math.round(x * 1e4) / 1e4)).toEqual([0.04, 0.09, 0.09, 0.5]);
    expect(adjust(p, "benjamini_hochberg").map((x) => Math.round(x * 1e4) / 1e4)).toEqual([0.04, 0.0533, 0.0533, 0.5]);
  });
  test.skipIf(!has)(
    "reproduces Hillstrom: both mailings raise spend, and the draw is sound (data folder needed)",
    async () => {
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      const read = await connection.runAndReadAll(
        `select segment, count(*)::int n, sum(spend)::double s, sum(spend * spend)::double q, avg(visit)::double v from '${path("hillstrom.parquet")}' group by 1`,
      );
      const groups = new Map(
        read
          .getRowObjectsJson()
          .map((r) => [
            String(r["segment"]),
            { n: Number(r["n"]), sum: Number(r["s"]), squares: Number(r["q"]), visit: Number(r["v"]) },
          ]),
      );
      const none = groups.get("No E-Mail")!;
      const mens = welch(groups.get("Mens E-Mail")!, none);
      const womens = welch(groups.get("Womens E-Mail")!, none);
      expect(
        [mens.difference, mens.standardError, womens.difference, womens.standardError].map((x) => Number(x.toFixed(4))),
      ).toEqual([0.7698, 0.1452, 0.4244, 0.1303]);
      expect(groups.get("Mens E-Mail")!.visit).toBeCloseTo(0.182757, 6);
      const { chi2, p } = sampleRatio([...groups.values()].map((g) => g.n));
      expect([chi2, p].map((x) => Number(x.toFixed(5)))).toEqual([0.20253, 0.90369]);
    },
  );
});

describe("RFM", () => {
  // recency down, the mean of frequency and money across
  test.each([
    [5, "New customers", "Potential loyalists", "Potential loyalists", "Champions", "Champions"],
    [4, "Promising", "Potential loyalists", "Potential loyalists", "Loyal", "Loyal"],
    [3, "About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"],
    [2, "Hibernating", "Hibernating", "At risk", "At risk", "Can't lose them"],
    [1, "Hibernating", "Hibernating", "At risk", "At risk", "Can't lose them"],
  ])("names the cells of recency %i", (recency, ...names) => {
    expect([1, 2, 3, 4, 5].map((value) => rfmSegment(recency, value))).toEqual(names);
    for (const name of names) expect(RFM_SEGMENTS).toContain(name);
  });
});

describe("channel optimisation", () => {
  test("recovers a curve from the spend and outcome it generated", () => {
    const spend = Array.from({ length: 36 }, (_, i) => 1000 + 800 * Math.sin(i * 1.3) + 300 * Math.cos(i * 0.7));
    let stock = 0;
    const outcome = spend.map((x) => {
      stock = x + 0.4 * stock;
      return 500 + 2000 * (1 - Math.exp(-stock / 1800));
    });
    const curve = fitCurve(spend, outcome);
    expect(curve.carry).toBeCloseTo(0.4, 5);
    expect(curve.r2).toBeGreaterThan(0.99);
    expect(response(curve, 1000) / (2000 * (1 - Math.exp(-1000 / 0.6 / 1800)))).toBeCloseTo(1, 1);
  });
  test("splits a budget as brute force on a small grid does, within the bounds", () => {
    const curve = (scale: number, half: number, carry: number) => ({
      base: 0,
      scale,
      half,
      carry,
      r2: 1,
      observed: [0, 100] as const,
      periods: 12,
    });
    const channels = [
      { curve: curve(100, 30, 0.2), least: 0, most: 60 },
      { curve: curve(300, 90, 0), least: 10, most: 100 },
      { curve: curve(50, 5, 0.5), least: 0, most: 100 },
    ];
    const { spend } = splitBudget(channels, 100);
    expect(spend.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 9);
    let best = 0;
    for (let a = 0; a <= 60; a += 0.25)
      for (let b = 10; a + b <= 100; b += 0.25) best = Math.max(best, totalResponse(channels, [a, b, 100 - a - b]));
    expect(totalResponse(channels, spend)).toBeGreaterThanOrEqual(best - 1e-9);
    expect(totalResponse(channels, spend) - best).toBeLessThan(0.01);
  });
});

describe("lifetime value", () => {
  const cdnow = (): { x: Float64Array; tx: Float64Array; T: Float64Array; mean: Float64Array } => {
    const rows = readFileSync(path("cdnow_summary.csv"), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",").map(Number));
    const column = (i: number): Float64Array => Float64Array.from(rows, (row) => row[i]!);
    return { x: column(1), tx: column(2), T: column(3), mean: column(4) };
  };
  test.skipIf(!has)(
    "reproduces BG/NBD on CDNOW: parameters, standard errors and likelihood (data folder needed)",
    () => {
      const { maximum } = fitBgNbd(cdnow());
      expect(maximum.x[0]).toBeCloseTo(0.2426, 4);
      expect(maximum.x[1]).toBeCloseTo(4.4136, 3);
      expect(maximum.x[2]).toBeCloseTo(0.7929, 3);
      expect(maximum.x[3]).toBeCloseTo(2.4259, 2);
      expect(maximum.logLikelihood).toBeCloseTo(-9582.43, 2);
      expect(maximum.standardErrors.map((s, i) => Number(s.toFixed([4, 3, 3, 3][i])))).toEqual([
        0.0126, 0.378, 0.186, 0.705,
      ]);
    },
  );
  test("computes BG/NBD expectations for the published parameters", () => {
    const p = { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 };
    expect(expectedOfNew(p, 1)).toBeCloseTo(0.0532, 4);
    expect(expectedOfNew(p, 52)).toBeCloseTo(1.444, 3);
    expect(expectedPurchases(p, 26, 30.857, 31, 52)).toBeCloseTo(25.757, 2);
    expect(alive(p, 26, 30.857, 31)).toBeCloseTo(0.96885, 4);
    expect(alive(p, 0, 0, 31)).toBe(1);
  });
  test.skipIf(!has)("Gamma-Gamma on CDNOW's 946 repeat buyers as published (data folder needed)", () => {
    const all = cdnow();
    const repeat = [...all.x.keys()].filter((i) => all.x[i]! > 0);
    expect(repeat).toHaveLength(946);
    const { p, q, v, maximum } = fitGammaGamma(
      Float64Array.from(repeat, (i) => all.x[i]!),
      Float64Array.from(repeat, (i) => all.mean[i]!),
    );
    expect([p, q].map((value) => Number(value.toFixed(2)))).toEqual([6.25, 3.74]);
    expect(Math.abs(v - 15.44)).toBeLessThan(0.02); // the ridge is flat: published by a coarser search, the likelihood is the same
    expect(maximum.logLikelihood).toBeCloseTo(-4055.92, 2);
  });
  test("recovers parameters from a simulated population", () => {
    const truth = { r: 1.2, alpha: 6, a: 0.9, b: 4 };
    let seed = 7;
    const uniform = (): number => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) + 0.5) / 4_294_967_296;
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const gamma = (k: number): number => {
      if (k < 1) return gamma(k + 1) * uniform() ** (1 / k);
      const d = k - 1 / 3;
      const c = 1 / Math.sqrt(9 * d);
      for (;;) {
        const n = normal();
        const w = (1 + c * n) ** 3;
        if (w > 0 && Math.log(uniform()) < 0.5 * n * n + d - d * w + d * Math.log(w)) return d * w;
      }
    };
    const n = 6000;
    const [x, tx, T] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    for (let i = 0; i < n; i++) {
      const rate = gamma(truth.r) / truth.alpha;
      const [u, w] = [gamma(truth.a), gamma(truth.b)];
      const leave = u / (u + w);
      T[i] = 30 + 50 * uniform();
      for (let t = 0; ; ) {
        t += -Math.log(uniform()) / rate;
        if (t > T[i]!) break;
        x[i]!++;
        tx[i] = t;
        if (uniform() < leave) break;
      }
    }
    const { maximum } = fitBgNbd({ x, tx, T });
    [truth.r, truth.alpha, truth.a, truth.b].forEach((value, i) =>
      expect(Math.abs(maximum.x[i]! - value)).toBeLessThan(3 * maximum.standardErrors[i]!),
    );
  });
});

describe("logistic regression", () => {
  test.skipIf(!has)(
    "Telco churn: likelihood, AUC in sample and over five folds, Brier, lift as published (data folder needed)",
    async () => {
      const yes = (name: string): string => `${name} = 'Yes'`;
      const features = [
        "gender = 'Male'",
        "SeniorCitizen::INTEGER",
        yes("Partner"),
        yes("Dependents"),
        "tenure::INTEGER",
        yes("PhoneService"),
        yes("MultipleLines"),
        "InternetService = 'Fiber optic'",
        "InternetService = 'No'",
        ...["OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies"].map(
          yes,
        ),
        "Contract = 'One year'",
        "Contract = 'Two year'",
        yes("PaperlessBilling"),
        "PaymentMethod = 'Credit card (automatic)'",
        "PaymentMethod = 'Electronic check'",
        "PaymentMethod = 'Mailed check'",
        "MonthlyCharges",
        "coalesce(TRY_CAST(TotalCharges AS DOUBLE), 0)",
      ];
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      const read = await connection.runAndReadAll(
        `SELECT ${features.map((f) => `CAST((${f}) AS DOUBLE)`).join(", ")}, (Churn = 'Yes')::INTEGER::DOUBLE FROM read_csv('${path("telco_churn.csv")}', all_varchar = true)`,
      );
      const columns = read.getColumnsJS().map((c) => Float64Array.from(c as number[]));
      const y = columns.pop()!;
      const standard = columns.map((c) => {
        const m = c.reduce((a, b) => a + b, 0) / c.length;
        const s = Math.sqrt(c.reduce((a, b) => a + (b - m) ** 2, 0) / c.length);
        return c.map((v) => (v - m) / s);
      });
      const whole = fitLogistic(standard, y);
      expect(whole.logLikelihood).toBeCloseTo(-2914.142, 3);
      expect(auc(scoresOf(whole, standard), y)).toBeCloseTo(0.8484, 3);
      const out = new Float64Array(y.length);
      const folds: number[] = [];
      for (let fold = 0; fold < 5; fold++) {
        const rows = (inside: boolean): number[] => [...y.keys()].filter((i) => (i % 5 === fold) === inside);
        const pick = (c: Float64Array, of: readonly number[]): Float64Array => Float64Array.from(of, (i) => c[i]!);
        const [train, held] = [rows(false), rows(true)];
        const scores = scoresOf(
          fitLogistic(
            standard.map((c) => pick(c, train)),
            pick(y, train),
          ),
          standard.map((c) => pick(c, held)),
        );
        held.forEach((row, i) => {
          out[row] = scores[i]!;
        });
        folds.push(auc(scores, pick(y, held)));
      }
      expect(folds.reduce((a, b) => a + b, 0) / 5).toBeCloseTo(0.84543, 4);
      expect(brier(out, y)).toBeCloseTo(0.13543, 5);
      expect(topDecileLift(out, y)).toBeCloseTo(2.885, 3);
    },
  );
});
