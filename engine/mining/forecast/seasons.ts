/**
 * Several seasons at once, such as the week and the year of daily figures: what repeats is taken out by regression (days of the week, sines and cosines of the
 * year, beside a line that may bend once a year), what is left is smoothed by ETS without a season, and the seasons are put back. It does what STL with several
 * seasons does; the year of three short years of noisy days is told better by a few waves than by 365 means.
 */
import { chooseEts } from "./ets.ts";
import type { Method } from "./methods.ts";

const WAVES = [2, 3, 5, 8, 12];
/** Seasons of up to this many periods have a mean for each place in them. */
const SHORT = 12;

/** @param lengths of the seasons in periods, the long ones may be fractional (365.25); those that the series does not hold twice are left out */
export const seasons = (lengths: readonly number[]): Method => ({
  name: `Seasons of ${lengths.map((l) => Math.round(l)).join(" and ")} with ETS`,
  forecast: (y, horizon) => {
    const logged = y.every((v) => v > 0);
    const values = logged ? y.map(Math.log) : [...y];
    const held = lengths.filter((length) => y.length >= 2 * length);
    const season = fitSeasons(values, held);
    const plain = values.map((v, t) => v - season(t));
    const ahead = chooseEts(plain, 1)
      .forecast(horizon)
      .map((v, h) => v + season(y.length + h));
    return logged ? ahead.map(Math.exp) : ahead;
  },
});

/** What the seasons add at each place in time, zero on average. The number of waves of long seasons is chosen by AIC. */
export function fitSeasons(y: readonly number[], lengths: readonly number[]): (t: number) => number {
  const n = y.length;
  if (lengths.length === 0) return () => 0;
  const long = lengths.filter((l) => l > SHORT);
  const short = lengths.filter((l) => l <= SHORT);
  const longest = Math.max(...lengths);
  const bends = long.length === 0 ? 0 : Math.max(0, Math.floor(n / longest) - 1);
  const trend = (t: number): number[] => [
    1,
    t / n,
    ...Array.from({ length: bends }, (_, b) => Math.max(0, t - ((b + 1) * n) / (bends + 1)) / n),
  ];
  const waves = (t: number, k: number): number[] => [
    ...short.flatMap((l) => Array.from({ length: l - 1 }, (_, d) => (t % l === d ? 1 : t % l === l - 1 ? -1 : 0))),
    ...long.flatMap((l) =>
      Array.from({ length: Math.min(k, Math.floor(l / 2) - 1) }, (_, w) => {
        const at = (2 * Math.PI * (w + 1) * t) / l;
        return [Math.sin(at), Math.cos(at)];
      }).flat(),
    ),
  ];
  let best: { readonly aic: number; readonly season: (t: number) => number } | null = null;
  for (const k of long.length === 0 ? [0] : WAVES) {
    const rows = y.map((_, t) => [...trend(t), ...waves(t, k)]);
    const width = rows[0]!.length;
    if (width * 3 > n) break;
    const weights = leastSquares(rows, y);
    const squares = rows.reduce(
      (sum, row, t) => sum + (y[t]! - row.reduce((a, v, j) => a + v * weights[j]!, 0)) ** 2,
      0,
    );
    const aic = n * Math.log(squares / n + 1e-300) + 2 * width;
    const own = weights.slice(2 + bends);
    if (best === null || aic < best.aic)
      best = { aic, season: (t) => waves(t, k).reduce((a, v, j) => a + v * own[j]!, 0) };
  }
  return best?.season ?? (() => 0);
}

/** By the normal equations with a ridge too small to be seen: columns are scaled alike. */
function leastSquares(rows: readonly (readonly number[])[], y: readonly number[]): number[] {
  const d = rows[0]!.length;
  const a = Array.from({ length: d }, () => new Float64Array(d + 1));
  rows.forEach((row, t) => {
    for (let i = 0; i < d; i++) {
      const v = row[i]!;
      if (v === 0) continue;
      for (let j = i; j < d; j++) a[i]![j]! += v * row[j]!;
      a[i]![d]! += v * y[t]!;
    }
  });
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) a[i]![j] = a[j]![i]!;
    a[i]![i]! += 1e-9 * rows.length;
  }
  for (let c = 0; c < d; c++) {
    const pivot = a[c]![c]!;
    for (let r = c + 1; r < d; r++) {
      const by = a[r]![c]! / pivot;
      if (by !== 0) for (let j = c; j <= d; j++) a[r]![j]! -= by * a[c]![j]!;
    }
  }
  const out = new Array<number>(d).fill(0);
  for (let i = d - 1; i >= 0; i--) {
    let sum = a[i]![d]!;
    for (let j = i + 1; j < d; j++) sum -= a[i]![j]! * out[j]!;
    out[i] = sum / a[i]![i]!;
  }
  return out;
}
