/**
 * How an outcome responds to spend: y = base + scale · (1 − exp(−adstock(x) / half)), with geometric adstock
 * a_t = x_t + carry · a_{t−1} (Broadbent 1979). Carry and half are searched on a grid; base and scale are least
 * squares.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { mean, squaresAround } from "../numeric/summary.ts";
import { num } from "../numeric/vector.ts";

/** A fitted curve. */
export interface ResponseCurve {
  /** outcome a period without spend */
  readonly base: number;
  /** what spend can add in a period at most */
  readonly scale: number;
  /** adstocked spend at which 1 − 1/e (63 %) of the scale is reached */
  readonly half: number;
  /** share of the effect that lasts into the next period, 0 to 0.8 */
  readonly carry: number;
  /** share of the outcome's variance explained */
  readonly r2: number;
  /** lowest and highest spend of a period; beyond, the curve is extrapolated */
  readonly observed: readonly [number, number];
  readonly periods: number;
}

const CARRIES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
/** Candidates of `half`, relative to the average adstocked spend. */
const HALVES = [0.1, 0.15, 0.22, 0.33, 0.5, 0.75, 1.1, 1.7, 2.5, 4, 6, 10];

/** Fits a curve. @param spend by period, in order; @param outcome likewise; at least 8 periods */
export function fitCurve(spend: readonly number[], outcome: readonly number[]): ResponseCurve {
  const average = mean(spend);
  const centre = mean(outcome);
  const total = squaresAround(outcome, centre);
  let best = { base: centre, scale: 0, half: Math.max(average, 1), carry: 0, error: total };
  for (const carry of CARRIES) {
    const stock = adstock(spend, carry);
    for (const relative of HALVES) {
      const half = (relative * average) / (1 - carry);
      if (!(half > 0)) continue;
      const saturated = stock.map((x) => 1 - Math.exp(-x / half));
      const { base, scale } = leastSquares(saturated, outcome);
      if (scale < 0) continue; // spend that lowers the outcome is not a response
      const error = outcome.reduce((a, y, i) => a + (y - base - scale * num(saturated, i)) ** 2, 0);
      if (error < best.error) best = { base, scale, half, carry, error };
    }
  }
  const { error, ...curve } = best;
  return {
    ...curve,
    r2: total === 0 ? 0 : 1 - error / total,
    observed: [Math.min(...spend), Math.max(...spend)],
    periods: spend.length,
  };
}

/** Spend with what earlier periods carry over. */
export function adstock(spend: readonly number[], carry: number): number[] {
  let stock = 0;
  return spend.map((x) => {
    stock = x + carry * stock;
    return stock;
  });
}

/** What steady spend a period adds to the outcome a period, once the carried effect has settled. */
export const response = (curve: ResponseCurve, spend: number): number =>
  curve.scale * (1 - Math.exp(-spend / (1 - curve.carry) / curve.half));

/** What one more unit of money adds. */
export const marginal = (curve: ResponseCurve, spend: number): number =>
  (curve.scale / (1 - curve.carry) / curve.half) * Math.exp(-spend / (1 - curve.carry) / curve.half);

function leastSquares(x: readonly number[], y: readonly number[]): { readonly base: number; readonly scale: number } {
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx] = [0, 0];
  for (const [i, value] of x.entries()) {
    xy += (value - mx) * (num(y, i) - my);
    xx += (value - mx) ** 2;
  }
  const scale = xx === 0 ? 0 : xy / xx;
  return { base: my - scale * mx, scale };
}

const PARAMETERS = 4;
const BLOCK = 3;

/** Curves refitted to the outcome with residuals resampled in blocks of three periods (moving blocks, Künsch 1989). */
export function bootstrapCurves(
  spend: readonly number[],
  outcome: readonly number[],
  curve: ResponseCurve,
  times: number,
  seed: number,
): ResponseCurve[] {
  const n = outcome.length;
  const fitted = adstock(spend, curve.carry).map((x) => curve.base + curve.scale * (1 - Math.exp(-x / curve.half)));
  // a fit of four parameters leaves residuals that are smaller than the errors
  const inflation = Math.sqrt(n / Math.max(1, n - PARAMETERS));
  const residuals = outcome.map((y, i) => (y - num(fitted, i)) * inflation);
  const random = xoroshiro128plus(seed);
  const block = Math.min(BLOCK, spend.length);
  return Array.from({ length: times }, () => {
    const drawn: number[] = [];
    while (drawn.length < spend.length) {
      const begin = uniformInt(random, 0, spend.length - block);
      drawn.push(...residuals.slice(begin, begin + block));
    }
    return fitCurve(
      spend,
      fitted.map((y, i) => y + num(drawn, i)),
    );
  });
}
