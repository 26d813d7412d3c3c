/** Logistic regression with an absolute penalty (Tibshirani 1996), by coordinate descent on quadratic approximations (Friedman, Hastie and Tibshirani 2010): features that do not help get a coefficient of nothing. */
import { sigmoid, type Logistic } from "./logistic.ts";

const EXACT = 1e-9;

/**
 * @param columns one array a feature, without NaN, scaled alike
 * @param l1 penalty on the sizes of the coefficients, in units of the log-likelihood; @param l2 on their squares. The intercept has none
 * @returns no standard errors: of coefficients that were chosen there are none to be had this way
 */
export function fitLasso(
  columns: readonly Float64Array[],
  y: Float64Array,
  { l1, l2 = 0, most = 100 }: { readonly l1: number; readonly l2?: number; readonly most?: number },
): Logistic {
  const n = y.length;
  const d = columns.length;
  const beta = new Float64Array(d + 1);
  const line = new Float64Array(n);
  const weight = new Float64Array(n);
  const rest = new Float64Array(n);
  let iterations = 0;
  for (; iterations < most; iterations++) {
    for (let i = 0; i < n; i++) {
      const p = sigmoid(line[i]!);
      weight[i] = Math.max(1e-6, p * (1 - p));
      rest[i] = (y[i]! - p) / weight[i]!;
    }
    let moved = 0;
    for (let sweep = 0; sweep < 200; sweep++) {
      let change = 0;
      for (let j = 0; j <= d; j++) {
        const column = j === 0 ? null : columns[j - 1]!;
        let [cross, square] = [0, 0];
        for (let i = 0; i < n; i++) {
          const x = column === null ? 1 : column[i]!;
          cross += weight[i]! * x * rest[i]!;
          square += weight[i]! * x * x;
        }
        const free = cross + square * beta[j]!;
        const next = j === 0 ? free / square : (Math.sign(free) * Math.max(0, Math.abs(free) - l1)) / (square + l2);
        const step = next - beta[j]!;
        if (step === 0) continue;
        beta[j] = next;
        for (let i = 0; i < n; i++) {
          const x = column === null ? 1 : column[i]!;
          rest[i]! -= step * x;
          line[i]! += step * x;
        }
        change = Math.max(change, Math.abs(step));
      }
      moved = Math.max(moved, change);
      if (change < EXACT) break;
    }
    if (moved < EXACT) break;
  }
  let logLikelihood = 0;
  for (let i = 0; i < n; i++) logLikelihood -= Math.log1p(Math.exp(y[i]! > 0 ? -line[i]! : line[i]!));
  for (let j = 1; j <= d; j++) logLikelihood -= l1 * Math.abs(beta[j]!) + 0.5 * l2 * beta[j]! ** 2;
  return {
    coefficients: [...beta],
    standardErrors: new Array<number>(d + 1).fill(Number.NaN),
    logLikelihood,
    iterations,
  };
}
