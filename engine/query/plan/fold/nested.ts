/**
 * A measure of a measure: the inner one at the query's grain and its own, then aggregated to the query's. Both are
 * planned like any query.
 */
import { k } from "./key-column.ts";
import { first } from "../../../lookup.ts";
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
} from "../../../sql/tree.ts";
import { AGGREGATES } from "../../../model/aggregates.ts";
import { finerSet } from "../logical/inner-query.ts";
import type { NestedNode } from "../logical/nodes.ts";
import type { Finished } from "./finish.ts";
import { groupingNumber, type GroupingSet } from "../../language/grouping.ts";
import { isCount } from "../../resolve/leaf.ts";
import type { Leaf } from "../../resolve/nodes.ts";

/**
 * The SELECT of a measure of a measure. Members without a value of the inner measure, and the unknown member, do not
 * count.
 * @param width how many keys the query has
 * @param inner the statement of the inner plan
 */
export function nestedSelect({ sets, per, of }: NestedNode, leaf: Leaf, width: number, inner: Finished): Select {
  const keys = of.keys.length;
  const number = (set: GroupingSet): Expr => integer(groupingNumber(set, width));
  // a key of the finer grain that the query has too is in every inner row, and rolled up where a set lacks it
  const shown = (i: number): Expr => {
    const own = column("x", k(i));
    const without = per.includes(i) ? sets.filter((set) => !set.includes(i)) : [];
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
    rows: sets.map((set) => [integer(groupingNumber(finerSet(set, per), keys)), number(set)]),
  };
  // the grand total exists also over no rows
  const grand = sets.find((set) => set.length === 0);
  const to: Join = {
    kind: grand ? "left" : "inner",
    to: { t: "select", select: inner.select, as: "x" },
    on: all([equals(column("x", "g"), column("s", "inner")), ...per.map((i) => notNull(column("x", k(i))))]),
  };
  const shownKeys = used.map((i) => ({ expr: shown(i), as: k(i) }));
  const level = { expr: column("s", "g"), as: "g" };
  const groups = [...shownKeys, level];
  return {
    t: "select",
    from: spine,
    joins: [to],
    where: grand && sets.length > 1 ? any([notNull(column("x", "g")), equals(column("s", "g"), number(grand))]) : null,
    columns: [
      ...Array.from({ length: width }, (_, i) => shownKeys.find((g) => g.as === k(i)) ?? { expr: NULL, as: k(i) }),
      level,
      { expr: aggregated(leaf, column("x", first(inner.values).column)), as: leaf.column },
    ],
    groupBy: { keys: groups.map((g) => g.expr) },
  };
}

function aggregated(leaf: Leaf, value: Expr): Expr {
  const { measure } = leaf;
  if (measure.kind !== "nested") throw new Error(`${leaf.member} is not a measure of a measure`);
  const { aggregate, quantile } = measure;
  const of = AGGREGATES[aggregate].inDoubles ? cast(value, "double") : value;
  const made: Expr = { t: "aggregate", name: aggregate, of, filter: null, ...(quantile !== undefined && { quantile }) };
  return isCount(leaf) ? call("nullif", made, integer(0)) : made;
}
