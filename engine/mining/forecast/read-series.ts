/** A measure as a series of whole periods, without the parts of periods at either end. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import type { MeasureNode } from "../../model/catalog.ts";
import type { Filter } from "../../model/filter.ts";
import { wholeAnswer } from "../../query/plan/whole-answer.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { cubeOf, dateRoleOf } from "../fact-rows.ts";
import type { ForecastPeriod } from "./forecast-series.ts";
import { at as item, first as firstOf, last as lastOf } from "../../lookup.ts";

export interface Series {
  /** ISO date of each period's first day */
  readonly days: readonly string[];
  readonly values: readonly number[];
  /** periods left out because only a part of them is loaded */
  readonly left: readonly string[];
}

export interface SeriesRequest {
  readonly measure: string;
  readonly filters?: readonly Filter[];
  readonly period: ForecastPeriod;
  readonly asOf: Day;
}

/** Days without a fact at either end that are no sign of a part: many a business rests on the first of January. */
const SLACK: { readonly [period in ForecastPeriod]: number } = { day: 0, week: 2, month: 3, quarter: 5 };
const STEP: { readonly [period in ForecastPeriod]: string } = {
  day: "1 day",
  week: "7 days",
  month: "1 month",
  quarter: "3 months",
};

/** Whether a measure adds up over time: sums and counts, and what is made of them by plus and minus. */
export function addsUp(engine: Pick<Engine, "catalog">, node: MeasureNode): boolean {
  if (node.spec.kind === "aggregate") return node.spec.aggregate === "sum" || node.spec.aggregate === "count";
  const walk = (f: MeasureNode["formula"]): boolean => {
    if (f === null) return false;
    if (f.t === "measure") {
      const inner = engine.catalog.measures.get(f.name);
      return inner !== undefined && addsUp(engine, inner);
    }
    if (f.t === "negate") return walk(f.of);
    if (f.t !== "binary") return false;
    if (f.op === "+" || f.op === "-") return walk(f.left) && walk(f.right);
    return (
      (f.op === "*" && f.left.t === "number" && walk(f.right)) ||
      ((f.op === "*" || f.op === "/") && f.right.t === "number" && walk(f.left))
    );
  };
  return walk(node.formula);
}

export function measureOf(engine: Pick<Engine, "catalog">, member: string, place: string): MeasureNode {
  const node = engine.catalog.measures.get(member);
  if (!node) throw new TesseraError("mining-invalid", phrase`unknown measure ${member}`, { place });
  return node;
}

/** Periods without a fact are 0 where the measure adds up, else as the one before. @throws TesseraError `mining-invalid` */
export async function readSeries(
  engine: Engine,
  { measure, filters = [], period, asOf }: SeriesRequest,
  place: string,
  options: RunOptions = {},
): Promise<Series> {
  const node = measureOf(engine, measure, place);
  const date = dateRoleOf(cubeOf(engine, place, node.cube), place);
  const within = [...filters, { member: date, operator: "lte" as const, values: [toIso(asOf)] }];
  const at = (level: string) =>
    wholeAnswer(
      { measures: [measure], dimensions: [`${date}.${level}`], filters: within },
      engine.context("as_is", null, asOf),
    ).printed;
  const [days, periods] = [at("day"), at(period)];
  const read = await engine.serving.run(
    `
    WITH found AS (SELECT k0::DATE AS day, v0::DOUBLE AS value FROM (${periods.sql}) WHERE k0 IS NOT NULL),
      every AS (SELECT unnest(generate_series((SELECT min(day) FROM found), (SELECT max(day) FROM found), INTERVAL '${STEP[period]}'))::DATE AS day)
    SELECT e.day::VARCHAR, f.value, (e.day + INTERVAL '${STEP[period]}')::DATE::VARCHAR FROM every AS e LEFT JOIN found AS f USING (day) ORDER BY 1`,
    periods.parameters,
    options,
  );
  const seen = await engine.serving.run(
    `SELECT DISTINCT date_diff('day', DATE '1970-01-01', k0::DATE) AS day FROM (${days.sql}) WHERE k0 IS NOT NULL AND v0 IS NOT NULL ORDER BY 1`,
    days.parameters,
    options,
  );
  if (read.rowCount === 0 || seen.rowCount === 0) return { days: [], values: [], left: [] };
  const fill = addsUp(engine, node);
  let before = 0;
  const rows = firstOf(read.columns).map((day, i) => {
    const raw = item(read.columns, 1)[i];
    before = raw === null || raw === undefined ? (fill ? 0 : before) : Number(raw);
    return {
      day: String(day),
      value: before,
      from: dayNumber(String(day)),
      until: dayNumber(String(item(read.columns, 2)[i])) - 1,
    };
  });
  // where facts stand within a period: a month whose facts all fall on its fifteenth is whole
  const known = firstOf(seen.columns).map(Number);
  const edges = rows.map(({ from, until }) => ({
    first: known.find((d) => d >= from && d <= until),
    last: known.findLast((d) => d >= from && d <= until),
    from,
    until,
  }));
  const usual = (gap: (edge: (typeof edges)[number]) => number, of: typeof edges): number =>
    of
      .slice(0, NEIGHBOURS)
      .reduce((most, edge) => (edge.first === undefined ? most : Math.max(most, gap(edge))), SLACK[period]);
  const late = (edge: (typeof edges)[number]): number => (edge.first ?? edge.until) - edge.from;
  const early = (edge: (typeof edges)[number]): number => edge.until - (edge.last ?? edge.from);
  const left: string[] = [];
  const now = (engine.catalog.project.now ?? "clock") === "clock" && asOf === engine.now() ? asOf - 1 : asOf; // today is not over
  const end = lastOf(rows);
  const cutEnd = end.until > now || early(lastOf(edges)) > usual(early, edges.slice(0, -1).reverse());
  const cutStart = rows.length > 1 && late(firstOf(edges)) > usual(late, edges.slice(1));
  if (cutStart) left.push(rows.shift()!.day);
  if (cutEnd && rows.length > 0) left.push(rows.pop()!.day);
  return { days: rows.map((r) => r.day), values: rows.map((r) => r.value), left };
}

/** Periods beside the first and the last that tell where in a period facts stand. */
const NEIGHBOURS = 6;

const dayNumber = (iso: string): number => Math.round(Date.parse(`${iso}T00:00:00Z`) / 86_400_000);

/** First days of the periods after a day that begins one. */
export function periodsAfter(day: string, period: ForecastPeriod, n: number): string[] {
  const from = new Date(`${day}T00:00:00Z`);
  const months = period === "quarter" ? 3 : 1;
  return Array.from({ length: n }, (_, h) =>
    (period === "day" || period === "week"
      ? new Date(from.getTime() + (h + 1) * (period === "day" ? 1 : 7) * 86_400_000)
      : new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months * (h + 1), 1))
    )
      .toISOString()
      .slice(0, 10),
  );
}
