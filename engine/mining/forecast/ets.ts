/** Exponential smoothing as state space models (Hyndman, Koehler, Ord and Snyder 2008): error, trend and season added, multiplied or absent; likelihood and AIC as R's `ets`. */
import { minimise } from "../minimise.ts";
import { num } from "../numeric/index.ts";

export interface EtsForm {
  readonly error: "A" | "M";
  readonly trend: "N" | "A" | "Ad";
  readonly season: "N" | "A" | "M";
}
export interface Ets {
  readonly form: EtsForm;
  readonly aic: number;
  readonly parameters: readonly number[];
  forecast(horizon: number): number[];
}

export const etsName = ({ error, trend, season }: EtsForm): string => `ETS(${error},${trend},${season})`;

/** Forms that behave: multiplied errors or seasons only where all values are positive. */
export function etsForms(positive: boolean, seasonal: boolean): EtsForm[] {
  const forms: EtsForm[] = [];
  for (const trend of ["N", "A", "Ad"] as const) {
    forms.push({ error: "A", trend, season: seasonal ? "A" : "N" });
    if (positive && seasonal) forms.push({ error: "M", trend, season: "M" });
  }
  return forms;
}

const inside = (z: number, low: number, high: number): number => low + (high - low) / (1 + Math.exp(-z));
const back = (p: number, low: number, high: number): number => {
  const u = Math.min(1 - 1e-6, Math.max(1e-6, (p - low) / (high - low)));
  return Math.log(u / (1 - u));
};

interface State {
  level: number;
  slope: number;
  season: number[];
}

/** @param m periods of a season; at least two seasons of values are needed for a seasonal form */
export function fitEts(y: readonly number[], m: number, form: EtsForm): Ets {
  const trended = form.trend !== "N",
    damped = form.trend === "Ad",
    seasonal = form.season !== "N";
  const scale = y.reduce((a, v) => a + Math.abs(v), 0) / y.length || 1;
  const start = initial(y, m, form);
  const pack: number[] = [
    back(0.3, 1e-4, 0.9999),
    ...(trended ? [back(0.1, 0, 1)] : []),
    ...(seasonal ? [back(0.1, 0, 1)] : []),
    ...(damped ? [back(0.95, 0.8, 0.98)] : []),
  ];
  const smoothing = pack.length;
  pack.push(
    start.level / scale,
    ...(trended ? [start.slope / scale] : []),
    ...(seasonal ? start.season.slice(0, m - 1).map((s) => (form.season === "A" ? s / scale : s)) : []),
  );

  const unpack = (z: readonly number[]) => {
    let k = 0;
    const alpha = inside(num(z, k++), 1e-4, 0.9999);
    // beta within alpha, gamma within the rest: the region in which weights are never negative
    const beta = trended ? alpha * inside(num(z, k++), 0, 1) : 0;
    const gamma = seasonal ? (1 - alpha) * inside(num(z, k++), 0, 1) : 0;
    const phi = damped ? inside(num(z, k++), 0.8, 0.98) : 1;
    const level = num(z, k++) * scale;
    const slope = trended ? num(z, k++) * scale : 0;
    const season = seasonal ? Array.from({ length: m - 1 }, () => num(z, k++) * (form.season === "A" ? scale : 1)) : [];
    if (seasonal) {
      const sum = season.reduce((a, s) => a + s, 0);
      season.push(form.season === "A" ? -sum : m - sum);
    }
    return { alpha, beta, gamma, phi, state: { level, slope, season } };
  };
  const run = (z: readonly number[]): { readonly cost: number; readonly state: State; readonly phi: number } => {
    const { alpha, beta, gamma, phi, state } = unpack(z);
    let { level, slope } = state;
    const season = [...state.season];
    let [squares, logs] = [0, 0];
    for (let t = 0; t < y.length; t++) {
      const s = seasonal ? num(season, t % m) : 0;
      const base = level + phi * slope;
      const mean = form.season === "M" ? base * s : base + s;
      const error = form.error === "A" ? num(y, t) - mean : (num(y, t) - mean) / mean;
      if (form.error === "M") {
        if (!(mean > 0)) return { cost: 1e12, state, phi };
        logs += Math.log(mean);
      }
      squares += error * error;
      if (form.season === "M") {
        // multiplied errors: each state moves by its own part of the mean
        level = base * (1 + alpha * error);
        slope = phi * slope + beta * base * error;
        if (seasonal) season[t % m] = s * (1 + gamma * error);
      } else {
        const e = form.error === "A" ? error : error * mean;
        level = base + alpha * e;
        slope = phi * slope + beta * e;
        if (seasonal) season[t % m] = s + gamma * e;
      }
    }
    return { cost: y.length * Math.log(squares) + 2 * logs, state: { level, slope, season }, phi };
  };
  let best = minimise((z) => run(z).cost, pack, { most: 500 });
  // from other smoothing too: the likelihood has several tops
  for (const [a, b, g] of [
    [0.7, 0.05, 0.02],
    [0.1, 0.3, 0.5],
  ] as const) {
    const other = [...pack];
    [a, ...(trended ? [b] : []), ...(seasonal ? [g] : []), ...(damped ? [0.97] : [])].forEach((v, i) => {
      other[i] = i === smoothing - 1 && damped ? back(v, 0.8, 0.98) : back(v, i === 0 ? 1e-4 : 0, i === 0 ? 0.9999 : 1);
    });
    const found = minimise((z) => run(z).cost, other, { most: 500 });
    if (found.value < best.value) best = found;
  }
  const { state, phi } = run(best.x);
  return {
    form,
    parameters: best.x,
    aic: best.value + 2 * (pack.length + 1),
    forecast: (horizon) => {
      let grown = 0;
      return Array.from({ length: horizon }, (_, h) => {
        grown += phi ** (h + 1);
        const base = state.level + (trended ? grown * state.slope : 0);
        const s = seasonal ? num(state.season, (y.length + h) % m) : 0;
        return form.season === "M" ? base * s : base + s;
      });
    },
  };
}

/** The form with the least AIC. */
export function chooseEts(y: readonly number[], m: number): Ets {
  const seasonal = m > 1 && y.length >= 2 * m + 2;
  return etsForms(
    y.every((v) => v > 0),
    seasonal,
  )
    .map((form) => fitEts(y, m, form))
    .reduce((a, b) => (b.aic < a.aic ? b : a));
}

function initial(y: readonly number[], m: number, { season }: EtsForm): State {
  const k = Math.min(m > 1 ? m : 10, y.length);
  const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
  const first = mean(y.slice(0, k));
  const slope = y.length >= 2 * k ? (mean(y.slice(k, 2 * k)) - first) / k : 0;
  const seasons = Array.from({ length: m }, (_, j) => {
    const own: number[] = [];
    for (let c = 0; (c + 1) * m <= y.length && c < 3; c++) {
      const centre = mean(y.slice(c * m, c * m + m)) || 1;
      own.push(season === "M" ? num(y, c * m + j) / centre : num(y, c * m + j) - centre);
    }
    return own.length === 0 ? (season === "M" ? 1 : 0) : mean(own);
  });
  return { level: first - slope * ((k + 1) / 2), slope, season: season === "N" ? [] : seasons };
}
