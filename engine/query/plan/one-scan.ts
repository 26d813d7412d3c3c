/** Parts of a fact that differ in their windows alone become one: the fact is read once, and each measure counts its own days. */
import { isKeyOf, windowsOf } from "../windows/cell-windows.ts";
import type { PlanContext } from "./plan-context.ts";
import { isBounded } from "../time/day-set.ts";
import { daysOfRole } from "../resolve/asked-days.ts";
import type { Subplan } from "./fact-parts.ts";
import { hourChange } from "../windows/hour-windows.ts";
import { isAdditive } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import { isApproximate } from "../scan/registers.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";

/** Cells beyond this many are cheaper apart: each is a row of constants that has to be planned. */
const MOST_CELLS = 100;

export function inOneScan(plans: readonly Subplan[], query: ResolvedQuery, context: PlanContext): readonly Subplan[] {
  const together: Subplan[] = [];
  for (const plan of plans) {
    const at = together.findIndex((other) => sameScan(other, plan, query, context));
    if (at < 0) together.push(plan);
    else together[at] = { ...together[at]!, leaves: [...together[at]!.leaves, ...plan.leaves] };
  }
  return together;
}

const movedAlong = (leaves: readonly Leaf[]): string | undefined =>
  leaves.find((leaf) => leaf.frames.length > 0)?.frames[0]!.role;
const single = ({ measure }: Leaf): boolean => measure.kind === "aggregate";

function sameScan(a: Subplan, b: Subplan, query: ResolvedQuery, context: PlanContext): boolean {
  const leaves = [...a.leaves, ...b.leaves];
  const role = movedAlong(leaves);
  if (role === undefined || a.cube !== b.cube || a.rollup !== b.rollup || a.split || b.split) return false;
  if (
    a.leaves[0]!.rest !== b.leaves[0]!.rest ||
    a.rows.length !== b.rows.length ||
    a.rows.some((row, i) => row !== b.rows[i])
  )
    return false;
  if (
    !leaves.every(
      (leaf) =>
        single(leaf) &&
        !isApproximate(leaf) &&
        hourChange(leaf) === null &&
        leaf.frames.every((frame) => frame.role === role),
    )
  )
    return false;
  // what is not moved also counts facts without a date, unless a range with both ends is asked for
  const days = daysOfRole(query.rows, role);
  if (!days || !isBounded(days)) return false;
  const timed = a.sets.filter((set) => set.some((i) => isKeyOf(query.keys[i]!, role)));
  if (timed.length === 0) return true;
  // where cells are spread by time, what adds up is brought to periods before it meets them; what does not would meet them row by row
  if (!leaves.every(isAdditive)) return false;
  const frames = [...new Map(leaves.map((leaf) => [JSON.stringify(leaf.frames), leaf])).values()];
  return timed.every(
    (set) => frames.reduce((n, leaf) => n + windowsOf(a.cube, leaf, set, role, query, context).length, 0) <= MOST_CELLS,
  );
}
