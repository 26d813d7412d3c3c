/** A measure as a series of whole periods. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import type { MeasureNode } from "../../model/catalog.ts";
import type { Filter } from "../../model/filter.ts";
import { wholeAnswer } from "../../query/plan/whole-answer.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { cubeOf, dateRoleOf } from "../fact-rows.ts";
import type { ForecastPeriod } from "./forecast-series.ts";
import { at, first, last } from "../../lookup.ts";
import type { Printed } from "../../sql/print-duckdb.ts";

/** A series. */
export interface Series {
  /** ISO date of each period's first day */
  readonly days: readonly string[];
  readonly values: readonly number[];
  /** periods left out because they are not fully loaded */
  readonly left: readonly string[];
}

/** Which series. */
export interface SeriesRequest {
  readonly measure: string;
  readonly filters?: readonly Filter[];
  readonly period: ForecastPeriod;
  readonly asOf: Day;
}

/** Days without a fact at either end that are normal: many businesses rest on the first of January. */
const SLACK: { readonly [period in ForecastPeriod]: number } = { day: 0, week: 2, month: 3, quarter: 5 };
const STEP: { readonly [period in ForecastPeriod]: string } = {
  day: "1 day",
  week: "7 days",
  month: "1 month",
  quarter: "3 months",
};

/** Whether a measure adds up over time: sums, counts, and their sums, differences and multiples. */
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

/** The measure of a name. @throws TesseraError `mining-invalid` where the catalog does not have it */
export function measureOf(engine: Pick<Engine, "catalog">, member: string, place: string): MeasureNode {
  const node = engine.catalog.measures.get(member);
  if (!node) {
    const names = [...engine.catalog.measures.keys()];
    throw new TesseraError("mining-invalid", phrase`measure "${member}" not found${didYouMean(member, names)}`, {
      place,
    });
  }
  return node;
}

/** A period as it was read. */
interface Period {
  readonly day: string;
  readonly value: number;
  /** first and last day */
  readonly from: Day;
  readonly until: Day;
}

/**
 * Reads a measure by period. A period without facts is 0 where the measure adds up, and like the one before otherwise;
 * periods at either end that are not fully loaded are left out.
 * @throws TesseraError `mining-invalid` for an unknown measure, or one of a cube without a date
 */
export async function readSeries(
  engine: Engine,
  { measure, filters = [], period, asOf }: SeriesRequest,
  place: string,
  options: RunOptions = {},
): Promise<Series> {
  const node = measureOf(engine, measure, place);
  const date = dateRoleOf(cubeOf(engine, place, node.cube), place);
  const within = [...filters, { member: date, operator: "lte" as const, values: [toIso(asOf)] }];
  const statementBy = (level: string) =>
    wholeAnswer(
      { measures: [measure], dimensions: [`${date}.${level}`], filters: within },
      engine.context("as_is", null, asOf),
    ).printed;
  const periods = await readPeriods(engine, statementBy(period), period, addsUp(engine, node), options);
  const daily = statementBy("day");
  const seen = await engine.serving.run(
    `SELECT DISTINCT date_diff('day', DATE '1970-01-01', k0::DATE) AS day
     FROM (${daily.sql}) WHERE k0 IS NOT NULL AND v0 IS NOT NULL ORDER BY 1`,
    daily.parameters,
    options,
  );
  const days = Array.from(seen.columns[0] ?? [], Number);
  if (periods.length === 0 || days.length === 0) return { days: [], values: [], left: [] };
  const isClock = (engine.catalog.project.now ?? "clock") === "clock";
  const lastWhole = isClock && asOf === engine.now() ? asOf - 1 : asOf; // today is not over
  const { start, end } = cuts(periods, days, SLACK[period], lastWhole);
  const whole = periods.slice(start ? 1 : 0, end ? -1 : undefined);
  const left = [
    ...(start ? periods.slice(0, 1) : []),
    ...(end && (periods.length > 1 || !start) ? periods.slice(-1) : []),
  ];
  return { days: whole.map((p) => p.day), values: whole.map((p) => p.value), left: left.map((p) => p.day) };
}

/** Every period between the first and the last with facts. @param fill whether a period without facts is 0 */
async function readPeriods(
  engine: Engine,
  { sql, parameters }: Printed,
  period: ForecastPeriod,
  fill: boolean,
  options: RunOptions,
): Promise<Period[]> {
  const step = `INTERVAL '${STEP[period]}'`;
  const { columns } = await engine.serving.run(
    `WITH found AS (SELECT k0::DATE AS day, v0::DOUBLE AS value FROM (${sql}) WHERE k0 IS NOT NULL),
       edges AS (SELECT min(day) AS first, max(day) AS last FROM found),
       every AS (SELECT unnest(generate_series(first, last, ${step}))::DATE AS day FROM edges)
     SELECT e.day::VARCHAR, f.value, (e.day + ${step})::DATE::VARCHAR
     FROM every AS e LEFT JOIN found AS f USING (day) ORDER BY 1`,
    parameters,
    options,
  );
  const [values, ends] = [at(columns, 1), at(columns, 2)];
  let before = 0;
  return Array.from(at(columns, 0), (first, i): Period => {
    const day = String(first);
    const raw = values[i] ?? null;
    if (raw !== null) before = Number(raw);
    else if (fill) before = 0;
    return { day, value: before, from: dayNumber(day), until: dayNumber(String(ends[i])) - 1 };
  });
}

/** Neighbours of the first and the last period that show where in a period facts are. */
const NEIGHBOURS = 6;

/**
 * Whether the first and the last period are not fully loaded: their facts begin later, or end earlier, than usual. A
 * month whose facts are all on its fifteenth is complete.
 * @param slack days without a fact at an edge that are normal
 */
function cuts(
  periods: readonly Period[],
  days: readonly Day[],
  slack: number,
  lastWhole: Day,
): { readonly start: boolean; readonly end: boolean } {
  const edges = periods.map(({ from, until }) => {
    const isWithin = (day: Day): boolean => day >= from && day <= until;
    const [start, end] = [days.find(isWithin), days.findLast(isWithin)];
    return { isEmpty: start === undefined, late: (start ?? until) - from, early: until - (end ?? from) };
  });
  const usual = (of: typeof edges, side: "late" | "early"): number =>
    of.slice(0, NEIGHBOURS).reduce((most, edge) => (edge.isEmpty ? most : Math.max(most, edge[side])), slack);
  const isUnfinished = last(periods).until > lastWhole;
  return {
    end: isUnfinished || last(edges).early > usual(edges.slice(0, -1).reverse(), "early"),
    start: periods.length > 1 && first(edges).late > usual(edges.slice(1), "late"),
  };
}

/** The day number of an ISO date. */
export const dayNumber = (iso: string): Day => Math.round(Date.parse(`${iso}T00:00:00Z`) / 86_400_000);

/** First days of the `n` periods after the period that begins on a day. */
export function periodsAfter(day: string, period: ForecastPeriod, n: number): string[] {
  const from = new Date(`${day}T00:00:00Z`);
  const after = (steps: number): Date => {
    if (period === "day" || period === "week")
      return new Date(from.getTime() + steps * (period === "day" ? 1 : 7) * 86_400_000);
    return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + steps * (period === "quarter" ? 3 : 1), 1));
  };
  return Array.from({ length: n }, (_, h) =>
    after(h + 1)
      .toISOString()
      .slice(0, 10),
  );
}
