/** One series told ahead: the forecaster that did best from earlier origins, and intervals as wide as its errors there. */
import { backtest, bounds, type Backtest } from "./backtest.ts";
import { airline, ets, seasonalNaive, theta, type Method } from "./methods.ts";
import { seasons } from "./seasons.ts";
import { last } from "../../lookup.ts";
import { num } from "../numeric/index.ts";

export const FORECAST_PERIODS = ["day", "week", "month", "quarter"] as const;
export type ForecastPeriod = (typeof FORECAST_PERIODS)[number];

export interface SeriesForecast {
  /** the rival first */
  readonly tests: readonly Backtest[];
  readonly chosen: Backtest;
  readonly ahead: readonly number[];
  /** periods of the season that is repeated, 1 where none could be learnt */
  readonly season: number;
  /** the interval of one period, `h` from 0 */
  band(h: number, level: number): readonly [number, number];
  /** the interval of the sum of the first `k` periods, as wide as the errors of such sums were */
  total(k: number, level: number): { readonly value: number; readonly interval: readonly [number, number] };
}

/** Periods of a year, of the season that the rival repeats, and what a season takes at least to be learnt. */
const YEAR: { readonly [period in ForecastPeriod]: number } = { day: 364, week: 52, month: 12, quarter: 4 };
export const FEWEST_PERIODS = 12;
/** what origins learn from holds two seasons and a little */
const BEYOND = 3;
const ORIGINS = 18;

interface Plan {
  readonly m: number;
  readonly methods: readonly Method[];
  readonly step: number;
}

function planOf(y: readonly number[], period: ForecastPeriod): Plan {
  const n = y.length;
  const year = YEAR[period];
  const whole = n >= 2 * year + 6;
  if (period === "day")
    return n < 2 * 7 + 6
      ? plain(y)
      : {
          m: whole ? year : 7,
          step: n >= 120 ? 7 : 1,
          methods: [
            seasonalNaive(whole ? year : 7),
            ...(whole ? [seasonalNaive(7)] : []),
            ...(n <= 400 ? [theta(7), ets(y, 7)] : []),
            seasons([7, 365.25]),
          ],
        };
  if (!whole) return plain(y);
  if (period === "week")
    return { m: year, step: 1, methods: [seasonalNaive(year), theta(year), seasons([365.25 / 7])] };
  return { m: year, step: 1, methods: [seasonalNaive(year), theta(year), ets(y, year), airline(year)] };
}

/** What the rival says, in words. */
export const rivalOf = (period: ForecastPeriod, n: number): string =>
  n >= 2 * YEAR[period] + 6
    ? `as in the same ${period} a year ago`
    : period === "day" && n >= 20
      ? "as on the same day a week ago"
      : `as in the ${period} before`;

/** Too short for a season to be learnt. */
const plain = (y: readonly number[]): Plan => ({ m: 1, step: 1, methods: [seasonalNaive(1), theta(1), ets(y, 1)] });

/** @param y whole periods, the oldest first, at least `FEWEST_PERIODS`; @param horizon periods to tell */
export function forecastSeries(y: readonly number[], period: ForecastPeriod, horizon: number): SeriesForecast {
  const { m, methods, step } = planOf(y, period);
  const origins = Math.max(2, Math.min(ORIGINS, Math.floor((y.length - 2 * m - BEYOND) / step)));
  const tests = methods.map((method) =>
    backtest(method, y, m, { horizon: Math.min(horizon, origins * step), origins, step }),
  );
  const [chosen, next] = [...tests].sort((a, b) => a.mase - b.mase) as [Backtest, Backtest];
  const ahead = chosen.method.forecast(y, horizon);
  // the winner of a contest looks better than it is: the errors of the second tell how much
  const seen = [chosen, next].flatMap((test) => test.errors.flatMap((list, h) => list.map((error) => ({ h, error }))));
  return {
    tests,
    chosen,
    ahead,
    season: m,
    band: (h, level) => bounds(seen, h, num(ahead, h), level),
    total(k, level) {
      const value = ahead.slice(0, k).reduce((a, b) => a + b, 0);
      // sums as long as could be tried: those of at least half the length, else the longest
      const tried = [...chosen.sums, ...next.sums].map((s) => s.slice(0, k)).filter((s) => s.length > 0);
      const longest = Math.max(...tried.map((s) => s.length));
      const sizes = tried
        .filter((s) => s.length >= Math.min(longest, k / 2))
        .map((s) => Math.abs(last(s)))
        .sort((a, b) => a - b);
      const free = sizes.length / (1 + k / 6);
      const own = quantileOf(sizes, (level * (free + 1)) / free) * Math.abs(value);
      // and no narrower than errors of single periods allow, as if half of each were shared by all
      const singles = ahead.slice(0, k).map((v, h) => {
        const [low, high] = bounds(seen, h, v, level);
        return (high - low) / 2;
      });
      const apart = Math.sqrt(singles.reduce((a, r) => a + r * r, 0));
      const together = singles.reduce((a, r) => a + r, 0);
      const reach = Math.max(own, Math.sqrt((apart ** 2 + together ** 2) / 2));
      return { value, interval: [value - reach, value + reach] };
    },
  };
}

const quantileOf = (sorted: readonly number[], level: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(level * sorted.length) - 1)] ?? 0;
