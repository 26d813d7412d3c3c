/** Progress towards a goal: what the rest of its period will bring, with an interval, and what it needs to bring. */
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
import { sum } from "../numeric/summary.ts";
import { FEWEST_PERIODS, forecastSeries, type SeriesForecast } from "./forecast-series.ts";
import { addsUp, dayNumber, measureOf, periodsAfter, readSeries, type Series } from "./read-series.ts";
import { first, last as lastOf } from "../../lookup.ts";

/** A goal. */
export interface OutlookRequest {
  readonly measure: string;
  readonly filters?: readonly Filter[];
  /** a date range phrase or two ISO dates: a calendar year, a fiscal year, a quarter, any days */
  readonly period: string | readonly [string, string];
  readonly target: number;
  /** less is better: stay below the target */
  readonly down?: boolean;
}

/** The state of a goal. */
export type OutlookWords = "reached" | "missed" | "on the way" | "uncertain" | "not on the way" | "open";

/** The outlook. */
export interface Outlook {
  /** first and last ISO day */
  readonly from: string;
  readonly until: string;
  /** what it is forecast by */
  readonly unit: "day" | "month";
  /** whole units that are loaded, and units of the period */
  readonly done: number;
  readonly of: number;
  /**
   * forecast of the whole period, its 80 % interval and the probability of reaching the target; null without a forecast
   */
  readonly expected: number | null;
  readonly interval: readonly [number, number] | null;
  readonly chance: number | null;
  /** needed per unit from now on, and per unit so far; null for measures that do not add up */
  readonly needed: number | null;
  readonly pace: number | null;
  /** the forecaster, or why there is no forecast */
  readonly by: string;
  readonly words: OutlookWords;
}

const LEVEL = 0.8;
const Z = 1.2816;
/** A period of whole months at least this long is forecast by months; others by days. */
const FEWEST_DAYS = 80;
const MOST_UNITS = 800;

/**
 * The outlook of a goal.
 * @param place where the goal was written, for errors
 * @throws TesseraError `mining-invalid`, `filter-invalid`
 */
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
  const unit: "day" | "month" = monthly(range) ? "month" : "day";
  const asked = { filters: request.filters ?? [], period: unit, asOf: engine.now() };
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
  const goal = { from: toIso(range.from), until: toIso(range.until), unit, done, of: units.length } as const;
  const soFar = await actual(Math.min(range.until, engine.now()));
  if (engine.now() > range.until || (covered !== null && covered >= range.until))
    return {
      ...goal,
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
    ...goal,
    ...rates,
    expected: null,
    interval: null,
    chance: null,
    by: why,
    words: soFar === null || done === 0 || adds ? "open" : stateOf([soFar], good),
  });
  if (series.values.length < FEWEST_PERIODS)
    return none(`only ${series.values.length} whole ${unit}s are loaded; a forecast needs ${FEWEST_PERIODS}`);
  const last = lastOf(series.days);
  // for a goal in the future, the periods before it are forecast too and left out
  const gap = done > 0 ? 0 : periodsAfter(last, unit, MOST_UNITS).findIndex((d) => d >= first(units));
  if (gap < 0 || gap + left > MOST_UNITS) return none("the period is too far ahead");
  const forecastRest = (found: SeriesForecast): { readonly rest: number; readonly reach: number } => {
    const rest = sum(found.ahead.slice(gap, gap + left));
    const { value, interval } = found.total(gap + left, LEVEL);
    return { rest, reach: (Math.abs(rest) * (interval[1] - value)) / (Math.abs(value) || 1) };
  };
  const end = (expected: number, reach: number, by: string): Outlook => {
    const lead = request.down ? request.target - expected : expected - request.target;
    const sides = [expected - reach, expected + reach] as const;
    return {
      ...goal,
      ...rates,
      expected,
      interval: sides,
      chance: reach > 0 ? normalCdf((lead * Z) / reach, 0, 1) : Number(lead >= 0),
      by,
      words: stateOf(sides, good),
    };
  };
  const own = forecastSeries(series.values, unit, gap + left);
  const by = own.chosen.method.name;
  if (adds) {
    const { rest, reach } = forecastRest(own);
    const least = series.values.every((v) => v >= 0) && soFar !== null ? soFar : Number.NEGATIVE_INFINITY;
    return end(Math.max(least, known + rest), reach, by);
  }
  const parts = ratioOf(engine, node);
  if (parts) {
    const side = async (measure: string): Promise<{ readonly found: Series; readonly part: number }> => {
      const found = await readSeries(engine, { ...asked, measure }, place, options);
      return { found, part: done > 0 ? sum(found.values.slice(-done)) : 0 };
    };
    const [top, bottom] = await Promise.all([side(parts[0]), side(parts[1])]);
    const same = ({ found }: { readonly found: Series }): boolean =>
      found.days.length === series.days.length && found.days[0] === series.days[0];
    if (same(top) && same(bottom)) {
      const [above, below] = [
        forecastRest(forecastSeries(top.found.values, unit, gap + left)),
        forecastRest(forecastSeries(bottom.found.values, unit, gap + left)),
      ];
      const whole = bottom.part + below.rest;
      // the ratio's own errors give the interval, since its two sides move together
      return end(
        (top.part + above.rest) / whole,
        (forecastRest(own).reach / left) * (below.rest / whole),
        `${by}; numerator and denominator forecast separately`,
      );
    }
  }
  if (!isMean(node)) return none("no forecast: this measure neither adds up over time nor is a mean");
  const { rest, reach } = forecastRest(own);
  return end(((soFar ?? 0) * done + rest) / units.length, reach / units.length, `${by}; mean of the ${unit}s`);
}

/** The state of a goal whose outcome is between some values. */
function stateOf(outcomes: readonly number[], good: (value: number) => boolean): OutlookWords {
  if (outcomes.every(good)) return "on the way";
  return outcomes.some(good) ? "uncertain" : "not on the way";
}

/** Numerator and denominator of a ratio of measures that add up; null for other measures. */
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

/** Whether the mean of single periods represents the whole: means and rates, not counts of distinct members. */
const isMean = (node: MeasureNode): boolean =>
  node.spec.kind === "aggregate"
    ? ["avg", "median", "quantile"].includes(node.spec.aggregate)
    : node.formula?.t === "binary" && node.formula.op === "/";

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
        remedy: "use a shorter period",
      });
    days.push(next);
  }
  return days;
}

/** The last day of the last whole unit; null without one. */
function lastDayOf({ days }: Series, unit: "day" | "month"): Day | null {
  const last = days[days.length - 1];
  return last === undefined ? null : dayNumber(first(periodsAfter(last, unit, 1))) - 1;
}
