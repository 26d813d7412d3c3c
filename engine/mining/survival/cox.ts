/** Proportional hazards (Cox 1972), ties after Efron (1977), by Newton's method, with standard errors. */
import { invert } from "../maximise.ts";

export interface Cox {
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  readonly logLikelihood: number;
  /** of no feature at all */
  readonly nullLogLikelihood: number;
  readonly iterations: number;
}

/** @param columns one array a feature, without NaN, scaled roughly alike; @param events 1 where the event was seen */
export function fitCox(
  times: Float64Array,
  events: Uint8Array,
  columns: readonly Float64Array[],
  { most = 30 } = {},
): Cox {
  const n = times.length;
  const d = columns.length;
  // the last first: who is still at risk is added up on the way
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[b]! - times[a]! || a - b);
  const beta = new Float64Array(d);
  let previous = Number.NEGATIVE_INFINITY;
  let none = 0;
  let covariance: number[][] = [];
  let iterations = 0;
  for (; iterations < most; iterations++) {
    let likelihood = 0;
    const gradient = new Float64Array(d);
    const information = Array.from({ length: d }, () => new Float64Array(d));
    let risk = 0;
    const riskX = new Float64Array(d);
    const riskXX = Array.from({ length: d }, () => new Float64Array(d));
    for (let i = 0; i < n; ) {
      const time = times[order[i]!]!;
      let [died, tied, lines] = [0, 0, 0];
      const tiedX = new Float64Array(d);
      const tiedXX = Array.from({ length: d }, () => new Float64Array(d));
      for (; i < n && times[order[i]!] === time; i++) {
        const row = order[i]!;
        let line = 0;
        for (let j = 0; j < d; j++) line += beta[j]! * columns[j]![row]!;
        const w = Math.exp(line);
        risk += w;
        const event = events[row] === 1;
        if (event) {
          died++;
          tied += w;
          lines += line;
        }
        for (let j = 0; j < d; j++) {
          const x = columns[j]![row]!;
          const wx = w * x;
          riskX[j]! += wx;
          if (event) {
            tiedX[j]! += wx;
            gradient[j]! += x;
          }
          for (let k = 0; k <= j; k++) {
            const wxx = wx * columns[k]![row]!;
            riskXX[j]![k]! += wxx;
            if (event) tiedXX[j]![k]! += wxx;
          }
        }
      }
      if (died === 0) continue;
      likelihood += lines;
      for (let l = 0; l < died; l++) {
        const f = l / died;
        const at = risk - f * tied;
        likelihood -= Math.log(at);
        for (let j = 0; j < d; j++) {
          const mean = (riskX[j]! - f * tiedX[j]!) / at;
          gradient[j]! -= mean;
          for (let k = 0; k <= j; k++)
            information[j]![k]! +=
              (riskXX[j]![k]! - f * tiedXX[j]![k]!) / at - mean * ((riskX[k]! - f * tiedX[k]!) / at);
        }
      }
    }
    if (iterations === 0) none = likelihood;
    covariance = invert(
      information.map((row, j) => Array.from(row, (_, k) => (k <= j ? row[k]! : information[k]![j]!))),
    );
    if (Math.abs(likelihood - previous) < 1e-10 * (1 + Math.abs(likelihood))) {
      previous = likelihood;
      break;
    }
    previous = likelihood;
    for (let j = 0; j < d; j++)
      beta[j]! += Math.max(
        -3,
        Math.min(
          3,
          covariance[j]!.reduce((sum, c, k) => sum + c * gradient[k]!, 0),
        ),
      );
  }
  return {
    coefficients: [...beta],
    standardErrors: covariance.map((c, j) => Math.sqrt(Math.max(0, c[j]!))),
    logLikelihood: previous,
    nullLogLikelihood: none,
    iterations,
  };
}

/** Chance that of two members the one with the higher risk goes first (Harrell's C); pairs whose order is unknown do not count. */
export function concordance(risk: Float64Array, times: Float64Array, events: Uint8Array): number {
  let [right, all] = [0, 0];
  for (let i = 0; i < times.length; i++) {
    if (events[i] !== 1) continue;
    for (let j = 0; j < times.length; j++) {
      if (times[j]! <= times[i]!) continue;
      all++;
      right += risk[i]! > risk[j]! ? 1 : risk[i] === risk[j] ? 0.5 : 0;
    }
  }
  return all === 0 ? Number.NaN : right / all;
}
