/**
 * Comparing two groups: Welch's test, proportions, the delta method, sample ratio, corrections for many comparisons.
 */
import chisquareCdf from "@stdlib/stats-base-dists-chisquare-cdf";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type { Correction } from "../../model/declarations.ts";
import { num } from "../numeric/vector.ts";

/** The moments of a group: units, sum, sum of squares. */
export interface Moments {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

/** The mean a unit. */
export const mean = ({ n, sum }: Moments): number => sum / n;

/** The sample variance (n - 1); NaN below two units. */
export const variance = ({ n, sum, squares }: Moments): number =>
  n < 2 ? Number.NaN : Math.max(0, (squares - (sum * sum) / n) / (n - 1));

/** The difference of two groups. */
export interface Difference {
  /** treated minus control */
  readonly difference: number;
  readonly standardError: number;
  readonly interval: readonly [number, number];
  /** two-sided */
  readonly p: number;
  readonly degrees: number;
}

/** Welch's test of two means (Welch 1947), with Satterthwaite's degrees of freedom. @param level of the interval */
export function welch(treated: Moments, control: Moments, level = 0.95): Difference {
  const a = variance(treated) / treated.n;
  const b = variance(control) / control.n;
  return differenceOf(mean(treated) - mean(control), a, b, treated.n, control.n, level);
}

/**
 * The relative lift of a mean, (treated - control) / control, by the delta method (Deng et al. 2018).
 * @returns null where the control group's mean is zero
 */
export function relativeLift(treated: Moments, control: Moments, level = 0.95): Difference | null {
  const base = mean(control);
  if (base === 0) return null;
  const a = variance(treated) / treated.n / base ** 2;
  const b = (variance(control) / control.n) * (mean(treated) ** 2 / base ** 4);
  return differenceOf(mean(treated) / base - 1, a, b, treated.n, control.n, level);
}

/** @param a variance of the first estimate, from `m` units; @param b of the second, from `n` */
function differenceOf(difference: number, a: number, b: number, m: number, n: number, level: number): Difference {
  const standardError = Math.sqrt(a + b);
  const degrees = (a + b) ** 2 / (a ** 2 / (m - 1) + b ** 2 / (n - 1));
  const reach = tQuantile((1 + level) / 2, degrees) * standardError;
  let p = difference === 0 ? 1 : 0;
  if (standardError !== 0) p = 2 * tCdf(-Math.abs(difference / standardError), degrees);
  return { difference, standardError, interval: [difference - reach, difference + reach], p, degrees };
}

/**
 * A ratio of two sums (satisfaction: points over answers) as the moments of one number a unit, by the delta method
 * (Deng, Knoblich and Lu 2018): `(above - ratio x below) / mean below` around the ratio, so that Welch's test applies
 * to it.
 * @param cross sum of `above x below` over the units
 * @returns null where the sum below is not positive
 */
export function ratioMoments(above: Moments, below: Moments, cross: number): Moments | null {
  if (!(below.sum > 0) || below.n < 2) return null;
  const { n } = above;
  const ratio = above.sum / below.sum;
  const covariance = (cross - (above.sum * below.sum) / n) / (n - 1);
  const v = Math.max(0, variance(above) - 2 * ratio * covariance + ratio ** 2 * variance(below)) / mean(below) ** 2;
  return { n, sum: ratio * n, squares: v * (n - 1) + ratio ** 2 * n };
}

/** The interval of a proportion (Wilson 1927). */
export function wilson(successes: number, n: number, level = 0.95): readonly [number, number] {
  if (n === 0) return [0, 1];
  const z = normalQuantile((1 + level) / 2, 0, 1);
  const p = successes / n;
  const centre = (p + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const reach = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / (1 + z ** 2 / n);
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
}

/** Chi-squared test of group sizes against the planned shares; a small p means a broken draw or broken data. */
export function sampleRatio(
  counts: readonly number[],
  shares: readonly number[] = counts.map(() => 1 / counts.length),
): { readonly chi2: number; readonly p: number } {
  const total = counts.reduce((a, b) => a + b, 0);
  const chi2 = counts.reduce((sum, count, i) => {
    const expected = total * num(shares, i);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return { chi2, p: 1 - chisquareCdf(chi2, counts.length - 1) };
}

export type { Correction };

/** p-values for many comparisons at once (Holm 1979; Benjamini and Hochberg 1995), in the order given. */
export function adjust(p: readonly number[], method: Correction): number[] {
  const m = p.length;
  if (method === "none") return [...p];
  if (method === "bonferroni") return p.map((x) => Math.min(1, x * m));
  const order = p.map((_, i) => i).sort((a, b) => num(p, a) - num(p, b));
  const out = p.slice();
  if (method === "holm") {
    let most = 0;
    order.forEach((i, rank) => {
      most = Math.max(most, Math.min(1, num(p, i) * (m - rank)));
      out[i] = most;
    });
  } else {
    let least = 1;
    for (let rank = m - 1; rank >= 0; rank--) {
      const i = num(order, rank);
      least = Math.min(least, (num(p, i) * m) / (rank + 1));
      out[i] = least;
    }
  }
  return out;
}

/** The smallest difference of means that groups of these sizes show in 80 % of repetitions at 5 %. */
export function detectable(treated: Moments, control: Moments, power = 0.8, alpha = 0.05): number {
  const v = variance(control);
  return (normalQuantile(1 - alpha / 2, 0, 1) + normalQuantile(power, 0, 1)) * Math.sqrt(v / treated.n + v / control.n);
}

/** The probability that the treated mean is above the control's: normal approximation, flat prior. */
export function chanceToWin(difference: number, standardError: number): number {
  if (standardError !== 0) return normalCdf(difference / standardError, 0, 1);
  return difference === 0 ? 0.5 : Number(difference > 0);
}
