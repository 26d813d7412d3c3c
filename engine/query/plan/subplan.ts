/** One fact's part of a query: its leaves, at the grouping sets they are needed at, as SELECTs with the columns k0…, g, m0…. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { column, type Expr, type Select } from "../../sql/tree.ts";
import { isKeyOf } from "../windows/cell-windows.ts";
import type { PlanContext } from "./plan-context.ts";
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
  type Subplan,
} from "./fact-parts.ts";
import type { GroupingSet } from "../language/grouping.ts";
import { approximated, isApproximate, registersOf } from "../scan/registers.ts";
import { isAdditive } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import { asDates, periodNumber, type PeriodNumber } from "../binding/period-numbers.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";
import { windowed } from "./aggregate-by-days.ts";

/** A SELECT, with the grouping sets whose rows it has. */
export interface Part {
  readonly select: Select;
  readonly sets: readonly GroupingSet[];
}

/** The SELECTs of a subplan. Sets that need different rows (other windows, other links) come from different SELECTs. */
export function compileSubplan(plan: Subplan, query: ResolvedQuery, context: PlanContext): Part[] {
  // registers are merged before they are counted: a SELECT of their own
  if (plan.leaves.length > 1 && plan.leaves.some(isApproximate)) {
    const exact = plan.leaves.filter((leaf) => !isApproximate(leaf));
    return [...(exact.length > 0 ? [exact] : []), ...plan.leaves.filter(isApproximate).map((leaf) => [leaf])].flatMap(
      (leaves) => compileSubplan({ ...plan, leaves }, query, context),
    );
  }
  const first = plan.leaves[0]!;
  const role =
    plan.leaves.find((leaf) => leaf.frames.length > 0)?.frames[0]!.role ??
    (first.measure.kind === "semi_additive" && first.measure.take === "average" ? first.measure.over : null);
  if (first.measure.kind === "semi_additive" && role !== null && role !== first.measure.over)
    throw new TesseraError(
      "query-invalid",
      phrase`${first.member} stands at its days of ${first.measure.over}, and cannot be moved or compared along ${role}`,
      { place: first.member, remedy: phrase`move it along ${first.measure.over}` },
    );
  const partitions = partition(plan.sets, (set) =>
    [
      role === null ? "" : set.filter((i) => isKeyOf(query.keys[i]!, role)).join(","),
      set.filter((i) => bridged(plan.cube, query.keys[i]!)).join(","),
      first.measure.kind === "semi_additive" ? set.join(",") : "",
    ].join("|"),
  );
  return partitions.flatMap((sets) =>
    (role === null ? [plain(plan, sets, query, context)] : windowed(plan, sets, role, query, context)).map(
      (select) => ({ select, sets }),
    ),
  );
}

function partition(sets: readonly GroupingSet[], by: (set: GroupingSet) => string): GroupingSet[][] {
  const groups = new Map<string, GroupingSet[]>();
  for (const set of sets) groups.set(by(set), [...(groups.get(by(set)) ?? []), set]);
  return [...groups.values()];
}

function plain(plan: Subplan, sets: readonly GroupingSet[], query: ResolvedQuery, context: PlanContext): Select {
  const positions = union(sets);
  const starts = new Map<string, PeriodNumber["start"]>();
  // the parts of a split meet as dates
  const { x, weight } = scanned(plan, positions, query, context, plan.split ? null : starts);
  return asDates(over(plan, sets, positions, x, weight, query), starts);
}

/** The rows `x` at the grouping sets. */
function over(
  plan: Subplan,
  sets: readonly GroupingSet[],
  positions: readonly number[],
  x: Select,
  weight: Expr | null,
  query: ResolvedQuery,
): Select {
  const [first] = plan.leaves as [Leaf];
  if (first.measure.kind === "semi_additive") return semiAdditive(plan, sets[0]!, x, query, weight);
  if (isApproximate(first)) return approximated(first, x, positions, sets, query.keys.length, plan.rollup !== null);
  const aggregated = (leaf: Leaf): Expr => (plan.rollup ? reaggregate(leaf, "x") : aggregate(leaf, weight));
  const rolled = (expr: (leaf: Leaf) => Expr, from: Select): Select =>
    grouped(
      plan.leaves.map((leaf) => ({ as: leaf.column, expr: expr(leaf) })),
      { t: "select", select: from, as: "x" },
      "x",
      positions,
      sets,
      query.keys.length,
    );
  // each grouping set takes every row it is given: subtotals are taken of the finest groups, not of the facts
  if (sets.length === 1 || !sets.some((set) => set.length === positions.length) || !plan.leaves.every(isAdditive))
    return rolled(aggregated, x);
  const keys = positions.map((i) => ({ expr: column("x", key(i)), as: key(i) }));
  const finest: Select = {
    t: "select",
    from: { t: "select", select: x, as: "x" },
    columns: [...keys, ...plan.leaves.map((leaf) => ({ expr: aggregated(leaf), as: `a_${leaf.column}` }))],
    groupBy: { keys: keys.map(({ expr }) => expr) },
  };
  return rolled((leaf) => reaggregate(leaf, "x"), finest);
}

/** The rows to aggregate: k0… and what the leaves take; of a rollup already aggregated once. @param starts takes how keys that are numbers of periods are told as dates; null: keys stay what they are */
function scanned(
  plan: Subplan,
  positions: readonly number[],
  query: ResolvedQuery,
  context: PlanContext,
  starts: Map<string, PeriodNumber["start"]> | null,
): { readonly x: Select; readonly weight: Expr | null } {
  const source = sourceOf(plan, context);
  for (const condition of plan.split?.middle ?? plan.rows) source.filter(condition);
  const keyed = (i: number): Expr => {
    const ref = query.keys[i]!;
    const own = source.attribute(ref);
    const period = starts && ref.t === "role" ? periodNumber(own, context.spanOf(plan.cube.name, ref.role)) : null;
    if (period) starts!.set(key(i), period.start);
    return period?.number ?? own;
  };
  const columns = [...positions.map((i) => ({ expr: keyed(i), as: key(i) })), ...inputs(plan, source, query, context)];
  const weight = source.weight();
  const x = selectFrom(source, weight ? [...columns, { expr: weight, as: "w" }] : columns);
  if (!plan.split) return { x, weight: weight ? column("x", "w") : null };
  const parts = positions.map((i) => ({ expr: column("p", key(i)), as: key(i) }));
  const [first] = plan.leaves as [Leaf];
  const edges = scanned(
    { ...plan, rollup: null, split: null, rows: plan.split.edges },
    positions,
    query,
    context,
    null,
  ).x;
  const again: Select = isApproximate(first)
    ? registersOf(first, edges, positions)
    : {
        t: "select",
        from: { t: "select", select: edges, as: "p" },
        columns: [
          ...parts,
          ...plan.leaves.map((leaf) => ({ expr: aggregate(leaf, null, "p"), as: `a_${leaf.column}` })),
        ],
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
