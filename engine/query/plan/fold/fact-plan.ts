/**
 * One fact's part of a query: its leaves, at the grouping sets they are needed at, as SELECTs with the columns k0…, g,
 * m0….
 */
import { timePositions } from "../../windows/time-keys.ts";
import { at, first } from "../../../lookup.ts";
import { column, type Expr, type Select } from "../../../sql/tree.ts";
import type { PlanContext } from "../plan-context.ts";
import {
  aggregate,
  bridged,
  grouped,
  inputs,
  key,
  reaggregate,
  selectFrom,
  semiAdditive,
  sourceOf,
  union,
  type FactPlan,
  type Shape,
} from "./fact-parts.ts";
import type { GroupingSet } from "../../language/grouping.ts";
import { approximated, isApproximate, registersOf } from "../../scan/registers.ts";
import type { Leaf } from "../../resolve/nodes.ts";
import { asDates, periodNumber, type PeriodNumber } from "../../binding/period-numbers.ts";
import { aggregateByDays } from "./aggregate-by-days.ts";

/** A SELECT, with the grouping sets whose rows it has. */
export interface Part {
  readonly select: Select;
  readonly sets: readonly GroupingSet[];
}

/**
 * The SELECTs of a fact's plan. Sets that need different rows (other windows, other links) come from different SELECTs.
 */
export function compileFactPlan(plan: FactPlan, query: Shape, context: PlanContext): Part[] {
  // registers are merged before they are counted, in a SELECT of their own
  if (plan.leaves.length > 1 && plan.leaves.some(isApproximate)) {
    const exact = plan.leaves.filter((leaf) => !isApproximate(leaf));
    return [...(exact.length > 0 ? [exact] : []), ...plan.leaves.filter(isApproximate).map((leaf) => [leaf])].flatMap(
      (leaves) => compileFactPlan({ ...plan, leaves }, query, context),
    );
  }
  const leaf = first(plan.leaves);
  const { measure } = leaf;
  const role = plan.along?.role ?? null;
  const partitions = partition(plan.sets, (set) =>
    [
      role === null ? "" : timePositions(query, set, role).join(","),
      set.filter((i) => bridged(plan.cube, at(query.keys, i))).join(","),
      measure.kind === "semi_additive" ? set.join(",") : "",
    ].join("|"),
  );
  return partitions.flatMap((sets) =>
    (plan.along ? aggregateByDays(plan, sets, plan.along, query, context) : [plain(plan, sets, query, context)]).map(
      (select) => ({ select, sets }),
    ),
  );
}

function partition(sets: readonly GroupingSet[], by: (set: GroupingSet) => string): GroupingSet[][] {
  const groups = new Map<string, GroupingSet[]>();
  for (const set of sets) groups.set(by(set), [...(groups.get(by(set)) ?? []), set]);
  return [...groups.values()];
}

function plain(plan: FactPlan, sets: readonly GroupingSet[], query: Shape, context: PlanContext): Select {
  const positions = union(sets);
  const starts = new Map<string, PeriodNumber["start"]>();
  const { x, weight } = scanned(plan, positions, query, context, plan.hints.includes("period_numbers") ? starts : null);
  return asDates(over(plan, sets, positions, x, weight, query), starts);
}

/** The rows `x` at the grouping sets. */
function over(
  plan: FactPlan,
  sets: readonly GroupingSet[],
  positions: readonly number[],
  x: Select,
  weight: Expr | null,
  query: Shape,
): Select {
  const leaf = first(plan.leaves);
  if (leaf.measure.kind === "semi_additive") return semiAdditive(plan, first(sets), x, query, weight);
  if (isApproximate(leaf)) return approximated(leaf, x, positions, sets, query.keys.length, plan.rollup !== null);
  const aggregated = (own: Leaf): Expr => (plan.rollup ? reaggregate(own, "x") : aggregate(own, weight));
  const rolled = (expr: (leaf: Leaf) => Expr, from: Select): Select =>
    grouped(
      plan.leaves.map((own) => ({ as: own.column, expr: expr(own) })),
      { t: "select", select: from, as: "x" },
      "x",
      positions,
      sets,
      query.keys.length,
    );
  // each grouping set takes every row it is given: subtotals are taken from the finest groups, not from the facts
  const finestIsAsked = sets.length > 1 && sets.some((set) => set.length === positions.length);
  if (!plan.hints.includes("subtotals_from_groups") || !finestIsAsked) return rolled(aggregated, x);
  const keys = positions.map((i) => ({ expr: column("x", key(i)), as: key(i) }));
  const finest: Select = {
    t: "select",
    from: { t: "select", select: x, as: "x" },
    columns: [...keys, ...plan.leaves.map((own) => ({ expr: aggregated(own), as: `a_${own.column}` }))],
    groupBy: { keys: keys.map(({ expr }) => expr) },
  };
  return rolled((own) => reaggregate(own, "x"), finest);
}

/**
 * The rows to aggregate: k0… and what the leaves take; of a rollup, aggregated once already.
 * @param starts receives how keys that are period numbers become dates; null: keys stay as they are
 */
function scanned(
  plan: FactPlan,
  positions: readonly number[],
  query: Shape,
  context: PlanContext,
  starts: Map<string, PeriodNumber["start"]> | null,
): { readonly x: Select; readonly weight: Expr | null } {
  const source = sourceOf(plan, context);
  for (const condition of plan.split?.middle ?? plan.rows) source.filter(condition);
  const keyed = (i: number): Expr => {
    const ref = at(query.keys, i);
    const own = source.attribute(ref);
    const period = starts && ref.t === "role" ? periodNumber(own, context.spanOf(plan.cube.name, ref.role)) : null;
    if (period) starts?.set(key(i), period.start);
    return period?.number ?? own;
  };
  const columns = [...positions.map((i) => ({ expr: keyed(i), as: key(i) })), ...inputs(plan, source, query, context)];
  const weight = source.weight();
  const x = selectFrom(source, weight ? [...columns, { expr: weight, as: "w" }] : columns);
  if (!plan.split) return { x, weight: weight ? column("x", "w") : null };
  const parts = positions.map((i) => ({ expr: column("p", key(i)), as: key(i) }));
  const leaf = first(plan.leaves);
  const edges = scanned(
    { ...plan, rollup: null, split: null, rows: plan.split.edges },
    positions,
    query,
    context,
    null,
  ).x;
  const again: Select = isApproximate(leaf)
    ? registersOf(leaf, edges, positions)
    : {
        t: "select",
        from: { t: "select", select: edges, as: "p" },
        columns: [...parts, ...plan.leaves.map((own) => ({ expr: aggregate(own, null, "p"), as: `a_${own.column}` }))],
        groupBy: { keys: parts.map((p) => p.expr) },
      };
  return {
    x: {
      t: "select",
      columns: [{ expr: { t: "star" }, as: "*" }],
      from: { t: "select", select: { t: "union_all", of: [x, again] }, as: "p" },
    },
    weight: null,
  };
}
