/** Forecasts a measure, and finds unusual periods: by the forecaster that did best from earlier origins. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Column, Row } from "../../model/query.ts";
import type { Filter } from "../../model/filter.ts";
import { dimension, measure, pairedInterval, unitOf } from "../columns.ts";
import { defineTechnique, type Findings, type MiningContext, type ModelSpec } from "../technique.ts";
import { OUTPUTS } from "../outputs/index.ts";
import { bandPoints, type BandPoint } from "../anomalies/expected-bands.ts";
import {
  FEWEST_PERIODS,
  forecastSeries,
  rivalOf,
  type ForecastPeriod,
  type SeriesForecast,
} from "./forecast-series.ts";
import { addsUp, periodsAfter, readSeries, type Series } from "./read-series.ts";
import { at, first, last as lastOf, required } from "../../lookup.ts";
import { num } from "../numeric/vector.ts";

/** Forecasts a measure; `over` is the date dimension. */
export interface ForecastModel extends ModelSpec {
  readonly technique: "forecast";
  readonly measure: string;
  /** `month` by default */
  readonly period?: ForecastPeriod;
  /** periods ahead; 28 days, 13 weeks, 12 months or 4 quarters by default */
  readonly horizon?: number;
  readonly filters?: readonly Filter[];
}

/** What fitting found. */
export interface ForecastFit {
  readonly series: Series;
  readonly found: SeriesForecast;
  readonly ahead: readonly { day: string; value: number; low: number; high: number }[];
  readonly odd: readonly BandPoint[];
}

const LEVEL = 0.8;
const AHEAD: { readonly [period in ForecastPeriod]: number } = { day: 28, week: 13, month: 12, quarter: 4 };
const MOST_AHEAD = 3;
/** Latest periods that are compared with their expectation. */
const LOOKED = 12;

async function fit(context: MiningContext<ForecastModel>): Promise<ForecastFit> {
  const { model, engine, asOf } = context;
  const period = model.period ?? "month";
  const place = `model ${model.name} › measure`;
  context.onProgress("reading the series");
  const series = await readSeries(
    engine,
    { measure: model.measure, filters: model.filters ?? [], period, asOf },
    place,
  );
  const y = series.values;
  const usual = AHEAD[period];
  if (y.length < FEWEST_PERIODS)
    throw new TesseraError(
      "too-little-data",
      phrase`model "${model.name}": the series has ${y.length} whole ${period}s`,
      {
        place: `model ${model.name}`,
        remedy: phrase`load at least ${FEWEST_PERIODS}, or use a shorter period`,
      },
    );
  const horizon = Math.min(model.horizon ?? usual, MOST_AHEAD * Math.max(usual, 12));
  context.onProgress("backtesting forecasters");
  const found = forecastSeries(y, period, horizon);
  const days = periodsAfter(lastOf(series.days), period, horizon);
  const ahead = found.ahead.map((value, h) => {
    const [low, high] = found.band(h, LEVEL);
    return { day: at(days, h), value, low, high };
  });
  const odd = bandPoints(series, found, LOOKED);
  return { series, found, ahead, odd };
}

function report(context: MiningContext<ForecastModel>, { series, found, ahead, odd }: ForecastFit): Findings {
  const { tests, chosen } = found;
  const { model, engine } = context;
  const period = model.period ?? "month";
  const node = required(engine.catalog.measures, model.measure);
  const unit = unitOf(context, model.measure);
  const value = (name: string, title: string): Column => ({ ...measure(name, title), ...unit });
  const naive = first(tests);
  const lead = pairedInterval(chosen.byOrigin.map((v, o) => num(naive.byOrigin, o) - v));
  const beats = chosen !== naive && lead[0] > 0;
  const day: Column = { ...dimension("day", first(period).toUpperCase() + period.slice(1), "date"), level: period };
  const strange = odd.filter((o) => o.odd !== null);
  const last = series.days.length - 1;
  const rows: Row[] = [
    ...series.days.map((d, i) => ({
      day: d,
      actual: num(series.values, i),
      forecast: i === last ? num(series.values, i) : null,
      low: i === last ? num(series.values, i) : null,
      high: i === last ? num(series.values, i) : null,
    })),
    ...ahead.map((a) => ({ day: a.day, actual: null, forecast: a.value, low: a.low, high: a.high })),
  ];
  const total = found.total(ahead.length, LEVEL);
  return {
    members: series.values.length,
    parameters: {
      measure: model.measure,
      period,
      horizon: ahead.length,
      origins: chosen.byOrigin.length,
      chosen: chosen.method.name,
    },
    figures: [
      ...(addsUp(engine, node)
        ? [
            {
              title: `Next ${ahead.length} ${period}s`,
              value: total.value,
              format: unit.format,
              interval: total.interval,
              note: "80 % interval",
            },
          ]
        : []),
      {
        title: `Next ${period}`,
        value: first(ahead).value,
        format: unit.format,
        interval: [first(ahead).low, first(ahead).high] as const,
        note: "80 % interval",
      },
      {
        title: "Error relative to the baseline (MASE)",
        value: chosen.mase,
        format: "decimal",
        note: `${chosen.method.name}; seasonal naive: ${naive.mase.toFixed(2)}`,
      },
      {
        title: "Coverage of the 80 % interval",
        value: chosen.coverage,
        format: "percent",
        note: "on unseen periods",
      },
    ],
    verdict: {
      beats,
      model: chosen.mase,
      rival: naive.mase,
      against: rivalOf(period, series.values.length),
      by: "MASE on unseen periods (less is better)",
      lead,
    },
    sections: [
      {
        title: node.title,
        wide: true,
        plot: { kind: "curve", x: "day", y: ["actual", "forecast"], band: ["low", "high"] },
        columns: [
          day,
          value("actual", "Actual"),
          value("forecast", "Forecast"),
          value("low", "80 % low"),
          value("high", "80 % high"),
        ],
        rows,
        note:
          series.left.length > 0
            ? `Left out because they are not fully loaded: ${series.left.join(", ")}.`
            : "All periods shown are complete.",
      },
      {
        title: "Backtest of forecasters",
        wide: true,
        columns: [
          dimension("method", "Forecaster"),
          measure("mase", "MASE"),
          measure("smape", "sMAPE", "percent"),
          measure("pinball", "Pinball loss"),
          measure("coverage", "Coverage of 80 %", "percent"),
        ],
        rows: tests.map((t) => ({
          method: t === chosen ? `${t.method.name} (chosen)` : t.method.name,
          mase: t.mase,
          smape: t.smape,
          pinball: t.pinball,
          coverage: t.coverage,
        })),
        note:
          `Each forecasts unseen periods from ${chosen.byOrigin.length} origins. ` +
          "MASE below 1 is better than repeating the last season.",
      },
      {
        title: "Actual and expected",
        plot: { kind: "curve", x: "day", y: ["actual", "expected"], band: ["low", "high"] },
        columns: [
          day,
          value("actual", "Actual"),
          value("expected", "Expected"),
          value("low", "95 % low"),
          value("high", "95 % high"),
        ],
        rows: odd.map((o) => ({ ...o })),
      },
      {
        title: `Unusual ${period}s`,
        columns: [
          day,
          value("actual", "Actual"),
          value("expected", "Expected"),
          value("low", "95 % low"),
          value("high", "95 % high"),
        ],
        rows: strange.map((o) => ({ ...o })),
        note:
          strange.length === 0
            ? "All periods are within their bands."
            : "Outside the band that the errors of the other periods give: look for the drivers.",
      },
    ],
    notes: [
      "Intervals are as wide as the errors on unseen periods; they do not cover a change of the business.",
      ...(beats ? [] : ["No forecaster is shown to beat repeating the year before."]),
    ],
  };
}

/** The technique `forecast`. */
export const forecast = defineTechnique<ForecastModel>()({ ...OUTPUTS.forecast, fit, score: () => null, report });
