/**
 * Plans of a fact that differ only in their windows become one: the fact is read once, and each measure counts its own
 * days.
 */
import { first } from "../../lookup.ts";
import { daysOfRole } from "../resolve/asked-days.ts";
import { isAdditive } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { isApproximate } from "../scan/registers.ts";
import { isBounded } from "../time/day-set.ts";
import { cellWindows } from "../windows/cell-windows.ts";
import { hourChange } from "../windows/hour-windows.ts";
import { timePositions } from "../windows/time-keys.ts";
import type { FactPlan } from "./fact-parts.ts";
import type { PlanContext } from "./plan-context.ts";

/** More cells than these are cheaper apart: each is a row of constants that has to be planned. */
const MOST_CELLS = 100;

/** The plans, with those that can share a scan brought together. */
export function inOneScan(plans: readonly FactPlan[], query: ResolvedQuery, context: PlanContext): readonly FactPlan[] {
  const together: FactPlan[] = [];
  for (const plan of plans) {
    const other = together.findIndex((known) => sameScan(known, plan, query, context));
    const known = together[other];
    if (known) together[other] = { ...known, leaves: [...known.leaves, ...plan.leaves] };
    else together.push(plan);
  }
  return together;
}

function sameScan(a: FactPlan, b: FactPlan, query: ResolvedQuery, context: PlanContext): boolean {
  const leaves = [...a.leaves, ...b.leaves];
  const role = leaves.find((leaf) => leaf.frames.length > 0)?.frames[0]?.role;
  if (role === undefined || a.cube !== b.cube || a.rollup !== b.rollup || a.split || b.split) return false;
  if (first(a.leaves).rest !== first(b.leaves).rest) return false;
  if (a.rows.length !== b.rows.length || a.rows.some((row, i) => row !== b.rows[i])) return false;
  if (!leaves.every((leaf) => movesByDays(leaf, role))) return false;
  // a leaf that does not move also counts facts without a date, unless the query asks for a bounded range
  const days = daysOfRole(query.rows, role);
  if (!days || !isBounded(days)) return false;
  const timed = a.sets.filter((set) => timePositions(query, set, role).length > 0);
  if (timed.length === 0) return true;
  // additive leaves are brought to periods before they meet cells of time; any other would meet them row by row
  if (!leaves.every(isAdditive)) return false;
  const frames = [...new Map(leaves.map((leaf) => [JSON.stringify(leaf.frames), leaf])).values()];
  return timed.every((set) => {
    const cells = frames.map((leaf) => cellWindows(leaf, set, role, query, context).length);
    return cells.reduce((sum, n) => sum + n, 0) <= MOST_CELLS;
  });
}

/** Whether a leaf is an aggregate that moves along a role by days, if at all. */
const movesByDays = (leaf: Leaf, role: string): boolean =>
  leaf.measure.kind === "aggregate" &&
  !isApproximate(leaf) &&
  hourChange(leaf) === null &&
  leaf.frames.every((frame) => frame.role === role);
