/** The forecasters that compete: each takes a series and forecasts the next periods. */
import { mean } from "../numeric/summary.ts";
import { num } from "../numeric/vector.ts";
import { fitAirline } from "./arima.ts";
import { chooseEts, etsName, fitEts, type EtsForm } from "./ets.ts";

/** A forecaster. */
export interface Method {
  readonly name: string;
  /** @param y whole periods, the oldest first */
  readonly forecast: (y: readonly number[], horizon: number) => number[];
}

/** As in the same period a season before. @param m periods of a season */
export const seasonalNaive = (m: number): Method => ({
  name: "Seasonal naive",
  forecast: (y, horizon) => Array.from({ length: horizon }, (_, h) => num(y, y.length - m + (h % m))),
});

/** Theta (Assimakopoulos and Nikolopoulos 2000): half the trend, and simple smoothing of the series without seasons. */
export const theta = (m: number): Method => ({
  name: "Theta",
  forecast: (y, horizon) => {
    const season = m > 1 && y.length >= 2 * m ? seasonIndex(y, m) : null;
    const seasonAt = (t: number): number => (season ? num(season, t % m) : 1);
    const plain = season ? y.map((v, t) => v / seasonAt(t)) : [...y];
    const n = plain.length;
    const slope = slopeOf(plain);
    const { alpha, level } = simpleSmoothing(plain);
    return Array.from(
      { length: horizon },
      (_, h) => (level + (slope / 2) * (h + (1 - (1 - alpha) ** n) / alpha)) * seasonAt(n + h),
    );
  },
});

/** The slope of the regression line. */
function slopeOf(y: readonly number[]): number {
  const middle = (y.length - 1) / 2;
  const centre = mean(y);
  const cross = y.reduce((a, v, t) => a + (t - middle) * (v - centre), 0);
  return cross / y.reduce((a, _, t) => a + (t - middle) ** 2, 0);
}

/** Simple exponential smoothing with the best weight on a grid. */
function simpleSmoothing(y: readonly number[]): { readonly alpha: number; readonly level: number } {
  const first = num(y, 0);
  let best = { alpha: 0.5, error: Number.POSITIVE_INFINITY, level: first };
  for (let alpha = 0.01; alpha < 1; alpha += 0.01) {
    let level = first;
    let error = 0;
    for (let t = 1; t < y.length; t++) {
      const miss = num(y, t) - level;
      error += miss ** 2;
      level += alpha * miss;
    }
    if (error < best.error) best = { alpha, error, level };
  }
  return best;
}

/** ETS: the form is chosen once on the whole series, the parameters for each part of it. */
export function ets(y: readonly number[], m: number): Method & { readonly form: EtsForm; readonly aic: number } {
  const { form, aic } = chooseEts(y, m);
  return { name: etsName(form), form, aic, forecast: (part, horizon) => fitEts(part, m, form).forecast(horizon) };
}

/** The airline model, on logarithms where all values are positive. */
export const airline = (m: number): Method => ({
  name: `ARIMA (0,1,1)(0,1,1)${m}`,
  forecast: (y, horizon) => {
    const logged = y.every((v) => v > 0);
    const found = fitAirline(logged ? y.map(Math.log) : y, m).forecast(horizon);
    return logged ? found.map(Math.exp) : found;
  },
});

/**
 * Ratios to a centred moving average, scaled to a mean of one (classical decomposition); null for values below zero.
 */
function seasonIndex(y: readonly number[], m: number): number[] | null {
  if (!y.every((v) => v > 0)) return null;
  const half = Math.floor(m / 2);
  const weight = (k: number): number => (m % 2 === 0 && Math.abs(k) === half ? 0.5 : 1);
  const ratios = new Map<number, number[]>();
  for (let t = half; t + half < y.length; t++) {
    let sum = 0;
    for (let k = -half; k <= half; k++) sum += weight(k) * num(y, t + k);
    const own = ratios.get(t % m) ?? [];
    own.push(num(y, t) / (sum / m));
    ratios.set(t % m, own);
  }
  if (ratios.size < m) return null;
  const means = Array.from({ length: m }, (_, position) => mean(ratios.get(position) ?? []));
  const all = mean(means);
  return means.map((v) => v / all);
}
