/** Small rollups are read by one thread, of the lane for quick questions. */
import { rollupNamed } from "../plan-context.ts";
import type { Rule } from "./rule.ts";

/** More rows than these are read faster by several threads. */
const MOST_ROWS = 200_000;

export const quickLane: Rule = {
  name: "quick-lane",
  apply(plan, _links, context) {
    let rows = 0;
    for (const fact of plan.facts) {
      if (fact.t === "nested" || !fact.rollup || fact.rollup.split) return plan;
      rows += rollupNamed(context, fact.rollup.name).rows;
    }
    return plan.facts.length > 0 && rows <= MOST_ROWS ? { ...plan, quick: true } : plan;
  },
};
