/**
 * Several seasons at once, such as the week and the year of daily figures: regression takes out what repeats (days of
 * the week, sines and cosines of the year, next to a line that may bend once a year), ETS without a season smooths the
 * rest, and the seasons are put back. This does what STL with several seasons does (Hyndman and Athanasopoulos 2021);
 * a few waves describe three short years of noisy days better than 365 means.
 */
import { add, f64, num } from "../numeric/vector.ts";
import { dot } from "../numeric/summary.ts";
import { Matrix } from "../numeric/matrix.ts";
import { chooseEts } from "./ets.ts";
import type { Method } from "./methods.ts";

/** Numbers of waves that are tried for long seasons. */
const WAVES = [2, 3, 5, 8, 12];
/** Seasons of up to this many periods have a mean for each position. */
const SHORT = 12;
/** Periods a regression needs for each of its columns. */
const ROWS_PER_COLUMN = 3;

/**
 * The forecaster.
 * @param lengths of the seasons in periods, which may be fractional (365.25); a season is used once the series has two
 */
export const seasons = (lengths: readonly number[]): Method => ({
  name: `Seasons of ${lengths.map((l) => Math.round(l)).join(" and ")} with ETS`,
  forecast: (y, horizon) => {
    const logged = y.every((v) => v > 0);
    const values = logged ? y.map(Math.log) : [...y];
    const season = fitSeasons(
      values,
      lengths.filter((length) => y.length >= 2 * length),
    );
    const plain = values.map((v, t) => v - season(t));
    const ahead = chooseEts(plain, 1)
      .forecast(horizon)
      .map((v, h) => v + season(y.length + h));
    return logged ? ahead.map(Math.exp) : ahead;
  },
});

/** What the seasons add at each time, zero on average; AIC chooses the number of waves of long seasons. */
export function fitSeasons(y: readonly number[], lengths: readonly number[]): (t: number) => number {
  const n = y.length;
  if (lengths.length === 0) return () => 0;
  const long = lengths.filter((l) => l > SHORT);
  const short = lengths.filter((l) => l <= SHORT);
  const bends = long.length === 0 ? 0 : Math.max(0, Math.floor(n / Math.max(...lengths)) - 1);
  const seasonal = (t: number, waves: number): number[] => [
    ...short.flatMap((length) => contrasts(t, length)),
    ...long.flatMap((length) => wavesOf(t, length, Math.min(waves, Math.floor(length / 2) - 1))),
  ];
  let best: { readonly aic: number; readonly season: (t: number) => number } | null = null;
  for (const waves of long.length === 0 ? [0] : WAVES) {
    const rows = y.map((_, t) => [...trend(t, n, bends), ...seasonal(t, waves)]);
    const width = rows[0]?.length ?? 0;
    if (width * ROWS_PER_COLUMN > n) break;
    const weights = leastSquares(rows, y);
    const squares = rows.reduce((sum, row, t) => sum + (num(y, t) - dot(row, weights)) ** 2, 0);
    const aic = n * Math.log(squares / n + 1e-300) + 2 * width;
    const own = weights.slice(2 + bends);
    if (best === null || aic < best.aic) best = { aic, season: (t) => dot(seasonal(t, waves), own) };
  }
  return best?.season ?? (() => 0);
}

/** A constant, a line, and a bend a year. */
const trend = (t: number, n: number, bends: number): number[] => [
  1,
  t / n,
  ...Array.from({ length: bends }, (_, b) => Math.max(0, t - ((b + 1) * n) / (bends + 1)) / n),
];

/** A position in a short season, as contrasts with its last position. */
const contrasts = (t: number, length: number): number[] =>
  Array.from({ length: length - 1 }, (_, position) => {
    if (t % length === position) return 1;
    return t % length === length - 1 ? -1 : 0;
  });

/** Sines and cosines of a long season. */
const wavesOf = (t: number, length: number, waves: number): number[] =>
  Array.from({ length: waves }, (_, w) => {
    const angle = (2 * Math.PI * (w + 1) * t) / length;
    return [Math.sin(angle), Math.cos(angle)];
  }).flat();

/** By the normal equations, with a ridge too small to matter: the columns are scaled alike. */
function leastSquares(rows: readonly (readonly number[])[], y: readonly number[]): Float64Array {
  const d = rows[0]?.length ?? 0;
  const system = new Matrix(d, d + 1);
  for (const [t, values] of rows.entries()) {
    const row = Float64Array.from(values);
    const target = num(y, t);
    for (const [i, v] of row.entries()) {
      if (v === 0) continue;
      for (let j = i; j < d; j++) add(system.values, i * (d + 1) + j, v * f64(row, j));
      system.add(i, d, v * target);
    }
  }
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) system.set(i, j, system.get(j, i));
    system.add(i, i, 1e-9 * rows.length);
  }
  return solve(system);
}

/** Gaussian elimination of a positive definite system; the last column is the right side. */
function solve(system: Matrix): Float64Array {
  const d = system.rows;
  for (let c = 0; c < d; c++)
    for (let r = c + 1; r < d; r++) {
      const factor = system.get(r, c) / system.get(c, c);
      if (factor !== 0) for (let j = c; j <= d; j++) system.add(r, j, -factor * system.get(c, j));
    }
  const out = new Float64Array(d);
  for (let i = d - 1; i >= 0; i--) {
    let sum = system.get(i, d);
    for (let j = i + 1; j < d; j++) sum -= system.get(i, j) * f64(out, j);
    out[i] = sum / system.get(i, i);
  }
  return out;
}
