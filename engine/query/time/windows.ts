/** Windows of days: which days a time measure reads for a cell of the result. */
import { TesseraError, phrase } from "../../errors/index.ts";
import {
  addMonths,
  addPeriods,
  isMonthEnd,
  isPeriod,
  isoWeek,
  levelValue,
  monthEnd,
  parseDay,
  periodEnd,
  periodStart,
  sameDayMonths,
  toIso,
  type Calendar,
  type Day,
  type PeriodLevel,
} from "../../model/calendar.ts";
import { isFiscal } from "../../model/fiscal-weeks.ts";
import type { DateLevel } from "../../model/dimension.ts";
import type { Span, TimeChange } from "../../model/measure.ts";
import type { DayRange } from "./date-range.ts";
import { hull, unite, type DaySet } from "./day-set.ts";

/** Days that share the values of the time keys: one cell of the result, or a part of one. */
export interface TimeCell {
  /** one value for each time key */
  readonly values: readonly (string | number | boolean | null)[];
  /** the days of the cell among those asked for */
  readonly days: DaySet;
}

/** Beyond this many a question has no answer that anybody reads: a calendar of millennia by day. */
const MOST_CELLS = 200_000;

/** The cells of some days for the given levels, in time order. No levels: one cell of all days. */
export function timeCells(calendar: Calendar, levels: readonly DateLevel[], days: DaySet): TimeCell[] {
  if (levels.length === 0) return [{ values: [], days }];
  const cells: { values: TimeCell["values"]; days: { from: Day; until: Day }[] }[] = [];
  const periods = levels.filter(isPeriod);
  const step = periods.length === levels.length ? finest(periods) : null;
  for (const range of days) {
    let day = range.from;
    while (day <= range.until) {
      const end = step === null ? day : Math.min(periodEnd(calendar, step, day), range.until);
      // a coarser calendar may cut a period in two (weeks in months): walk to the nearest end of any level
      const until = step === null ? end : Math.min(end, ...periods.map((level) => periodEnd(calendar, level, day)));
      const values = levels.map((level) => levelValue(calendar, level, day));
      const last = cells[cells.length - 1];
      const piece = last?.days.at(-1);
      if (!last || !last.values.every((v, i) => v === values[i])) cells.push({ values, days: [{ from: day, until }] });
      else if (piece!.until + 1 === day) piece!.until = until;
      else last.days.push({ from: day, until });
      if (cells.length > MOST_CELLS)
        throw new TesseraError(
          "too-large",
          phrase`there are more than ${MOST_CELLS.toLocaleString("en")} ${levels.join(", ")} from ${toIso(range.from)} on`,
          {
            place: levels.join(", "),
            remedy: "ask for a shorter range or longer periods, or give the date dimension a `from` and an `until`",
          },
        );
      day = until + 1;
    }
  }
  return cells;
}

const ORDER: readonly PeriodLevel[] = [
  "day",
  "week",
  "month",
  "fiscal_period",
  "quarter",
  "fiscal_quarter",
  "half",
  "year",
  "fiscal_year",
];
export const finest = (levels: readonly PeriodLevel[]): PeriodLevel =>
  ORDER.find((level) => levels.includes(level)) ?? "day";

const monthsOf = (span: Span): number => (span.months ?? 0) + 3 * (span.quarters ?? 0) + 12 * (span.years ?? 0);
const daysOf = (span: Span): number => (span.days ?? 0) + 7 * (span.weeks ?? 0);

/** The level whose periods a cell is: a level that repeats is the period that it repeats with; null for a total. */
export function grainOf(levels: readonly DateLevel[]): PeriodLevel | null {
  const grains = levels.map(
    (level): PeriodLevel =>
      isPeriod(level)
        ? level
        : level === "month_of_year"
          ? "month"
          : level === "quarter_of_year"
            ? "quarter"
            : level === "week_of_year"
              ? "week"
              : "day",
  );
  return grains.length === 0 ? null : finest(grains);
}

/** What the days of a cell become under one change; none: there is no such window. `grain` is the finest time key, null for a total. */
export function changeWindow(
  change: TimeChange,
  days: DaySet,
  grain: PeriodLevel | null,
  calendar: Calendar,
  asked: DaySet | null,
): DaySet {
  const whole = hull(days);
  if (whole === null) return [];
  const { until } = whole;
  switch (change.type) {
    case "running":
      return unite([
        { from: change.within === "range" && asked?.[0] ? asked[0].from : Number.NEGATIVE_INFINITY, until },
      ]);
    case "to_date":
      return [{ from: periodStart(calendar, change.level, until), until }];
    case "rolling": {
      if (change.span.hours !== undefined)
        throw new TesseraError(
          "query-invalid",
          "hours cannot be counted of a measure that is taken for each day or of days that were moved",
          { remedy: "count in days" },
        );
      const months = monthsOf(change.span);
      const start = months === 0 ? until : addMonths(until, -months);
      return [{ from: start - daysOf(change.span) + 1, until }];
    }
    case "shift":
      return unite(days.flatMap((range) => shiftWindow(change.span, range, grain, calendar) ?? []));
  }
}

/**
 * Moves a range. Months move whole months whole; at the grain of days and weeks the same day numbers are read, and a day that the
 * other month lacks is nobody's; null where nothing is left.
 */
export function shiftWindow(
  span: Span,
  window: DayRange,
  grain: PeriodLevel | null,
  calendar: Calendar,
): DayRange | null {
  const months = monthsOf(span);
  const days = daysOf(span);
  if (months === 0) return { from: window.from + days, until: window.until + days };
  if (
    calendar.fiscalWeeks &&
    Number.isFinite(window.from) &&
    (wholeFiscal(calendar, window) ? grain === null || isFiscal(grain) : grain !== null && isFiscal(grain))
  )
    return shiftFiscal(calendar, months, days, window);
  if (grain === "week" && months % 12 === 0 && days === 0 && isOneWeek(calendar, window))
    return sameIsoWeek(window, months / 12);
  const from =
    window.from === Number.NEGATIVE_INFINITY
      ? window.from
      : grain === "day" || grain === "week"
        ? (sameDayMonths(window.from, months) ?? monthEnd(addMonths(window.from, months)) + 1)
        : addMonths(window.from, months);
  const until =
    grain !== "day" && grain !== "week" && isMonthEnd(window.until)
      ? monthEnd(addMonths(window.until, months))
      : addMonths(window.until, months);
  return until < from ? null : { from: from + days, until: until + days };
}

const isOneWeek = (calendar: Calendar, { from, until }: DayRange): boolean =>
  until - from < 7 && periodStart(calendar, "week", from) === periodStart(calendar, "week", until);

/** Fiscal periods of weeks that a range is made of; a calendar of months has none. */
const startsPeriod = (calendar: Calendar, day: Day): boolean => periodStart(calendar, "fiscal_period", day) === day;
const wholeFiscal = (calendar: Calendar, range: DayRange): boolean =>
  calendar.fiscalWeeks !== null &&
  Number.isFinite(range.from) &&
  startsPeriod(calendar, range.from) &&
  startsPeriod(calendar, range.until + 1);
/** Months are periods there: fiscal period 2 moved by a year is period 2 of the other year, however many weeks each has; of a part of one the same days from its start are read. */
function shiftFiscal(calendar: Calendar, periods: number, days: number, { from, until }: DayRange): DayRange | null {
  const moved = (day: Day): { from: Day; until: Day; at: Day } => {
    const start = periodStart(calendar, "fiscal_period", day);
    const other = addPeriods(calendar, "fiscal_period", start, periods);
    return { from: other, until: addPeriods(calendar, "fiscal_period", other, 1) - 1, at: other + day - start };
  };
  const [first, last] = [moved(from), moved(until)];
  const end = startsPeriod(calendar, until + 1) ? last.until : Math.min(last.at, last.until);
  return first.at > first.until && end <= first.until
    ? null
    : { from: Math.min(first.at, first.until + 1) + days, until: end + days };
}

/** The week of the same ISO number `years` later; null where that year has no such week. */
function sameIsoWeek(window: DayRange, years: number): DayRange | null {
  const { year, week } = isoWeek(window.from);
  const fourth = parseDay(`${String(year + years).padStart(4, "0")}-01-04`)!;
  const monday = fourth - ((fourth + 3) % 7) + 7 * (week - 1);
  if (isoWeek(monday).week !== week) return null;
  const offset = window.from - (window.from - ((window.from + 3) % 7));
  return { from: monday + offset, until: monday + offset + (window.until - window.from) };
}

/** The range that a range is compared with, and the range itself, cut where it is partial. */
export function comparedRange(
  to: ComparisonTarget,
  range: DayRange,
  now: Day,
  calendar: Calendar,
): { readonly current: DayRange; readonly previous: DayRange } {
  // a partial period is cut on both sides
  const current = now >= range.from && now < range.until ? { from: range.from, until: now } : range;
  if (to.type === "range") return { current, previous: to.range };
  if (to.type === "span") return { current, previous: shiftPart(to.span, range, current, calendar) };
  const months = wholeMonths(range) ?? (wholeFiscal(calendar, range) ? fiscalPeriods(calendar, range) : null);
  const span: Span = months === null ? { days: -(range.until - range.from + 1) } : { months: -months };
  return { current, previous: shiftPart(span, range, current, calendar) };
}

/** The part of the shifted range that is as long as the part of the range. */
function shiftPart(span: Span, range: DayRange, part: DayRange, calendar: Calendar): DayRange {
  if (part === range || !wholeFiscal(calendar, range)) return shiftWindow(span, part, null, calendar)!;
  const { from } = shiftWindow(span, range, null, calendar)!;
  return { from, until: from + part.until - part.from };
}

export type ComparisonTarget =
  | { readonly type: "previous_period" }
  | { readonly type: "span"; readonly span: Span }
  | { readonly type: "range"; readonly range: DayRange };

/** How many fiscal periods a range of whole ones is. */
function fiscalPeriods(calendar: Calendar, range: DayRange): number {
  let n = 0;
  for (let at = range.from; at <= range.until; at = addPeriods(calendar, "fiscal_period", at, 1)) n++;
  return n;
}

/** How many whole months a range is; null where it is not. */
function wholeMonths(range: DayRange): number | null {
  const start = parseDay(`${toIso(range.from).slice(0, 7)}-01`)!;
  if (start !== range.from || !isMonthEnd(range.until)) return null;
  let n = 0;
  for (let at = start; at <= range.until; at = addMonths(at, 1)) n++;
  return n;
}

/**
 * The cells of the compared range, each under the values of the cell it is compared with: by ordinal, by calendar date
 * where years are compared by day, by ISO number where years are compared by week, and by equal value for levels
 * that repeat (day of week, month of year).
 */
export function comparedCells(
  calendar: Calendar,
  levels: readonly DateLevel[],
  current: DayRange,
  previous: DayRange,
  years: number | null,
): TimeCell[] {
  if (levels.length === 0) return [{ values: [], days: [previous] }];
  const periods = levels.filter(isPeriod);
  const there = timeCells(calendar, levels, [previous]);
  if (periods.length === 0) return there;
  const here = timeCells(calendar, levels, [current]);
  const grain = finest(periods);
  if (years !== null && (grain === "day" || grain === "week") && periods.length === levels.length) {
    return here.flatMap((cell) => {
      const days = unite(cell.days.flatMap((range) => shiftWindow({ years }, range, grain, calendar) ?? []));
      return days.length === 0 ? [] : [{ values: cell.values, days }];
    });
  }
  // a period of the other side that has no partner has no row; it is in the totals
  if (periods.length === levels.length || grain === "day")
    return there.slice(0, here.length).map((cell, i) => ({ values: here[i]!.values, days: cell.days }));
  // periods stand side by side by ordinal, and within them levels that repeat by their value
  const ofPeriods = (cell: TimeCell): string => JSON.stringify(cell.values.filter((_, i) => isPeriod(levels[i]!)));
  const ordinals = new Map([...new Set(there.map(ofPeriods))].map((values, i) => [values, i] as const));
  const partners = [...new Map(here.map((cell) => [ofPeriods(cell), cell.values] as const)).values()];
  return there.flatMap((cell) => {
    const partner = partners[ordinals.get(ofPeriods(cell))!];
    return partner
      ? [{ values: cell.values.map((value, i) => (isPeriod(levels[i]!) ? partner[i]! : value)), days: cell.days }]
      : [];
  });
}
