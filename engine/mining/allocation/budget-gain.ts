/** What the best split of a budget gains over the present one, once the luck of its own choice is taken off. */
import type { ResponseCurve } from "./response-curve.ts";
import { splitBudget, totalResponse, type Bounded } from "./split-budget.ts";
import { at as item } from "../../lookup.ts";

export interface BudgetGain {
  /** the recommended spend of each channel */
  readonly spend: readonly number[];
  readonly shadowPrice: number;
  /** gain by the fitted curves less `promised` */
  readonly value: number;
  /** what the best of curves that chance has bent promises too much */
  readonly promised: number;
  /** 90 % */
  readonly interval: readonly [number, number];
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: readonly number[]): number => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((a, v) => a + (v - centre) ** 2, 0) / (values.length - 1));
};

/**
 * How much a best split promises too much is seen where the truth is known: each draw of the bootstrap has the fitted curves as its truth, and a best split of its own.
 * @param draws of each channel its curves fitted anew, as many for each; @param present spend now, by channel
 */
export function budgetGain(
  channels: readonly Bounded[],
  draws: readonly (readonly ResponseCurve[])[],
  present: readonly number[],
  budget: number,
): BudgetGain {
  const { spend, shadowPrice } = splitBudget(channels, budget);
  const gain = (curves: readonly ResponseCurve[], at: readonly number[]): number => {
    const own = channels.map((c, i) => ({ ...c, curve: item(curves, i) }));
    return totalResponse(own, at) - totalResponse(own, present);
  };
  const fitted = channels.map((c) => c.curve);
  const gains: number[] = [];
  const errors: number[] = [];
  for (let r = 0; r < (draws[0]?.length ?? 0); r++) {
    const drawn = draws.map((d) => item(d, r));
    const own = splitBudget(
      channels.map((c, i) => ({ ...c, curve: item(drawn, i) })),
      budget,
    ).spend;
    gains.push(gain(drawn, spend));
    errors.push(gain(drawn, own) - gain(fitted, own));
  }
  const promised = mean(errors);
  const value = gain(fitted, spend) - promised;
  const reach = 1.645 * Math.max(deviation(gains), deviation(errors));
  return { spend, shadowPrice, value, promised, interval: [value - reach, value + reach] };
}
