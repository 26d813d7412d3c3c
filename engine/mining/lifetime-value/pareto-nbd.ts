/**
 * Pareto/NBD: customers buy at random while they are alive, and may leave at any time, unobserved (Schmittlein,
 * Morrison and Colombo 1987; formulas after Fader and Hardie 2005). Times in weeks.
 */
import gammaln from "@stdlib/math-base-special-gammaln";
import { maximise, type Maximum } from "../maximise.ts";
import type { Histories } from "./histories.ts";
import { f64, num } from "../numeric/vector.ts";

/** Purchase rates vary as Gamma(r, alpha), rates of leaving as Gamma(s, beta). */
export interface ParetoNbd {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

/** The parameters in the order of the search. */
export const paretoNbdOf = (x: readonly number[]): ParetoNbd => ({
  r: num(x, 0),
  alpha: num(x, 1),
  s: num(x, 2),
  beta: num(x, 3),
});

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

/** Terms that the series may take before the integral itself is cheaper. */
const MOST_TERMS = 60;
/** Nodes and weights of Gauss and Legendre's quadrature with 16 points on [-1, 1], the positive half. */
const NODES = [
  0.0950125098376374, 0.2816035507792589, 0.4580167776572274, 0.6178762444026438, 0.755404408355003, 0.8656312023878318,
  0.9445750230732326, 0.9894009349916499,
];
const WEIGHTS = [
  0.1894506104550685, 0.1826034150449236, 0.1691565193950025, 0.1495959888165767, 0.1246289712555339,
  0.0951585116824928, 0.0622535239386479, 0.0271524594117541,
];

/**
 * ln of the integral of (alpha + y)^-(r + x) (beta + y)^-(s + 1) over y from tx to T, which is A0 / (r + s + x). Panels
 * of w = ln((alpha + y) / (alpha + tx)) are narrow enough for the integrand to fall by at most e^8 in each.
 */
function logIntegral({ r, alpha, s, beta }: ParetoNbd, x: number, tx: number, T: number): number {
  const start = alpha + tx;
  const width = Math.log((alpha + T) / start);
  const [p, q, gap] = [r + x - 1, s + 1, beta - alpha];
  const log0 = -q * Math.log(beta + tx);
  const fall = p + q * Math.max(1, start / (beta + tx));
  const panels = Math.max(1, Math.min(400, Math.ceil((fall * width) / 8)));
  const h = width / panels / 2;
  let sum = 0;
  for (let k = 0; k < panels; k++) {
    const middle = (2 * k + 1) * h;
    let part = 0;
    for (let n = 0; n < 8; n++) {
      const step = h * num(NODES, n);
      const [left, right] = [middle - step, middle + step];
      part +=
        num(WEIGHTS, n) *
        (Math.exp(-p * left - q * Math.log(gap + start * Math.exp(left)) - log0) +
          Math.exp(-p * right - q * Math.log(gap + start * Math.exp(right)) - log0));
    }
    sum += part * h;
    if (part * h < sum * 1e-17) break;
  }
  return Math.log(sum) + log0 - p * Math.log(start);
}

/** ln A0: the part of the likelihood from leaving unobserved since the last purchase; −∞ with no time since. */
function logUnseen(parameters: ParetoNbd, x: number, tx: number, T: number): number {
  const { r, alpha, s, beta } = parameters;
  if (T <= tx) return Number.NEGATIVE_INFINITY;
  const a = r + s + x;
  const [more, gap, b] = alpha >= beta ? [alpha, alpha - beta, s + 1] : [beta, beta - alpha, r + x];
  const z = gap / (more + tx);
  // terms fall by z each once they fall at all
  if (z > 0 && b * 2 - 36 / Math.log(z) > MOST_TERMS) return Math.log(a) + logIntegral(parameters, x, tx, T);
  const early = logPart(a, b, z, more + tx);
  const late = logPart(a, b, gap / (more + T), more + T);
  return late >= early ? Math.log(a) + logIntegral(parameters, x, tx, T) : early + Math.log1p(-Math.exp(late - early));
}

/** ln(e^a + e^b). */
const logAdd = (a: number, b: number): number => {
  const top = Math.max(a, b);
  return top === Number.NEGATIVE_INFINITY ? top : top + Math.log(Math.exp(a - top) + Math.exp(b - top));
};

/** The log-likelihood of histories. */
export function paretoLogLikelihood({ x, tx, T, weight }: Histories, p: ParetoNbd): number {
  const { r, alpha, s, beta } = p;
  const fixed = r * Math.log(alpha) + s * Math.log(beta) - gammaln(r);
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const k = f64(x, i);
    const alive = -(r + k) * Math.log(alpha + f64(T, i)) - s * Math.log(beta + f64(T, i));
    const gone = Math.log(s) - Math.log(r + s + k) + logUnseen(p, k, f64(tx, i), f64(T, i));
    sum += (weight ? f64(weight, i) : 1) * (gammaln(r + k) + fixed + logAdd(alive, gone));
  }
  return sum;
}

/** Fits by maximum likelihood. */
export function fitParetoNbd(histories: Histories): ParetoNbd & { readonly maximum: Maximum } {
  const maximum = maximise((x) => paretoLogLikelihood(histories, paretoNbdOf(x)), [1, 8, 0.8, 10]);
  return { ...paretoNbdOf(maximum.x), maximum };
}

/** The probability that the customer is alive. */
export function aliveParetoNbd(p: ParetoNbd, x: number, tx: number, T: number): number {
  const { r, alpha, s, beta } = p;
  const odds =
    Math.log(s) - Math.log(r + s + x) + (r + x) * Math.log(alpha + T) + s * Math.log(beta + T) + logUnseen(p, x, tx, T);
  return 1 / (1 + Math.exp(odds));
}

/** Purchases expected of a customer with this history in the next `t`. */
export function expectedByPareto(p: ParetoNbd, x: number, tx: number, T: number, t: number): number {
  const { r, alpha, s, beta } = p;
  if (t <= 0) return 0;
  return aliveParetoNbd(p, x, tx, T) * ((r + x) / (alpha + T)) * lifetime(beta + T, s, t);
}

/** Purchases expected of a new customer in `t`. */
export const expectedOfNewByPareto = ({ r, alpha, s, beta }: ParetoNbd, t: number): number =>
  t <= 0 ? 0 : (r / alpha) * lifetime(beta, s, t);

/** Expected time alive within `t`; its limit where s is 1. */
const lifetime = (beta: number, s: number, t: number): number =>
  Math.abs(s - 1) < 1e-9 ? beta * Math.log1p(t / beta) : (beta / (s - 1)) * (1 - (beta / (beta + t)) ** (s - 1));
