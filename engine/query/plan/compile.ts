/** From a resolved query to one statement: a logical plan, the optimiser's rules, and the fold to a SELECT. */
import { toIso } from "../../model/time/calendar.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import type { Compiled } from "./compiled.ts";
import { bridged } from "./fold/fact-parts.ts";
import { fold } from "./fold/fold.ts";
import { withSegments } from "./fold/segments.ts";
import { Links } from "./logical/links.ts";
import { logicalPlan } from "./logical/logical-plan.ts";
import { conditionNode, dayOf } from "./logical/naming.ts";
import type { LogicalPlan, QueryPlan } from "./logical/nodes.ts";
import { segmentNodes } from "./logical/segments.ts";
import type { PlanContext } from "./plan-context.ts";
import { optimise, RULES } from "./rules/optimise.ts";
import type { Rule } from "./rules/rule.ts";

/** Plans a query. @throws TesseraError where its facts, filters and dimensions do not belong together */
export function compileQuery(query: ResolvedQuery, context: PlanContext, rules: readonly Rule[] = RULES): Compiled {
  const links = new Links(context);
  return foldQuery(planQuery(query, context, links, rules), context, links);
}

/** The plan of a query, as plain data. @param rules of the optimiser, in order */
export function planQuery(
  query: ResolvedQuery,
  context: PlanContext,
  links = new Links(context),
  rules: readonly Rule[] = RULES,
): QueryPlan {
  const plan = optimise(logicalPlan(query, context), links, context, rules);
  const { history, timeZone } = context;
  return {
    ...plan,
    history: typeof history === "object" ? { asOf: toIso(history.asOf) } : history,
    timeZone,
    rules: context.rules.map(conditionNode),
    segments: segmentNodes(plan, { links, context, optimiser: rules, resolveOf: () => context.whole }),
  };
}

/** The statement of a plan. @param context the model that the plan was made for */
export function foldQuery(plan: QueryPlan, given: PlanContext, links = new Links(given)): Compiled {
  const { history, timeZone } = plan;
  const context = withSegments(plan.segments, links, {
    ...given,
    history: typeof history === "object" ? { asOf: dayOf(history.asOf) } : history,
    timeZone,
    rules: links.conditions(plan.rules),
  });
  return {
    ...fold(plan, links, context),
    plan,
    leaves: plan.leaves.map((node) => links.leaf(node)),
    rollups: [...new Set(rollupsIn(plan))],
    quick: plan.quick ?? false,
    overlapping: overlappingIn(plan, links),
  };
}

const rollupsIn = ({ facts }: LogicalPlan): string[] =>
  facts.flatMap((fact) => (fact.t === "nested" ? rollupsIn(fact.of) : (fact.rollup?.name ?? [])));

/** The columns of leaves whose groups overlap. */
function overlappingIn(plan: LogicalPlan, links: Links): ReadonlySet<string> {
  const refs = plan.keys.map((key) => links.ref(key));
  return new Set(
    plan.leaves.flatMap(({ column, cube: name }) => {
      const cube = links.cube(name);
      return refs.some((ref) => ref.t === "role" && cube.roles.has(ref.role) && bridged(cube, ref)) ? [column] : [];
    }),
  );
}
