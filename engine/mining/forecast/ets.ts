/**
 * Exponential smoothing as state space models (Hyndman, Koehler, Ord and Snyder 2008): error, trend and season
 * additive, multiplicative or absent; likelihood and AIC as in R's `ets`.
 */
import { minimise } from "../minimise.ts";
import { mean, sum } from "../numeric/summary.ts";
import { num } from "../numeric/vector.ts";

/** A form: A additive, Ad additive and damped, M multiplicative, N none. */
export interface EtsForm {
  readonly error: "A" | "M";
  readonly trend: "N" | "A" | "Ad";
  readonly season: "N" | "A" | "M";
}

/** A fitted model. */
export interface Ets {
  readonly form: EtsForm;
  readonly aic: number;
  /** smoothing parameters and first states, as they are searched */
  readonly parameters: readonly number[];
  /** the next periods */
  forecast(horizon: number): number[];
}

/** The form in the usual notation. */
export const etsName = ({ error, trend, season }: EtsForm): string => `ETS(${error},${trend},${season})`;

/** Stable forms: multiplicative errors and seasons only for positive values. */
export function etsForms(positive: boolean, seasonal: boolean): EtsForm[] {
  return (["N", "A", "Ad"] as const).flatMap((trend): EtsForm[] => [
    { error: "A", trend, season: seasonal ? "A" : "N" },
    ...(positive && seasonal ? [{ error: "M" as const, trend, season: "M" as const }] : []),
  ]);
}

/** A number from the real line to between two bounds, and back. */
const inside = (z: number, low: number, high: number): number => low + (high - low) / (1 + Math.exp(-z));
const outside = (p: number, low: number, high: number): number => {
  const u = Math.min(1 - 1e-6, Math.max(1e-6, (p - low) / (high - low)));
  return Math.log(u / (1 - u));
};

interface State {
  readonly level: number;
  readonly slope: number;
  readonly season: readonly number[];
}

interface Parameters {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly state: State;
}

/** Smoothing from which the search starts: alpha, beta over alpha, gamma over 1 - alpha, phi. */
interface Smoothing {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

/** The likelihood has several maxima: the best of three searches is taken. */
const STARTS: readonly Smoothing[] = [
  { alpha: 0.3, beta: 0.1, gamma: 0.1, phi: 0.95 },
  { alpha: 0.7, beta: 0.05, gamma: 0.02, phi: 0.97 },
  { alpha: 0.1, beta: 0.3, gamma: 0.5, phi: 0.97 },
];
const IMPOSSIBLE = 1e12;

/** @param m periods of a season; a seasonal form needs at least two seasons of values */
export function fitEts(y: readonly number[], m: number, form: EtsForm): Ets {
  const coding = codingOf(y, m, form);
  const cost = (z: readonly number[]): number => run(y, m, form, coding.decode(z)).cost;
  const [first, ...others] = STARTS.map((smoothing) => minimise(cost, coding.encode(smoothing), { most: 500 }));
  if (first === undefined) throw new Error("no start");
  const best = others.reduce((a, b) => (b.value < a.value ? b : a), first);
  const { phi } = coding.decode(best.x);
  const { state } = run(y, m, form, coding.decode(best.x));
  return {
    form,
    parameters: best.x,
    aic: best.value + 2 * (best.x.length + 1),
    forecast: (horizon) => {
      let grown = 0;
      return Array.from({ length: horizon }, (_, h) => {
        grown += phi ** (h + 1);
        const base = state.level + (form.trend === "N" ? 0 : grown * state.slope);
        if (form.season === "N") return base;
        const season = num(state.season, (y.length + h) % m);
        return form.season === "M" ? base * season : base + season;
      });
    },
  };
}

/** How parameters are written as numbers on the real line. */
function codingOf(y: readonly number[], m: number, form: EtsForm) {
  const isTrended = form.trend !== "N";
  const isDamped = form.trend === "Ad";
  const isSeasonal = form.season !== "N";
  const scale = y.reduce((a, v) => a + Math.abs(v), 0) / y.length || 1;
  const seasonScale = form.season === "A" ? scale : 1;
  const start = initialState(y, m, form);
  return {
    encode: ({ alpha, beta, gamma, phi }: Smoothing): number[] => [
      outside(alpha, 1e-4, 0.9999),
      ...(isTrended ? [outside(beta, 0, 1)] : []),
      ...(isSeasonal ? [outside(gamma, 0, 1)] : []),
      ...(isDamped ? [outside(phi, 0.8, 0.98)] : []),
      start.level / scale,
      ...(isTrended ? [start.slope / scale] : []),
      ...(isSeasonal ? start.season.slice(0, m - 1).map((s) => (form.season === "A" ? s / scale : s)) : []),
    ],
    decode: (z: readonly number[]): Parameters => {
      let k = 0;
      const next = (): number => num(z, k++);
      const alpha = inside(next(), 1e-4, 0.9999);
      // beta within alpha, gamma within the rest: the region in which weights are never negative
      const beta = isTrended ? alpha * inside(next(), 0, 1) : 0;
      const gamma = isSeasonal ? (1 - alpha) * inside(next(), 0, 1) : 0;
      const phi = isDamped ? inside(next(), 0.8, 0.98) : 1;
      const level = next() * scale;
      const slope = isTrended ? next() * scale : 0;
      const season = isSeasonal ? Array.from({ length: m - 1 }, () => next() * seasonScale) : [];
      if (isSeasonal) season.push(form.season === "A" ? -sum(season) : m - sum(season));
      return { alpha, beta, gamma, phi, state: { level, slope, season } };
    },
  };
}

/** Smooths the series. @returns twice the negative log-likelihood (up to a constant) and the last state */
function run(
  y: readonly number[],
  m: number,
  form: EtsForm,
  { alpha, beta, gamma, phi, state }: Parameters,
): { readonly cost: number; readonly state: State } {
  const isSeasonal = form.season !== "N";
  const season = [...state.season];
  let { level, slope } = state;
  let [squares, logs] = [0, 0];
  for (const [t, actual] of y.entries()) {
    const s = isSeasonal ? num(season, t % m) : 0;
    const base = level + phi * slope;
    const expected = form.season === "M" ? base * s : base + s;
    const error = form.error === "A" ? actual - expected : (actual - expected) / expected;
    if (form.error === "M") {
      if (!(expected > 0)) return { cost: IMPOSSIBLE, state };
      logs += Math.log(expected);
    }
    squares += error * error;
    if (form.season === "M") {
      // multiplicative: each state moves by its own part of the expectation
      level = base * (1 + alpha * error);
      slope = phi * slope + beta * base * error;
      season[t % m] = s * (1 + gamma * error);
    } else {
      const e = form.error === "A" ? error : error * expected;
      level = base + alpha * e;
      slope = phi * slope + beta * e;
      if (isSeasonal) season[t % m] = s + gamma * e;
    }
  }
  return { cost: y.length * Math.log(squares) + 2 * logs, state: { level, slope, season } };
}

/** The form with the least AIC. @param m periods of a season */
export function chooseEts(y: readonly number[], m: number): Ets {
  const seasonal = m > 1 && y.length >= 2 * m + 2;
  return etsForms(
    y.every((v) => v > 0),
    seasonal,
  )
    .map((form) => fitEts(y, m, form))
    .reduce((a, b) => (b.aic < a.aic ? b : a));
}

/** First states from the means of the first seasons. */
function initialState(y: readonly number[], m: number, { season }: EtsForm): State {
  const k = Math.min(m > 1 ? m : 10, y.length);
  const first = mean(y.slice(0, k));
  const slope = y.length >= 2 * k ? (mean(y.slice(k, 2 * k)) - first) / k : 0;
  const cycles = Math.min(3, Math.floor(y.length / m));
  const seasons = Array.from({ length: m }, (_, j) => {
    if (cycles === 0) return season === "M" ? 1 : 0;
    const own = Array.from({ length: cycles }, (__, c) => {
      const centre = mean(y.slice(c * m, c * m + m)) || 1;
      return season === "M" ? num(y, c * m + j) / centre : num(y, c * m + j) - centre;
    });
    return mean(own);
  });
  return { level: first - slope * ((k + 1) / 2), slope, season: season === "N" ? [] : seasons };
}
