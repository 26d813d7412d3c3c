/** Scans of a fact that differ only in their windows become one: it is read once, and each leaf counts its own days. */
import { required } from "../../../lookup.ts";
import type { AttributeRef } from "../../binding/member.ts";
import { withoutDays } from "../../resolve/asked-days.ts";
import { isAdditive } from "../../resolve/leaf.ts";
import type { Leaf } from "../../resolve/nodes.ts";
import { isApproximate } from "../../scan/registers.ts";
import { cellWindows } from "../../windows/cell-windows.ts";
import { hourChange } from "../../windows/hour-windows.ts";
import { timeKeysOf, timePositions } from "../../windows/time-keys.ts";
import { leafNamed, linkAlong, type Links } from "../logical/links.ts";
import type { AlongNode, ConditionNode, LogicalPlan, ScanNode } from "../logical/nodes.ts";
import type { PlanContext } from "../plan-context.ts";
import type { Rule } from "./rule.ts";

/** More cells than these are cheaper apart: each is a row of constants that has to be planned. */
const MOST_CELLS = 100;

export const shareScans: Rule = {
  name: "share-scans",
  apply(plan, links, context) {
    const scans = plan.facts.filter((fact) => fact.t === "scan");
    if (scans.length < 2 || !scans.some((scan) => scan.along)) return plan;
    const keys = plan.keys.map((key) => links.ref(key));
    const leaves = new Map(plan.leaves.map((node) => [node.column, links.leaf(node)]));
    const together: ScanNode[] = [];
    for (const scan of scans) {
      const other = together.findIndex((known) => sameScan(known, scan, { plan, keys, leaves, links, context }));
      const known = together[other];
      if (known) together[other] = both(known, scan, links);
      else together.push(scan);
    }
    return { ...plan, facts: [...plan.facts.filter((fact) => fact.t !== "scan"), ...together] };
  },
};

interface Known {
  readonly plan: LogicalPlan;
  readonly keys: readonly AttributeRef[];
  readonly leaves: ReadonlyMap<string, Leaf>;
  readonly links: Links;
  readonly context: PlanContext;
}

/** One scan for the leaves of both. */
function both(a: ScanNode, b: ScanNode, links: Links): ScanNode {
  const along = sharedAlong(a, b);
  return {
    ...a,
    leaves: [...a.leaves, ...b.leaves],
    ...(along && { where: obeyed(a, along.role, links), along }),
  };
}

const sharedAlong = (a: ScanNode, b: ScanNode): AlongNode | undefined =>
  [a.along, b.along].find((along) => along?.compare) ?? a.along ?? b.along;

/** The filters that a leaf still obeys when it moves along a role. */
const obeyed = ({ where }: ScanNode, role: string, links: Links): readonly ConditionNode[] =>
  where.filter((node) => withoutDays([links.condition(node)], role).length > 0);

function sameScan(a: ScanNode, b: ScanNode, { plan, keys, leaves: known, links, context }: Known): boolean {
  const leaves = [...a.leaves, ...b.leaves].map((name) => required(known, name, "leaf"));
  const along = sharedAlong(a, b);
  const role = along?.role;
  if (!along || role === undefined || a.cube !== b.cube || a.rollup?.name !== b.rollup?.name) return false;
  if (a.rollup?.split || b.rollup?.split) return false;
  const rest = (scan: ScanNode): string | undefined => leafNamed(plan.leaves, scan.leaves[0] ?? "").rest?.id;
  if (rest(a) !== rest(b)) return false;
  if (JSON.stringify(obeyed(a, role, links)) !== JSON.stringify(obeyed(b, role, links))) return false;
  if (!leaves.every((leaf) => movesByDays(leaf, role))) return false;
  // a leaf that does not move also counts facts without a date, unless the query asks for a bounded range
  if (!along.bounded) return false;
  const timed = a.sets.filter((set) => timePositions({ keys }, set, role).length > 0);
  if (timed.length === 0) return true;
  // additive leaves are brought to periods before they meet cells of time; any other would meet them row by row
  if (!leaves.every(isAdditive)) return false;
  const frames = [...new Map(leaves.map((leaf) => [JSON.stringify(leaf.frames), leaf])).values()];
  const dates = linkAlong(along, plan.now);
  return timed.every((set) => {
    const cells = frames.map((leaf) => cellWindows(leaf, timeKeysOf({ keys }, set, role), dates, context).length);
    return cells.reduce((sum, n) => sum + n, 0) <= MOST_CELLS;
  });
}

/** Whether a leaf is an aggregate that moves along a role by days, if at all. */
const movesByDays = (leaf: Leaf, role: string): boolean =>
  leaf.measure.kind === "aggregate" &&
  !isApproximate(leaf) &&
  hourChange(leaf) === null &&
  leaf.frames.every((frame) => frame.role === role);
