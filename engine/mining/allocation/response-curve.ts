/**
 * How an outcome answers to spend: y = base + scale · (1 − exp(−adstock(x) / half)), with geometric adstock
 * a_t = x_t + carry · a_{t−1} (Broadbent 1979). Carry and half are searched on a grid, base and scale are least squares.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { num } from "../numeric/index.ts";

export interface ResponseCurve {
  readonly base: number;
  /** most that spend can add in a period */
  readonly scale: number;
  /** adstocked spend at which 1 − 1/e (63 %) of the scale is reached */
  readonly half: number;
  /** part of the effect that is still there a period later, 0 to 0.8 */
  readonly carry: number;
  /** share of the outcome's variance that the curve explains */
  readonly r2: number;
  /** least and most spend of a period that was seen: outside, the curve is extrapolated */
  readonly observed: readonly [number, number];
  readonly periods: number;
}

const CARRIES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
const HALVES = [0.1, 0.15, 0.22, 0.33, 0.5, 0.75, 1.1, 1.7, 2.5, 4, 6, 10];

/** @param spend one a period, in order; @param outcome likewise; at least 8 periods */
export function fitCurve(spend: readonly number[], outcome: readonly number[]): ResponseCurve {
  const n = spend.length;
  const average = spend.reduce((a, b) => a + b, 0) / n;
  const meanY = outcome.reduce((a, b) => a + b, 0) / n;
  const total = outcome.reduce((a, y) => a + (y - meanY) ** 2, 0);
  let best = { base: meanY, scale: 0, half: Math.max(average, 1), carry: 0, error: total };
  for (const carry of CARRIES) {
    const stock = adstock(spend, carry);
    for (const relative of HALVES) {
      const half = (relative * average) / (1 - carry);
      if (!(half > 0)) continue;
      const s = stock.map((x) => 1 - Math.exp(-x / half));
      const { base, scale } = leastSquares(s, outcome);
      if (scale < 0) continue; // money that makes an outcome smaller is no response
      const error = outcome.reduce((a, y, i) => a + (y - base - scale * num(s, i)) ** 2, 0);
      if (error < best.error) best = { base, scale, half, carry, error };
    }
  }
  const { error, ...curve } = best;
  return {
    ...curve,
    r2: total === 0 ? 0 : 1 - error / total,
    observed: [Math.min(...spend), Math.max(...spend)],
    periods: n,
  };
}

export function adstock(spend: readonly number[], carry: number): number[] {
  let stock = 0;
  return spend.map((x) => (stock = x + carry * stock));
}

/** What a steady spend a period adds to the outcome a period, once the carried effect has settled. */
export const response = (curve: ResponseCurve, spend: number): number =>
  curve.scale * (1 - Math.exp(-spend / (1 - curve.carry) / curve.half));
/** What one more unit of money adds. */
export const marginal = (curve: ResponseCurve, spend: number): number =>
  (curve.scale / (1 - curve.carry) / curve.half) * Math.exp(-spend / (1 - curve.carry) / curve.half);

function leastSquares(x: readonly number[], y: readonly number[]): { base: number; scale: number } {
  const n = x.length;
  const mx = x.reduce((a, b) => a + b, 0) / n;
  const my = y.reduce((a, b) => a + b, 0) / n;
  let xy = 0;
  let xx = 0;
  for (let i = 0; i < n; i++) {
    xy += (num(x, i) - mx) * (num(y, i) - my);
    xx += (num(x, i) - mx) ** 2;
  }
  const scale = xx === 0 ? 0 : xy / xx;
  return { base: my - scale * mx, scale };
}

const PARAMETERS = 4;

/** Curves fitted to the outcome with its residuals drawn anew in blocks of three periods (moving block bootstrap, Künsch 1989). */
export function bootstrapCurves(
  spend: readonly number[],
  outcome: readonly number[],
  curve: ResponseCurve,
  times: number,
  seed: number,
): ResponseCurve[] {
  const stock = adstock(spend, curve.carry);
  const fitted = stock.map((x) => curve.base + curve.scale * (1 - Math.exp(-x / curve.half)));
  // a fit of four parameters leaves residuals smaller than the errors were
  const loose = Math.sqrt(outcome.length / Math.max(1, outcome.length - PARAMETERS));
  const residuals = outcome.map((y, i) => (y - num(fitted, i)) * loose);
  const random = xoroshiro128plus(seed);
  const block = Math.min(3, spend.length);
  return Array.from({ length: times }, () => {
    const drawn: number[] = [];
    while (drawn.length < spend.length) {
      const at = uniformInt(random, 0, spend.length - block);
      drawn.push(...residuals.slice(at, at + block));
    }
    return fitCurve(
      spend,
      fitted.map((y, i) => y + num(drawn, i)),
    );
  });
}
