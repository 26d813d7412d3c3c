/** What the optimiser's rules are. */
import type { FactNode, LogicalPlan, ScanHint, ScanNode } from "../logical/nodes.ts";
import type { Links } from "../logical/links.ts";
import type { PlanContext } from "../plan-context.ts";

/** A rule: the same plan, to be answered sooner. Every answer is the same without it. */
export interface Rule {
  readonly name: string;
  apply(plan: LogicalPlan, links: Links, context: PlanContext): LogicalPlan;
}

/** The plan with some of its scans replaced. */
export const mapScans = (plan: LogicalPlan, each: (scan: ScanNode) => readonly FactNode[]): LogicalPlan => ({
  ...plan,
  facts: plan.facts.flatMap((fact) => (fact.t === "scan" ? each(fact) : [fact])),
});

/** The plan with a hint for each scan that it holds for; the same plan where it holds for none. */
export function hinted(plan: LogicalPlan, hint: ScanHint, holds: (scan: ScanNode) => boolean): LogicalPlan {
  let given = false;
  const facts = plan.facts.map((fact) => {
    if (fact.t !== "scan" || !holds(fact)) return fact;
    given = true;
    return { ...fact, hints: [...(fact.hints ?? []), hint] };
  });
  return given ? { ...plan, facts } : plan;
}
