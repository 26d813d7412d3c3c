/** Each period of a measure with the band that was expected of it: a period outside is unusual. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Filter } from "../../model/filter.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { bounds } from "../forecast/backtest.ts";
import {
  FEWEST_PERIODS,
  forecastSeries,
  type ForecastPeriod,
  type SeriesForecast,
} from "../forecast/forecast-series.ts";
import { readSeries } from "../forecast/read-series.ts";
import { at as item, first } from "../../lookup.ts";
import { num } from "../numeric/vector.ts";

/** Which series. */
export interface BandRequest {
  readonly measure: string;
  readonly filters?: readonly Filter[];
  /** `month` by default */
  readonly period?: ForecastPeriod;
  /** latest periods examined; 12 by default */
  readonly last?: number;
}

/** One period. */
export interface BandPoint {
  /** its first day */
  readonly day: string;
  readonly actual: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  /** null within the band */
  readonly odd: "above" | "below" | null;
}

/** The latest periods. */
export interface Bands {
  readonly period: ForecastPeriod;
  /** name of the forecaster */
  readonly forecaster: string;
  readonly points: readonly BandPoint[];
  /** periods left out because they are not fully loaded */
  readonly left: readonly string[];
}

/** One period in twenty is outside by chance. */
export const BAND_LEVEL = 0.95;
const MOST_POINTS = 60;

/**
 * Forecasts each of the latest periods from the periods before it, by the forecaster that did best from earlier
 * origins.
 * @throws TesseraError `too-little-data`, `mining-invalid`
 */
export async function expectedBands(
  engine: Engine,
  { measure, filters = [], period = "month", last = 12 }: BandRequest,
  options: RunOptions = {},
  place = "$",
): Promise<Bands> {
  const series = await readSeries(engine, { measure, filters, period, asOf: engine.now() }, place, options);
  if (series.values.length < FEWEST_PERIODS)
    throw new TesseraError(
      "too-little-data",
      phrase`measure "${measure}" has ${series.values.length} whole ${period}s`,
      {
        place,
        remedy: phrase`use shorter periods: a band needs ${FEWEST_PERIODS}`,
      },
    );
  const forecast = forecastSeries(series.values, period, 1);
  return {
    period,
    forecaster: forecast.chosen.method.name,
    points: bandPoints(series, forecast, last),
    left: series.left,
  };
}

/** @param last periods examined at most */
export function bandPoints(
  { days, values }: { readonly days: readonly string[]; readonly values: readonly number[] },
  { chosen: { method }, season }: SeriesForecast,
  last: number,
): BandPoint[] {
  const n = values.length;
  const looked = Math.min(last, MOST_POINTS, Math.floor(n / 3));
  // bands use earlier errors too, back to where two seasons were known: with less, errors are larger
  const made = Math.max(looked, Math.min(2 * looked, n - Math.max(8, 2 * season + 2)));
  const found = Array.from({ length: made }, (_, k) => {
    const at = n - made + k;
    const expected = first(method.forecast(values.slice(0, at), 1));
    return { at, expected, error: (num(values, at) - expected) / (Math.abs(expected) || 1) };
  });
  return found.slice(-looked).map(({ at, expected }) => {
    // a period's own error must not make its band wide enough for itself
    const [low, high] = bounds(
      found.filter((f) => f.at !== at).map(({ error }) => ({ h: 0, error })),
      0,
      expected,
      BAND_LEVEL,
    );
    const actual = num(values, at);
    return {
      day: item(days, at),
      actual,
      expected,
      low,
      high,
      odd: oddOf(actual, low, high),
    };
  });
}

function oddOf(actual: number, low: number, high: number): BandPoint["odd"] {
  if (actual < low) return "below";
  return actual > high ? "above" : null;
}
