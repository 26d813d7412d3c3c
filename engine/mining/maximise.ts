/**
 * Maximum likelihood for positive parameters, searched over their logarithms: BFGS, then Nelder and Mead (1965).
 * Standard errors come from the curvature at the maximum.
 */
import { minimise } from "./minimise.ts";
import { nelderMead } from "./nelder-mead.ts";
import { invert } from "./numeric/invert.ts";
import { Matrix } from "./numeric/matrix.ts";
import { num } from "./numeric/vector.ts";

/** Where a likelihood is highest, and how sharply. */
export interface Maximum {
  /** the parameters */
  readonly x: readonly number[];
  readonly logLikelihood: number;
  /** false where a parameter ran away or the search took too long: the likelihood has no clear maximum */
  readonly clear: boolean;
  /** from the inverse of the observed information; NaN where the likelihood is flat */
  readonly standardErrors: readonly number[];
  /** the inverse of the observed information */
  readonly covariance: Matrix;
}

/** A parameter this many times away from its start runs along a flat likelihood: following it teaches nothing. */
const FAR = 1e6;
const EVALUATIONS = 4000;
const ROUNDS = 10;
/** What the cost is where the likelihood is not defined. */
const IMPOSSIBLE = 1e300;

/**
 * Quasi-Newton steps come first, since they climb in some hundred evaluations; simplices follow until they bring
 * nothing, since a flat ridge can stop either early.
 * @param logLikelihood of positive parameters; −∞ or NaN where it is not defined
 * @param start positive values
 */
export function maximise(logLikelihood: (x: readonly number[]) => number, start: readonly number[]): Maximum {
  let evaluations = 0;
  const within = (logs: readonly number[], times: number): boolean =>
    logs.every((v, i) => Math.abs(v - Math.log(num(start, i))) < Math.log(times));
  const cost = (logs: readonly number[]): number => {
    if (!within(logs, FAR) || evaluations >= EVALUATIONS) return IMPOSSIBLE;
    evaluations++;
    const value = -logLikelihood(logs.map(Math.exp));
    return Number.isFinite(value) ? value : IMPOSSIBLE;
  };
  let logs: readonly number[] = start.map(Math.log);
  let best = cost(logs);
  for (let round = 0; round < ROUNDS; round++) {
    const climbed = minimise(cost, logs);
    const found = nelderMead(cost, climbed.value < best ? climbed.x : logs, { step: 0.05, most: 60 });
    const gain = best - found.value;
    if (gain >= 0) {
      best = found.value;
      logs = found.x;
    }
    if (gain < 1e-9 * (1 + Math.abs(best))) break;
  }
  const x = logs.map(Math.exp);
  const covariance = covarianceAt(logLikelihood, x);
  const clear = evaluations < EVALUATIONS && within(logs, FAR / 10);
  const standardErrors = x.map((_, i) => {
    const variance = covariance.get(i, i);
    return variance > 0 ? Math.sqrt(variance) : Number.NaN;
  });
  return { x, logLikelihood: -best, clear, covariance, standardErrors };
}

/**
 * The 95 % interval of parameter `i`, made on its logarithm: a positive, skewed estimate gets no interval below zero.
 */
export function parameterInterval({ x, standardErrors }: Maximum, i: number): readonly [number, number] {
  const estimate = num(x, i);
  const times = Math.exp((1.96 * num(standardErrors, i)) / estimate);
  return [estimate / times, estimate * times];
}

/** The inverse of the observed information, by second differences. */
function covarianceAt(f: (x: readonly number[]) => number, x: readonly number[]): Matrix {
  const n = x.length;
  const h = x.map((v) => Math.max(1e-5, Math.abs(v) * 1e-4));
  const moved = (i: number, di: number, j: number, dj: number): number => {
    const y = Float64Array.from(x);
    y[i] = num(y, i) + di * num(h, i);
    y[j] = num(y, j) + dj * num(h, j);
    return f([...y]);
  };
  const information = new Matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      information.set(
        i,
        j,
        i === j
          ? -(moved(i, 1, j, 0) - 2 * f(x) + moved(i, -1, j, 0)) / num(h, i) ** 2
          : -(moved(i, 1, j, 1) - moved(i, 1, j, -1) - moved(i, -1, j, 1) + moved(i, -1, j, -1)) /
              (4 * num(h, i) * num(h, j)),
      );
  return invert(information);
}
