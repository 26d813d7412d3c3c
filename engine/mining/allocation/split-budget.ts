/** Splits a budget among channels for the highest response by their curves. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { at } from "../../lookup.ts";
import { add, f64, num } from "../numeric/vector.ts";
import { sum } from "../numeric/summary.ts";
import { marginal, response, type ResponseCurve } from "./response-curve.ts";

/** A channel's curve with the bounds of its spend. */
export interface Bounded {
  readonly curve: ResponseCurve;
  readonly least: number;
  readonly most: number;
}

/** A split. */
export interface Split {
  /** by channel */
  readonly spend: readonly number[];
  /** marginal return of the budget; 0 where the bounds use less than the budget */
  readonly shadowPrice: number;
}

const BISECTIONS = 200;

/**
 * Splits a budget. The curves are concave, so at the best split every channel within its bounds has the same marginal
 * return: the shadow price of the budget, found by bisection.
 * @throws TesseraError `mining-invalid` for contradictory bounds, or a budget below the sum of the lower ones
 */
export function splitBudget(channels: readonly Bounded[], budget: number): Split {
  checkBounds(channels, budget);
  if (budget >= sum(channels.map((c) => c.most))) return { spend: channels.map((c) => c.most), shadowPrice: 0 };
  const spendAt = (price: number): number[] => channels.map((channel) => spendOf(channel, price));
  let low = 0;
  let high = Math.max(...channels.map((c) => marginal(c.curve, c.least))) + 1e-12;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (sum(spendAt(middle)) > budget) low = middle;
    else high = middle;
  }
  const spend = Float64Array.from(spendAt(high));
  // what bisection leaves over goes to channels that have room, the best marginal return first
  let left = budget - sum(spend);
  const returns = channels.map(({ curve }, i) => marginal(curve, f64(spend, i)));
  for (const i of [...channels.keys()].sort((a, b) => num(returns, b) - num(returns, a))) {
    const more = Math.min(left, at(channels, i).most - f64(spend, i));
    if (more <= 0) continue;
    add(spend, i, more);
    left -= more;
  }
  return { spend: [...spend], shadowPrice: high };
}

/** The spend at which a channel's marginal return is the price, within its bounds. */
function spendOf({ curve, least, most }: Bounded, price: number): number {
  if (curve.scale <= 0) return Math.min(most, least);
  if (price <= 0) return most;
  const reach = curve.half * (1 - curve.carry);
  return Math.min(most, Math.max(least, -reach * Math.log((price * reach) / curve.scale)));
}

function checkBounds(channels: readonly Bounded[], budget: number): void {
  if (channels.some((c) => c.least > c.most))
    throw new TesseraError("mining-invalid", "the lower bound of a channel is above its upper bound", {
      place: "$.bounds",
      remedy: "write [lowest, highest] spend",
    });
  const least = sum(channels.map((c) => c.least));
  if (budget < least)
    throw new TesseraError(
      "mining-invalid",
      phrase`the budget of ${budget} is below the lower bounds' sum of ${least}`,
      {
        place: "$.budget",
        remedy: "raise the budget, or lower the bounds",
      },
    );
}

/** The response of all channels. */
export const totalResponse = (channels: readonly Bounded[], spend: readonly number[]): number =>
  channels.reduce((total, { curve }, i) => total + response(curve, num(spend, i)), 0);
