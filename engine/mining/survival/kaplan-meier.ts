/** Survival curves with numbers at risk (Kaplan and Meier 1958), and the log-rank test of several (Mantel 1966). */
import chisquareCdf from "@stdlib/stats-base-dists-chisquare-cdf";
import { add, f64, i32, u32, u8 } from "../numeric/vector.ts";
import { ascending, sum } from "../numeric/summary.ts";
import { invert } from "../numeric/invert.ts";
import { Matrix } from "../numeric/matrix.ts";

/** One step down of a survival curve. */
export interface SurvivalStep {
  readonly time: number;
  /** members still observed just before */
  readonly atRisk: number;
  readonly events: number;
  readonly survival: number;
  /** 95 % interval on the log-log scale, which stays between 0 and 1 */
  readonly low: number;
  readonly high: number;
}

/** @param times until the event, or until observation ended; @param events 1 where the event was observed, else 0 */
export function kaplanMeier(times: Float64Array, events: Uint8Array): SurvivalStep[] {
  const order = ascending(times);
  const steps: SurvivalStep[] = [];
  let [survival, spread] = [1, 0];
  for (let i = 0; i < order.length; ) {
    const time = f64(times, u32(order, i));
    const atRisk = order.length - i;
    let died = 0;
    for (; i < order.length && f64(times, u32(order, i)) === time; i++) died += u8(events, u32(order, i));
    if (died === 0) continue;
    survival *= 1 - died / atRisk;
    spread += atRisk === died ? Number.POSITIVE_INFINITY : died / (atRisk * (atRisk - died));
    const reach = survival > 0 && survival < 1 ? (1.96 * Math.sqrt(spread)) / Math.log(survival) : 0;
    steps.push({
      time,
      atRisk,
      events: died,
      survival,
      low: survival === 0 ? 0 : survival ** Math.exp(-reach),
      high: survival === 0 ? 0 : survival ** Math.exp(reach),
    });
  }
  return steps;
}

/** The survival at a time, 0 to 1. */
export const survivalAt = (steps: readonly SurvivalStep[], time: number): number => {
  let found = 1;
  for (const step of steps) {
    if (step.time > time) break;
    found = step.survival;
  }
  return found;
};

/** The first time at which at most half are still there; null where more than half are at the end. */
export const medianOf = (steps: readonly SurvivalStep[]): number | null =>
  steps.find((s) => s.survival <= 0.5)?.time ?? null;

/** Members still observed at a time. */
export const atRiskAt = (times: Float64Array, time: number): number =>
  times.reduce((n, t) => n + (t >= time ? 1 : 0), 0);

/** The log-rank test. */
export interface LogRank {
  readonly chi2: number;
  readonly degrees: number;
  readonly p: number;
}

/** Tests whether the groups share one curve. @param group each member's group, 0 to `groups` - 1 */
export function logRank(times: Float64Array, events: Uint8Array, group: Int32Array, groups: number): LogRank {
  const order = ascending(times);
  const atRisk = new Float64Array(groups);
  for (const g of group) add(atRisk, g, 1);
  // observed events less expected ones
  const excess = new Float64Array(groups);
  const [observed, expected] = [new Float64Array(groups), new Float64Array(groups)];
  const covariance = new Matrix(groups, groups);
  for (let i = 0; i < order.length; ) {
    const time = f64(times, u32(order, i));
    const died = new Float64Array(groups);
    const left = new Float64Array(groups);
    for (; i < order.length && f64(times, u32(order, i)) === time; i++) {
      const row = u32(order, i);
      const own = i32(group, row);
      add(left, own, 1);
      if (u8(events, row) > 0) add(died, own, 1);
    }
    const d = sum(died);
    if (d > 0) {
      const n = sum(atRisk);
      for (let g = 0; g < groups; g++) {
        add(observed, g, f64(died, g));
        add(expected, g, (d * f64(atRisk, g)) / n);
        if (n <= 1) continue;
        const scale = ((d * (n - d)) / (n - 1)) * (f64(atRisk, g) / n);
        for (let h = 0; h < groups; h++) covariance.add(g, h, scale * ((g === h ? 1 : 0) - f64(atRisk, h) / n));
      }
    }
    for (let g = 0; g < groups; g++) add(atRisk, g, -f64(left, g));
  }
  for (let g = 0; g < groups; g++) excess[g] = f64(observed, g) - f64(expected, g);
  // the last group follows from the others
  const degrees = groups - 1;
  const inverse = invert(Matrix.of(Array.from({ length: degrees }, (_, g) => covariance.row(g).subarray(0, degrees))));
  const chi2 = quadraticForm(inverse, excess);
  return { chi2, degrees, p: 1 - chisquareCdf(chi2, degrees) };
}

/** x' A x for the leading elements of x. */
function quadraticForm(a: Matrix, x: Float64Array): number {
  let total = 0;
  for (let g = 0; g < a.rows; g++) for (let h = 0; h < a.columns; h++) total += f64(x, g) * a.get(g, h) * f64(x, h);
  return total;
}
