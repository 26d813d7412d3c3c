/** What the aggregation by windows of days is made of: the sides, the scan's columns, and how leaves are aggregated. */
import { first, required } from "../../../lookup.ts";
import { column, type Expr } from "../../../sql/tree.ts";
import { timeKeysOf, type TimeKey } from "../../windows/time-keys.ts";
import type { Along } from "../../windows/along.ts";
import type { CellWindow } from "../../windows/window-context.ts";
import { cellWindows } from "../../windows/cell-windows.ts";
import type { GroupingSet } from "../../language/grouping.ts";
import type { Leaf } from "../../resolve/nodes.ts";
import type { DayRange } from "../../time/date-range.ts";
import {
  aggregate,
  attributesOf,
  inputs,
  reaggregate,
  sourceOf,
  union,
  type Column,
  type FactPlan,
  type Shape,
  type Source,
} from "./fact-parts.ts";
import type { PlanContext } from "../plan-context.ts";

/** Leaves under the same windows. */
export interface Side {
  readonly leaves: readonly Leaf[];
  readonly cells: readonly CellWindow[];
}

/** One scan of a fact for all its sides. */
export interface DayScan {
  readonly plan: FactPlan;
  readonly sets: readonly GroupingSet[];
  readonly along: Along;
  readonly query: Shape;
  readonly context: PlanContext;
  readonly sides: readonly Side[];
  /** the days of all cells of all sides */
  readonly windows: readonly DayRange[];
  readonly source: Source;
  readonly timeKeys: readonly TimeKey[];
  /** the keys of the sets */
  readonly positions: readonly number[];
  /** those that are not time keys */
  readonly others: readonly number[];
  /** the columns of the scan, without the day */
  readonly columns: readonly Column[];
  readonly weighted: boolean;
  /** the same measure under two windows is taken from the facts once: the leaf that is taken for a leaf */
  taken(leaf: Leaf): Leaf;
  /** the leaves that are taken */
  readonly inputs: readonly Leaf[];
  aggregate(leaf: Leaf, weight: Expr | null, alias?: string, within?: Expr | null): Expr;
}

/** @param sets that have the same time keys */
export function dayScan(
  plan: FactPlan,
  sets: readonly GroupingSet[],
  along: Along,
  query: Shape,
  context: PlanContext,
): DayScan {
  const timeKeys = timeKeysOf(query, first(sets), along.role);
  const sides = sidesOf(plan.leaves).map(
    (leaves): Side => ({ leaves, cells: cellWindows(first(leaves), timeKeys, along, context) }),
  );
  const positions = union(sets);
  const others = positions.filter((i) => !timeKeys.some((key) => key.position === i));
  const source = sourceOf(plan, context);
  for (const condition of plan.rows) source.filter(condition);
  const taken = new Map<string, Leaf>();
  for (const leaf of plan.leaves) if (!taken.has(leaf.member)) taken.set(leaf.member, leaf);
  const once = [...taken.values()];
  const columns = [
    ...attributesOf(source, others, query),
    ...inputs({ ...plan, leaves: once }, source, query, context).filter((c) => c.as !== "d"),
  ];
  const weight = source.weight();
  return {
    plan,
    sets,
    along,
    query,
    context,
    sides,
    windows: sides.flatMap(({ cells }) => cells.flatMap((cell) => cell.days)),
    source,
    timeKeys,
    positions,
    others,
    columns: weight ? [...columns, { expr: weight, as: "w" }] : columns,
    weighted: weight !== null,
    taken: (leaf) => required(taken, leaf.member, "measure"),
    inputs: once,
    aggregate: plan.rollup
      ? (leaf, _weight, alias = "x", within = null) => reaggregate(leaf, alias, within)
      : aggregate,
  };
}

/** The weights of a scan, as a column of an alias; null without weights. */
export const weightOf = (scan: DayScan, alias: string): Expr | null => (scan.weighted ? column(alias, "w") : null);

function sidesOf(leaves: readonly Leaf[]): Leaf[][] {
  const sides = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const frames = JSON.stringify([leaf.frames, leaf.rest?.id]);
    sides.set(frames, [...(sides.get(frames) ?? []), leaf]);
  }
  return [...sides.values()];
}
