/** Each period of a measure beside the band that was to be expected of it: what lies outside asks for a reason. */
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
import { num } from "../numeric/index.ts";

export interface BandRequest {
  readonly measure: string;
  readonly filters?: readonly Filter[];
  readonly period?: ForecastPeriod;
  /** periods looked at, the latest; 12 by default */
  readonly last?: number;
}

export interface BandPoint {
  readonly day: string;
  readonly actual: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  readonly odd: "above" | "below" | null;
}

export interface Bands {
  readonly period: ForecastPeriod;
  readonly forecaster: string;
  readonly points: readonly BandPoint[];
  /** periods left out because only a part of them is loaded */
  readonly left: readonly string[];
}

/** One period in twenty lies outside by chance alone. */
export const BAND_LEVEL = 0.95;
const MOST_POINTS = 60;

/** The forecaster that did best from earlier origins tells each of the last periods from what was known a period before. @throws TesseraError `too-little-data`, `mining-invalid` */
export async function expectedBands(
  engine: Engine,
  { measure, filters = [], period = "month", last = 12 }: BandRequest,
  options: RunOptions = {},
  place = "$",
): Promise<Bands> {
  const series = await readSeries(engine, { measure, filters, period, asOf: engine.now() }, place, options);
  if (series.values.length < FEWEST_PERIODS)
    throw new TesseraError("too-little-data", phrase`${measure} has ${series.values.length} whole ${period}s`, {
      place,
      remedy: phrase`a band needs ${FEWEST_PERIODS}; take shorter periods`,
    });
  const forecast = forecastSeries(series.values, period, 1);
  return {
    period,
    forecaster: forecast.chosen.method.name,
    points: bandPoints(series, forecast, last),
    left: series.left,
  };
}

export function bandPoints(
  { days, values }: { readonly days: readonly string[]; readonly values: readonly number[] },
  { chosen: { method }, season }: SeriesForecast,
  last: number,
): BandPoint[] {
  const n = values.length;
  const looked = Math.min(last, MOST_POINTS, Math.floor(n / 3));
  // bands are made of earlier errors too, as far back as two seasons were known: what knew less erred more
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
      odd: actual < low ? "below" : actual > high ? "above" : null,
    };
  });
}
