/** Maximum likelihood for positive parameters, over their logarithms: BFGS, then Nelder and Mead (1965); standard errors from the curvature at the top. */
import { minimise } from "./minimise.ts";
import { nelderMead } from "./nelder-mead.ts";

export interface Maximum {
  readonly x: readonly number[];
  readonly logLikelihood: number;
  /** false where a parameter ran away, or the climb took too long: the likelihood has no clear top */
  readonly clear: boolean;
  /** from the inverse of the observed information; NaN where the likelihood is flat */
  readonly standardErrors: readonly number[];
  /** the same inverse as a whole */
  readonly covariance: readonly (readonly number[])[];
}

/** A parameter this many times away from its start runs along a flat likelihood: nothing is learnt by following it. */
const FAR = 1e6;
const EVALUATIONS = 4000;
const ROUNDS = 10;

/**
 * Quasi-Newton steps first, which climb in some hundred evaluations, then simplices until they bring nothing: a flat ridge can stop either early.
 * @param logLikelihood of positive parameters; −∞ or NaN where it is not defined
 */
export function maximise(logLikelihood: (x: readonly number[]) => number, start: readonly number[]): Maximum {
  let evaluations = 0;
  const within = (logs: readonly number[], times: number): boolean =>
    logs.every((v, i) => Math.abs(v - Math.log(start[i]!)) < Math.log(times));
  const cost = (logs: readonly number[]): number => {
    if (!within(logs, FAR) || evaluations >= EVALUATIONS) return 1e300;
    evaluations++;
    const value = -logLikelihood(logs.map(Math.exp));
    return Number.isFinite(value) ? value : 1e300;
  };
  let at: readonly number[] = start.map(Math.log);
  let best = cost(at);
  for (let round = 0; round < ROUNDS; round++) {
    const climbed = minimise(cost, at);
    const found = nelderMead(cost, climbed.value < best ? climbed.x : at, { step: 0.05, most: 60 });
    const gain = best - found.value;
    if (gain >= 0) {
      best = found.value;
      at = found.x;
    }
    if (gain < 1e-9 * (1 + Math.abs(best))) break;
  }
  const x = at.map(Math.exp);
  const covariance = covarianceAt(logLikelihood, x);
  const clear = evaluations < EVALUATIONS && within(at, FAR / 10);
  return {
    x,
    logLikelihood: -best,
    clear,
    covariance,
    standardErrors: covariance.map((row, i) => (row[i]! > 0 ? Math.sqrt(row[i]!) : Number.NaN)),
  };
}

/** 95 % interval of a parameter, made on its logarithm: what is positive and skewed has no interval below zero. */
export const parameterInterval = ({ x, standardErrors }: Maximum, i: number): readonly [number, number] => {
  const times = Math.exp((1.96 * standardErrors[i]!) / x[i]!);
  return [x[i]! / times, x[i]! * times];
};

function covarianceAt(f: (x: readonly number[]) => number, x: readonly number[]): number[][] {
  const n = x.length;
  const h = x.map((v) => Math.max(1e-5, Math.abs(v) * 1e-4));
  const at = (i: number, di: number, j: number, dj: number): number => {
    const y = [...x];
    y[i]! += di * h[i]!;
    y[j]! += dj * h[j]!;
    return f(y);
  };
  const information = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) =>
      i === j
        ? -(at(i, 1, j, 0) - 2 * f(x) + at(i, -1, j, 0)) / h[i]! ** 2
        : -(at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)) / (4 * h[i]! * h[j]!),
    ),
  );
  return invert(information);
}

/** Gauss-Jordan with pivots, for the few parameters of a model. */
export function invert(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const a = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(a[r]![c]!) > Math.abs(a[pivot]![c]!)) pivot = r;
    [a[c], a[pivot]] = [a[pivot]!, a[c]!];
    const by = a[c]![c]!;
    for (let j = 0; j < 2 * n; j++) a[c]![j]! /= by;
    for (let r = 0; r < n; r++)
      if (r !== c) {
        const factor = a[r]![c]!;
        for (let j = 0; j < 2 * n; j++) a[r]![j]! -= factor * a[c]![j]!;
      }
  }
  return a.map((row) => row.slice(n));
}
