/** The forecasters that compete: each takes a series and tells the next periods. */
import { fitAirline } from "./arima.ts";
import { chooseEts, etsName, fitEts, type EtsForm } from "./ets.ts";
import { at, first } from "../../lookup.ts";
import { num } from "../numeric/index.ts";

export interface Method {
  readonly name: string;
  readonly forecast: (y: readonly number[], horizon: number) => number[];
}

/** As in the same period a season ago. */
export const seasonalNaive = (m: number): Method => ({
  name: "Seasonal naive",
  forecast: (y, horizon) => Array.from({ length: horizon }, (_, h) => num(y, y.length - m + (h % m))),
});

/** Theta (Assimakopoulos and Nikolopoulos 2000): half the trend, and simple smoothing of what has no season. */
export const theta = (m: number): Method => ({
  name: "Theta",
  forecast: (y, horizon) => {
    const season = m > 1 && y.length >= 2 * m ? seasonIndex(y, m) : null;
    const plain = season ? y.map((v, t) => v / num(season, t % m)) : [...y];
    const n = plain.length;
    const middle = (n - 1) / 2;
    const mean = plain.reduce((a, b) => a + b, 0) / n;
    const slope =
      plain.reduce((a, v, t) => a + (t - middle) * (v - mean), 0) / plain.reduce((a, _, t) => a + (t - middle) ** 2, 0);
    let best = { alpha: 0.5, error: Number.POSITIVE_INFINITY, level: first(plain) };
    for (let alpha = 0.01; alpha < 1; alpha += 0.01) {
      let level = first(plain);
      let error = 0;
      for (let t = 1; t < n; t++) {
        error += (num(plain, t) - level) ** 2;
        level += alpha * (num(plain, t) - level);
      }
      if (error < best.error) best = { alpha, error, level };
    }
    return Array.from(
      { length: horizon },
      (_, h) =>
        (best.level + (slope / 2) * (h + (1 - (1 - best.alpha) ** n) / best.alpha)) *
        (season ? num(season, (n + h) % m) : 1),
    );
  },
});

/** The form is chosen once on the whole series, the parameters anew for each part of it. */
export function ets(y: readonly number[], m: number): Method & { readonly form: EtsForm; readonly aic: number } {
  const { form, aic } = chooseEts(y, m);
  return { name: etsName(form), form, aic, forecast: (part, horizon) => fitEts(part, m, form).forecast(horizon) };
}

/** On logarithms where all values are positive. */
export const airline = (m: number): Method => ({
  name: `ARIMA (0,1,1)(0,1,1)${m}`,
  forecast: (y, horizon) => {
    const logged = y.every((v) => v > 0);
    const found = fitAirline(logged ? y.map(Math.log) : y, m).forecast(horizon);
    return logged ? found.map(Math.exp) : found;
  },
});

/** Ratios to a centred moving average, scaled to a mean of one (classical decomposition). */
function seasonIndex(y: readonly number[], m: number): number[] | null {
  if (!y.every((v) => v > 0)) return null;
  const ratios: number[][] = Array.from({ length: m }, () => []);
  const half = Math.floor(m / 2);
  for (let t = half; t + half < y.length; t++) {
    let sum = 0;
    for (let k = -half; k <= half; k++) sum += (m % 2 === 0 && Math.abs(k) === half ? 0.5 : 1) * num(y, t + k);
    at(ratios, t % m).push(num(y, t) / (sum / m));
  }
  if (ratios.some((r) => r.length === 0)) return null;
  const means = ratios.map((r) => r.reduce((a, b) => a + b, 0) / r.length);
  const all = means.reduce((a, b) => a + b, 0) / m;
  return means.map((v) => v / all);
}
