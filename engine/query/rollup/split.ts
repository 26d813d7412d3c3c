/** A range that cuts the months of a rollup: whole months come from the rollup, the ragged edges from the facts. */
import { addMonths, isMonthEnd, monthEnd, monthStart, type Day } from "../../model/time/calendar.ts";
import type { Condition } from "../resolve/nodes.ts";
import type { DayRange } from "../time/date-range.ts";
import { isAdditive } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import { isApproximate } from "../scan/registers.ts";
import type { RollupDefinition } from "./definition.ts";
import { storedDays } from "./fit.ts";

export interface Split {
  /** the query's conditions, with the range narrowed to its whole months */
  readonly middle: readonly Condition[];
  /** the query's conditions, with the range narrowed to what is left before and after */
  readonly edges: readonly Condition[];
  readonly months: DayRange;
}

/** @returns null where there is nothing to split: the rollup tells days apart, no whole month is asked for, or a measure's parts cannot be put together again */
export function splitRange(
  rollup: RollupDefinition,
  leaves: readonly Leaf[],
  rows: readonly Condition[],
): Split | null {
  if (!leaves.every((leaf) => leaf.frames.length === 0 && (isAdditive(leaf) || isApproximate(leaf)))) return null;
  const at = rows.findIndex(
    (c) =>
      c.t === "days" &&
      !c.negated &&
      c.ranges.length === 1 &&
      c.ref.t === "role" &&
      c.ref.dimension.calendar !== null &&
      storedDays(rollup, c.ref.role) === "month",
  );
  if (at < 0) return null;
  const condition = rows[at] as Extract<Condition, { t: "days" }>;
  const { from, until } = condition.ranges[0]!;
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
