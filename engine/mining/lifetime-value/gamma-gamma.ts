/** Gamma-Gamma: what a purchase of a customer is worth (Fader and Hardie 2013). x: repeat purchases, mean: their mean value; customers without repeat purchases say nothing. */
import gammaln from "@stdlib/math-base-special-gammaln";
import { maximise, type Maximum } from "../maximise.ts";

export interface GammaGamma {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

export function spendLogLikelihood(x: Float64Array, mean: Float64Array, { p, q, v }: GammaGamma): number {
  const most = x.reduce((m, v) => Math.max(m, v), 0);
  // what depends on the count alone is looked up: counts are few, customers many
  const byCount = new Float64Array(most + 1);
  for (let k = 1; k <= most; k++)
    byCount[k] = gammaln(p * k + q) - gammaln(p * k) - gammaln(q) + q * Math.log(v) + p * k * Math.log(k);
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const k = x[i]!;
    const m = mean[i]!;
    if (k <= 0 || m <= 0) continue;
    sum += byCount[k]! + (p * k - 1) * Math.log(m) - (p * k + q) * Math.log(k * m + v);
  }
  return sum;
}

export function fitGammaGamma(x: Float64Array, mean: Float64Array): GammaGamma & { readonly maximum: Maximum } {
  const middle = [...mean].filter((m) => m > 0).sort((a, b) => a - b);
  const start = middle[Math.floor(middle.length / 2)] ?? 1;
  const maximum = maximise(([p, q, v]) => spendLogLikelihood(x, mean, { p: p!, q: q!, v: v! }), [2, 3, start]);
  const [p, q, v] = maximum.x as [number, number, number];
  return { p, q, v, maximum };
}

/** Mean value of the next purchase; without repeat purchases, that of all customers. NaN where q <= 1: the mean is not defined. */
export function expectedValue({ p, q, v }: GammaGamma, x: number, mean: number): number {
  return q <= 1 && x === 0 ? Number.NaN : (p * (v + x * mean)) / (p * x + q - 1);
}
