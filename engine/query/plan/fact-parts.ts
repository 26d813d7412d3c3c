/** What the SELECTs over one fact are made of: the columns that leaves take, their aggregates, and the grouping. */
import type { CubeNode } from "../../model/catalog.ts";
import type { SemiAdditiveMeasure } from "../../model/measure.ts";
import {
  all,
  binary,
  call,
  cast,
  column,
  equals,
  integer,
  type Expr,
  type Relation,
  type Select,
} from "../../sql/tree.ts";
import { isKeyOf } from "../windows/cell-windows.ts";
import type { PlanContext } from "./plan-context.ts";
import { checkArguments } from "../resolve/check-arguments.ts";
import type { Condition } from "../resolve/nodes.ts";
import { conversionOf, converted } from "../scan/conversion.ts";
import { FactSource } from "../scan/fact-source.ts";
import type { BuiltRollup } from "../rollup/fit.ts";
import { RollupSource } from "../rollup/rollup-source.ts";
import type { Split } from "../rollup/split.ts";
import { groupingExpr, type GroupingSet } from "../language/grouping.ts";
import { isApproximate } from "../scan/registers.ts";
import { isCount } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";

export interface Subplan {
  readonly cube: CubeNode;
  readonly leaves: readonly Leaf[];
  /** the sets to compute, each only of keys that the fact has */
  readonly sets: readonly GroupingSet[];
  readonly rows: readonly Condition[];
  /** the caller's row rules about this fact. They are never the query's own: a measure that moves in time leaves the query's range, not these */
  readonly rules: readonly Condition[];
  /** answers in place of the facts */
  readonly rollup: BuiltRollup | null;
  /** where the rollup answers the middle of the range only */
  readonly split?: Split | null;
}

export const key = (i: number): string => `k${i}`;
export const union = (sets: readonly GroupingSet[]): number[] => [...new Set(sets.flat())].sort((a, b) => a - b);

/** Its groups overlap: totals are counted from the facts, without the links. */
export const bridged = (cube: CubeNode, ref: AttributeRef): boolean =>
  ref.t === "role" && ("through" in cube.roles.get(ref.role)! || ref.attribute.source.t === "closure");

export type Source = FactSource | RollupSource;
export function sourceOf(plan: Subplan, context: PlanContext): Source {
  if (!plan.rollup) return new FactSource(context, plan.cube);
  const source = new RollupSource(plan.rollup, plan.leaves[0]!);
  for (const rule of plan.rules) source.filter(rule);
  return source;
}

export type Column = Select["columns"][number];

export function selectFrom(source: Source, columns: readonly Column[]): Select {
  return { t: "select", columns: columns.length > 0 ? columns : [{ expr: integer(1), as: "one" }], ...source.parts() };
}

/** `a_m0`: what leaf m0 aggregates; `b_m0`: whether the row counts for it. */
export function inputs(plan: Subplan, source: Source, { now }: ResolvedQuery, context: PlanContext): Column[] {
  if (source instanceof RollupSource && isApproximate(plan.leaves[0]!))
    return ["hb", "hr"].map((as) => ({ as, expr: column("f", as) }));
  if (source instanceof RollupSource)
    return plan.leaves.map((leaf) => ({ as: `a_${leaf.column}`, expr: source.measure(leaf) }));
  return plan.leaves
    .flatMap((leaf) => {
      const { measure } = leaf;
      if (measure.kind === "nested") throw new Error("a measure of a measure is planned by itself");
      checkArguments(leaf, plan.cube, context.binding);
      const counts: Column[] = leaf.where ? [{ as: `b_${leaf.column}`, expr: source.condition(leaf.where) }] : [];
      if (measure.kind === "conversion")
        return [{ as: `a_${leaf.column}`, expr: converted(leaf, source, plan.cube, now, context) }, ...counts];
      const of = measure.kind === "aggregate" && measure.of === undefined ? null : source.argument(measure.of!);
      const double =
        (measure.kind === "aggregate" && ["median", "quantile", "stddev"].includes(measure.aggregate)) ||
        (measure.of !== undefined && source.weighsTooFinely(measure.of));
      const out: Column[] =
        of === null ? [...counts] : [...counts, { as: `a_${leaf.column}`, expr: double ? cast(of, "double") : of }];
      if (measure.kind === "semi_additive") {
        out.push({ as: "d", expr: source.day(measure.over) });
        for (const [n, per] of (measure.per ?? []).entries()) out.push({ as: `p${n}`, expr: source.argument(per) });
      }
      return out;
    })
    .filter((c, i, list) => list.findIndex((o) => o.as === c.as) === i);
}

/** Parts of a rollup are aggregated again; where its grain is the query's own there is one part, and any function returns it. */
export function reaggregate(leaf: Leaf, alias: string, within: Expr | null = null): Expr {
  const name =
    leaf.measure.kind !== "aggregate"
      ? "max"
      : leaf.measure.aggregate === "sum" || leaf.measure.aggregate === "count"
        ? "sum"
        : leaf.measure.aggregate === "min"
          ? "min"
          : "max";
  const value: Expr = { t: "aggregate", name, of: column(alias, `a_${leaf.column}`), filter: within };
  return isCount(leaf) ? call("nullif", value, integer(0)) : value;
}

/** @param within which of the rows count, beside the leaf's own filter */
export function aggregate(leaf: Leaf, weight: Expr | null, alias = "x", within: Expr | null = null): Expr {
  const { measure } = leaf;
  const filter = all([leaf.where ? column(alias, `b_${leaf.column}`) : null, within]);
  if (measure.kind === "conversion") return conversionOf(leaf, column(alias, `a_${leaf.column}`), filter, weight);
  if (measure.kind !== "aggregate") throw new Error("not an aggregate");
  const of = measure.of === undefined ? null : column(alias, `a_${leaf.column}`);
  const whole = (expr: Expr): Expr => (isCount(leaf) ? call("nullif", expr, integer(0)) : expr);
  if (weight && measure.aggregate === "sum")
    return { t: "aggregate", name: "sum", of: binary("*", of!, weight), filter };
  if (weight && measure.aggregate === "avg")
    return call(
      "divide",
      { t: "aggregate", name: "sum", of: binary("*", of!, weight), filter },
      { t: "aggregate", name: "sum", of: where(of!, weight), filter },
    );
  if (weight && measure.aggregate === "count")
    return whole({ t: "aggregate", name: "sum", of: of ? where(of, weight) : weight, filter });
  return whole({
    t: "aggregate",
    name: measure.aggregate,
    of,
    filter,
    ...(measure.quantile !== undefined && { quantile: measure.quantile }),
  });
}

/** The weight of a row that has a value. */
const where = (of: Expr, weight: Expr): Expr => ({
  t: "case",
  whens: [{ when: { t: "is_null", of, negated: true }, then: weight }],
  otherwise: null,
});
export const weighed = (of: Expr, weight: Expr | null): Expr => (weight ? binary("*", of, weight) : of);

export function grouped(
  measures: readonly Column[],
  from: Relation,
  alias: string,
  positions: readonly number[],
  sets: readonly GroupingSet[],
  keys: number,
): Select {
  const columns = new Map(positions.map((i) => [i, column(alias, key(i))] as const));
  return {
    t: "select",
    from,
    columns: [
      ...Array.from({ length: keys }, (_, i) => ({ expr: columns.get(i) ?? ({ t: "null" } as const), as: key(i) })),
      { expr: groupingExpr(columns, sets, keys), as: "g" },
      ...measures,
    ],
    groupBy: {
      keys: positions.map((i) => columns.get(i)!),
      ...(sets.length > 1 && { sets: sets.map((set) => set.map((i) => positions.indexOf(i))) }),
    },
  };
}

/** The rows of the first or last date: one date for the cell's period, or one for each `per` key of the cell. */
export function semiAdditive(
  plan: Subplan,
  set: GroupingSet,
  x: Select,
  query: ResolvedQuery,
  weight: Expr | null,
): Select {
  const measure = plan.leaves[0]!.measure as SemiAdditiveMeasure;
  const same = measure.per
    ? [...set.map((i) => column("x", key(i))), ...measure.per.map((_, n) => column("x", `p${n}`))]
    : set.filter((i) => isKeyOf(query.keys[i]!, measure.over)).map((i) => column("x", key(i)));
  const dated: Select = {
    t: "select",
    from: { t: "select", select: x, as: "x" },
    columns: [
      { expr: { t: "star" }, as: "*" },
      {
        as: "edge",
        expr: {
          t: "window",
          name: measure.take === "first" ? "min" : "max",
          of: column("x", "d"),
          filter: null,
          partitionBy: same,
          orderBy: [],
        },
      },
    ],
  };
  const measures = plan.leaves.map((leaf) => ({
    as: leaf.column,
    expr: {
      t: "aggregate" as const,
      name: "sum" as const,
      of: weighed(column("x", `a_${leaf.column}`), weight),
      filter: all([equals(column("x", "d"), column("x", "edge")), leaf.where ? column("x", `b_${leaf.column}`) : null]),
    },
  }));
  return grouped(measures, { t: "select", select: dated, as: "x" }, "x", set, [set], query.keys.length);
}
