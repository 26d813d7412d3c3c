/** Which days a time measure reads for a cell: its days under one change (running, to date, rolling, shifted). */
import { TesseraError } from "../../errors/index.ts";
import {
  addMonths,
  addPeriods,
  isMonthEnd,
  isoWeek,
  monthEnd,
  parseDay,
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
export const wholeFiscal = (calendar: Calendar, range: DayRange): boolean =>
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
