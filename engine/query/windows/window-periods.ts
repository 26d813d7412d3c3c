/**
 * Windows made of whole periods: facts then meet their cells by an equal period, and are brought to periods first, not
 * to days.
 */
import { addPeriods, periodStart, type Calendar, type Day, type PeriodLevel } from "../../model/time/calendar.ts";
import type { DayRange } from "../time/date-range.ts";
import { hull, unite } from "../time/day-set.ts";
import type { FactSpan } from "../binding/fact-spans.ts";

/** The periods that windows are made of. */
export interface WindowPeriods {
  readonly level: PeriodLevel;
  /** for each window the first days of the periods that it is made of */
  readonly periods: readonly (readonly Day[])[];
  /** the days to read; the other half of a period that lies half outside is in no window */
  readonly days: readonly DayRange[];
}

const LEVELS: readonly PeriodLevel[] = ["year", "quarter", "month", "week", "day"];
/** Beyond this many, meeting by a range of days is cheaper than listing every period. */
const MOST = 4_000;

/** More ranges than these are read as one, with what lies between them. */
const MOST_RANGES = 4;

/** The days that windows read, as separate ranges. */
export function daysRead(windows: readonly DayRange[]): readonly DayRange[] {
  const apart = unite(windows);
  const whole = hull(apart);
  return apart.length <= MOST_RANGES || whole === null ? apart : [whole];
}

/**
 * The longest periods that all windows are made of. A window may begin or end inside a period, if every other window
 * that touches the period wants the same days of it.
 * @param span first and last day of the facts: a window without a beginning begins there
 * @returns null where the windows are not made of periods, or of too many
 */
export function windowPeriods(
  windows: readonly DayRange[],
  calendar: Calendar,
  span: FactSpan | null,
): WindowPeriods | null {
  const open = windows.some(({ from }) => !Number.isFinite(from));
  if (open && !span?.whole) return null;
  const bounded = windows.map(({ from, until }) => ({
    from: Number.isFinite(from) || !span ? from : Math.min(span.from, until),
    until,
  }));
  const days = daysRead(bounded);
  for (const level of LEVELS) {
    const periods = periodsAt(bounded, days, level, calendar);
    if (periods) return { level, periods, days };
  }
  return null;
}

function periodsAt(
  windows: readonly DayRange[],
  days: readonly DayRange[],
  level: PeriodLevel,
  calendar: Calendar,
): Day[][] | null {
  const periods: Day[][] = [];
  let named = 0;
  for (const { from, until } of windows) {
    const own: Day[] = [];
    for (let start = periodStart(calendar, level, from); start <= until; ) {
      const next = addPeriods(calendar, level, start, 1);
      // facts of one period cannot be told apart later: the window must want all of what is read of it
      if (++named > MOST || lengthOf(days, start, next - 1) !== Math.min(next - 1, until) - Math.max(start, from) + 1)
        return null;
      own.push(start);
      start = next;
    }
    periods.push(own);
  }
  return periods;
}

/** How many days of a period are read. */
function lengthOf(days: readonly DayRange[], from: Day, until: Day): number {
  let n = 0;
  for (const range of days) n += Math.max(0, Math.min(range.until, until) - Math.max(range.from, from) + 1);
  return n;
}
