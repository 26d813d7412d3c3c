/** Date ranges as people write them: `2025`, `2025-Q3`, `last 12 months`, `year to date`, or two dates. */
import { phrase, TesseraError } from "../../errors/index.ts";
import {
  addPeriods,
  dayOf,
  isoWeek,
  monthEnd,
  parseDay,
  periodEnd,
  periodStart,
  type Calendar,
  type Day,
  type PeriodLevel,
} from "../../model/time/calendar.ts";

/** Days, both included. */
export interface DayRange {
  readonly from: Day;
  readonly until: Day;
}

const UNITS = "day|week|month|quarter|half|year|fiscal year|fiscal quarter|fiscal period";
const THIS = new RegExp(`^(this|last|next) (${UNITS})$`);
const LAST_N = new RegExp(`^(last|next) (\\d{1,4}) (${UNITS})s?$`);
const SHIFTS: ReadonlyMap<string, number> = new Map([
  ["this", 0],
  ["last", -1],
  ["next", 1],
]);
const TO_DATE = new RegExp(`^(${UNITS}) to date$`);
const level = (unit: string): PeriodLevel => unit.replace(" ", "_") as PeriodLevel;

/**
 * The days a phrase means. `last N months` are the N whole months before the current one; `year to date` ends at `now`.
 * @param now the day that relative phrases count from
 * @throws TesseraError `filter-invalid`
 */
export function parseRange(words: string, calendar: Calendar, now: Day, place = "date range"): DayRange {
  return withinYears(readRange(words, calendar, now, place), JSON.stringify(words), place);
}

const [FIRST, LAST] = [dayOf(1, 1, 1), dayOf(9999, 12, 31)];

/** Refuses days that databases cannot hold: they hold the years 1 to 9999. @throws TesseraError `filter-invalid` */
export function withinYears(range: DayRange, said: string, place: string): DayRange {
  const outside = (day: Day): boolean => Number.isNaN(day) || (Number.isFinite(day) && (day < FIRST || day > LAST));
  if (outside(range.from) || outside(range.until))
    throw new TesseraError("filter-invalid", phrase`${said} leads outside the years 1 to 9999`, {
      place,
      remedy: "ask for fewer periods",
    });
  return range;
}

function readRange(words: string, calendar: Calendar, now: Day, place: string): DayRange {
  const text = words
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, " ")
    .replace(/\bhalves\b/, "half");
  const period = parsePeriod(text);
  if (period) return period;
  if (text === "today") return { from: now, until: now };
  if (text === "yesterday") return { from: now - 1, until: now - 1 };
  if (text === "yesterday") return { from: now - 1, until: now - 1 };
  const relative = relativePeriod(text, calendar, now);
  if (relative) return relative;
  const week = /^(\d{4})-w(\d{2})$/.exec(text);
  if (week) {
    const year = Number(week[1]);
    throw new TesseraError("filter-invalid", phrase`${words.trim()}: ${year} has ${isoWeeks(year)} ISO weeks`, {
      place,
      remedy: phrase`the weeks of ${year} are ${year}-W01 to ${year}-W${isoWeeks(year)}`,
    });
  }
  throw new TesseraError("filter-invalid", phrase`${JSON.stringify(words)} is not a date range`, {
    place,
    remedy:
      'write two dates ["2025-01-01", "2025-03-31"] or one of: 2025, 2025-Q3, 2025-07, 2025-07-31, ' +
      "today, yesterday, this|last|next month, last 12 months, year to date",
  });
}

/** `this month`, `last 12 months`, `year to date`; null for anything else. */
function relativePeriod(text: string, calendar: Calendar, now: Day): DayRange | null {
  const [, which, single] = THIS.exec(text) ?? [];
  if (which !== undefined && single !== undefined) {
    const unit = level(single);
    const start = addPeriods(calendar, unit, periodStart(calendar, unit, now), SHIFTS.get(which) ?? 0);
    return { from: start, until: periodEnd(calendar, unit, start) };
  }
  const [, way, count, several] = LAST_N.exec(text) ?? [];
  const n = Number(count);
  if (way !== undefined && several !== undefined && n > 0) {
    const unit = level(several);
    const current = periodStart(calendar, unit, now);
    return way === "last"
      ? { from: addPeriods(calendar, unit, current, -n), until: current - 1 }
      : { from: addPeriods(calendar, unit, current, 1), until: addPeriods(calendar, unit, current, n + 1) - 1 };
  }
  const toDate = TO_DATE.exec(text)?.[1];
  return toDate === undefined ? null : { from: periodStart(calendar, level(toDate), now), until: now };
}

/** ISO weeks of a year. The 28th of December is always in the last one. */
const isoWeeks = (year: number): number => isoWeek(dayOf(year, 12, 28)).week;

/** `2025`, `2025-H1`, `2025-Q3`, `2025-07`, `2025-W07`, `2025-07-31`; null for anything else. */
export function parsePeriod(text: string): DayRange | null {
  const day = parseDay(text);
  if (day !== null) return { from: day, until: day };
  const match = /^(\d{4})(?:-(?:(q)([1-4])|(h)([12])|(w)(\d{2})|(\d{2})))?$/i.exec(text);
  if (!match) return null;
  const year = Number(match[1]);
  if (match[2]) {
    const from = dayOf(year, Number(match[3]) * 3 - 2, 1);
    return { from, until: monthEnd(dayOf(year, Number(match[3]) * 3, 1)) };
  }
  if (match[4]) {
    const from = dayOf(year, Number(match[5]) * 6 - 5, 1);
    return { from, until: monthEnd(dayOf(year, Number(match[5]) * 6, 1)) };
  }
  if (match[6]) {
    const week = Number(match[7]);
    if (week < 1 || week > isoWeeks(year)) return null;
    const fourth = dayOf(year, 1, 4);
    const from = fourth - ((fourth + 3) % 7) + 7 * (week - 1);
    return { from, until: from + 6 };
  }
  if (match[8]) {
    const month = Number(match[8]);
    if (month < 1 || month > 12) return null;
    const from = dayOf(year, month, 1);
    return { from, until: monthEnd(from) };
  }
  return { from: dayOf(year, 1, 1), until: dayOf(year, 12, 31) };
}

/**
 * The range of an `in_range` filter: one phrase, or a first and a last day (each may be a period: `["2024-Q4",
 * "2025-02"]`).
 */
export function rangeOf(values: readonly unknown[], calendar: Calendar, now: Day, place: string): DayRange {
  const texts = values.filter((v): v is string => typeof v === "string");
  const [begin, end] = texts;
  if (begin === undefined || texts.length !== values.length || texts.length > 2)
    throw new TesseraError("filter-invalid", "a date range is one phrase or two dates", {
      place,
      remedy: '["last 12 months"] or ["2025-01-01", "2025-03-31"]',
    });
  const range = parseRange(begin, calendar, now, place);
  if (end === undefined) return range;
  const last = parseRange(end, calendar, now, place);
  if (last.until < range.from)
    throw new TesseraError("filter-invalid", phrase`the date range ends before it begins: ${texts.join(" to ")}`, {
      place,
      remedy: "put the earlier date first",
    });
  return { from: range.from, until: last.until };
}
