/** Survival curves with numbers at risk (Kaplan and Meier 1958), and the log-rank test of several (Mantel 1966). */
import chisquareCdf from "@stdlib/stats-base-dists-chisquare-cdf";
import { invert } from "../maximise.ts";

export interface SurvivalStep {
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
  readonly survival: number;
  /** 95 %, on the log-log scale, so that it stays between 0 and 1 */
  readonly low: number;
  readonly high: number;
}

/** @param times until the event or until observation ended; @param events 1 where the event was seen, 0 where it was not (yet) */
export function kaplanMeier(times: Float64Array, events: Uint8Array): SurvivalStep[] {
  const order = sortedByTime(times);
  const steps: SurvivalStep[] = [];
  let [survival, spread] = [1, 0];
  for (let i = 0; i < order.length; ) {
    const time = times[order[i]!]!;
    const atRisk = order.length - i;
    let died = 0;
    for (; i < order.length && times[order[i]!] === time; i++) died += events[order[i]!]!;
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

/** Survival at a time. */
export function survivalAt(steps: readonly SurvivalStep[], time: number): number {
  let found = 1;
  for (const step of steps) {
    if (step.time > time) break;
    found = step.survival;
  }
  return found;
}

/** First time by which half are gone; null where more than half are still there at the end. */
export const medianOf = (steps: readonly SurvivalStep[]): number | null =>
  steps.find((s) => s.survival <= 0.5)?.time ?? null;

export const atRiskAt = (times: Float64Array, time: number): number =>
  times.reduce((n, t) => n + (t >= time ? 1 : 0), 0);

/** Are the curves of the groups one? @param group number of each member's group, from 0 */
export function logRank(
  times: Float64Array,
  events: Uint8Array,
  group: Int32Array,
  groups: number,
): { readonly chi2: number; readonly degrees: number; readonly p: number } {
  const order = sortedByTime(times);
  const atRisk = new Float64Array(groups);
  for (const g of group) atRisk[g]!++;
  const [observed, expected] = [new Float64Array(groups), new Float64Array(groups)];
  const covariance = Array.from({ length: groups }, () => new Float64Array(groups));
  for (let i = 0; i < order.length; ) {
    const time = times[order[i]!]!;
    const died = new Float64Array(groups);
    const left = new Float64Array(groups);
    let d = 0;
    for (; i < order.length && times[order[i]!] === time; i++) {
      const k = order[i]!;
      left[group[k]!]!++;
      if (events[k]) {
        died[group[k]!]!++;
        d++;
      }
    }
    if (d > 0) {
      const n = atRisk.reduce((a, b) => a + b, 0);
      for (let g = 0; g < groups; g++) {
        observed[g]! += died[g]!;
        expected[g]! += (d * atRisk[g]!) / n;
        if (n > 1)
          for (let h = 0; h < groups; h++)
            covariance[g]![h]! += ((d * (n - d)) / (n - 1)) * (atRisk[g]! / n) * ((g === h ? 1 : 0) - atRisk[h]! / n);
      }
    }
    for (let g = 0; g < groups; g++) atRisk[g]! -= left[g]!;
  }
  // one group follows from the others
  const k = groups - 1;
  const inverse = invert(Array.from({ length: k }, (_, g) => Array.from(covariance[g]!.subarray(0, k))));
  let chi2 = 0;
  for (let g = 0; g < k; g++)
    for (let h = 0; h < k; h++) chi2 += (observed[g]! - expected[g]!) * inverse[g]![h]! * (observed[h]! - expected[h]!);
  return { chi2, degrees: k, p: 1 - chisquareCdf(chi2, k) };
}

function sortedByTime(times: Float64Array): Uint32Array {
  const order = Uint32Array.from(times.keys());
  return order.sort((a, b) => times[a]! - times[b]! || a - b);
}
