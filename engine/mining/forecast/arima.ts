/** The airline model, ARIMA (0,1,1)(0,1,1)m (Box and Jenkins 1970), by exact maximum likelihood with the innovations algorithm. */
import { nelderMead } from "../nelder-mead.ts";

export interface Airline {
  readonly theta: number;
  readonly seasonal: number;
  readonly variance: number;
  readonly logLikelihood: number;
  forecast(horizon: number): number[];
}

/** @param y at least 2m + 2 values; take logarithms of amounts that swing in proportion to their size */
export function fitAirline(y: readonly number[], m: number): Airline {
  const w = y.slice(m + 1).map((v, i) => v - y[i + m]! - y[i + 1]! + y[i]!);
  const weightsOf = (theta: number, seasonal: number): number[] => {
    const out = new Array<number>(m + 2).fill(0);
    out[0] = 1;
    out[1]! += theta;
    out[m]! += seasonal;
    out[m + 1]! += theta * seasonal;
    return out;
  };
  const cost = ([a, b]: readonly number[]): number => {
    const at = innovations(w, weightsOf(Math.tanh(a!), Math.tanh(b!)));
    return -at.logLikelihood;
  };
  let best = nelderMead(cost, [-0.4, -0.6], { step: 0.3 });
  for (let round = 0; round < 4; round++) {
    const again = nelderMead(cost, best.x, { step: 0.05 });
    if (best.value - again.value < 1e-10) break;
    best = again;
  }
  const [theta, seasonal] = best.x.map(Math.tanh) as [number, number];
  const weights = weightsOf(theta, seasonal);
  const { logLikelihood, variance, ahead } = innovations(w, weights);
  return {
    theta,
    seasonal,
    variance,
    logLikelihood,
    forecast: (horizon) => {
      const all = [...y];
      for (let h = 0; h < horizon; h++) {
        const n = all.length;
        all.push(ahead(h) + all[n - 1]! + all[n - m]! - all[n - m - 1]!);
      }
      return all.slice(y.length);
    },
  };
}

/** One-step predictions of a moving average of order q, and the concentrated likelihood (Brockwell and Davis 1991, 5.3). */
function innovations(
  w: readonly number[],
  psi: readonly number[],
): { readonly logLikelihood: number; readonly variance: number; ahead(h: number): number } {
  const q = psi.length - 1;
  const n = w.length;
  const gamma = Array.from({ length: q + 1 }, (_, k) => {
    let sum = 0;
    for (let j = 0; j + k <= q; j++) sum += psi[j]! * psi[j + k]!;
    return sum;
  });
  const total = n + q + 1;
  const v = new Float64Array(total);
  const theta: Float64Array[] = [];
  v[0] = gamma[0]!;
  theta[0] = new Float64Array(q + 1);
  const step = (t: number): void => {
    const row = new Float64Array(q + 1);
    for (let k = Math.max(0, t - q); k < t; k++) {
      let sum = gamma[t - k]!;
      for (let j = Math.max(0, t - q, k - q); j < k; j++) sum -= theta[k]![k - j]! * row[t - j]! * v[j]!;
      row[t - k] = sum / v[k]!;
    }
    let own = gamma[0]!;
    for (let j = Math.max(0, t - q); j < t; j++) own -= row[t - j]! ** 2 * v[j]!;
    theta[t] = row;
    v[t] = own;
  };
  const error = new Float64Array(n);
  let [squares, logs] = [0, 0];
  for (let t = 0; t < n; t++) {
    if (t > 0) step(t);
    let guess = 0;
    for (let j = 1; j <= Math.min(t, q); j++) guess += theta[t]![j]! * error[t - j]!;
    error[t] = w[t]! - guess;
    squares += error[t]! ** 2 / v[t]!;
    logs += Math.log(v[t]!);
  }
  const variance = squares / n;
  return {
    variance,
    logLikelihood: -0.5 * (n * Math.log(2 * Math.PI * variance) + logs + n),
    ahead: (h) => {
      for (let t = theta.length; t <= n + h; t++) step(t);
      let guess = 0;
      for (let j = h + 1; j <= Math.min(n + h, q); j++) guess += theta[n + h]![j]! * error[n + h - j]!;
      return guess;
    },
  };
}
