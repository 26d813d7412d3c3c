/**
 * Pareto/NBD: customers buy at random while they are alive, and may die at any moment, seen or not (Schmittlein, Morrison and
 * Colombo 1987; formulas after Fader and Hardie 2005). r, alpha: how often; s, beta: how long they live. Weeks here.
 */
import gammaln from "@stdlib/math-base-special-gammaln";
import { maximise, type Maximum } from "../maximise.ts";
import type { Histories } from "./bg-nbd.ts";

export interface ParetoNbd { readonly r: number; readonly alpha: number; readonly s: number; readonly beta: number }

/** ln of 2F1(a, b; a + 1; z) · by^-a for 0 <= z < 1: the sum of a/(a+k) (b)_k z^k / k!. */
function logPart(a: number, b: number, z: number, by: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 200_000; k++) {
    term *= ((b + k - 1) / k) * z;
    const part = (a / (a + k)) * term;
    sum += part;
    if (part < sum * 1e-16) break;
  }
  return Math.log(sum) - a * Math.log(by);
}

/** ln A0: what unseen deaths between the last purchase and now add to the likelihood; −∞ where there is no time between. */
function logUnseen({ r, alpha, s, beta }: ParetoNbd, x: number, tx: number, T: number): number {
  const a = r + s + x;
  const [more, gap, b] = alpha >= beta ? [alpha, alpha - beta, s + 1] : [beta, beta - alpha, r + x];
  const early = logPart(a, b, gap / (more + tx), more + tx);
  const late = logPart(a, b, gap / (more + T), more + T);
  return late >= early ? Number.NEGATIVE_INFINITY : early + Math.log1p(-Math.exp(late - early));
}

const logAdd = (a: number, b: number): number => { const top = Math.max(a, b); return top === Number.NEGATIVE_INFINITY ? top : top + Math.log(Math.exp(a - top) + Math.exp(b - top)); };

export function paretoLogLikelihood({ x, tx, T, weight }: Histories, p: ParetoNbd): number {
  const { r, alpha, s, beta } = p;
  const fixed = r * Math.log(alpha) + s * Math.log(beta) - gammaln(r);
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const k = x[i]!;
    const alive = -(r + k) * Math.log(alpha + T[i]!) - s * Math.log(beta + T[i]!);
    const gone = Math.log(s) - Math.log(r + s + k) + logUnseen(p, k, tx[i]!, T[i]!);
    sum += (weight ? weight[i]! : 1) * (gammaln(r + k) + fixed + logAdd(alive, gone));
  }
  return sum;
}

export function fitParetoNbd(histories: Histories): ParetoNbd & { readonly maximum: Maximum } {
  const maximum = maximise(([r, alpha, s, beta]) => paretoLogLikelihood(histories, { r: r!, alpha: alpha!, s: s!, beta: beta! }), [1, 8, 0.8, 10]);
  const [r, alpha, s, beta] = maximum.x as [number, number, number, number];
  return { r, alpha, s, beta, maximum };
}

/** Chance that the customer is alive. */
export function aliveParetoNbd(p: ParetoNbd, x: number, tx: number, T: number): number {
  const { r, alpha, s, beta } = p;
  const odds = Math.log(s) - Math.log(r + s + x) + (r + x) * Math.log(alpha + T) + s * Math.log(beta + T) + logUnseen(p, x, tx, T);
  return 1 / (1 + Math.exp(odds));
}

/** Purchases that a customer with this history is expected to make in the next `t`. */
export function expectedByPareto(p: ParetoNbd, x: number, tx: number, T: number, t: number): number {
  const { r, alpha, s, beta } = p;
  if (t <= 0) return 0;
  return aliveParetoNbd(p, x, tx, T) * ((r + x) / (alpha + T)) * lifetime(beta + T, s, t);
}

/** Purchases that a new customer is expected to make in `t`. */
export const expectedOfNewByPareto = ({ r, alpha, s, beta }: ParetoNbd, t: number): number => (t <= 0 ? 0 : (r / alpha) * lifetime(beta, s, t));

/** Time alive expected within `t`; its limit where s is 1. */
const lifetime = (beta: number, s: number, t: number): number => (Math.abs(s - 1) < 1e-9 ? beta * Math.log1p(t / beta) : (beta / (s - 1)) * (1 - (beta / (beta + t)) ** (s - 1)));
