/** The cells that a set of days makes at the levels of a query: each combination of period values with its days. */
import { TesseraError, phrase } from "../../errors/index.ts";
import {
  isPeriod,
  levelValue,
  periodEnd,
  toIso,
  type Calendar,
  type Day,
  type PeriodLevel,
} from "../../model/time/calendar.ts";
import type { DateLevel } from "../../model/dimension.ts";
import type { DaySet } from "./day-set.ts";

/** Days that share the values of the time keys: one cell of the result, or part of one. */
export interface TimeCell {
  /** one value for each time key */
  readonly values: readonly (string | number | boolean | null)[];
  /** the days of the cell that the query asks for */
  readonly days: DaySet;
}

/** A query with more cells than these asks for millennia by day, and is refused. */
const MOST_CELLS = 200_000;

/** The cells of some days at the given levels, in time order. Without levels: one cell of all days. */
export function timeCells(calendar: Calendar, levels: readonly DateLevel[], days: DaySet): TimeCell[] {
  if (levels.length === 0) return [{ values: [], days }];
  const cells: { values: TimeCell["values"]; days: { from: Day; until: Day }[] }[] = [];
  const periods = levels.filter(isPeriod);
  const step = periods.length === levels.length ? finest(periods) : null;
  for (const range of days) {
    let day = range.from;
    while (day <= range.until) {
      const end = step === null ? day : Math.min(periodEnd(calendar, step, day), range.until);
      // periods of different levels may overlap (weeks in months): walk to the nearest end of any level
      const until = step === null ? end : Math.min(end, ...periods.map((level) => periodEnd(calendar, level, day)));
      const values = levels.map((level) => levelValue(calendar, level, day));
      const before = cells.at(-1);
      const piece = before?.days.at(-1);
      if (!before || !piece || !before.values.every((v, i) => v === values[i]))
        cells.push({ values, days: [{ from: day, until }] });
      else if (piece.until + 1 === day) piece.until = until;
      else before.days.push({ from: day, until });
      if (cells.length > MOST_CELLS) throw tooManyCells(levels, range.from);
      day = until + 1;
    }
  }
  return cells;
}

function tooManyCells(levels: readonly DateLevel[], from: Day): TesseraError {
  const names = levels.join(", ");
  return new TesseraError(
    "too-large",
    phrase`the query asks for more than ${MOST_CELLS.toLocaleString("en")} cells of ${names} from ${toIso(from)} on`,
    {
      place: names,
      remedy: "ask for a shorter range or longer periods, or give the date dimension a `from` and an `until`",
    },
  );
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
/** The finest of some levels; day for none. */
export const finest = (levels: readonly PeriodLevel[]): PeriodLevel =>
  ORDER.find((level) => levels.includes(level)) ?? "day";

/** The period that one value of a level belongs to: a level that repeats has the period that it repeats with. */
function periodOf(level: DateLevel): PeriodLevel {
  if (isPeriod(level)) return level;
  switch (level) {
    case "month_of_year":
      return "month";
    case "quarter_of_year":
      return "quarter";
    case "week_of_year":
      return "week";
    default:
      return "day";
  }
}

/** The finest period of a cell at these levels; null for a total. */
export function grainOf(levels: readonly DateLevel[]): PeriodLevel | null {
  return levels.length === 0 ? null : finest(levels.map(periodOf));
}
