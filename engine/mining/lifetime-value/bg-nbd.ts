/**
 * BG/NBD: how often customers buy while they are alive, and whether they still are (Fader, Hardie and Lee 2005, "Counting your
 * customers the easy way"). x: repeat purchases, tx: time of the last, T: time since the first; any unit, weeks here.
 */
import gammaln from "@stdlib/math-base-special-gammaln";
import hyp2f1 from "@stdlib/math-base-special-hyp2f1";
import { maximise, type Maximum } from "../maximise.ts";

export interface BgNbd {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}
export interface Histories {
  readonly x: Float64Array;
  readonly tx: Float64Array;
  readonly T: Float64Array /** how many customers have this history; 1 each without it */;
  readonly weight?: Float64Array;
}

export function logLikelihood({ x, tx, T, weight }: Histories, { r, alpha, a, b }: BgNbd): number {
  const most = x.reduce((m, v) => Math.max(m, v), 0);
  // what depends on the count alone is looked up: counts are few, customers many
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
    const k = x[i]!;
    const alive = -(r + k) * Math.log(alpha + T[i]!);
    const gone = k > 0 ? ratio[k]! - (r + k) * Math.log(alpha + tx[i]!) : Number.NEGATIVE_INFINITY;
    const top = Math.max(alive, gone);
    sum +=
      (weight ? weight[i]! : 1) *
      (gammas[k]! + stayed[k]! + top + Math.log(Math.exp(alive - top) + Math.exp(gone - top)));
  }
  return sum;
}

export function fitBgNbd(histories: Histories): BgNbd & { readonly maximum: Maximum } {
  const maximum = maximise(
    ([r, alpha, a, b]) => logLikelihood(histories, { r: r!, alpha: alpha!, a: a!, b: b! }),
    [1, 5, 1, 3],
  );
  const [r, alpha, a, b] = maximum.x as [number, number, number, number];
  return { r, alpha, a, b, maximum };
}

/** Chance that the customer still buys at all. */
export function alive({ r, alpha, a, b }: BgNbd, x: number, tx: number, T: number): number {
  return x === 0 ? 1 : 1 / (1 + (a / (b + x - 1)) * ((alpha + T) / (alpha + tx)) ** (r + x));
}

/** Purchases that a customer with this history is expected to make in the next `t`. */
export function expectedPurchases(p: BgNbd, x: number, tx: number, T: number, t: number): number {
  const { r, alpha, a, b } = p;
  if (t <= 0) return 0;
  const z = t / (alpha + T + t);
  const grown = 1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z);
  return Math.max(0, ((a + b + x - 1) / (a - 1)) * grown * alive(p, x, tx, T));
}

/** Purchases that a new customer, of whom nothing is known, is expected to make in `t`. */
export function expectedOfNew({ r, alpha, a, b }: BgNbd, t: number): number {
  return t <= 0
    ? 0
    : ((a + b - 1) / (a - 1)) * (1 - (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t)));
}
