/**
 * Logistic regression with an absolute penalty (Tibshirani 1996), by coordinate descent on quadratic approximations
 * (Friedman, Hastie and Tibshirani 2010): features that do not help get a coefficient of zero.
 */
import { add, f64 } from "../numeric/vector.ts";
import { sigmoid, type Logistic } from "./logistic.ts";

const EXACT = 1e-9;
const MOST_SWEEPS = 200;
const LEAST_WEIGHT = 1e-6;

/** Penalties of the lasso, in units of the log-likelihood; the intercept has none. */
export interface LassoOptions {
  /** on the sizes of the coefficients */
  readonly l1: number;
  /** on their squares, 0 by default */
  readonly l2?: number;
  /** iterations at most, 100 by default */
  readonly most?: number;
}

/**
 * Fits the regression.
 * @param columns one array a feature, without NaN, scaled alike
 * @param y 0 or 1
 * @returns standard errors are NaN: selected coefficients have none of the usual kind
 */
export function fitLasso(
  columns: readonly Float64Array[],
  y: Float64Array,
  { l1, l2 = 0, most = 100 }: LassoOptions,
): Logistic {
  const n = y.length;
  const ones = new Float64Array(n).fill(1);
  const design = [ones, ...columns];
  const beta = new Float64Array(design.length);
  const line = new Float64Array(n);
  const weight = new Float64Array(n);
  const rest = new Float64Array(n);
  let iterations = 0;
  for (; iterations < most; iterations++) {
    for (let i = 0; i < n; i++) {
      const p = sigmoid(f64(line, i));
      const w = Math.max(LEAST_WEIGHT, p * (1 - p));
      weight[i] = w;
      rest[i] = (f64(y, i) - p) / w;
    }
    let moved = 0;
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      let change = 0;
      for (const [j, column] of design.entries()) {
        const step = bestStep(column, weight, rest, f64(beta, j), j === 0 ? null : { l1, l2 });
        if (step === 0) continue;
        add(beta, j, step);
        for (let i = 0; i < n; i++) {
          const moving = step * f64(column, i);
          add(rest, i, -moving);
          add(line, i, moving);
        }
        change = Math.max(change, Math.abs(step));
      }
      moved = Math.max(moved, change);
      if (change < EXACT) break;
    }
    if (moved < EXACT) break;
  }
  let logLikelihood = 0;
  for (let i = 0; i < n; i++) logLikelihood -= Math.log1p(Math.exp(f64(y, i) > 0 ? -f64(line, i) : f64(line, i)));
  for (const b of beta.subarray(1)) logLikelihood -= l1 * Math.abs(b) + 0.5 * l2 * b ** 2;
  return {
    coefficients: [...beta],
    standardErrors: Array.from(beta, () => Number.NaN),
    logLikelihood,
    iterations,
  };
}

/** How far one coefficient moves to its best value while the others stay: soft thresholding where it is penalised. */
function bestStep(
  column: Float64Array,
  weight: Float64Array,
  rest: Float64Array,
  own: number,
  penalty: { readonly l1: number; readonly l2: number } | null,
): number {
  let [cross, square] = [0, 0];
  for (let i = 0; i < column.length; i++) {
    const x = f64(column, i);
    const w = f64(weight, i);
    cross += w * x * f64(rest, i);
    square += w * x * x;
  }
  const free = cross + square * own;
  if (penalty === null) return free / square - own;
  const { l1, l2 } = penalty;
  return (Math.sign(free) * Math.max(0, Math.abs(free) - l1)) / (square + l2) - own;
}
