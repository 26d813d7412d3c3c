/** Comparing two groups: Welch's test, proportions, the delta method, sample ratio, corrections for many comparisons. */
import chisquareCdf from "@stdlib/stats-base-dists-chisquare-cdf";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type { Correction } from "../../model/declarations.ts";

/** What is needed of a group: how many, the sum, the sum of squares. */
export interface Moments {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

export const mean = ({ n, sum }: Moments): number => sum / n;
/** Sample variance (n - 1). */
export const variance = ({ n, sum, squares }: Moments): number =>
  n < 2 ? Number.NaN : Math.max(0, (squares - (sum * sum) / n) / (n - 1));

export interface Difference {
  /** treated less control */
  readonly difference: number;
  readonly standardError: number;
  readonly interval: readonly [number, number];
  /** two-sided */
  readonly p: number;
  readonly degrees: number;
}

/** Welch's test of two means (Welch 1947), with Satterthwaite's degrees of freedom. */
export function welch(treated: Moments, control: Moments, level = 0.95): Difference {
  const a = variance(treated) / treated.n;
  const b = variance(control) / control.n;
  const standardError = Math.sqrt(a + b);
  const difference = mean(treated) - mean(control);
  const degrees = (a + b) ** 2 / (a ** 2 / (treated.n - 1) + b ** 2 / (control.n - 1));
  const reach = tQuantile((1 + level) / 2, degrees) * standardError;
  return {
    difference,
    standardError,
    interval: [difference - reach, difference + reach],
    p: standardError === 0 ? (difference === 0 ? 1 : 0) : 2 * tCdf(-Math.abs(difference / standardError), degrees),
    degrees,
  };
}

/**
 * Relative lift of a mean, (treated - control) / control, by the delta method (Deng et al. 2018).
 * Returns null where the control's mean is zero.
 */
export function relativeLift(treated: Moments, control: Moments, level = 0.95): Difference | null {
  const base = mean(control);
  if (base === 0) return null;
  const a = variance(treated) / treated.n / base ** 2;
  const b = (variance(control) / control.n) * (mean(treated) ** 2 / base ** 4);
  const standardError = Math.sqrt(a + b);
  const difference = mean(treated) / base - 1;
  const degrees = (a + b) ** 2 / (a ** 2 / (treated.n - 1) + b ** 2 / (control.n - 1));
  const reach = tQuantile((1 + level) / 2, degrees) * standardError;
  return {
    difference,
    standardError,
    interval: [difference - reach, difference + reach],
    p: standardError === 0 ? (difference === 0 ? 1 : 0) : 2 * tCdf(-Math.abs(difference / standardError), degrees),
    degrees,
  };
}

/**
 * A ratio of two sums (satisfaction: points over answers) as the moments of one number a unit, by the delta method: each unit's
 * part of the ratio, `(above - ratio x below) / mean below`, around the ratio itself. Welch's test and intervals then hold for it.
 * Deng, Knoblich and Lu, "Applying the delta method in metric analytics" (2018).
 * @param cross the sum of `above x below` over the units
 * @returns null where nothing stands below the line
 */
export function ratioMoments(above: Moments, below: Moments, cross: number): Moments | null {
  if (!(below.sum > 0) || below.n < 2) return null;
  const { n } = above;
  const ratio = above.sum / below.sum;
  const covariance = (cross - (above.sum * below.sum) / n) / (n - 1);
  const v = Math.max(0, variance(above) - 2 * ratio * covariance + ratio ** 2 * variance(below)) / mean(below) ** 2;
  return { n, sum: ratio * n, squares: v * (n - 1) + ratio ** 2 * n };
}

/** Wilson's interval of a proportion (Wilson 1927). */
export function wilson(successes: number, n: number, level = 0.95): readonly [number, number] {
  if (n === 0) return [0, 1];
  const z = normalQuantile((1 + level) / 2, 0, 1);
  const p = successes / n;
  const centre = (p + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const reach = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / (1 + z ** 2 / n);
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
}

/** Chi-squared test of the groups' sizes against the planned shares. A small p means that the draw or the data is broken. */
export function sampleRatio(
  counts: readonly number[],
  shares: readonly number[] = counts.map(() => 1 / counts.length),
): { readonly chi2: number; readonly p: number } {
  const total = counts.reduce((a, b) => a + b, 0);
  const chi2 = counts.reduce((sum, count, i) => sum + (count - total * shares[i]!) ** 2 / (total * shares[i]!), 0);
  return { chi2, p: 1 - chisquareCdf(chi2, counts.length - 1) };
}

export type { Correction };

/** p-values for many comparisons at once (Holm 1979; Benjamini and Hochberg 1995), in the order given. */
export function adjust(p: readonly number[], method: Correction): number[] {
  const m = p.length;
  if (method === "none") return [...p];
  if (method === "bonferroni") return p.map((x) => Math.min(1, x * m));
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
  const out = new Array<number>(m);
  if (method === "holm") {
    let most = 0;
    order.forEach((i, rank) => {
      most = Math.max(most, Math.min(1, p[i]! * (m - rank)));
      out[i] = most;
    });
  } else {
    let least = 1;
    for (let rank = m - 1; rank >= 0; rank--) {
      const i = order[rank]!;
      least = Math.min(least, (p[i]! * m) / (rank + 1));
      out[i] = least;
    }
  }
  return out;
}

/** Smallest difference of means that the groups' sizes would show in 80 % of repetitions at 5 %. */
export function detectable(treated: Moments, control: Moments, power = 0.8, alpha = 0.05): number {
  const v = variance(control);
  return (normalQuantile(1 - alpha / 2, 0, 1) + normalQuantile(power, 0, 1)) * Math.sqrt(v / treated.n + v / control.n);
}

/** Chance that the treated mean is above the control's, by the normal approximation with a flat prior. */
export const chanceToWin = (difference: number, standardError: number): number =>
  standardError === 0 ? (difference > 0 ? 1 : difference < 0 ? 0 : 0.5) : normalCdf(difference / standardError, 0, 1);
