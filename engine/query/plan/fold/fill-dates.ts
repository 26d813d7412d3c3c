/**
 * `fillDates`: every period of the range for each combination of the other dimensions, as empty rows among the merged
 * facts. Whatever is computed from them sees these rows.
 */
import { k } from "./key-column.ts";
import { at, first, last } from "../../../lookup.ts";
import { isPeriod } from "../../../model/time/calendar.ts";
import { calendarOf } from "../../../model/catalog.ts";
import {
  binary,
  column,
  equals,
  integer,
  type Expr,
  type Relation,
  type Select,
  type SelectLike,
  NULL,
} from "../../../sql/tree.ts";
import { groupingNumber } from "../../language/grouping.ts";
import { rangeOf } from "../logical/naming.ts";
import type { FillNode } from "../logical/nodes.ts";
import type { LinkedPlan } from "./linked-plan.ts";
import { timeKeysOf, timeLiteral } from "../../windows/time-keys.ts";
import type { PlanContext } from "../plan-context.ts";
import { finest, timeCells, type TimeCell } from "../../time/time-cells.ts";

/** The merged facts with filled-in periods. */
export interface FilledDates {
  readonly select: SelectLike;
  /** positions of the other keys */
  readonly others: readonly number[];
  /** whether a row's period is one of those filled in */
  readonly inRange: Expr;
}

/** Adds the missing periods. */
export function fillDates(
  facts: SelectLike,
  { role, days }: FillNode,
  query: LinkedPlan,
  context: PlanContext,
): FilledDates {
  const every = query.keys.map((_, i) => i);
  const times = timeKeysOf(query, every, role);
  const others = every.filter((i) => !times.some(({ position }) => position === i));
  const levels = times.map(({ level }) => level);
  const { leaves } = query;
  const cells = timeCells(calendarOf(context.catalog, role), levels, days.map(rangeOf));
  const details = integer(groupingNumber(first(query.shown), query.keys.length));
  const spine: Relation = {
    t: "values",
    as: "s",
    columns: times.map(({ position }) => k(position)),
    rows: cells.map((cell) => cell.values.map((value, n) => timeLiteral(value, at(levels, n)))),
  };
  // without other dimensions every period exists, even where it has no facts
  const combinations: Relation = {
    t: "select",
    as: "c",
    select:
      others.length === 0
        ? { t: "select", columns: [{ expr: integer(1), as: "one" }] }
        : {
            t: "select",
            distinct: true,
            columns: others.map((i) => ({ expr: column("q", k(i)), as: k(i) })),
            from: { t: "table", name: "facts", as: "q" },
            where: equals(column("q", "g"), details),
          },
  };
  const names = [...query.keys.map((_, i) => k(i)), "g", ...leaves.map((leaf) => leaf.column)];
  const empty: Select = {
    t: "select",
    from: combinations,
    joins: [{ kind: "cross", to: spine, on: null }],
    columns: [
      ...query.keys.map((_, i) => ({ expr: column(others.includes(i) ? "c" : "s", k(i)), as: k(i) })),
      { expr: details, as: "g" },
      ...leaves.map((leaf) => ({ expr: NULL, as: leaf.column })),
    ],
  };
  const by = names.slice(0, query.keys.length + 1).map((name) => column("b", name));
  const own: Select = {
    t: "select",
    columns: names.map((as) => ({ expr: column("o", as), as })),
    from: { t: "table", name: "facts", as: "o" },
  };
  const select: Select = {
    t: "select",
    with: [{ name: "facts", select: facts, materialized: true }],
    columns: [
      ...by.map((expr, i) => ({ expr, as: at(names, i) })),
      ...leaves.map((leaf) => ({
        expr: { t: "aggregate" as const, name: "max" as const, of: column("b", leaf.column), filter: null },
        as: leaf.column,
      })),
    ],
    from: { t: "select", select: { t: "union_all", of: [own, empty] }, as: "b" },
    groupBy: { keys: by },
  };
  const finestAt = levels.indexOf(finest(levels.filter(isPeriod)));
  const finestTime = at(times, finestAt);
  const bound = ({ values }: TimeCell): Expr => timeLiteral(at(values, finestAt), finestTime.level);
  const finestKey = column(null, k(finestTime.position));
  return {
    select,
    others,
    inRange: binary("and", binary(">=", finestKey, bound(first(cells))), binary("<=", finestKey, bound(last(cells)))),
  };
}
