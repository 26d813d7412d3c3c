/**
 * BG/NBD: how often customers buy while they are alive, and whether they still are (Fader, Hardie and Lee 2005,
 * "Counting your customers the easy way"). x: repeat purchases, tx: time of the last, T: time since the first, in
 * weeks.
 */
import gammaln from "@stdlib/math-base-special-gammaln";
import hyp2f1 from "@stdlib/math-base-special-hyp2f1";
import { maximise, type Maximum } from "../maximise.ts";
import { f64, num } from "../numeric/vector.ts";
import { largest } from "../numeric/summary.ts";
import type { Histories } from "./histories.ts";

/** Purchase rates vary as Gamma(r, alpha), the probability of leaving after a purchase as Beta(a, b). */
export interface BgNbd {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** The parameters in the order of the search. */
export const bgNbdOf = (x: readonly number[]): BgNbd => ({
  r: num(x, 0),
  alpha: num(x, 1),
  a: num(x, 2),
  b: num(x, 3),
});

/** The log-likelihood of histories. */
export function logLikelihood({ x, tx, T, weight }: Histories, { r, alpha, a, b }: BgNbd): number {
  // what depends on the count alone is tabulated: counts are few, customers many
  const most = largest(x);
  const gammas = new Float64Array(most + 1);
  const stayed = new Float64Array(most + 1);
  const ratio = new Float64Array(most + 1);
  for (let k = 0; k <= most; k++) {
    gammas[k] = gammaln(r + k) - gammaln(r) + r * Math.log(alpha);
    stayed[k] = gammaln(b + k) + gammaln(a + b) - gammaln(b) - gammaln(a + b + k);
    ratio[k] = k > 0 ? Math.log(a) - Math.log(b + k - 1) : 0;
  }
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const k = f64(x, i);
    const alive = -(r + k) * Math.log(alpha + f64(T, i));
    const gone = k > 0 ? f64(ratio, k) - (r + k) * Math.log(alpha + f64(tx, i)) : Number.NEGATIVE_INFINITY;
    const top = Math.max(alive, gone);
    const own = f64(gammas, k) + f64(stayed, k) + top + Math.log(Math.exp(alive - top) + Math.exp(gone - top));
    sum += (weight ? f64(weight, i) : 1) * own;
  }
  return sum;
}

/** Fits by maximum likelihood. */
export function fitBgNbd(histories: Histories): BgNbd & { readonly maximum: Maximum } {
  const maximum = maximise((x) => logLikelihood(histories, bgNbdOf(x)), [1, 5, 1, 3]);
  return { ...bgNbdOf(maximum.x), maximum };
}

/** The probability that the customer still buys at all. */
export function alive({ r, alpha, a, b }: BgNbd, x: number, tx: number, T: number): number {
  return x === 0 ? 1 : 1 / (1 + (a / (b + x - 1)) * ((alpha + T) / (alpha + tx)) ** (r + x));
}

/** Purchases expected of a customer with this history in the next `t`. */
export function expectedPurchases(p: BgNbd, x: number, tx: number, T: number, t: number): number {
  const { r, alpha, a, b } = p;
  if (t <= 0) return 0;
  const z = t / (alpha + T + t);
  const grown = 1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z);
  return Math.max(0, ((a + b + x - 1) / (a - 1)) * grown * alive(p, x, tx, T));
}

/** Purchases expected of a new customer in `t`. */
export function expectedOfNew({ r, alpha, a, b }: BgNbd, t: number): number {
  return t <= 0
    ? 0
    : ((a + b - 1) / (a - 1)) * (1 - (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t)));
}
