/** `fillDates`: every period of the range for each combination of the other dimensions, as empty rows among the merged facts; whatever is computed from them sees them. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { isClock, isPeriod } from "../../model/time/calendar.ts";
import type { CubeNode } from "../../model/catalog.ts";
import type { DateLevel } from "../../model/dimension.ts";
import {
  binary,
  column,
  equals,
  integer,
  type Expr,
  type Relation,
  type Select,
  type SelectLike,
} from "../../sql/tree.ts";
import { unite } from "../time/day-set.ts";
import { groupingNumber } from "../language/grouping.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";
import { boundedDays, timeLiteral } from "../windows/cell-windows.ts";
import type { PlanContext } from "./plan-context.ts";
import { finest, timeCells } from "../time/time-cells.ts";

const k = (i: number): string => `k${i}`;

export interface FilledDates {
  readonly select: SelectLike;
  /** positions of the other keys */
  readonly others: readonly number[];
  /** whether a row's period is one of those filled in */
  readonly inRange: Expr;
}

/** @returns null where there is no range to fill @throws TesseraError `query-invalid` without a period among the dimensions, and with hours, whose days differ in them */
export function fillDates(
  facts: SelectLike,
  leaves: readonly Leaf[],
  query: ResolvedQuery,
  context: PlanContext,
  cubes: readonly CubeNode[],
): FilledDates | null {
  const dateKey = query.keys.find((ref) => ref.t === "role" && ref.dimension.calendar && isPeriod(ref.attribute.name));
  if (!dateKey || dateKey.t !== "role")
    throw new TesseraError("query-invalid", "fillDates needs a date dimension among the dimensions", {
      place: "$.fillDates",
      remedy: "add for example date.month",
    });
  const calendar = dateKey.dimension.calendar!;
  const at = query.keys.flatMap((ref, i) => (ref.t === "role" && ref.role === dateKey.role ? [i] : []));
  const others = query.keys.flatMap((_, i) => (at.includes(i) ? [] : [i]));
  const levels = at.map((i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel);
  const clock = levels.find(isClock);
  if (clock)
    throw new TesseraError(
      "query-invalid",
      phrase`fillDates fills days and longer periods, and the query asks for ${dateKey.role}.${clock} too`,
      { place: "$.fillDates", remedy: phrase`leave fillDates out, or ${dateKey.role}.${clock}` },
    );
  // every fact fills as far as it is known
  const days = unite(
    cubes.flatMap((cube) =>
      cube.roles.has(dateKey.role) ? boundedDays(cube, dateKey.role, query, context, calendar) : [],
    ),
  );
  if (days.length === 0) return null;
  const cells = timeCells(calendar, levels, days);
  const details = integer(groupingNumber(query.sets[0]!, query.keys.length));
  const spine: Relation = {
    t: "values",
    as: "s",
    columns: at.map(k),
    rows: cells.map((cell) => cell.values.map((v, n) => timeLiteral(v, levels[n]!))),
  };
  // without other dimensions every period stands, also where no fact lies in any
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
      ...query.keys.map((_, i) => ({ expr: column(at.includes(i) ? "s" : "c", k(i)), as: k(i) })),
      { expr: details, as: "g" },
      ...leaves.map((leaf) => ({ expr: { t: "null" as const }, as: leaf.column })),
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
      ...by.map((expr, i) => ({ expr, as: names[i]! })),
      ...leaves.map((leaf) => ({
        expr: { t: "aggregate" as const, name: "max" as const, of: column("b", leaf.column), filter: null },
        as: leaf.column,
      })),
    ],
    from: { t: "select", select: { t: "union_all", of: [own, empty] }, as: "b" },
    groupBy: { keys: by },
  };
  const finestAt = levels.indexOf(finest(levels.filter(isPeriod)));
  const bound = (cell: (typeof cells)[number]): Expr => timeLiteral(cell.values[finestAt]!, levels[finestAt]!);
  const finestKey = column(null, k(at[finestAt]!));
  return {
    select,
    others,
    inRange: binary("and", binary(">=", finestKey, bound(cells[0]!)), binary("<=", finestKey, bound(cells.at(-1)!))),
  };
}
