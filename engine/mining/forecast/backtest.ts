/** Judges forecasters from several origins, each on the periods after it; intervals come from the observed errors. */
import type { Method } from "./methods.ts";
import { at } from "../../lookup.ts";
import { num } from "../numeric/vector.ts";
import { mean } from "../numeric/summary.ts";

/** How one forecaster did. */
export interface Backtest {
  readonly method: Method;
  /** mean absolute error over that of the seasonal naive on the training part (Hyndman and Koehler 2006) */
  readonly mase: number;
  /** symmetric mean absolute percentage error, 0 to 2 */
  readonly smape: number;
  /** mean pinball loss of the 10 % and 90 % bounds, scaled as MASE */
  readonly pinball: number;
  /** share of periods within the 80 % interval from the other origins' errors */
  readonly coverage: number;
  /** mean scaled error by origin, for comparing methods in pairs */
  readonly byOrigin: readonly number[];
  /** errors by horizon: actual minus forecast, over the size of the forecast */
  readonly errors: readonly (readonly number[])[];
  /** by origin: the error of the sum of the first one, two … periods, over the size of the forecast */
  readonly sums: readonly (readonly number[])[];
}

/** Mean absolute change from the same period a season before. */
export const naiveScale = (y: readonly number[], m: number): number => {
  if (y.length <= m) return 0;
  let sum = 0;
  for (let t = m; t < y.length; t++) sum += Math.abs(num(y, t) - num(y, t - m));
  return sum / (y.length - m);
};

/**
 * Forecasts from several origins and compares with what came.
 * @param m periods of a season; @param horizon periods ahead; @param origins how many; @param step between origins
 */
export function backtest(
  method: Method,
  y: readonly number[],
  m: number,
  {
    horizon,
    origins,
    step = 1,
  }: {
    readonly horizon: number;
    readonly origins: number;
    readonly step?: number;
  },
): Backtest {
  const n = y.length;
  const cells: { origin: number; h: number; actual: number; guess: number; scale: number }[] = [];
  for (let o = 0; o < origins; o++) {
    const cut = n - 1 - o * step;
    const part = y.slice(0, cut);
    const scale = naiveScale(part, m) || 1;
    const ahead = Math.min(horizon, n - cut);
    method
      .forecast(part, ahead)
      .forEach((guess, h) => cells.push({ origin: o, h, actual: num(y, cut + h), guess, scale }));
  }
  const relative = (c: (typeof cells)[number]): number => (c.actual - c.guess) / (Math.abs(c.guess) || 1);
  const errors = Array.from({ length: horizon }, (_, h) => cells.filter((c) => c.h === h).map(relative));
  let [covered, pinball] = [0, 0];
  for (const c of cells) {
    const [low, high] = bounds(
      cells.filter((x) => x.origin !== c.origin).map((x) => ({ h: x.h, error: relative(x) })),
      c.h,
      c.guess,
      0.8,
    );
    if (c.actual >= low && c.actual <= high) covered++;
    pinball +=
      (0.5 *
        (Math.max(0.1 * (c.actual - low), 0.9 * (low - c.actual)) +
          Math.max(0.9 * (c.actual - high), 0.1 * (high - c.actual)))) /
      c.scale;
  }
  return {
    method,
    errors,
    sums: Array.from({ length: origins }, (_, o) => {
      let [forecast, actual] = [0, 0];
      return cells
        .filter((c) => c.origin === o)
        .map((c) => {
          forecast += c.guess;
          actual += c.actual;
          return (actual - forecast) / (Math.abs(forecast) || 1);
        });
    }),
    coverage: covered / cells.length,
    pinball: pinball / cells.length,
    mase: mean(cells.map((c) => Math.abs(c.actual - c.guess) / c.scale)),
    smape: mean(cells.map((c) => (2 * Math.abs(c.actual - c.guess)) / (Math.abs(c.actual) + Math.abs(c.guess) || 1))),
    byOrigin: Array.from({ length: origins }, (_, o) =>
      mean(cells.filter((c) => c.origin === o).map((c) => Math.abs(c.actual - c.guess) / c.scale)),
    ),
  };
}

/** An observed error, `h` periods ahead (from 0). */
export interface SeenError {
  readonly h: number;
  readonly error: number;
}

/** Errors an interval is made of, how errors grow beyond the horizons observed, and how far they overlap. */
const ENOUGH = 24;
const GROWTH = 0.5;
const OVERLAP = 3;

/**
 * The interval around a forecast, from errors of the same and neighbouring horizons; those of shorter ones are
 * enlarged.
 */
export function bounds(seen: readonly SeenError[], h: number, guess: number, level: number): readonly [number, number] {
  if (seen.length === 0) return [guess, guess];
  // symmetric, from pooled sizes: few origins say little about each side
  const near = [...seen].sort((a, b) => Math.abs(a.h - h) - Math.abs(b.h - h));
  const farthest = Math.abs(at(near, Math.min(near.length, ENOUGH) - 1).h - h);
  const sizes = near
    .filter((s) => Math.abs(s.h - h) <= farthest)
    .map((s) => Math.abs(s.error) * Math.max(1, (h + 1) / (s.h + 1)) ** GROWTH)
    .sort((a, b) => a - b);
  // errors beyond one period overlap with their neighbours: they count as half as many, for long horizons as fewer
  const own = sizes.length / (1 + Math.max(Math.min(h, 2) / 2, h / OVERLAP));
  const reach =
    num(sizes, Math.min(sizes.length - 1, Math.ceil(((level * (own + 1)) / own) * sizes.length) - 1)) *
    (Math.abs(guess) || 1);
  return [guess - reach, guess + reach];
}
