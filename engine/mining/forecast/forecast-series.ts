/** Forecasts one series: by the forecaster that did best from earlier origins, with intervals as wide as its errors. */
import { backtest, bounds, type Backtest } from "./backtest.ts";
import { airline, ets, seasonalNaive, theta, type Method } from "./methods.ts";
import { seasons } from "./seasons.ts";
import { last } from "../../lookup.ts";
import { num } from "../numeric/vector.ts";

/** Periods of a series. */
export const FORECAST_PERIODS = ["day", "week", "month", "quarter"] as const;
/** One of them. */
export type ForecastPeriod = (typeof FORECAST_PERIODS)[number];

/** The forecast of a series. */
export interface SeriesForecast {
  /** the baseline first */
  readonly tests: readonly Backtest[];
  readonly chosen: Backtest;
  /** the next periods */
  readonly ahead: readonly number[];
  /** periods of the season, 1 where none could be learnt */
  readonly season: number;
  /** the interval of one period, `h` from 0 */
  band(h: number, level: number): readonly [number, number];
  /** the interval of the sum of the first `k` periods, as wide as the errors of such sums were */
  total(k: number, level: number): { readonly value: number; readonly interval: readonly [number, number] };
}

/** Periods of a year. */
const YEAR: { readonly [period in ForecastPeriod]: number } = { day: 364, week: 52, month: 12, quarter: 4 };
/** Periods that a forecast needs. */
export const FEWEST_PERIODS = 12;
/** the earliest origin has two seasons and this many periods */
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

/** The baseline in words. @param n periods of the series */
export function rivalOf(period: ForecastPeriod, n: number): string {
  if (n >= 2 * YEAR[period] + 6) return `the same ${period} a year before`;
  return period === "day" && n >= 20 ? "the same day a week before" : `the ${period} before`;
}

/** For series that are too short for a season. */
const plain = (y: readonly number[]): Plan => ({ m: 1, step: 1, methods: [seasonalNaive(1), theta(1), ets(y, 1)] });

/** @param y whole periods, the oldest first, at least `FEWEST_PERIODS`; @param horizon periods to forecast */
export function forecastSeries(y: readonly number[], period: ForecastPeriod, horizon: number): SeriesForecast {
  const { m, methods, step } = planOf(y, period);
  const origins = Math.max(2, Math.min(ORIGINS, Math.floor((y.length - 2 * m - BEYOND) / step)));
  const tests = methods.map((method) =>
    backtest(method, y, m, { horizon: Math.min(horizon, origins * step), origins, step }),
  );
  const [chosen, next] = [...tests].sort((a, b) => a.mase - b.mase) as [Backtest, Backtest];
  const ahead = chosen.method.forecast(y, horizon);
  // the winner of a contest looks better than it is: the errors of the second correct for it
  const seen = [chosen, next].flatMap((test) => test.errors.flatMap((list, h) => list.map((error) => ({ h, error }))));
  return {
    tests,
    chosen,
    ahead,
    season: m,
    band: (h, level) => bounds(seen, h, num(ahead, h), level),
    total(k, level) {
      const value = ahead.slice(0, k).reduce((a, b) => a + b, 0);
      // sums of at least half the length, else the longest that could be tried
      const tried = [...chosen.sums, ...next.sums].map((s) => s.slice(0, k)).filter((s) => s.length > 0);
      const longest = Math.max(...tried.map((s) => s.length));
      const sizes = tried
        .filter((s) => s.length >= Math.min(longest, k / 2))
        .map((s) => Math.abs(last(s)))
        .sort((a, b) => a - b);
      const free = sizes.length / (1 + k / 6);
      const own = quantileOf(sizes, (level * (free + 1)) / free) * Math.abs(value);
      // no narrower than the errors of single periods allow, half of each shared by all
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
