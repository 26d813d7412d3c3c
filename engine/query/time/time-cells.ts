/** The cells that some days make at the levels of a query: each combination of period values with its days. */
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

/** Days that share the values of the time keys: one cell of the result, or a part of one. */
export interface TimeCell {
  /** one value for each time key */
  readonly values: readonly (string | number | boolean | null)[];
  /** the days of the cell among those asked for */
  readonly days: DaySet;
}

/** Beyond this many a question has no answer that anybody reads: a calendar of millennia by day. */
const MOST_CELLS = 200_000;

/** The cells of some days for the given levels, in time order. No levels: one cell of all days. */
export function timeCells(calendar: Calendar, levels: readonly DateLevel[], days: DaySet): TimeCell[] {
  if (levels.length === 0) return [{ values: [], days }];
  const cells: { values: TimeCell["values"]; days: { from: Day; until: Day }[] }[] = [];
  const periods = levels.filter(isPeriod);
  const step = periods.length === levels.length ? finest(periods) : null;
  for (const range of days) {
    let day = range.from;
    while (day <= range.until) {
      const end = step === null ? day : Math.min(periodEnd(calendar, step, day), range.until);
      // a coarser calendar may cut a period in two (weeks in months): walk to the nearest end of any level
      const until = step === null ? end : Math.min(end, ...periods.map((level) => periodEnd(calendar, level, day)));
      const values = levels.map((level) => levelValue(calendar, level, day));
      const last = cells[cells.length - 1];
      const piece = last?.days.at(-1);
      if (!last || !last.values.every((v, i) => v === values[i])) cells.push({ values, days: [{ from: day, until }] });
      else if (piece!.until + 1 === day) piece!.until = until;
      else last.days.push({ from: day, until });
      if (cells.length > MOST_CELLS)
        throw new TesseraError(
          "too-large",
          phrase`there are more than ${MOST_CELLS.toLocaleString("en")} ${levels.join(", ")} from ${toIso(range.from)} on`,
          {
            place: levels.join(", "),
            remedy: "ask for a shorter range or longer periods, or give the date dimension a `from` and an `until`",
          },
        );
      day = until + 1;
    }
  }
  return cells;
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
export const finest = (levels: readonly PeriodLevel[]): PeriodLevel =>
  ORDER.find((level) => levels.includes(level)) ?? "day";

/** The level whose periods a cell is: a level that repeats is the period that it repeats with; null for a total. */
export function grainOf(levels: readonly DateLevel[]): PeriodLevel | null {
  const grains = levels.map(
    (level): PeriodLevel =>
      isPeriod(level)
        ? level
        : level === "month_of_year"
          ? "month"
          : level === "quarter_of_year"
            ? "quarter"
            : level === "week_of_year"
              ? "week"
              : "day",
  );
  return grains.length === 0 ? null : finest(grains);
}
