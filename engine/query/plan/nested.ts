/**
 * A measure of a measure: the inner one at the query's grain and its own, then aggregated to the query's. Both are
 * planned like any query.
 */
import { k } from "./key-column.ts";
import { first } from "../../lookup.ts";
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
  NULL,
} from "../../sql/tree.ts";
import { cellWindows } from "../windows/cell-windows.ts";
import { isKeyOf } from "../windows/time-keys.ts";
import type { PlanContext } from "./plan-context.ts";
import type { Compiled } from "./compiled.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn } from "../resolve/condition-parts.ts";
import { withoutDays } from "../resolve/asked-days.ts";
import { groupingNumber, uniqueSets, type GroupingSet } from "../language/grouping.ts";
import { isCount } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import { resolveAttribute } from "../binding/member.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";

/**
 * Plans a measure of a measure. Members without a value of the inner measure, and the unknown member, do not count.
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
  const { tree, leaves, per } = innerOf(leaf);
  const keys = [...query.keys];
  const finer = per.map((ref) => {
    const at = keys.findIndex((key) => key.member === ref.member);
    return at >= 0 ? at : keys.push(ref) - 1;
  });
  const finerSet = (set: GroupingSet): GroupingSet => [...new Set([...set, ...finer])].sort((a, b) => a - b);
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
    sets: uniqueSets(sets.map(finerSet)),
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
  // a key of the finer grain that the query has too is in every inner row, and rolled up where a set lacks it
  const shown = (i: number): Expr => {
    const own = column("x", k(i));
    const without = finer.includes(i) ? sets.filter((set) => !set.includes(i)) : [];
    return without.length === 0
      ? own
      : {
          t: "case",
          whens: [{ when: { t: "in", of: column("s", "g"), values: without.map(number) }, then: NULL }],
          otherwise: own,
        };
  };
  const used = Array.from({ length: width }, (_, i) => i).filter((i) => sets.some((set) => set.includes(i)));
  const spine: Relation = {
    t: "values",
    as: "s",
    columns: ["inner", "g"],
    rows: sets.map((set) => [integer(groupingNumber(finerSet(set), keys.length)), number(set)]),
  };
  // the grand total exists also over no rows
  const grand = sets.find((set) => set.length === 0);
  const to: Join = {
    kind: grand ? "left" : "inner",
    to: { t: "select", select: inner.select, as: "x" },
    on: all([equals(column("x", "g"), column("s", "inner")), ...finer.map((i) => notNull(column("x", k(i))))]),
  };
  const shownKeys = used.map((i) => ({ expr: shown(i), as: k(i) }));
  const level = { expr: column("s", "g"), as: "g" };
  const groups = [...shownKeys, level];
  const select: Select = {
    t: "select",
    from: spine,
    joins: [to],
    where: grand && sets.length > 1 ? any([notNull(column("x", "g")), equals(column("s", "g"), number(grand))]) : null,
    columns: [
      ...query.keys.map((_, i) => shownKeys.find((g) => g.as === k(i)) ?? { expr: NULL, as: k(i) }),
      level,
      { expr: aggregated(leaf, column("x", first(inner.values).column)), as: leaf.column },
    ],
    groupBy: { keys: groups.map((g) => g.expr) },
  };
  return { select, inner };
}

function innerOf({ inner, member }: Leaf): NonNullable<Leaf["inner"]> {
  if (!inner) throw new Error(`${member} is not a measure of a measure`);
  return inner;
}

/**
 * The query's filters. Along the dates that the measure is taken for each of, its window replaces the query's range.
 */
function ranged(
  leaf: Leaf,
  sets: readonly GroupingSet[],
  query: ResolvedQuery,
  context: PlanContext,
): readonly Condition[] {
  const by = innerOf(leaf).ranged;
  if (by === null || by.t !== "role") return query.rows;
  const cell = query.keys.find((key, i) => isKeyOf(key, by.role) && sets.some((set) => set.includes(i)));
  if (cell)
    throw new TesseraError(
      "query-invalid",
      phrase`${leaf.member} is taken for each ${by.member}, and cannot also move or be compared by ${cell.member}`,
      { place: leaf.member, remedy: "leave the date out of the dimensions, or ask for the two periods one by one" },
    );
  const [window] = cellWindows(leaf, [], by.role, query, context);
  const ref = resolveAttribute(context.catalog, context.binding, `${by.role}.day`, leaf.member);
  return [...withoutDays(query.rows, by.role), { t: "days", ref, ranges: window?.days ?? [], negated: false }];
}

function aggregated(leaf: Leaf, value: Expr): Expr {
  const { measure } = leaf;
  if (measure.kind !== "nested") throw new Error(`${leaf.member} is not a measure of a measure`);
  const { aggregate, quantile } = measure;
  const of = ["median", "quantile", "stddev"].includes(aggregate) ? cast(value, "double") : value;
  const made: Expr = { t: "aggregate", name: aggregate, of, filter: null, ...(quantile !== undefined && { quantile }) };
  return isCount(leaf) ? call("nullif", made, integer(0)) : made;
}
