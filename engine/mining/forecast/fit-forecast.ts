/** What comes next: the forecaster that did best from earlier origins, with intervals as wide as its errors were, and periods that were not to be expected. */
import { TesseraError } from "../../errors.ts";
import { toIso } from "../../model/calendar.ts";
import type { Column, Row } from "../../query/query.ts";
import { wholeAnswer } from "../../query/whole-answer.ts";
import { dimension, measure, pairedInterval, unitOf } from "../columns.ts";
import { cubeOf, dateRoleOf } from "../fact-rows.ts";
import { defineTechnique, type Findings, type MiningContext, type ModelSpec } from "../technique.ts";
import { backtest, bounds, type Backtest } from "./backtest.ts";
import { airline, ets, seasonalNaive, theta } from "./methods.ts";

/** `over` is the date dimension; `measure` any measure; `period` month (default) or quarter; `horizon` in periods (a year). */
export interface ForecastModel extends ModelSpec { readonly technique: "forecast"; readonly measure: string; readonly period?: "month" | "quarter"; readonly horizon?: number }

interface Series { readonly days: readonly string[]; readonly values: readonly number[]; readonly left: readonly string[] }
interface ForecastFit { readonly series: Series; readonly tests: readonly Backtest[]; readonly chosen: Backtest; readonly ahead: readonly { day: string; value: number; low: number; high: number }[]; readonly odd: readonly { day: string; actual: number; expected: number; low: number; high: number }[] }

const LEVEL = 0.8;
const ODD = 0.95;

async function fit(context: MiningContext<ForecastModel>): Promise<ForecastFit> {
  const { model } = context;
  const period = model.period ?? "month";
  const m = period === "month" ? 12 : 4;
  context.onProgress("reading the series");
  const series = await readSeries(context, period);
  const y = series.values;
  if (y.length < 2 * m + 6) throw new TesseraError("too-little-data", `model ${model.name} has ${y.length} whole ${period}s`, { place: `model ${model.name}`, remedy: `it needs ${2 * m + 6}` });
  const horizon = Math.min(model.horizon ?? m, 3 * m);
  // what an origin learns from must hold two seasons
  const origins = Math.min(12, y.length - 2 * m - 3);
  context.onProgress(`judging forecasters from ${origins} origins`);
  const methods = [seasonalNaive(m), theta(m), ets(y, m), airline(m)];
  const tests = methods.map((method) => backtest(method, y, m, { horizon: Math.min(horizon, origins), origins }));
  const chosen = tests.reduce((a, b) => (b.mase < a.mase ? b : a));
  context.onProgress(`forecasting by ${chosen.method.name}`);
  const seen = chosen.errors.flatMap((list, h) => list.map((error) => ({ h, error })));
  const step = period === "month" ? 1 : 3;
  const last = new Date(`${series.days[series.days.length - 1]!}T00:00:00Z`);
  const ahead = chosen.method.forecast(y, horizon).map((value, h) => {
    const [low, high] = bounds(seen, h, value, LEVEL);
    return { day: new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + step * (h + 1), 1)).toISOString().slice(0, 10), value, low, high };
  });
  const odd = Array.from({ length: origins }, (_, o) => {
    const at = y.length - 1 - o;
    const expected = chosen.method.forecast(y.slice(0, at), 1)[0]!;
    const [low, high] = bounds((chosen.errors[0] ?? []).filter((_, i) => i !== o).map((error) => ({ h: 0, error })), 0, expected, ODD);
    return { day: series.days[at]!, actual: y[at]!, expected, low, high };
  }).reverse();
  return { series, tests, chosen, ahead, odd };
}

/** Whole periods only: the first and the last are left out where facts begin or end within them. */
async function readSeries({ engine, model, asOf }: MiningContext<ForecastModel>, period: "month" | "quarter"): Promise<Series> {
  const node = engine.catalog.measures.get(model.measure);
  if (!node) throw new TesseraError("mining-invalid", `model ${model.name}: unknown measure ${model.measure}`, { place: `model ${model.name} › measure` });
  const place = `model ${model.name} › measure`;
  const date = dateRoleOf(cubeOf(engine, place, node.cube), place);
  const filters = [{ member: date, operator: "lte" as const, values: [toIso(asOf)] }];
  const at = (level: string) => wholeAnswer({ measures: [model.measure], dimensions: [`${date}.${level}`], filters }, engine.context("as_is", null, asOf)).printed;
  const [days, periods] = [at("day"), at(period)];
  const edge = await engine.serving.run(`SELECT min(k0)::VARCHAR, date_trunc('${period}', min(k0))::DATE::VARCHAR, (date_trunc('${period}', DATE '${toIso(asOf)}') + INTERVAL '${period === "month" ? 1 : 3} months')::DATE - 1 > DATE '${toIso(asOf)}' FROM (${days.sql}) WHERE k0 IS NOT NULL AND v0 IS NOT NULL`, days.parameters);
  const read = await engine.serving.run(`SELECT k0::DATE::VARCHAR, v0::DOUBLE FROM (${periods.sql}) WHERE k0 IS NOT NULL ORDER BY 1`, periods.parameters);
  const [first, begins, partial] = edge.columns.map((c) => c[0]);
  const rows = read.columns[0]!.map((day, i) => ({ day: String(day), value: Number(read.columns[1]![i] ?? 0) }));
  const left: string[] = [];
  // a day's slack: many a business rests on the first of January
  if (rows[0] && rows[0].day === begins && Date.parse(String(first)) - Date.parse(String(begins)) > 3 * 86_400_000) left.push(rows.shift()!.day);
  const current = partial === true && rows.length > 0 ? rows[rows.length - 1]!.day : null;
  if (current !== null && Date.parse(current) + 92 * 86_400_000 > Date.parse(toIso(asOf)) && current.slice(0, 7) <= toIso(asOf).slice(0, 7)) left.push(rows.pop()!.day);
  return { days: rows.map((r) => r.day), values: rows.map((r) => r.value), left };
}

function report(context: MiningContext<ForecastModel>, { series, tests, chosen, ahead, odd }: ForecastFit): Findings {
  const { model, engine } = context;
  const period = model.period ?? "month";
  const node = engine.catalog.measures.get(model.measure)!;
  const unit = unitOf(context, model.measure);
  const value = (name: string, title: string): Column => ({ ...measure(name, title), ...unit });
  const naive = tests[0]!;
  const lead = pairedInterval(chosen.byOrigin.map((v, o) => naive.byOrigin[o]! - v));
  const beats = chosen !== naive && lead[0] > 0;
  const day: Column = { ...dimension("day", period[0]!.toUpperCase() + period.slice(1), "date"), level: period };
  const strange = odd.filter((o) => o.actual < o.low || o.actual > o.high);
  const last = series.days.length - 1;
  const rows: Row[] = [
    ...series.days.map((d, i) => ({ day: d, actual: series.values[i]!, forecast: i === last ? series.values[i]! : null, low: i === last ? series.values[i]! : null, high: i === last ? series.values[i]! : null })),
    ...ahead.map((a) => ({ day: a.day, actual: null, forecast: a.value, low: a.low, high: a.high })),
  ];
  const total = ahead.reduce((a, f) => a + f.value, 0);
  return {
    members: series.values.length,
    parameters: { measure: model.measure, period, horizon: ahead.length, origins: chosen.byOrigin.length, chosen: chosen.method.name },
    figures: [
      ...(node.spec.kind === "aggregate" && node.spec.aggregate === "sum" ? [{ title: `Next ${ahead.length} ${period}s`, value: total, format: unit.format }] : []),
      { title: `Next ${period}`, value: ahead[0]!.value, format: unit.format, interval: [ahead[0]!.low, ahead[0]!.high] as const, note: "80 % interval" },
      { title: "Error against the naive rival (MASE)", value: chosen.mase, format: "decimal", note: `${chosen.method.name}; the seasonal naive: ${naive.mase.toFixed(2)}` },
      { title: "Within the 80 % interval", value: chosen.coverage, format: "percent", note: "of periods that the forecaster had not seen" },
    ],
    verdict: { beats, model: chosen.mase, rival: naive.mase, against: "as in the same period a year ago", by: "MASE from earlier origins (less is better)", lead },
    sections: [
      { title: node.title, wide: true, plot: { kind: "curve", x: "day", y: ["actual", "forecast"], band: ["low", "high"] }, columns: [day, value("actual", "Actual"), value("forecast", "Forecast"), value("low", "80 % from"), value("high", "to")], rows, note: series.left.length > 0 ? `Left out, since only a part of them is loaded: ${series.left.join(", ")}.` : "Every period shown is whole." },
      { title: "Forecasters from earlier origins", wide: true, columns: [dimension("method", "Forecaster"), measure("mase", "MASE"), measure("smape", "sMAPE", "percent"), measure("pinball", "Pinball loss"), measure("coverage", "Within 80 %", "percent")], rows: tests.map((t) => ({ method: t === chosen ? `${t.method.name} (chosen)` : t.method.name, mase: t.mase, smape: t.smape, pinball: t.pinball, coverage: t.coverage })), note: `Each forecasts from ${chosen.byOrigin.length} origins what it has not seen. MASE below 1 is better than repeating the last season within the training part.` },
      { title: "Expected and actual", plot: { kind: "curve", x: "day", y: ["actual", "expected"], band: ["low", "high"] }, columns: [day, value("actual", "Actual"), value("expected", "Expected a period before"), value("low", "95 % from"), value("high", "to")], rows: odd.map((o) => ({ ...o })) },
      { title: "Not to be expected", columns: [day, value("actual", "Actual"), value("expected", "Expected"), value("low", "95 % from"), value("high", "to")], rows: strange.map((o) => ({ ...o })), note: strange.length === 0 ? "Every period lay within its band." : "Outside the band that the other periods' errors make: ask what drove it." },
    ],
    notes: ["Intervals are as wide as the errors on periods that the forecaster had not seen; a change of the business is in none of them.", ...(beats ? [] : ["No forecaster is shown to do better than repeating the year before."])],
  };
}

export const forecast = defineTechnique<ForecastModel>()({ name: "forecast", title: "Forecast", main: null, outputs: {}, fit, score: () => null, report });
