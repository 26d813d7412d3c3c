/** "Shall we make it?": what the rest of a goal's period will bring, with an interval, and what it would have to bring. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { TesseraError } from "../../errors/index.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import type { MeasureNode } from "../../model/catalog.ts";
import type { Filter } from "../../model/filter.ts";
import { rangeOf, type DayRange } from "../../query/time/date-range.ts";
import { firstCalendar } from "../../query/resolve/resolve-context.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { cubeOf, dateRoleOf } from "../fact-rows.ts";
import { FEWEST_PERIODS, forecastSeries, type ForecastPeriod, type SeriesForecast } from "./forecast-series.ts";
import { addsUp, measureOf, periodsAfter, readSeries, type Series } from "./read-series.ts";
import { first, last as lastOf } from "../../lookup.ts";

export interface OutlookRequest {
  readonly measure: string;
  readonly filters?: readonly Filter[];
  /** a date range phrase or two dates: a calendar year, a fiscal year, a quarter, any days */
  readonly period: string | readonly [string, string];
  readonly target: number;
  /** less is better: the target is to be kept below */
  readonly down?: boolean;
}

export type OutlookWords = "reached" | "missed" | "on the way" | "uncertain" | "not on the way" | "open";

export interface Outlook {
  readonly from: string;
  readonly until: string;
  readonly unit: "day" | "month";
  /** whole units of the period that the data covers, of how many */
  readonly done: number;
  readonly of: number;
  /** what the period will come to, with an 80 % interval and the chance to make it; null where nothing can be told ahead */
  readonly expected: number | null;
  readonly interval: readonly [number, number] | null;
  readonly chance: number | null;
  /** a unit from now on, and a unit so far; null for what does not add up */
  readonly needed: number | null;
  readonly pace: number | null;
  /** the forecaster, or why there is none */
  readonly by: string;
  readonly words: OutlookWords;
}

const LEVEL = 0.8;
const Z = 1.2816;
/** A period of whole months, at least this long, is told by months; others by days. */
const FEWEST_DAYS = 80;
const MOST_UNITS = 800;

/** @throws TesseraError `mining-invalid`, `filter-invalid` */
export async function goalOutlook(
  engine: Engine,
  request: OutlookRequest,
  options: RunOptions = {},
  place = "goal",
): Promise<Outlook> {
  const node = measureOf(engine, request.measure, `${place} › measure`);
  const role = dateRoleOf(cubeOf(engine, place, node.cube), place);
  const calendar = engine.catalog.roles.get(role)?.dimension.calendar ?? firstCalendar(engine.catalog);
  const range = rangeOf(
    typeof request.period === "string" ? [request.period] : [...request.period],
    calendar,
    engine.now(),
    `${place} › period`,
  );
  const unit = monthly(range) ? "month" : "day";
  const asked = { filters: request.filters ?? [], period: unit as ForecastPeriod, asOf: engine.now() };
  const good = (value: number): boolean => (request.down ? value <= request.target : value >= request.target);
  const actual = async (until: Day): Promise<number | null> => {
    if (until < range.from) return null;
    const { rows } = await engine.query(
      {
        measures: [request.measure],
        filters: [...asked.filters, { member: role, operator: "in_range", values: [toIso(range.from), toIso(until)] }],
      },
      options,
    );
    const value = rows[0]?.[request.measure];
    return value === null || value === undefined ? null : Number(value);
  };
  const units = unitsOf(range, unit);
  const series = await readSeries(engine, { ...asked, measure: request.measure }, place, options);
  const covered = lastDayOf(series, unit);
  const done = covered === null ? 0 : units.filter((d) => d <= lastOf(series.days)).length;
  const base = { from: toIso(range.from), until: toIso(range.until), unit, done, of: units.length } as const;
  const soFar = await actual(Math.min(range.until, engine.now()));
  if (engine.now() > range.until || (covered !== null && covered >= range.until))
    return {
      ...base,
      done: units.length,
      expected: soFar,
      interval: null,
      chance: null,
      needed: null,
      pace: null,
      by: "the period is over",
      words: soFar !== null && good(soFar) ? "reached" : "missed",
    };

  const adds = addsUp(engine, node);
  const left = units.length - done;
  const known = covered === null || done === 0 ? 0 : ((await actual(Math.min(covered, range.until))) ?? 0);
  const rates = adds
    ? { needed: (request.target - known) / left, pace: done === 0 ? null : known / done }
    : { needed: null, pace: null };
  const none = (why: string): Outlook => ({
    ...base,
    ...rates,
    expected: null,
    interval: null,
    chance: null,
    by: why,
    words: soFar === null || done === 0 || adds ? "open" : good(soFar) ? "on the way" : "not on the way",
  });
  if (series.values.length < FEWEST_PERIODS)
    return none(`${series.values.length} whole ${unit}s are loaded; a forecast needs ${FEWEST_PERIODS}`);
  const last = lastOf(series.days);
  // a goal of the future: what lies before it is told too, and left out
  const gap = done > 0 ? 0 : periodsAfter(last, unit, MOST_UNITS).findIndex((d) => d >= first(units));
  if (gap < 0 || gap + left > MOST_UNITS) return none("the period lies too far ahead");
  const told = (found: SeriesForecast): { readonly sum: number; readonly reach: number } => {
    const sum = found.ahead.slice(gap, gap + left).reduce((a, b) => a + b, 0);
    const { value, interval } = found.total(gap + left, LEVEL);
    return { sum, reach: (Math.abs(sum) * (interval[1] - value)) / (Math.abs(value) || 1) };
  };
  const end = (expected: number, reach: number, by: string): Outlook => {
    const lead = request.down ? request.target - expected : expected - request.target;
    const sides = [expected - reach, expected + reach] as const;
    return {
      ...base,
      ...rates,
      expected,
      interval: sides,
      chance: reach > 0 ? normalCdf((lead * Z) / reach, 0, 1) : lead >= 0 ? 1 : 0,
      by,
      words: sides.every(good) ? "on the way" : sides.some(good) ? "uncertain" : "not on the way",
    };
  };
  const own = forecastSeries(series.values, unit, gap + left);
  const by = own.chosen.method.name;
  if (adds) {
    const { sum, reach } = told(own);
    const least = series.values.every((v) => v >= 0) && soFar !== null ? soFar : Number.NEGATIVE_INFINITY;
    return end(Math.max(least, known + sum), reach, by);
  }
  const parts = ratioOf(engine, node);
  if (parts) {
    const [top, bottom] = (await Promise.all(
      parts.map(async (measure) => {
        const found = await readSeries(engine, { ...asked, measure }, place, options);
        return {
          found,
          part: found.values.slice(found.values.length - done).reduce((a, b) => a + b, 0) * (done > 0 ? 1 : 0),
        };
      }),
    )) as [{ found: Series; part: number }, { found: Series; part: number }];
    const same = ({ found }: { readonly found: Series }): boolean =>
      found.days.length === series.days.length && found.days[0] === series.days[0];
    if (same(top) && same(bottom)) {
      const [above, below] = [
        told(forecastSeries(top.found.values, unit, gap + left)),
        told(forecastSeries(bottom.found.values, unit, gap + left)),
      ];
      const whole = bottom.part + below.sum;
      // the ratio's own errors tell how far the rest may lie off: its two sides go together
      return end(
        (top.part + above.sum) / whole,
        (told(own).reach / left) * (below.sum / whole),
        `${by}; numerator and denominator told apart`,
      );
    }
  }
  if (!meansWell(node)) return none("this measure is not told ahead: it neither adds up over time nor is a mean");
  const { sum, reach } = told(own);
  return end(((soFar ?? 0) * done + sum) / units.length, reach / units.length, `${by}; the mean of the ${unit}s`);
}

const ratioOf = (engine: Engine, { formula }: MeasureNode): readonly [string, string] | null => {
  if (formula?.t !== "binary" || formula.op !== "/" || formula.left.t !== "measure" || formula.right.t !== "measure")
    return null;
  const names = [formula.left.name, formula.right.name] as const;
  return names.every((name) => {
    const node = engine.catalog.measures.get(name);
    return node !== undefined && addsUp(engine, node);
  })
    ? names
    : null;
};

/** Whether the mean of single periods stands for the whole: means and rates, not counts of different members. */
const meansWell = (node: MeasureNode): boolean =>
  node.spec.kind === "aggregate"
    ? ["avg", "median", "quantile"].includes(node.spec.aggregate)
    : node.formula?.t === "binary" && node.formula.op === "/";

const dayNumber = (iso: string): Day => Math.round(Date.parse(`${iso}T00:00:00Z`) / 86_400_000);

function monthly({ from, until }: DayRange): boolean {
  return toIso(from).endsWith("-01") && toIso(until + 1).endsWith("-01") && until - from >= FEWEST_DAYS;
}

function unitsOf({ from, until }: DayRange, unit: "day" | "month"): string[] {
  const days = [toIso(from)];
  for (
    let next = first(periodsAfter(first(days), unit, 1));
    dayNumber(next) <= until;
    next = first(periodsAfter(next, unit, 1))
  ) {
    if (days.length > 4000)
      throw new TesseraError("mining-invalid", "the goal's period is longer than ten years", {
        place: "goal › period",
      });
    days.push(next);
  }
  return days;
}

/** Last day of the last whole unit. */
function lastDayOf({ days }: Series, unit: "day" | "month"): Day | null {
  const last = days[days.length - 1];
  return last === undefined ? null : dayNumber(first(periodsAfter(last, unit, 1))) - 1;
}
