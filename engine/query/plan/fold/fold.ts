/**
 * From a logical plan to one SELECT: each fact by itself, UNION ALL and one outer GROUP BY where there are several,
 * then formulas, shares and ranks, then measure filters, order and limit. Totals come from the same statement.
 */
import { required } from "../../../lookup.ts";
import { appliesTo } from "../../scan/row-rules.ts";
import type { Along } from "../../windows/along.ts";
import { windowCondition } from "../../windows/window-condition.ts";
import { timeKeysOf } from "../../windows/time-keys.ts";
import { alongOfFact, type Links } from "../logical/links.ts";
import type { LogicalPlan, NestedNode, ScanNode } from "../logical/nodes.ts";
import { rollupNamed, type PlanContext } from "../plan-context.ts";
import type { FactPlan } from "./fact-parts.ts";
import { compileFactPlan, type Part } from "./fact-plan.ts";
import { fillDates } from "./fill-dates.ts";
import { finish, type Finished } from "./finish.ts";
import { Layers } from "./layers.ts";
import { linkPlan, type LinkedPlan } from "./linked-plan.ts";
import { mergeFacts } from "./merge-facts.ts";
import { nestedSelect } from "./nested.ts";

/** The statement of a plan. @throws TesseraError where the warehouse lacks what the plan reads, or holds other types */
export function fold(plan: LogicalPlan, links: Links, context: PlanContext): Finished {
  const linked = linkPlan(plan, links);
  const parts = plan.facts.flatMap((fact) =>
    fact.t === "nested" ? [nestedPart(fact, linked, links, context)] : scanParts(fact, plan, linked, links, context),
  );
  const merged = mergeFacts(parts, linked.leaves, plan.keys.length);
  const filled = plan.fill ? fillDates(merged, plan.fill, linked, context) : null;
  const layers = new Layers(linked, filled?.select ?? merged, repeatedIn(plan), nowhereIn(plan, linked, context));
  return finish(linked, layers, filled);
}

function nestedPart(node: NestedNode, linked: LinkedPlan, links: Links, context: PlanContext): Part {
  const leaf = required(linked.byColumn, node.leaf, "leaf");
  return { select: nestedSelect(node, leaf, linked.keys.length, fold(node.of, links, context)), sets: node.sets };
}

function scanParts(scan: ScanNode, plan: LogicalPlan, linked: LinkedPlan, links: Links, context: PlanContext): Part[] {
  const cube = links.cube(scan.cube);
  const rollup = scan.rollup && rollupNamed(context, scan.rollup.name);
  const split = scan.rollup?.split;
  const factPlan: FactPlan = {
    cube,
    leaves: scan.leaves.map((column) => required(linked.byColumn, column, "leaf")),
    sets: scan.sets,
    rows: links.conditions(scan.where),
    // a rollup applies the row rules; a scan of the facts adds them itself
    rules: context.rules.filter((rule) => appliesTo(rule, cube, context)),
    rollup: rollup ?? null,
    split: split ? { middle: links.conditions(split.middle), edges: links.conditions(split.edges) } : null,
    along: alongOfFact(scan, plan.now),
    hints: scan.hints ?? [],
  };
  return compileFactPlan(factPlan, linked, context);
}

/** For the columns of leaves that are repeated: the keys that their facts have. */
const repeatedIn = ({ leaves }: LogicalPlan): ReadonlyMap<string, readonly number[]> =>
  new Map(leaves.flatMap(({ column, repeated }) => (repeated ? [[column, repeated] as const] : [])));

/** For the columns of leaves that move: for each set, which of its cells have a window to look in. */
function nowhereIn(
  plan: LogicalPlan,
  linked: LinkedPlan,
  context: PlanContext,
): ConstructorParameters<typeof Layers>[3] {
  const alongs = new Map<string, Along>();
  for (const fact of plan.facts) {
    const along = alongOfFact(fact, plan.now);
    for (const column of fact.t === "nested" ? [fact.leaf] : fact.leaves) if (along) alongs.set(column, along);
  }
  return (leaf, set) => {
    const along = alongs.get(leaf.column);
    return along ? windowCondition(leaf, timeKeysOf(linked, set, along.role), along, context) : null;
  };
}
