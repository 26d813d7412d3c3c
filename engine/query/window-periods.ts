/** Windows made of whole periods: facts then meet their cells by an equal period, and are brought to a period before, not to a day. */
import { addPeriods, periodStart, type Calendar, type Day, type PeriodLevel } from "../model/calendar.ts";
import type { DayRange } from "./date-range.ts";

export interface WindowPeriods {
  readonly level: PeriodLevel;
  /** for each window the first days of the periods that it is made of */
  readonly periods: readonly (readonly Day[])[];
  /** the days to read: of a period that lies half outside, no window wants the other half */
  readonly days: DayRange;
}

const LEVELS: readonly PeriodLevel[] = ["year", "quarter", "month", "week", "day"];
/** Beyond this, meeting by a range of days is cheaper than naming every period. */
const MOST = 4_000;

/**
 * The longest periods that all windows are made of. A window may begin or end within one, if every other window that
 * touches it wants the same days of it.
 * @param span first and last day of the facts: a window that has no beginning begins there
 * @returns null where the windows are not made of periods, or of too many
 */
export function windowPeriods(windows: readonly DayRange[], calendar: Calendar, span: DayRange | null): WindowPeriods | null {
  const bounded = windows.map(({ from, until }) => ({ from: Number.isFinite(from) ? from : Math.min(span?.from ?? until, until), until }));
  for (const level of LEVELS) {
    const periods = piecesAt(bounded, level, calendar);
    if (periods) return periods;
  }
  return null;
}

function piecesAt(windows: readonly DayRange[], level: PeriodLevel, calendar: Calendar): WindowPeriods | null {
  const pieces = new Map<Day, DayRange>();
  const periods: Day[][] = [];
  let named = 0;
  for (const { from, until } of windows) {
    const own: Day[] = [];
    for (let start = periodStart(calendar, level, from); start <= until;) {
      const next = addPeriods(calendar, level, start, 1);
      const piece = { from: Math.max(start, from), until: Math.min(next - 1, until) };
      const known = pieces.get(start);
      if (++named > MOST || (known && (known.from !== piece.from || known.until !== piece.until))) return null;
      if (!known) pieces.set(start, piece);
      own.push(start);
      start = next;
    }
    periods.push(own);
  }
  const days = { from: Math.min(...windows.map((w) => w.from)), until: Math.max(...windows.map((w) => w.until)) };
  // one range of days must tell the wanted halves from the others
  for (const [start, piece] of pieces) {
    const end = addPeriods(calendar, level, start, 1) - 1;
    if ((piece.from > start && piece.from !== days.from) || (piece.until < end && piece.until !== days.until)) return null;
  }
  return { level, periods, days };
}
