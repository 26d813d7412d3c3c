/** The optimiser: rules in the order in which they are applied, each of which may be left out. */
import type { Links } from "../logical/links.ts";
import type { FactNode, LogicalPlan } from "../logical/nodes.ts";
import type { PlanContext } from "../plan-context.ts";
import { cellsByMoving } from "./cells-by-moving.ts";
import { fewRows } from "./few-rows.ts";
import { periodNumbers } from "./period-numbers.ts";
import { periodsFirst } from "./periods-first.ts";
import { quickLane } from "./quick-lane.ts";
import type { Rule } from "./rule.ts";
import { shareScans } from "./share-scans.ts";
import { subtotalsFromGroups } from "./subtotals-from-groups.ts";
import { useRollups } from "./use-rollups.ts";

/** Every rule, in order. */
export const RULES: readonly Rule[] = [
  useRollups,
  shareScans,
  subtotalsFromGroups,
  periodNumbers,
  periodsFirst,
  cellsByMoving,
  fewRows,
  quickLane,
];

/** The plan after some rules, inner plans first. */
export function optimise(
  plan: LogicalPlan,
  links: Links,
  context: PlanContext,
  rules: readonly Rule[] = RULES,
): LogicalPlan {
  const inner = (fact: FactNode): FactNode =>
    fact.t === "nested" ? { ...fact, of: optimise(fact.of, links, context, rules) } : fact;
  let made = plan.facts.some((fact) => fact.t === "nested") ? { ...plan, facts: plan.facts.map(inner) } : plan;
  for (const rule of rules) made = rule.apply(made, links, context);
  return made;
}
