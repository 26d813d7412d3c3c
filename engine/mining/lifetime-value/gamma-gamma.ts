/**
 * Gamma-Gamma: what a purchase of a customer is worth (Fader and Hardie 2013). x: repeat purchases, mean: their mean
 * value; customers without repeat purchases carry no information.
 */
import gammaln from "@stdlib/math-base-special-gammaln";
import { maximise, type Maximum } from "../maximise.ts";
import { f64, num } from "../numeric/vector.ts";
import { largest } from "../numeric/summary.ts";

/** Values vary as Gamma(p, nu) a purchase, and nu as Gamma(q, v) between customers. */
export interface GammaGamma {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

const gammaGammaOf = (x: readonly number[]): GammaGamma => ({ p: num(x, 0), q: num(x, 1), v: num(x, 2) });

/** The log-likelihood of mean values. */
export function spendLogLikelihood(x: Float64Array, mean: Float64Array, { p, q, v }: GammaGamma): number {
  // what depends on the count alone is tabulated: counts are few, customers many
  const most = largest(x);
  const byCount = new Float64Array(most + 1);
  for (let k = 1; k <= most; k++)
    byCount[k] = gammaln(p * k + q) - gammaln(p * k) - gammaln(q) + q * Math.log(v) + p * k * Math.log(k);
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const k = f64(x, i);
    const m = f64(mean, i);
    if (k <= 0 || m <= 0) continue;
    sum += f64(byCount, k) + (p * k - 1) * Math.log(m) - (p * k + q) * Math.log(k * m + v);
  }
  return sum;
}

/** Fits by maximum likelihood. */
export function fitGammaGamma(x: Float64Array, mean: Float64Array): GammaGamma & { readonly maximum: Maximum } {
  const positive = mean.filter((m) => m > 0).sort();
  const start = positive[Math.floor(positive.length / 2)] ?? 1;
  const maximum = maximise((parameters) => spendLogLikelihood(x, mean, gammaGammaOf(parameters)), [2, 3, start]);
  return { ...gammaGammaOf(maximum.x), maximum };
}

/** The mean value of the next purchase; without repeat purchases that of all customers. NaN where q <= 1: no mean. */
export function expectedValue({ p, q, v }: GammaGamma, x: number, mean: number): number {
  return q <= 1 && x === 0 ? Number.NaN : (p * (v + x * mean)) / (p * x + q - 1);
}
