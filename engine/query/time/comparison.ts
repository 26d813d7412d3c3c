/** The range that a range is compared with, and the cells of both sides matched to each other. */
import { at, present, required } from "../../lookup.ts";
import { type TimeCell, timeCells, finest } from "./time-cells.ts";
import {
  addMonths,
  addPeriods,
  isMonthEnd,
  isPeriod,
  monthStart,
  type Calendar,
  type Day,
} from "../../model/time/calendar.ts";
import type { DateLevel } from "../../model/dimension.ts";
import type { Span } from "../../model/measure.ts";
import type { DayRange } from "./date-range.ts";
import { unite } from "./day-set.ts";
import { shiftWindow, wholeFiscal } from "./change-window.ts";

/** The range, cut at `now` where it is partial, and the range that it is compared with. */
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
  if (part === range || !wholeFiscal(calendar, range))
    return present(shiftWindow(span, part, null, calendar), "the shifted range");
  const { from } = present(shiftWindow(span, range, null, calendar), "the shifted range");
  return { from, until: from + part.until - part.from };
}

/** What a range is compared with. */
export type ComparisonTarget =
  | { readonly type: "previous_period" }
  | { readonly type: "span"; readonly span: Span }
  | { readonly type: "range"; readonly range: DayRange };

/** How many fiscal periods a range is that is made of whole ones. */
function fiscalPeriods(calendar: Calendar, range: DayRange): number {
  let n = 0;
  for (let day = range.from; day <= range.until; day = addPeriods(calendar, "fiscal_period", day, 1)) n++;
  return n;
}

/** How many whole months a range is; null for any other range. */
function wholeMonths(range: DayRange): number | null {
  if (monthStart(range.from) !== range.from || !isMonthEnd(range.until)) return null;
  let n = 0;
  for (let start = range.from; start <= range.until; start = addMonths(start, 1)) n++;
  return n;
}

/**
 * The cells of the compared range, each under the values of the cell it is compared with: by ordinal, by calendar date
 * where years are compared by day, by ISO number where years are compared by week, and by equal value for levels that
 * repeat (day of week, month of year).
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
    return there.flatMap(({ days }, i) => {
      const partner = here[i];
      return partner ? [{ values: partner.values, days }] : [];
    });
  return comparedByPeriod(levels, here, there);
}

/** Periods are matched by ordinal, and within them levels that repeat by their value. */
function comparedByPeriod(
  levels: readonly DateLevel[],
  here: readonly TimeCell[],
  there: readonly TimeCell[],
): TimeCell[] {
  const repeats = levels.map((level) => !isPeriod(level));
  const periodsOf = ({ values }: TimeCell): string => JSON.stringify(values.filter((_, i) => !repeats[i]));
  const ordinals = new Map([...new Set(there.map(periodsOf))].map((values, i) => [values, i] as const));
  const partners = [...new Map(here.map((cell) => [periodsOf(cell), cell.values] as const)).values()];
  return there.flatMap((cell) => {
    const partner = partners[required(ordinals, periodsOf(cell), "period")];
    if (!partner) return [];
    return [{ values: partner.map((value, i) => (repeats[i] ? at(cell.values, i) : value)), days: cell.days }];
  });
}
