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
const TO_DATE = new RegExp(`^(${UNITS}) to date$`);
const level = (unit: string): PeriodLevel => unit.replace(" ", "_") as PeriodLevel;

/**
 * The days a phrase means. `last N months` are the N whole months before the current one; `year to date` ends at `now`.
 * @param now the day that relative phrases count from
 * @throws TesseraError `filter-invalid`
 */
export function parseRange(words: string, calendar: Calendar, now: Day, place = "date range"): DayRange {
  return known(readRange(words, calendar, now, place), JSON.stringify(words), place);
}

const [FIRST, LAST] = [dayOf(1, 1, 1), dayOf(9999, 12, 31)];

/** Days that databases can name: from the year 1 to 9999. @throws TesseraError `filter-invalid` */
export function known(range: DayRange, said: string, place: string): DayRange {
  const outside = (day: Day): boolean => Number.isNaN(day) || (Number.isFinite(day) && (day < FIRST || day > LAST));
  if (outside(range.from) || outside(range.until))
    throw new TesseraError("filter-invalid", phrase`${said} leads beyond the years 1 to 9999`, {
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
  let match = THIS.exec(text);
  if (match) {
    const unit = level(match[2]!);
    const start = addPeriods(
      calendar,
      unit,
      periodStart(calendar, unit, now),
      { this: 0, last: -1, next: 1 }[match[1] as "this"],
    );
    return { from: start, until: periodEnd(calendar, unit, start) };
  }
  match = LAST_N.exec(text);
  if (match && Number(match[2]) > 0) {
    const unit = level(match[3]!);
    const current = periodStart(calendar, unit, now);
    const n = Number(match[2]);
    return match[1] === "last"
      ? { from: addPeriods(calendar, unit, current, -n), until: current - 1 }
      : { from: addPeriods(calendar, unit, current, 1), until: addPeriods(calendar, unit, current, n + 1) - 1 };
  }
  match = TO_DATE.exec(text);
  if (match) return { from: periodStart(calendar, level(match[1]!), now), until: now };
  match = /^(\d{4})-w(\d{2})$/.exec(text);
  if (match)
    throw new TesseraError(
      "filter-invalid",
      phrase`${words.trim()}: ${match[1]} has ${isoWeeks(Number(match[1]))} ISO weeks`,
      {
        place,
        remedy: phrase`the weeks of ${match[1]} are ${match[1]}-W01 to ${match[1]}-W${isoWeeks(Number(match[1]))}`,
      },
    );
  throw new TesseraError("filter-invalid", phrase`${JSON.stringify(words)} is no date range`, {
    place,
    remedy:
      'write two dates ["2025-01-01", "2025-03-31"] or one of: 2025, 2025-Q3, 2025-07, 2025-07-31, today, yesterday, this|last|next month, last 12 months, year to date',
  });
}

/** The 28th of December lies in the last ISO week of its year. */
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

/** The values of an `in_range` filter: one phrase, or a first and a last day (each may be a period: `["2024-Q4", "2025-02"]`). */
export function rangeOf(values: readonly unknown[], calendar: Calendar, now: Day, place: string): DayRange {
  const texts = values.filter((v): v is string => typeof v === "string");
  if (texts.length !== values.length || texts.length < 1 || texts.length > 2)
    throw new TesseraError("filter-invalid", "a date range is one phrase or two dates", {
      place,
      remedy: '["last 12 months"] or ["2025-01-01", "2025-03-31"]',
    });
  const first = parseRange(texts[0]!, calendar, now, place);
  if (texts.length === 1) return first;
  const last = parseRange(texts[1]!, calendar, now, place);
  if (last.until < first.from)
    throw new TesseraError("filter-invalid", phrase`the date range ends before it begins: ${texts.join(" to ")}`, {
      place,
      remedy: "put the earlier date first",
    });
  return { from: first.from, until: last.until };
}
