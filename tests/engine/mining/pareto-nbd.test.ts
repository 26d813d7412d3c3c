import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  aliveParetoNbd,
  expectedByPareto,
  expectedOfNewByPareto,
  fitParetoNbd,
} from "../../../engine/mining/lifetime-value/pareto-nbd.ts";
import { compressHistories } from "../../../engine/mining/lifetime-value/histories.ts";
import { dataPath, hasData, randomOf, normalOf } from "./_data.ts";

test.skipIf(!hasData)("Pareto/NBD on CDNOW: parameters and likelihood as published (data folder needed)", () => {
  const rows = readFileSync(dataPath("cdnow_summary.csv"), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));
  const column = (i: number): Float64Array => Float64Array.from(rows, (row) => row[i]!);
  const { r, alpha, s, beta, maximum } = fitParetoNbd(compressHistories({ x: column(1), tx: column(2), T: column(3) }));
  expect(maximum.logLikelihood).toBeCloseTo(-9594.976, 2);
  expect(r).toBeCloseTo(0.5533, 4);
  expect(alpha).toBeCloseTo(10.578, 2);
  expect(s).toBeCloseTo(0.6062, 3);
  expect(Math.abs(beta - 11.669)).toBeLessThan(0.02);
});

const p = { r: 0.5533, alpha: 10.578, s: 0.6062, beta: 11.669 };
test("lowers the probability alive with the time since the last purchase", () => {
  expect(aliveParetoNbd(p, 3, 30, 30)).toBe(1);
  const silent = [31, 35, 45, 80].map((T) => aliveParetoNbd(p, 3, 30, T));
  expect([...silent].sort((a, b) => b - a)).toEqual(silent);
});
test("expects what simulated customers with the same history buy", () => {
  const truth = { r: 0.8, alpha: 5, s: 1.4, beta: 20 };
  const uniform = randomOf(9);
  const normal = normalOf(uniform);
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
  let [bought, n, expected] = [0, 0, 0];
  let fresh = 0;
  const runs = 60_000;
  for (let i = 0; i < runs; i++) {
    const [rate, death] = [gamma(truth.r) / truth.alpha, gamma(truth.s) / truth.beta];
    const dies = -Math.log(1 - uniform()) / death;
    let [x, tx, later] = [0, 0, 0];
    for (let t = -Math.log(1 - uniform()) / rate; t < Math.min(dies, 60); t -= Math.log(1 - uniform()) / rate)
      if (t <= 30) {
        x++;
        tx = t;
      } else later++;
    fresh += x;
    if (x >= 1 && x <= 3) {
      n++;
      bought += later;
      expected += expectedByPareto(truth, x, tx, 30, 30);
    }
  }
  expect(fresh / runs / expectedOfNewByPareto(truth, 30)).toBeCloseTo(1, 1);
  expect(Math.abs(expected / n - bought / n)).toBeLessThan(0.05);
});

test("stops after a bounded search where the likelihood has no maximum, and reports it", () => {
  // everybody buys at the same rate and nobody ever leaves: neither differences nor leaving can be learnt
  const uniform = randomOf(3);
  const n = 2000;
  const [x, tx, T] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    T[i] = 20 + 60 * uniform();
    for (let t = -10 * Math.log(1 - uniform()); t <= T[i]!; t -= 10 * Math.log(1 - uniform())) {
      x[i]!++;
      tx[i] = t;
    }
  }
  expect(fitParetoNbd(compressHistories({ x, tx, T })).maximum.clear).toBe(false);
});
