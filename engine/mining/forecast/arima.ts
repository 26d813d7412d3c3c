/**
 * The airline model, ARIMA (0,1,1)(0,1,1)m (Box and Jenkins 1970), by exact maximum likelihood with the innovations
 * algorithm (Brockwell and Davis 1991, section 5.3).
 */
import { nelderMead } from "../nelder-mead.ts";
import { add, f64, num } from "../numeric/vector.ts";
import { Matrix } from "../numeric/matrix.ts";

/** A fitted model. */
export interface Airline {
  /** moving-average parameter of the last period */
  readonly theta: number;
  /** moving-average parameter of the last season */
  readonly seasonal: number;
  readonly variance: number;
  readonly logLikelihood: number;
  /** the next periods */
  forecast(horizon: number): number[];
}

/**
 * Fits the model.
 * @param y at least 2m + 2 values; take logarithms of amounts that swing in proportion to their size
 * @param m periods of a season
 */
export function fitAirline(y: readonly number[], m: number): Airline {
  const differenced = Float64Array.from(y.slice(m + 1), (v, i) => v - num(y, i + m) - num(y, i + 1) + num(y, i));
  const cost = ([a = 0, b = 0]: readonly number[]): number =>
    -innovations(differenced, weightsOf(Math.tanh(a), Math.tanh(b), m)).logLikelihood;
  let best = nelderMead(cost, [-0.4, -0.6], { step: 0.3 });
  for (let round = 0; round < 4; round++) {
    const again = nelderMead(cost, best.x, { step: 0.05 });
    if (best.value - again.value < 1e-10) break;
    best = again;
  }
  const [theta = 0, seasonal = 0] = best.x.map(Math.tanh);
  const { logLikelihood, variance, ahead } = innovations(differenced, weightsOf(theta, seasonal, m));
  return {
    theta,
    seasonal,
    variance,
    logLikelihood,
    forecast: (horizon) => {
      const all = [...y];
      for (let h = 0; h < horizon; h++) {
        const n = all.length;
        all.push(ahead(h) + num(all, n - 1) + num(all, n - m) - num(all, n - m - 1));
      }
      return all.slice(y.length);
    },
  };
}

/** (1 + theta B)(1 + seasonal B^m) as weights of past errors. */
function weightsOf(theta: number, seasonal: number, m: number): Float64Array {
  const weights = new Float64Array(m + 2);
  weights[0] = 1;
  add(weights, 1, theta);
  add(weights, m, seasonal);
  add(weights, m + 1, theta * seasonal);
  return weights;
}

interface Innovations {
  readonly logLikelihood: number;
  readonly variance: number;
  /** the prediction `h` periods after the next */
  readonly ahead: (h: number) => number;
}

/** Autocovariances of a moving average with unit variance. */
function autocovariances(psi: Float64Array): Float64Array {
  return psi.map((_, k) => {
    let sum = 0;
    for (let j = 0; j + k < psi.length; j++) sum += f64(psi, j) * f64(psi, j + k);
    return sum;
  });
}

/** One-step predictions of a moving average, and its concentrated likelihood. */
function innovations(w: Float64Array, psi: Float64Array): Innovations {
  const q = psi.length - 1;
  const n = w.length;
  const gamma = autocovariances(psi);
  const theta = new Matrix(n + q + 1, q + 1);
  const weights = theta.values;
  const width = theta.columns;
  const v = new Float64Array(theta.rows);
  v[0] = f64(gamma, 0);
  let known = 1;
  const step = (t: number): void => {
    const own = t * width;
    for (let k = Math.max(0, t - q); k < t; k++) {
      let sum = f64(gamma, t - k);
      for (let j = Math.max(0, t - q, k - q); j < k; j++)
        sum -= f64(weights, k * width + k - j) * f64(weights, own + t - j) * f64(v, j);
      weights[own + t - k] = sum / f64(v, k);
    }
    let variance = f64(gamma, 0);
    for (let j = Math.max(0, t - q); j < t; j++) variance -= f64(weights, own + t - j) ** 2 * f64(v, j);
    v[t] = variance;
    known = t + 1;
  };
  const error = new Float64Array(n);
  let [squares, logs] = [0, 0];
  for (let t = 0; t < n; t++) {
    if (t > 0) step(t);
    let guess = 0;
    for (let j = 1; j <= Math.min(t, q); j++) guess += theta.get(t, j) * f64(error, t - j);
    const miss = f64(w, t) - guess;
    error[t] = miss;
    squares += miss ** 2 / f64(v, t);
    logs += Math.log(f64(v, t));
  }
  const variance = squares / n;
  return {
    variance,
    logLikelihood: -0.5 * (n * Math.log(2 * Math.PI * variance) + logs + n),
    ahead: (h) => {
      if (h >= q) return 0;
      for (let t = known; t <= n + h; t++) step(t);
      let guess = 0;
      for (let j = h + 1; j <= Math.min(n + h, q); j++) guess += theta.get(n + h, j) * f64(error, n + h - j);
      return guess;
    },
  };
}
