/** Logistic regression by iteratively reweighted least squares (Nelder and Wedderburn 1972), exact to machine precision, with standard errors; optional L2 penalty. */
import { invert } from "../maximise.ts";

export interface Logistic {
  /** the intercept first, then one a column */
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  readonly logLikelihood: number;
  readonly iterations: number;
}

/**
 * @param columns one array a feature, without NaN; scale them roughly alike for good numerics
 * @param y 0 or 1
 * @param l2 penalty on the squared coefficients, not on the intercept
 */
export function fitLogistic(columns: readonly Float64Array[], y: Float64Array, { l2 = 0, most = 50 } = {}): Logistic {
  const n = y.length;
  const d = columns.length + 1;
  const beta = new Float64Array(d);
  let previous = Number.NEGATIVE_INFINITY;
  let covariance: number[][] = [];
  let iterations = 0;
  for (; iterations < most; iterations++) {
    const gradient = new Float64Array(d);
    const hessian = Array.from({ length: d }, () => new Float64Array(d));
    let likelihood = 0;
    const row = new Float64Array(d);
    row[0] = 1;
    for (let i = 0; i < n; i++) {
      let score = beta[0]!;
      for (let j = 1; j < d; j++) {
        row[j] = columns[j - 1]![i]!;
        score += beta[j]! * row[j]!;
      }
      const p = sigmoid(score);
      likelihood += y[i]! > 0 ? -softplus(-score) : -softplus(score);
      const [residual, weight] = [y[i]! - p, p * (1 - p)];
      for (let j = 0; j < d; j++) {
        gradient[j]! += residual * row[j]!;
        const w = weight * row[j]!;
        for (let k = 0; k <= j; k++) hessian[j]![k]! += w * row[k]!;
      }
    }
    for (let j = 1; j < d; j++) {
      likelihood -= 0.5 * l2 * beta[j]! ** 2;
      gradient[j]! -= l2 * beta[j]!;
      hessian[j]![j]! += l2;
    }
    covariance = invert(hessian.map((h, j) => Array.from(h, (_, k) => (k <= j ? h[k]! : hessian[k]![j]!))));
    if (Math.abs(likelihood - previous) < 1e-10 * (1 + Math.abs(likelihood))) {
      previous = likelihood;
      break;
    }
    previous = likelihood;
    for (let j = 0; j < d; j++)
      beta[j]! += Math.max(
        -5,
        Math.min(
          5,
          covariance[j]!.reduce((sum, c, k) => sum + c * gradient[k]!, 0),
        ),
      );
  }
  return {
    coefficients: [...beta],
    standardErrors: covariance.map((c, i) => Math.sqrt(Math.max(0, c[i]!))),
    logLikelihood: previous,
    iterations,
  };
}

export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const softplus = (x: number): number => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));

export function scoresOf(
  { coefficients }: Pick<Logistic, "coefficients">,
  columns: readonly Float64Array[],
): Float64Array {
  const n = columns[0]?.length ?? 0;
  const scores = new Float64Array(n).fill(coefficients[0]!);
  for (const [j, column] of columns.entries())
    for (let i = 0; i < n; i++) scores[i]! += coefficients[j + 1]! * column[i]!;
  return scores.map(sigmoid);
}

/** Area under the ROC curve by ranks (Mann and Whitney 1947); ties count half. NaN where one class is missing. */
export function auc(scores: Float64Array, y: Float64Array): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let [ranks, positives] = [0, 0];
  for (let i = 0; i < order.length; ) {
    let end = i;
    while (end < order.length && scores[order[end]!] === scores[order[i]!]) end++;
    const rank = (i + 1 + end) / 2;
    for (let k = i; k < end; k++)
      if (y[order[k]!]! > 0) {
        ranks += rank;
        positives++;
      }
    i = end;
  }
  const negatives = order.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean squared error of the probabilities (Brier 1950). */
export const brier = (scores: Float64Array, y: Float64Array): number =>
  scores.reduce((sum, p, i) => sum + (p - y[i]!) ** 2, 0) / y.length;

/** Rate of positives in the highest-scored tenth over the rate of all. */
export function topDecileLift(scores: Float64Array, y: Float64Array): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const top = order.slice(0, Math.floor(order.length / 10));
  const rate = y.reduce((a, b) => a + b, 0) / y.length;
  return top.reduce((sum, i) => sum + y[i]!, 0) / top.length / rate;
}
