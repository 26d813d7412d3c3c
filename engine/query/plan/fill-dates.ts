/**
 * `fillDates`: every period of the range for each combination of the other dimensions, as empty rows among the merged
 * facts. Whatever is computed from them sees these rows.
 */
import { k } from "./key-column.ts";
import { at, first, last } from "../../lookup.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { isClock, isPeriod } from "../../model/time/calendar.ts";
import type { CubeNode } from "../../model/catalog.ts";
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
} from "../../sql/tree.ts";
import { unite } from "../time/day-set.ts";
import { groupingNumber } from "../language/grouping.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { boundedDays } from "../windows/bounded-days.ts";
import { timeKeysOf, timeLiteral } from "../windows/time-keys.ts";
import type { PlanContext } from "./plan-context.ts";
import { finest, timeCells, type TimeCell } from "../time/time-cells.ts";

/** The merged facts with filled-in periods. */
export interface FilledDates {
  readonly select: SelectLike;
  /** positions of the other keys */
  readonly others: readonly number[];
  /** whether a row's period is one of those filled in */
  readonly inRange: Expr;
}

/**
 * Adds the missing periods.
 * @returns null where there is no range to fill
 * @throws TesseraError `query-invalid` without a period among the dimensions, and for hours: days differ in them
 */
export function fillDates(
  facts: SelectLike,
  leaves: readonly Leaf[],
  query: ResolvedQuery,
  context: PlanContext,
  cubes: readonly CubeNode[],
): FilledDates | null {
  const dateKey = query.keys.find((ref) => ref.t === "role" && ref.dimension.calendar && isPeriod(ref.attribute.name));
  const calendar = dateKey?.t === "role" ? dateKey.dimension.calendar : null;
  if (dateKey?.t !== "role" || !calendar)
    throw new TesseraError("query-invalid", "fillDates needs a date dimension among the dimensions", {
      place: "$.fillDates",
      remedy: "add for example date.month",
    });
  const times = timeKeysOf(
    query,
    query.keys.map((_, i) => i),
    dateKey.role,
  );
  const others = query.keys.flatMap((_, i) => (times.some(({ position }) => position === i) ? [] : [i]));
  const levels = times.map(({ level }) => level);
  const clock = levels.find(isClock);
  if (clock)
    throw new TesseraError(
      "query-invalid",
      phrase`fillDates fills days and longer periods; the query also asks for ${dateKey.role}.${clock}`,
      { place: "$.fillDates", remedy: phrase`leave fillDates out, or ${dateKey.role}.${clock}` },
    );
  // each fact is filled as far as its own dates reach
  const days = unite(
    cubes.flatMap((cube) =>
      cube.roles.has(dateKey.role) ? boundedDays(cube, dateKey.role, query, context, calendar) : [],
    ),
  );
  if (days.length === 0) return null;
  const cells = timeCells(calendar, levels, days);
  const details = integer(groupingNumber(first(query.sets), query.keys.length));
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
