/**
 * A range that cuts the months of a rollup: whole months come from the rollup, the days at the edges from the facts.
 */
import { first } from "../../lookup.ts";
import { addMonths, isMonthEnd, monthEnd, monthStart, type Day } from "../../model/time/calendar.ts";
import type { Condition } from "../resolve/nodes.ts";
import type { DayRange } from "../time/date-range.ts";
import { isAdditive } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import { isApproximate } from "../scan/registers.ts";
import type { RollupDefinition } from "./definition.ts";
import { storedDays } from "./fit.ts";

/** A range in two parts. */
export interface Split {
  /** the query's conditions, with the range narrowed to its whole months */
  readonly middle: readonly Condition[];
  /** the query's conditions, with the range narrowed to what is left before and after */
  readonly edges: readonly Condition[];
  readonly months: DayRange;
}

/**
 * Splits the range of a query at the months of a rollup.
 * @returns null where there is nothing to split: the rollup keeps days, the range has no whole month, or a measure's
 *   parts cannot be put together again
 */
export function splitRange(
  rollup: RollupDefinition,
  leaves: readonly Leaf[],
  rows: readonly Condition[],
): Split | null {
  if (!leaves.every((leaf) => leaf.frames.length === 0 && (isAdditive(leaf) || isApproximate(leaf)))) return null;
  for (const [at, condition] of rows.entries()) {
    if (condition.t !== "days" || condition.negated || condition.ranges.length !== 1) continue;
    const { ref } = condition;
    if (ref.t !== "role" || !ref.dimension.calendar || storedDays(rollup, ref.role) !== "month") continue;
    return splitAt(rows, at, condition);
  }
  return null;
}

function splitAt(rows: readonly Condition[], at: number, condition: Extract<Condition, { t: "days" }>): Split | null {
  const { from, until } = first(condition.ranges);
  const months = { from: wholeFrom(from), until: wholeUntil(until) };
  if (months.from > months.until) return null;
  const edges = [
    { from, until: months.from - 1 },
    { from: months.until + 1, until },
  ].filter((edge) => edge.from <= edge.until && Number.isFinite(edge.from) && Number.isFinite(edge.until));
  const narrowed = (ranges: readonly DayRange[]): Condition[] =>
    rows.map((c, i) => (i === at ? { ...condition, ranges } : c));
  return edges.length === 0 ? null : { middle: narrowed([months]), edges: narrowed(edges), months };
}

const wholeFrom = (day: Day): Day =>
  !Number.isFinite(day) || monthStart(day) === day ? day : addMonths(monthStart(day), 1);
const wholeUntil = (day: Day): Day =>
  !Number.isFinite(day) || isMonthEnd(day) ? day : monthEnd(addMonths(monthStart(day), -1));
