/**
 * The days that a time measure reads for a cell: the cell's days under one change (running, to date, rolling, shift).
 */
import { TesseraError } from "../../errors/index.ts";
import {
  addMonths,
  addPeriods,
  isMonthEnd,
  isoWeek,
  monthEnd,
  dayOf,
  periodStart,
  sameDayMonths,
  type Calendar,
  type Day,
  type PeriodLevel,
} from "../../model/time/calendar.ts";
import { isFiscal } from "../../model/time/fiscal-weeks.ts";
import type { Span, TimeChange } from "../../model/measure.ts";
import type { DayRange } from "./date-range.ts";
import { hull, unite, type DaySet } from "./day-set.ts";

const monthsOf = (span: Span): number => (span.months ?? 0) + 3 * (span.quarters ?? 0) + 12 * (span.years ?? 0);
const daysOf = (span: Span): number => (span.days ?? 0) + 7 * (span.weeks ?? 0);

/**
 * The days of a cell under one change; empty where the change leaves no window.
 * @param grain the finest time key; null for a total
 * @param asked the days of the query's range, for `within: "range"`
 */
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
          "a measure that is taken by day, or moved by days, cannot be rolled by hours",
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
 * Moves a range. By months, a whole month becomes a whole month; at the grain of days and weeks the same day numbers
 * are read, and days that the other month lacks are left out. @returns null where nothing is left
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
  const fiscal = grain === null ? wholeFiscal(calendar, window) : isFiscal(grain);
  if (calendar.fiscalWeeks && Number.isFinite(window.from) && fiscal)
    return shiftFiscal(calendar, months, days, window);
  if (grain === "week" && months % 12 === 0 && days === 0 && isOneWeek(calendar, window))
    return sameIsoWeek(window, months / 12);
  const daily = grain === "day" || grain === "week";
  const from = shiftStart(window.from, months, daily);
  const until =
    !daily && isMonthEnd(window.until) ? monthEnd(addMonths(window.until, months)) : addMonths(window.until, months);
  return until < from ? null : { from: from + days, until: until + days };
}

/** The first day of a window, moved; by day, the first day after a month that lacks it. */
function shiftStart(from: Day, months: number, daily: boolean): Day {
  if (from === Number.NEGATIVE_INFINITY) return from;
  if (!daily) return addMonths(from, months);
  return sameDayMonths(from, months) ?? monthEnd(addMonths(from, months)) + 1;
}

const isOneWeek = (calendar: Calendar, { from, until }: DayRange): boolean =>
  until - from < 7 && periodStart(calendar, "week", from) === periodStart(calendar, "week", until);

const startsPeriod = (calendar: Calendar, day: Day): boolean => periodStart(calendar, "fiscal_period", day) === day;

/** Whether a range is made of whole fiscal periods of weeks; never in a calendar whose fiscal periods are months. */
export const wholeFiscal = (calendar: Calendar, range: DayRange): boolean =>
  calendar.fiscalWeeks !== null &&
  Number.isFinite(range.from) &&
  startsPeriod(calendar, range.from) &&
  startsPeriod(calendar, range.until + 1);
/**
 * Months are fiscal periods here: period 2 moved by a year is period 2 of the other year, however many weeks each has.
 * Of a part of a period, the same days counted from its start are read.
 */
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

/** The week of the same ISO number `years` later; null where that year lacks it. */
function sameIsoWeek(window: DayRange, years: number): DayRange | null {
  const { year, week } = isoWeek(window.from);
  const fourth = dayOf(year + years, 1, 4);
  const monday = fourth - ((fourth + 3) % 7) + 7 * (week - 1);
  if (isoWeek(monday).week !== week) return null;
  const offset = window.from - (window.from - ((window.from + 3) % 7));
  return { from: monday + offset, until: monday + offset + (window.until - window.from) };
}
