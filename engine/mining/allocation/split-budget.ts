/** Splits a budget over channels so that what the response curves promise is most. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { marginal, response, type ResponseCurve } from "./response-curve.ts";
import { at as item } from "../../lookup.ts";
import { add, f64, num } from "../numeric/index.ts";

export interface Bounded {
  readonly curve: ResponseCurve;
  readonly least: number;
  readonly most: number;
}

/**
 * The curves are concave, so at the best split every channel inside its bounds has the same marginal return: the shadow
 * price of the budget, found by bisection. @returns the spend of each channel and that price (0 where the bounds use less than the budget)
 */
export function splitBudget(
  channels: readonly Bounded[],
  budget: number,
): { readonly spend: readonly number[]; readonly shadowPrice: number } {
  const least = channels.reduce((a, c) => a + c.least, 0);
  const most = channels.reduce((a, c) => a + c.most, 0);
  if (channels.some((c) => c.least > c.most))
    throw new TesseraError("mining-invalid", "a channel's least spend is above its most", {
      place: "$.bounds",
      remedy: "give [least, most]",
    });
  if (budget < least)
    throw new TesseraError(
      "mining-invalid",
      phrase`the budget of ${budget} is below the sum of the least spends, ${least}`,
      {
        place: "$.budget",
        remedy: "raise the budget or lower the bounds",
      },
    );
  if (budget >= most) return { spend: channels.map((c) => c.most), shadowPrice: 0 };
  const at = (price: number): number[] =>
    channels.map(({ curve, least, most }) => {
      const reach = curve.half * (1 - curve.carry);
      const free = curve.scale <= 0 ? least : price <= 0 ? most : -reach * Math.log((price * reach) / curve.scale);
      return Math.min(most, Math.max(least, free));
    });
  let low = 0;
  let high = Math.max(...channels.map((c) => marginal(c.curve, c.least))) + 1e-12;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (at(middle).reduce((a, b) => a + b, 0) > budget) low = middle;
    else high = middle;
  }
  const spend = Float64Array.from(at(high));
  // what bisection leaves over goes to channels that still have room, best marginal return first
  let left = budget - spend.reduce((a, b) => a + b, 0);
  const returns = channels.map(({ curve }, i) => marginal(curve, f64(spend, i)));
  for (const i of [...channels.keys()].sort((a, b) => num(returns, b) - num(returns, a))) {
    const more = Math.min(left, item(channels, i).most - f64(spend, i));
    if (more > 0) {
      add(spend, i, more);
      left -= more;
    }
  }
  return { spend: [...spend], shadowPrice: high };
}

export const totalResponse = (channels: readonly Bounded[], spend: readonly number[]): number =>
  channels.reduce((sum, c, i) => sum + response(c.curve, num(spend, i)), 0);
