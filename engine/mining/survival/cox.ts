/** Proportional hazards (Cox 1972), ties after Efron (1977), by Newton's method, with standard errors. */
import { add, f64, u32, u8 } from "../numeric/vector.ts";
import { descending, dot } from "../numeric/summary.ts";
import { invert } from "../numeric/invert.ts";
import { Matrix } from "../numeric/matrix.ts";

/** A fitted model. */
export interface Cox {
  /** log hazard ratios, one a column */
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  readonly logLikelihood: number;
  /** log-likelihood without features */
  readonly nullLogLikelihood: number;
  readonly iterations: number;
}

/** No coefficient moves farther than this in one iteration. */
const LARGEST_STEP = 3;

/**
 * Fits the model.
 * @param times until the event, or until observation ended
 * @param events 1 where the event was observed
 * @param columns one array a feature, without NaN, scaled roughly alike
 */
export function fitCox(
  times: Float64Array,
  events: Uint8Array,
  columns: readonly Float64Array[],
  { most = 30 } = {},
): Cox {
  const d = columns.length;
  const rows = Matrix.of(columns);
  // latest first, so that the risk set grows by addition
  const order = descending(times);
  const beta = new Float64Array(d);
  let previous = Number.NEGATIVE_INFINITY;
  let none = 0;
  let covariance = new Matrix(d, d);
  let iterations = 0;
  for (; iterations < most; iterations++) {
    const { likelihood, gradient, information } = derivatives(times, events, rows, order, beta);
    if (iterations === 0) none = likelihood;
    covariance = invert(information.mirror());
    const settled = Math.abs(likelihood - previous) < 1e-10 * (1 + Math.abs(likelihood));
    previous = likelihood;
    if (settled) break;
    for (let j = 0; j < d; j++) {
      const step = dot(covariance.row(j), gradient);
      add(beta, j, Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, step)));
    }
  }
  return {
    coefficients: [...beta],
    standardErrors: Array.from(beta, (_, j) => Math.sqrt(Math.max(0, covariance.get(j, j)))),
    logLikelihood: previous,
    nullLogLikelihood: none,
    iterations,
  };
}

/** Sums of weights, weighted features and their products, over a risk set or over the events of one time. */
interface Moments {
  weight: number;
  readonly x: Float64Array;
  /** lower triangle */
  readonly xx: Matrix;
}

const emptyMoments = (d: number): Moments => ({ weight: 0, x: new Float64Array(d), xx: new Matrix(d, d) });

/** @param columns one row a feature */
function accumulate(moments: Moments, columns: Matrix, row: number, weight: number): void {
  const { rows: d, columns: n, values } = columns;
  moments.weight += weight;
  for (let j = 0; j < d; j++) {
    const wx = weight * f64(values, j * n + row);
    add(moments.x, j, wx);
    for (let k = 0; k <= j; k++) add(moments.xx.values, j * d + k, wx * f64(values, k * n + row));
  }
}

/** Log-likelihood, gradient and the lower triangle of the information. */
function derivatives(
  times: Float64Array,
  events: Uint8Array,
  columns: Matrix,
  order: Uint32Array,
  beta: Float64Array,
): { readonly likelihood: number; readonly gradient: Float64Array; readonly information: Matrix } {
  const { rows: d, columns: n, values } = columns;
  const gradient = new Float64Array(d);
  const information = new Matrix(d, d);
  const risk = emptyMoments(d);
  let likelihood = 0;
  for (let i = 0; i < order.length; ) {
    const time = f64(times, u32(order, i));
    const tied = emptyMoments(d);
    let died = 0;
    let lines = 0;
    for (; i < order.length && f64(times, u32(order, i)) === time; i++) {
      const row = u32(order, i);
      let line = 0;
      for (let j = 0; j < d; j++) line += f64(beta, j) * f64(values, j * n + row);
      const weight = Math.exp(line);
      accumulate(risk, columns, row, weight);
      if (u8(events, row) !== 1) continue;
      died++;
      lines += line;
      accumulate(tied, columns, row, weight);
      for (let j = 0; j < d; j++) add(gradient, j, f64(values, j * n + row));
    }
    if (died === 0) continue;
    likelihood += lines;
    // Efron: the events of one time leave the risk set one after another
    for (let l = 0; l < died; l++) {
      const part = l / died;
      const at = risk.weight - part * tied.weight;
      likelihood -= Math.log(at);
      for (let j = 0; j < d; j++) {
        const mean = (f64(risk.x, j) - part * f64(tied.x, j)) / at;
        add(gradient, j, -mean);
        for (let k = 0; k <= j; k++) {
          const product = (risk.xx.get(j, k) - part * tied.xx.get(j, k)) / at;
          information.add(j, k, product - mean * ((f64(risk.x, k) - part * f64(tied.x, k)) / at));
        }
      }
    }
  }
  return { likelihood, gradient, information };
}

/**
 * The probability that of two members the one with the higher risk leaves first (Harrell's C, 1982); pairs whose order
 * is unknown do not count. NaN without such a pair.
 */
export function concordance(risk: Float64Array, times: Float64Array, events: Uint8Array): number {
  let [right, all] = [0, 0];
  for (let i = 0; i < times.length; i++) {
    if (u8(events, i) !== 1) continue;
    const [time, own] = [f64(times, i), f64(risk, i)];
    for (let j = 0; j < times.length; j++) {
      if (f64(times, j) <= time) continue;
      all++;
      const other = f64(risk, j);
      if (own > other) right += 1;
      else if (own === other) right += 0.5;
    }
  }
  return all === 0 ? Number.NaN : right / all;
}
