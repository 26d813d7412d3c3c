/**
 * Months, quarters and years are grouped by number and become dates again once they are groups. The number of a date
 * takes a tenth of the time that the first day of its period takes, and few numbers need no hashing.
 */
import { binary, call, column, integer, type Expr, type Select } from "../../sql/tree.ts";
import type { FactSpan } from "./fact-spans.ts";

/** How a period key is grouped. */
export interface PeriodNumber {
  readonly number: Expr;
  /** the first day of a period by its number */
  readonly start: (number: Expr) => Expr;
}

/** The first day of a month by its number. */
export const monthStart = (number: Expr): Expr => call("month_start", number);

/**
 * The number of a period key, where it has one.
 * @param key as the facts or a rollup give it
 * @param span of the facts: dates outside it, such as infinity, may have no number
 */
export function periodNumber(key: Expr, span: FactSpan | null): PeriodNumber | null {
  if (key.t !== "level" || !span?.whole) return null;
  switch (key.level) {
    case "month":
      return { number: call("month_number", key.of), start: monthStart };
    case "quarter":
      return { number: call("quarter_number", key.of), start: (n) => monthStart(binary("*", n, integer(3))) };
    case "year":
      return { number: call("year_number", key.of), start: (n) => monthStart(binary("*", n, integer(12))) };
    default:
      return null;
  }
}

/** For each column of a SELECT that holds period numbers: how they become dates. */
export type PeriodStarts = ReadonlyMap<string, PeriodNumber["start"]>;

/** The groups, with dates in place of numbers. */
export function asDates(select: Select, starts: PeriodStarts): Select {
  if (starts.size === 0) return select;
  return {
    t: "select",
    columns: select.columns.map(({ as }) => ({ as, expr: starts.get(as)?.(column("n", as)) ?? column("n", as) })),
    from: { t: "select", select, as: "n" },
  };
}
