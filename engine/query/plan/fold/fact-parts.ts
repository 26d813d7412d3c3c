/** What the SELECTs over one fact are made of: the columns that leaves take, their aggregates, and the grouping. */
import { timePositions } from "../../windows/time-keys.ts";
import { isBridge } from "../../../model/cube.ts";
import { at, first, required } from "../../../lookup.ts";
import { AGGREGATES } from "../../../model/aggregates.ts";
import type { CubeNode } from "../../../model/catalog.ts";
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
  NULL,
} from "../../../sql/tree.ts";
import type { PlanContext } from "../plan-context.ts";
import { checkArguments } from "../../resolve/check-arguments.ts";
import type { Condition } from "../../resolve/nodes.ts";
import { conversionOf, converted } from "../../scan/conversion.ts";
import { FactSource } from "../../scan/fact-source.ts";
import type { BuiltRollup } from "../../rollup/fit.ts";
import { RollupSource } from "../../rollup/rollup-source.ts";
import type { Split } from "../../rollup/split.ts";
import { groupingExpr, type GroupingSet } from "../../language/grouping.ts";
import { isApproximate } from "../../scan/registers.ts";
import { isCount } from "../../resolve/leaf.ts";
import type { Leaf } from "../../resolve/nodes.ts";
import type { AttributeRef } from "../../binding/member.ts";
import type { Along } from "../../windows/along.ts";
import type { Day } from "../../../model/time/calendar.ts";
import type { ScanHint } from "../logical/nodes.ts";

/** What every part of a statement needs to know of its plan. */
export interface Shape {
  readonly keys: readonly AttributeRef[];
  readonly now: Day;
}

/** One fact's part of a query: the leaves that one scan takes, at the grouping sets they are needed at. */
export interface FactPlan {
  readonly cube: CubeNode;
  readonly leaves: readonly Leaf[];
  /** the sets to compute, each only of keys that the fact has */
  readonly sets: readonly GroupingSet[];
  readonly rows: readonly Condition[];
  /** the caller's row rules on this fact: a measure that moves in time leaves the query's range, but never these */
  readonly rules: readonly Condition[];
  /** answers in place of the facts */
  readonly rollup: BuiltRollup | null;
  /** the part of the range that the rollup answers; the facts answer the rest */
  readonly split: Pick<Split, "middle" | "edges"> | null;
  /** the dates that leaves move along, or are averaged over */
  readonly along: Along | null;
  readonly hints: readonly ScanHint[];
}

/** The column of a key. */
export const key = (i: number): string => `k${i}`;

/** The keys of some sets, in ascending order. */
export const union = (sets: readonly GroupingSet[]): number[] => [...new Set(sets.flat())].sort((a, b) => a - b);

/** Whether the groups of a key overlap: totals are then counted from the facts, without the links. */
export const bridged = (cube: CubeNode, ref: AttributeRef): boolean =>
  ref.t === "role" && (isBridge(required(cube.roles, ref.role, "role")) || ref.attribute.source.t === "closure");

/** What leaves are read from. */
export type Source = FactSource | RollupSource;

/** The source of a plan, with the rules that a rollup does not add itself. */
export function sourceOf(plan: FactPlan, context: PlanContext): Source {
  if (!plan.rollup) return new FactSource(context, plan.cube);
  const source = new RollupSource(plan.rollup, first(plan.leaves));
  for (const rule of plan.rules) source.filter(rule);
  return source;
}

/** A column of a SELECT. */
export type Column = Select["columns"][number];

/** The values of some keys, each as the column of its key. */
export const attributesOf = (source: Source, positions: readonly number[], query: Shape): Column[] =>
  positions.map((i) => ({ expr: source.attribute(at(query.keys, i)), as: key(i) }));

/** A SELECT of the source's rows. */
export function selectFrom(source: Source, columns: readonly Column[]): Select {
  return { t: "select", columns: columns.length > 0 ? columns : [{ expr: integer(1), as: "one" }], ...source.parts() };
}

/** The columns that leaves take: `a_m0` is what leaf m0 aggregates, `b_m0` whether the row counts for it. */
export function inputs(plan: FactPlan, source: Source, query: Shape, context: PlanContext): Column[] {
  if (source instanceof RollupSource)
    return isApproximate(first(plan.leaves))
      ? ["hb", "hr"].map((as) => ({ as, expr: column("f", as) }))
      : plan.leaves.map((leaf) => ({ as: `a_${leaf.column}`, expr: source.measure(leaf) }));
  const columns = new Map<string, Column>();
  for (const leaf of plan.leaves)
    for (const made of inputsOf(leaf, plan.cube, source, query, context))
      if (!columns.has(made.as)) columns.set(made.as, made);
  return [...columns.values()];
}

function inputsOf(leaf: Leaf, cube: CubeNode, source: FactSource, { now }: Shape, context: PlanContext): Column[] {
  const { measure } = leaf;
  if (measure.kind === "nested") throw new Error("a measure of a measure is planned by itself");
  checkArguments(leaf, cube, context.binding);
  const counts: Column[] = leaf.where ? [{ as: `b_${leaf.column}`, expr: source.condition(leaf.where) }] : [];
  if (measure.kind === "conversion")
    return [{ as: `a_${leaf.column}`, expr: converted(leaf, source, cube, now, context) }, ...counts];
  if (measure.of === undefined) return counts;
  const of = source.argument(measure.of);
  const double =
    (measure.kind === "aggregate" && AGGREGATES[measure.aggregate].inDoubles) || source.weighsTooFinely(measure.of);
  const own = [...counts, { as: `a_${leaf.column}`, expr: double ? cast(of, "double") : of }];
  if (measure.kind === "aggregate") return own;
  return [
    ...own,
    { as: "d", expr: source.day(measure.over) },
    ...(measure.per ?? []).map((per, n) => ({ as: `p${n}`, expr: source.argument(per) })),
  ];
}

/**
 * Parts of a rollup, aggregated again; where its grain is the query's there is one part, which any function returns.
 */
export function reaggregate(leaf: Leaf, alias: string, within: Expr | null = null): Expr {
  const of = column(alias, `a_${leaf.column}`);
  const value: Expr = { t: "aggregate", name: mergedBy(leaf), of, filter: within };
  return isCount(leaf) ? call("nullif", value, integer(0)) : value;
}

/** The function that merges the parts of a leaf. */
function mergedBy({ measure }: Leaf): "sum" | "min" | "max" {
  return (measure.kind === "aggregate" ? AGGREGATES[measure.aggregate].merge : null) ?? "max";
}

/** The aggregate of a leaf. @param within which of the rows count, in addition to the leaf's own filter */
export function aggregate(leaf: Leaf, weight: Expr | null, alias = "x", within: Expr | null = null): Expr {
  const { measure } = leaf;
  const filter = all([leaf.where ? column(alias, `b_${leaf.column}`) : null, within]);
  if (measure.kind === "conversion") return conversionOf(leaf, column(alias, `a_${leaf.column}`), filter, weight);
  if (measure.kind !== "aggregate") throw new Error("not an aggregate");
  const of = measure.of === undefined ? null : column(alias, `a_${leaf.column}`);
  const whole = (expr: Expr): Expr => (isCount(leaf) ? call("nullif", expr, integer(0)) : expr);
  const weighs = weight ? AGGREGATES[measure.aggregate].weighs : null;
  if (weight && of && weighs === "value") return { t: "aggregate", name: "sum", of: binary("*", of, weight), filter };
  if (weight && of && weighs === "mean")
    return call(
      "divide",
      { t: "aggregate", name: "sum", of: binary("*", of, weight), filter },
      { t: "aggregate", name: "sum", of: where(of, weight), filter },
    );
  if (weight && weighs === "row")
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
/** A value times its weight, where there is one. */
export const weighed = (of: Expr, weight: Expr | null): Expr => (weight ? binary("*", of, weight) : of);

/** Measures at grouping sets, with the columns k0…, g. @param keys how many keys the query has */
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
      ...Array.from({ length: keys }, (_, i) => ({ expr: columns.get(i) ?? NULL, as: key(i) })),
      { expr: groupingExpr(columns, sets, keys), as: "g" },
      ...measures,
    ],
    groupBy: {
      keys: [...columns.values()],
      ...(sets.length > 1 && { sets: sets.map((set) => set.map((i) => positions.indexOf(i))) }),
    },
  };
}

/**
 * Sums of the rows at the first or last date: one date for the cell's period, or one for each `per` key of the cell.
 */
export function semiAdditive(plan: FactPlan, set: GroupingSet, x: Select, query: Shape, weight: Expr | null): Select {
  const { measure } = first(plan.leaves);
  if (measure.kind !== "semi_additive") throw new Error("not a measure at a date");
  const same = measure.per
    ? [...set.map((i) => column("x", key(i))), ...measure.per.map((_, n) => column("x", `p${n}`))]
    : timePositions(query, set, measure.over).map((i) => column("x", key(i)));
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
  const measures = plan.leaves.map(
    (leaf): Column => ({
      as: leaf.column,
      expr: {
        t: "aggregate",
        name: "sum",
        of: weighed(column("x", `a_${leaf.column}`), weight),
        filter: all([
          equals(column("x", "d"), column("x", "edge")),
          leaf.where ? column("x", `b_${leaf.column}`) : null,
        ]),
      },
    }),
  );
  return grouped(measures, { t: "select", select: dated, as: "x" }, "x", set, [set], query.keys.length);
}
