/** What the best split of a budget gains over the present one, corrected for the optimism of its own choice. */
import { at } from "../../lookup.ts";
import { mean, sampleDeviation, zip } from "../numeric/summary.ts";
import type { ResponseCurve } from "./response-curve.ts";
import { splitBudget, totalResponse, type Bounded } from "./split-budget.ts";

/** The recommended split and its gain. */
export interface BudgetGain {
  /** by channel */
  readonly spend: readonly number[];
  readonly shadowPrice: number;
  /** gain by the fitted curves, less `promised` */
  readonly value: number;
  /** how much the best split by uncertain curves overstates the gain */
  readonly promised: number;
  /** 90 % */
  readonly interval: readonly [number, number];
}

/**
 * Estimates the gain. The optimism is measured where the truth is known: for each bootstrap draw the fitted curves are
 * the truth, and the best split by the drawn curves is compared with what it brings by the fitted ones.
 * @param draws refitted curves of each channel, equally many
 * @param present spend now, by channel
 */
export function budgetGain(
  channels: readonly Bounded[],
  draws: readonly (readonly ResponseCurve[])[],
  present: readonly number[],
  budget: number,
): BudgetGain {
  const { spend, shadowPrice } = splitBudget(channels, budget);
  const withCurves = (curves: readonly ResponseCurve[]): Bounded[] =>
    zip(channels, curves).map(([channel, curve]) => ({ ...channel, curve }));
  const gain = (curves: readonly ResponseCurve[], of: readonly number[]): number => {
    const own = withCurves(curves);
    return totalResponse(own, of) - totalResponse(own, present);
  };
  const fitted = channels.map((c) => c.curve);
  const gains: number[] = [];
  const optimism: number[] = [];
  for (const r of draws[0]?.keys() ?? []) {
    const drawn = draws.map((curves) => at(curves, r));
    const own = splitBudget(withCurves(drawn), budget).spend;
    gains.push(gain(drawn, spend));
    optimism.push(gain(drawn, own) - gain(fitted, own));
  }
  const promised = mean(optimism);
  const value = gain(fitted, spend) - promised;
  const reach = 1.645 * Math.max(sampleDeviation(gains), sampleDeviation(optimism));
  return { spend, shadowPrice, value, promised, interval: [value - reach, value + reach] };
}
