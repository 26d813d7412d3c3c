/**
 * Logistic regression by iteratively reweighted least squares (Nelder and Wedderburn 1972), exact to machine precision,
 * with standard errors and an optional L2 penalty.
 */
import { add, f64, num } from "../numeric/vector.ts";
import { dot, zip } from "../numeric/summary.ts";
import { invert } from "../numeric/invert.ts";
import { Matrix } from "../numeric/matrix.ts";

/** A fitted regression. */
export interface Logistic {
  /** the intercept first, then one a column */
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  readonly logLikelihood: number;
  readonly iterations: number;
}

/** No coefficient moves farther than this in one iteration. */
const LARGEST_STEP = 5;

/**
 * Fits the regression.
 * @param columns one array a feature, without NaN; scale them roughly alike for good numerics
 * @param y 0 or 1
 * @param l2 penalty on the squared coefficients, not on the intercept; 0 by default
 * @param most iterations at most, 50 by default
 */
export function fitLogistic(columns: readonly Float64Array[], y: Float64Array, { l2 = 0, most = 50 } = {}): Logistic {
  const design = designOf(columns, y.length);
  const beta = new Float64Array(design.columns);
  let previous = Number.NEGATIVE_INFINITY;
  let covariance = new Matrix(0, 0);
  let iterations = 0;
  for (; iterations < most; iterations++) {
    const { likelihood, gradient, hessian } = derivatives(design, y, beta, l2);
    covariance = invert(hessian.mirror());
    const settled = Math.abs(likelihood - previous) < 1e-10 * (1 + Math.abs(likelihood));
    previous = likelihood;
    if (settled) break;
    for (let j = 0; j < beta.length; j++) {
      const step = dot(covariance.row(j), gradient);
      add(beta, j, Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, step)));
    }
  }
  return {
    coefficients: [...beta],
    standardErrors: Array.from(beta, (_, j) => Math.sqrt(Math.max(0, covariance.get(j, j)))),
    logLikelihood: previous,
    iterations,
  };
}

/** One row a member: 1 for the intercept, then the features. */
function designOf(columns: readonly Float64Array[], n: number): Matrix {
  const design = new Matrix(n, columns.length + 1);
  for (let i = 0; i < n; i++) design.set(i, 0, 1);
  for (const [j, column] of columns.entries()) for (let i = 0; i < n; i++) design.set(i, j + 1, f64(column, i));
  return design;
}

/** Penalised log-likelihood, gradient and the lower triangle of the negative Hessian. */
function derivatives(
  design: Matrix,
  y: Float64Array,
  beta: Float64Array,
  l2: number,
): { readonly likelihood: number; readonly gradient: Float64Array; readonly hessian: Matrix } {
  const d = beta.length;
  const gradient = new Float64Array(d);
  const hessian = new Matrix(d, d);
  const [data, triangle] = [design.values, hessian.values];
  let likelihood = 0;
  for (let i = 0; i < y.length; i++) {
    const row = i * d;
    let score = f64(beta, 0);
    for (let j = 1; j < d; j++) score += f64(beta, j) * f64(data, row + j);
    const p = sigmoid(score);
    const came = f64(y, i);
    likelihood += came > 0 ? -softplus(-score) : -softplus(score);
    const [residual, weight] = [came - p, p * (1 - p)];
    for (let j = 0; j < d; j++) {
      const x = f64(data, row + j);
      add(gradient, j, residual * x);
      const w = weight * x;
      for (let k = 0; k <= j; k++) add(triangle, j * d + k, w * f64(data, row + k));
    }
  }
  for (let j = 1; j < d; j++) {
    likelihood -= 0.5 * l2 * f64(beta, j) ** 2;
    add(gradient, j, -l2 * f64(beta, j));
    hessian.add(j, j, l2);
  }
  return { likelihood, gradient, hessian };
}

/** The probability of log odds. */
export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** log(1 + e^x) without overflow. */
const softplus = (x: number): number => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));

/** Probabilities of members. @param columns as in `fitLogistic` */
export function scoresOf(
  { coefficients }: Pick<Logistic, "coefficients">,
  columns: readonly Float64Array[],
): Float64Array {
  const [intercept = 0, ...slopes] = coefficients;
  const scores = new Float64Array(columns[0]?.length ?? 0).fill(intercept);
  for (const [slope, column] of zip(slopes, columns))
    for (let i = 0; i < scores.length; i++) add(scores, i, slope * f64(column, i));
  return scores.map(sigmoid);
}

/** Area under the ROC curve by ranks (Mann and Whitney 1947); ties count half. NaN where one class is missing. */
export function auc(scores: Float64Array, y: Float64Array): number {
  const order = Array.from(scores.keys()).sort((a, b) => f64(scores, a) - f64(scores, b));
  const scoreAt = (rank: number): number => f64(scores, num(order, rank));
  let [ranks, positives] = [0, 0];
  for (let begin = 0; begin < order.length; ) {
    let end = begin;
    while (end < order.length && scoreAt(end) === scoreAt(begin)) end++;
    const rank = (begin + 1 + end) / 2;
    for (let k = begin; k < end; k++)
      if (f64(y, num(order, k)) > 0) {
        ranks += rank;
        positives++;
      }
    begin = end;
  }
  const negatives = order.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean squared error of the probabilities (Brier 1950). */
export const brier = (scores: Float64Array, y: Float64Array): number =>
  scores.reduce((sum, p, i) => sum + (p - f64(y, i)) ** 2, 0) / y.length;

/** Rate of positives in the top decile over the rate of all. */
export function topDecileLift(scores: Float64Array, y: Float64Array): number {
  const order = Array.from(scores.keys()).sort((a, b) => f64(scores, b) - f64(scores, a));
  const top = order.slice(0, Math.floor(order.length / 10));
  const rate = y.reduce((a, b) => a + b, 0) / y.length;
  return top.reduce((sum, i) => sum + f64(y, i), 0) / top.length / rate;
}
