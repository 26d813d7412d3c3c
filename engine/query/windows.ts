/** Windows of days: which days a time measure reads for a cell of the result. */
import {
  addMonths, addPeriods, isMonthEnd, isPeriod, isoWeek, levelValue, monthEnd, parseDay, periodEnd, periodStart, sameDayMonths, toIso,
  type Calendar, type Day, type PeriodLevel,
} from "../model/calendar.ts";
import { isFiscal } from "../model/fiscal-weeks.ts";
import type { DateLevel } from "../model/dimension.ts";
import type { Span, TimeChange } from "../model/measure.ts";
import type { DayRange } from "./date-range.ts";

/** A run of consecutive days that share the values of the time keys: one cell of the result, or a part of one. */
export interface TimeCell {
  /** one value for each time key */
  readonly values: readonly (string | number | boolean | null)[];
  /** the days of the cell, cut to the range */
  readonly days: DayRange;
}

/** The cells of a range for the given levels, in time order. No levels: one cell, the whole range. */
export function timeCells(calendar: Calendar, levels: readonly DateLevel[], range: DayRange): TimeCell[] {
  if (levels.length === 0) return [{ values: [], days: range }];
  const cells: { values: TimeCell["values"]; days: { from: Day; until: Day } }[] = [];
  const periods = levels.filter(isPeriod);
  const step = periods.length === levels.length ? finest(periods) : null;
  let day = range.from;
  while (day <= range.until) {
    const end = step === null ? day : Math.min(periodEnd(calendar, step, day), range.until);
    // a coarser calendar may cut a period in two (weeks in months): walk to the nearest end of any level
    const until = step === null ? end : Math.min(end, ...periods.map((level) => periodEnd(calendar, level, day)));
    const values = levels.map((level) => levelValue(calendar, level, day));
    const last = cells[cells.length - 1];
    if (last && last.values.every((v, i) => v === values[i])) last.days.until = until;
    else cells.push({ values, days: { from: day, until } });
    day = until + 1;
  }
  return cells;
}

const ORDER: readonly PeriodLevel[] = ["day", "week", "month", "fiscal_period", "quarter", "fiscal_quarter", "half", "year", "fiscal_year"];
export const finest = (levels: readonly PeriodLevel[]): PeriodLevel => ORDER.find((level) => levels.includes(level)) ?? "day";

const monthsOf = (span: Span): number => (span.months ?? 0) + 3 * (span.quarters ?? 0) + 12 * (span.years ?? 0);
const daysOf = (span: Span): number => (span.days ?? 0) + 7 * (span.weeks ?? 0);

/** What the window of a cell becomes under one change; null: there is no such window. `grain` is the finest time key, null for a total. */
export function changeWindow(change: TimeChange, window: DayRange, grain: PeriodLevel | null, calendar: Calendar, range: DayRange | null): DayRange | null {
  switch (change.type) {
    case "running": return { from: change.within === "range" && range ? range.from : Number.NEGATIVE_INFINITY, until: window.until };
    case "to_date": return { from: periodStart(calendar, change.level, window.until), until: window.until };
    case "rolling": {
      const months = monthsOf(change.span);
      const start = months === 0 ? window.until : addMonths(window.until, -months);
      return { from: start - daysOf(change.span) + 1, until: window.until };
    }
    case "shift": return shiftWindow(change.span, window, grain, calendar);
  }
}

/** Moves a window: months move whole months whole, a single day keeps its number or is null. */
export function shiftWindow(span: Span, window: DayRange, grain: PeriodLevel | null, calendar: Calendar): DayRange | null {
  const months = monthsOf(span);
  const days = daysOf(span);
  if (months === 0) return { from: window.from + days, until: window.until + days };
  if (calendar.fiscalWeeks && (grain === null || isFiscal(grain)) && wholeFiscal(calendar, window)) return shiftFiscal(calendar, months, days, window);
  if (grain === "day") {
    const moved = sameDayMonths(window.from, months);
    return moved === null ? null : { from: moved + days, until: moved + days };
  }
  if (grain === "week" && months % 12 === 0 && days === 0) return sameIsoWeek(window, months / 12);
  return {
    from: (window.from === Number.NEGATIVE_INFINITY ? window.from : addMonths(window.from, months)) + days,
    until: (isMonthEnd(window.until) ? monthEnd(addMonths(window.until, months)) : addMonths(window.until, months)) + days,
  };
}

/** Fiscal periods of weeks that a range is made of; a calendar of months has none. */
const startsPeriod = (calendar: Calendar, day: Day): boolean => periodStart(calendar, "fiscal_period", day) === day;
const wholeFiscal = (calendar: Calendar, range: DayRange): boolean => calendar.fiscalWeeks !== null && Number.isFinite(range.from) && startsPeriod(calendar, range.from) && startsPeriod(calendar, range.until + 1);
/** Months are periods there: fiscal period 2 moved by a year is period 2 of the other year, however many weeks each has. */
const shiftFiscal = (calendar: Calendar, periods: number, days: number, { from, until }: DayRange): DayRange => ({ from: addPeriods(calendar, "fiscal_period", from, periods) + days, until: addPeriods(calendar, "fiscal_period", until + 1, periods) - 1 + days });

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
export function comparedRange(to: ComparisonTarget, range: DayRange, now: Day, calendar: Calendar): { readonly current: DayRange; readonly previous: DayRange } {
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

export type ComparisonTarget = { readonly type: "previous_period" } | { readonly type: "span"; readonly span: Span } | { readonly type: "range"; readonly range: DayRange };

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
export function comparedCells(calendar: Calendar, levels: readonly DateLevel[], current: DayRange, previous: DayRange, years: number | null): TimeCell[] {
  if (levels.length === 0) return [{ values: [], days: previous }];
  const periods = levels.filter(isPeriod);
  const there = timeCells(calendar, levels, previous);
  if (periods.length < levels.length) return periods.length === 0 ? there : [];
  const here = timeCells(calendar, levels, current);
  const grain = finest(periods);
  if (years !== null && (grain === "day" || grain === "week")) {
    return here.flatMap((cell) => {
      const days = shiftWindow({ years }, cell.days, grain, calendar);
      return days === null ? [] : [{ values: cell.values, days }];
    });
  }
  // a period of the other side that has no partner has no row; it is in the totals
  return there.slice(0, here.length).map((cell, i) => ({ values: here[i]!.values, days: cell.days }));
}
