/**
 * Calendar arithmetic on day numbers (whole days since 1970-01-01), and the calendar that a date dimension declares.
 */
import { last, present } from "../../lookup.ts";
import type { DateDimension, DateLevel } from "../dimension.ts";
import {
  fiscalWeekYears,
  isFiscal,
  PERIODS_IN,
  startsOf,
  type FiscalLevel,
  type FiscalWeekYears,
} from "./fiscal-weeks.ts";

/** Whole days since 1970-01-01. */
export type Day = number;

/** Levels whose values are periods of days. */
export const PERIOD_LEVELS = [
  "year",
  "half",
  "quarter",
  "month",
  "week",
  "day",
  "fiscal_year",
  "fiscal_quarter",
  "fiscal_period",
] as const;
/** One of the period levels. */
export type PeriodLevel = (typeof PERIOD_LEVELS)[number];

/** Whether a level is a period of days. */
export const isPeriod = (level: string): level is PeriodLevel => (PERIOD_LEVELS as readonly string[]).includes(level);

/** Levels within a day. */
export const CLOCK_LEVELS = ["hour", "minute", "hour_of_day"] as const;

/** Whether a level is within a day. */
export const isClock = (level: string): boolean => (CLOCK_LEVELS as readonly string[]).includes(level);

/** A date dimension's calendar. */
export interface Calendar {
  readonly timeZone: string;
  /** 1 Monday … 7 Sunday */
  readonly weekStart: number;
  /** 1 to 12 */
  readonly fiscalStart: number;
  /** fiscal years of whole weeks; null: of months */
  readonly fiscalWeeks: FiscalWeekYears | null;
  readonly holidays: ReadonlyMap<Day, string>;
  readonly from: Day | null;
  readonly until: Day | null;
}

/**
 * The day number of a date, without a `Date` object (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013).
 * Months outside 1 to 12 and days outside the month carry over, as in `Date`; years below 100 are taken as written.
 */
export function dayOf(year: number, month: number, day: number): Day {
  const months = month - 3; // years are counted from March: the leap day is their last
  const y = year + Math.floor(months / 12);
  const m = months - 12 * Math.floor(months / 12);
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * m + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** The date of a day number. */
export function civil(day: Day): { year: number; month: number; day: number } {
  const z = day + 719_468;
  const era = Math.floor(z / 146_097);
  const ofEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * ofYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: ofYear - Math.floor((153 * m + 2) / 5) + 1 };
}
const two = (n: number): string => (n < 10 ? `0${n}` : String(n));
/** `2025-07-31`; years from 0 to 9999. */
export const toIso = (at: Day): string => {
  const { year, month, day } = civil(at);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
};

const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
/** The day number of `2025-07-31`; null for any other text. */
export function parseDay(text: string): Day | null {
  const match = ISO_DAY.exec(text);
  if (!match) return null;
  const day = dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  return toIso(day) === text ? day : null;
}

/** ISO: Monday 1 … Sunday 7. 1970-01-01 was a Thursday. */
export const dayOfWeek = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** Last day of a month. */
export const monthEnd = (day: Day): Day => {
  const { year, month } = civil(day);
  return dayOf(year, month + 1, 1) - 1;
};

/** Whether a day is the last of its month. */
export const isMonthEnd = (day: Day): boolean => monthEnd(day) === day;

/** The same day number `months` later, or null where that month lacks it. */
export function sameDayMonths(day: Day, months: number): Day | null {
  const c = civil(day);
  const first = dayOf(c.year, c.month + months, 1);
  const moved = first + c.day - 1;
  return moved <= monthEnd(first) ? moved : null;
}
/** The same day number `months` later, cut to that month's last day. */
export function addMonths(day: Day, months: number): Day {
  const c = civil(day);
  const first = dayOf(c.year, c.month + months, 1);
  return Math.min(first + c.day - 1, monthEnd(first));
}

/** First day of a month. */
export function monthStart(day: Day): Day {
  const { year, month } = civil(day);
  return dayOf(year, month, 1);
}

/** The calendar of a date dimension. @param projectZone the zone where the dimension names none */
export function makeCalendar(spec: DateDimension, projectZone = "UTC"): Calendar {
  return Object.freeze({
    timeZone: spec.timeZone ?? projectZone,
    weekStart: { monday: 1, saturday: 6, sunday: 7 }[spec.weekStart ?? "monday"],
    fiscalStart: spec.fiscalYearStart ?? 1,
    fiscalWeeks: fiscalWeekYears(spec),
    holidays: new Map(
      (spec.holidays ?? []).flatMap((h) => {
        const day = parseDay(h.on);
        return day === null ? [] : [[day, h.name] as const];
      }),
    ),
    from: spec.from === undefined || spec.from === "auto" ? null : parseDay(spec.from),
    until: spec.until === undefined || spec.until === "auto" ? null : parseDay(spec.until),
  });
}

/** First day of the period of `level` that holds `day`. */
export function periodStart(calendar: Calendar, level: PeriodLevel, day: Day): Day {
  const { year, month } = civil(day);
  if (calendar.fiscalWeeks && isFiscal(level)) return fiscalWeekStart(calendar, calendar.fiscalWeeks, level, day);
  const fiscalOffset = (month - calendar.fiscalStart + 12) % 12; // months into the fiscal year
  switch (level) {
    case "day":
      return day;
    case "week":
      return day - ((dayOfWeek(day) - calendar.weekStart + 7) % 7);
    case "month":
    case "fiscal_period":
      return dayOf(year, month, 1);
    case "quarter":
      return dayOf(year, month - ((month - 1) % 3), 1);
    case "half":
      return dayOf(year, month - ((month - 1) % 6), 1);
    case "year":
      return dayOf(year, 1, 1);
    case "fiscal_quarter":
      return dayOf(year, month - (fiscalOffset % 3), 1);
    case "fiscal_year":
      return dayOf(year, month - fiscalOffset, 1);
  }
}

const MONTHS_IN = {
  month: 1,
  fiscal_period: 1,
  quarter: 3,
  fiscal_quarter: 3,
  half: 6,
  year: 12,
  fiscal_year: 12,
} as const;

/** First day of the fiscal year of weeks that begins about the fiscal month of `year`. */
const fiscalWeekYear = (calendar: Calendar, { reach }: FiscalWeekYears, year: number): Day =>
  periodStart(calendar, "week", dayOf(year, calendar.fiscalStart, 1) + reach);

function fiscalWeekStart(calendar: Calendar, years: FiscalWeekYears, level: FiscalLevel, day: Day): Day {
  const { year } = civil(day);
  const begins = [year + 1, year, year - 1].map((y) => fiscalWeekYear(calendar, years, y));
  const first = present(
    begins.find((start) => start <= day),
    "the fiscal year",
  );
  return first + last(startsOf(years, level).filter((start) => first + start <= day));
}

function addFiscalWeeks(calendar: Calendar, years: FiscalWeekYears, level: FiscalLevel, start: Day, n: number): Day {
  const first = fiscalWeekStart(calendar, years, "fiscal_year", start);
  const index = years.starts.indexOf(start - first) + n * PERIODS_IN[level];
  const year = fiscalWeekYear(calendar, years, civil(first + 14).year + Math.floor(index / 12));
  return year + present(years.starts[((index % 12) + 12) % 12], "start");
}

/** First day of the period `n` periods after the one that starts at `start`. */
export function addPeriods(calendar: Calendar, level: PeriodLevel, start: Day, n: number): Day {
  if (calendar.fiscalWeeks && isFiscal(level)) return addFiscalWeeks(calendar, calendar.fiscalWeeks, level, start, n);
  if (level === "day") return start + n;
  if (level === "week") return start + 7 * n;
  return addMonths(start, n * MONTHS_IN[level]);
}

/** Last day of the period of `level` that holds `day`. */
export const periodEnd = (calendar: Calendar, level: PeriodLevel, day: Day): Day =>
  addPeriods(calendar, level, periodStart(calendar, level, day), 1) - 1;

/** ISO week number of a day; the first week of a year holds its first Thursday. */
export function isoWeek(day: Day): { year: number; week: number } {
  const thursday = day - dayOfWeek(day) + 4;
  const { year } = civil(thursday);
  return { year, week: Math.floor((thursday - dayOf(year, 1, 1)) / 7) + 1 };
}

/** The value of a level for a day: the ISO date of the period's first day, or a number, text or truth value. */
export function levelValue(calendar: Calendar, level: DateLevel, day: Day): string | number | boolean | null {
  if (isPeriod(level)) return toIso(periodStart(calendar, level, day));
  const { month, day: dayOfMonth } = civil(day);
  switch (level) {
    case "day_of_week":
      return dayOfWeek(day);
    case "day_of_month":
      return dayOfMonth;
    case "month_of_year":
      return month;
    case "quarter_of_year":
      return Math.floor((month - 1) / 3) + 1;
    case "week_of_year":
      return isoWeek(day).week;
    case "is_weekend":
      return dayOfWeek(day) > 5;
    case "is_holiday":
      return calendar.holidays.has(day);
    case "holiday":
      return calendar.holidays.get(day) ?? null;
    default:
      return null; // hour, minute: a day has no clock
  }
}
