/**
 * Cells that are periods moved: where every period that is read counts in one cell, as far away as all others, the cell
 * is computed by moving the period, and no list of cells has to be joined.
 */
import { between } from "../scan/comparison-operators.ts";
import { at } from "../../lookup.ts";
import {
  addMonths,
  civil,
  isPeriod,
  levelValue,
  parseDay,
  periodEnd,
  periodStart,
  type Calendar,
  type Day,
  type PeriodLevel,
} from "../../model/time/calendar.ts";
import type { DateLevel } from "../../model/dimension.ts";
import { isFiscal } from "../../model/time/fiscal-weeks.ts";
import type { Span } from "../../model/measure.ts";
import { any, binary, call, cast, column, integer, type Expr } from "../../sql/tree.ts";
import { unite, type DaySet } from "../time/day-set.ts";
import { finest, type TimeCell } from "../time/time-cells.ts";

/** The periods that a side of the answer reads, each with the cell that it counts in. */
export type SidePeriods = readonly { readonly start: Day; readonly values: TimeCell["values"] }[];

/** The keys of moved cells. */
export interface MovedCells {
  /** one for each time key, over the period `y.d` */
  readonly keys: readonly Expr[];
  /** where cells are months: the number of the cell's month, which groups in a plain array where a date is hashed */
  readonly monthNumber: Expr | null;
  /** the side that a period belongs to; null where there is one side */
  readonly side: Expr | null;
}

/** Beyond this many ranges, a list of cells is shorter. */
const MOST_RANGES = 3;

/**
 * @param level of the periods
 * @param levels of the time keys
 * @param daily `y.d` is a day of a period, not its first
 * @returns null where a list of cells has to be joined
 */
export function movedCells(
  sides: readonly SidePeriods[],
  level: PeriodLevel,
  levels: readonly DateLevel[],
  calendar: Calendar,
  daily: boolean,
): MovedCells | null {
  if (!levels.every(isPeriod)) return null;
  const starts = sides.flatMap((side) => side.map(({ start }) => start));
  if (new Set(starts).size < starts.length) return null;
  const moves: { readonly span: Span; readonly days: DaySet }[] = [];
  for (const side of sides) {
    const span = spanOf(side, levels, calendar);
    const days = unite(side.map(({ start }) => ({ from: start, until: periodEnd(calendar, level, start) })));
    if (span === null || days.length > MOST_RANGES) return null;
    moves.push({ span, days });
  }
  const d = column("y", "d");
  const within = (days: DaySet): Expr => any(days.map(({ from, until }) => between(d, { from, until })));
  const bySide = (of: (n: number) => Expr): Expr =>
    sides.length === 1
      ? of(0)
      : {
          t: "case",
          whens: moves.slice(0, -1).map(({ days }, n) => ({ when: within(days), then: of(n) })),
          otherwise: of(sides.length - 1),
        };
  const stays = (span: Span): boolean => Object.values(span).every((n) => n === 0);
  const moved = bySide((n) => {
    const { span } = at(moves, n);
    return stays(span) ? d : cast({ t: "later", of: d, by: span }, "date");
  });
  // a period of the finest level is its own first day; one of a coarser level may be moved into its middle
  const grain = finest(levels);
  const months =
    daily &&
    levels.length === 1 &&
    levels[0] === "month" &&
    moves.every(({ span }) => Object.keys(span).every((unit) => unit === "months"));
  return {
    monthNumber: months
      ? binary(
          "+",
          call("month_number", d),
          bySide((n) => integer(at(moves, n).span.months ?? 0)),
        )
      : null,
    keys: levels.map(
      (own): Expr =>
        own === (daily ? "day" : level) && own === grain ? moved : { t: "level", level: own, of: moved, calendar },
    ),
    side: sides.length === 1 ? null : bySide(integer),
  };
}

/** How far every period of a side lies from its cell; null where they lie differently far. */
function spanOf(side: SidePeriods, levels: readonly PeriodLevel[], calendar: Calendar): Span | null {
  const grain = finest(levels);
  const [first] = side;
  if (!first) return {};
  const own = periodStart(calendar, grain, first.start);
  const cell = parseDay(String(first.values[levels.indexOf(grain)]));
  if (cell === null) return null;
  const inDays = grain === "day" || grain === "week" || (isFiscal(grain) && calendar.fiscalWeeks !== null);
  const [a, b] = [civil(own), civil(cell)];
  const months = 12 * (b.year - a.year) + b.month - a.month;
  const span: Span = inDays ? { days: cell - own } : { months };
  const move = (day: Day): Day => (inDays ? day + cell - own : addMonths(day, months));
  return side.every(({ start, values }) =>
    levels.every((level, i) => levelValue(calendar, level, move(start)) === values[i]),
  )
    ? span
    : null;
}
