/** A measure of a measure: the inner one at the query's grain and its own, then aggregated to the query's. Both are planned like any query. */
import { TesseraError, phrase } from "../../errors/index.ts";
import {
  all,
  any,
  call,
  cast,
  column,
  equals,
  integer,
  notNull,
  type Expr,
  type Join,
  type Relation,
  type Select,
} from "../../sql/tree.ts";
import { isKeyOf, windowsOf } from "../windows/cell-windows.ts";
import type { PlanContext } from "./plan-context.ts";
import type { Compiled } from "./compiled.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn } from "../resolve/condition-parts.ts";
import { withoutDays } from "../resolve/asked-days.ts";
import { groupingNumber, uniqueSets, type GroupingSet } from "../language/grouping.ts";
import { isCount } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { NestedMeasure } from "../../model/measure.ts";
import { resolveAttribute } from "../binding/member.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";

const k = (i: number): string => `k${i}`;

/**
 * Members without a value of the inner measure, and the unknown member, are none to average over.
 * @param sets only of keys that the measure's cube has
 * @param compile plans the inner query
 */
export function compileNested(
  leaf: Leaf,
  sets: readonly GroupingSet[],
  query: ResolvedQuery,
  context: PlanContext,
  compile: (inner: ResolvedQuery) => Compiled,
): { readonly select: Select; readonly inner: Compiled } {
  const { tree, leaves, per } = leaf.inner!;
  const keys = [...query.keys];
  const finer = per.map((ref) => {
    const at = keys.findIndex((key) => key.member === ref.member);
    return at >= 0 ? at : keys.push(ref) - 1;
  });
  const innerOf = (set: GroupingSet): GroupingSet => [...new Set([...set, ...finer])].sort((a, b) => a - b);
  const cubes = new Set(leaves.all.map((l) => l.cube));
  const rows = ranged(leaf, sets, query, context).filter((condition) =>
    refsIn(condition).every((ref) => ref.t !== "fact" || cubes.has(ref.cube)),
  );
  const inner = compile({
    keys,
    leaves,
    hidden: new Map(),
    having: [],
    order: [],
    limit: Number.POSITIVE_INFINITY,
    fillDates: false,
    rows: leaf.where ? [...rows, leaf.where] : rows,
    sets: uniqueSets(sets.map(innerOf)),
    compare: query.compare,
    history: query.history,
    timeZone: query.timeZone,
    now: query.now,
    measures: [
      {
        name: leaf.member,
        title: leaf.member,
        description: undefined,
        format: "number",
        better: "up",
        type: "number",
        tree,
        previous: null,
      },
    ],
  });
  const width = query.keys.length;
  const number = (set: GroupingSet): Expr => integer(groupingNumber(set, width));
  // a key of the finer grain that the query has too is spread out in every inner row, and rolled up again where a set is without it
  const shown = (i: number): Expr => {
    const own = column("x", k(i));
    const without = finer.includes(i) ? sets.filter((set) => !set.includes(i)) : [];
    return without.length === 0
      ? own
      : {
          t: "case",
          whens: [{ when: { t: "in", of: column("s", "g"), values: without.map(number) }, then: { t: "null" } }],
          otherwise: own,
        };
  };
  const used = Array.from({ length: width }, (_, i) => i).filter((i) => sets.some((set) => set.includes(i)));
  const spine: Relation = {
    t: "values",
    as: "s",
    columns: ["inner", "g"],
    rows: sets.map((set) => [integer(groupingNumber(innerOf(set), keys.length)), number(set)]),
  };
  // the grand total stands also over nothing
  const grand = sets.find((set) => set.length === 0);
  const to: Join = {
    kind: grand ? "left" : "inner",
    to: { t: "select", select: inner.select, as: "x" },
    on: all([equals(column("x", "g"), column("s", "inner")), ...finer.map((i) => notNull(column("x", k(i))))]),
  };
  const groups = [...used.map((i) => ({ expr: shown(i), as: k(i) })), { expr: column("s", "g"), as: "g" }];
  const select: Select = {
    t: "select",
    from: spine,
    joins: [to],
    where: grand && sets.length > 1 ? any([notNull(column("x", "g")), equals(column("s", "g"), number(grand))]) : null,
    columns: [
      ...query.keys.map((_, i) => groups.find((g) => g.as === k(i)) ?? { expr: { t: "null" as const }, as: k(i) }),
      groups.at(-1)!,
      { expr: aggregated(leaf, column("x", inner.values[0]!.column)), as: leaf.column },
    ],
    groupBy: { keys: groups.map((g) => g.expr) },
  };
  return { select, inner };
}

/** The query's filters; along the dates that the measure is taken for each of, its window in place of the query's range. */
function ranged(
  leaf: Leaf,
  sets: readonly GroupingSet[],
  query: ResolvedQuery,
  context: PlanContext,
): readonly Condition[] {
  const by = leaf.inner!.ranged;
  if (by === null || by.t !== "role") return query.rows;
  const cell = query.keys.find((key, i) => isKeyOf(key, by.role) && sets.some((set) => set.includes(i)));
  if (cell)
    throw new TesseraError(
      "query-invalid",
      phrase`${leaf.member} is taken for each ${by.member}, and cannot be moved or compared by ${cell.member} too`,
      { place: leaf.member, remedy: "leave the date out of the dimensions, or ask for the two periods one by one" },
    );
  const [window] = windowsOf(context.catalog.cubes.get(leaf.cube)!, leaf, [], by.role, query, context);
  const ref = resolveAttribute(context.catalog, context.binding, `${by.role}.day`, leaf.member);
  return [...withoutDays(query.rows, by.role), { t: "days", ref, ranges: window?.days ?? [], negated: false }];
}

function aggregated(leaf: Leaf, value: Expr): Expr {
  const { aggregate, quantile } = leaf.measure as NestedMeasure;
  const of =
    aggregate === "median" || aggregate === "quantile" || aggregate === "stddev" ? cast(value, "double") : value;
  const made: Expr = { t: "aggregate", name: aggregate, of, filter: null, ...(quantile !== undefined && { quantile }) };
  return isCount(leaf) ? call("nullif", made, integer(0)) : made;
}
