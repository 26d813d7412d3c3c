/**
 * A segment's members as data. Its rule is evaluated member by member: attributes are looked up on the dimension,
 * measures and the existence of facts are taken for each member, a segment in a segment is membership.
 */
import { TesseraError, phrase } from "../../../errors/index.ts";
import { required } from "../../../lookup.ts";
import { countsNothingAsZero } from "../../../model/aggregates.ts";
import { segmentNamed, type MeasureNode } from "../../../model/catalog.ts";
import { roleOver, segmentRule, type MemberRule, type Placed } from "../../../model/segment-rule.ts";
import { keyAttribute, resolveAttribute, resolveMeasure } from "../../binding/member.ts";
import { parseQuery } from "../../language/parse-query.ts";
import { resolveFilter } from "../../resolve/condition.ts";
import type { ConditionContext } from "../../resolve/condition-context.ts";
import type { Condition } from "../../resolve/nodes.ts";
import { membersAre } from "../../resolve/number-filter.ts";
import type { ResolveContext } from "../../resolve/resolve-context.ts";
import { resolveQuery } from "../../resolve/resolve.ts";
import { forFact } from "../../scan/entity-filter.ts";
import type { PlanContext } from "../plan-context.ts";
import { logicalPlan } from "./logical-plan.ts";
import { conditionNode } from "./naming.ts";
import type { LogicalPlan, RuleNode, SegmentNode } from "./nodes.ts";

type MeasureRule = Extract<MemberRule, { t: "measure" }>;

/**
 * @param context with the row rules that restrict the members, if any
 * @throws TesseraError `model-invalid` for a segment whose dimension no cube has
 */
export function segmentNode(name: string, ruled: boolean, resolve: ResolveContext, context: PlanContext): SegmentNode {
  const { catalog, binding, now } = resolve;
  const segment = segmentNamed(catalog, name);
  const place = `segment ${name}`;
  const dimension = catalog.dimensions.get(segment.over);
  if (!dimension || dimension.spec.kind === "date")
    throw new TesseraError("model-invalid", phrase`dimension "${segment.over}" not found`, {
      place,
      remedy: "`over` names a dimension of the project",
    });
  const role = roleOver(catalog, segment.over);
  if (role === undefined)
    throw new TesseraError("model-invalid", phrase`no cube joins the dimension ${segment.over}`, {
      place,
      remedy: "give a cube a role of it",
    });
  const filterContext: ConditionContext = { catalog, binding, now, timeZone: context.timeZone };
  const resolved = ({ filter, place: at }: Placed): Condition => resolveFilter(filterContext, filter, at);
  for (const [i, filter] of segment.filters.entries()) resolveFilter(filterContext, filter, `${place} › filters[${i}]`);
  const rule = segmentRule(catalog, segment);
  const key = `${role}.${keyAttribute(dimension)}`;
  const members: PlanContext = { ...context, history: "as_is" };

  // measures over the same facts are taken together
  const groups = new Map<string, MeasureRule[]>();
  for (const r of measureRules(rule)) groups.set(groupOf(r), [...(groups.get(groupOf(r)) ?? []), r]);
  const order = [...groups.keys()];
  const measured = [...groups.values()].map((rules): LogicalPlan => {
    const query = {
      measures: [...new Set(rules.map((r) => r.rule.filter.member))],
      dimensions: [key],
      filters: rules[0]?.facts.map((f) => f.filter) ?? [],
    };
    return logicalPlan({ ...resolveQuery(parseQuery(query), resolve), limit: Number.POSITIVE_INFINITY }, members);
  });

  const ruleNode = (r: MemberRule): RuleNode => {
    switch (r.t) {
      case "all":
      case "any":
        return { t: r.t, of: r.of.map(ruleNode) };
      case "not":
        return { t: "not", of: ruleNode(r.of) };
      case "segment":
        return r;
      case "measure":
        return {
          t: "measure",
          where: conditionNode(resolved(r.rule)),
          measured: order.indexOf(groupOf(r)),
          empty: emptyValue(resolveMeasure(catalog, r.rule.filter.member, place)),
        };
      case "facts": {
        const conditions = r.facts.map(resolved);
        const cube = required(context.catalog.cubes, r.cube, "cube");
        const others = (condition: Condition): Condition[] => conditions.filter((c) => c !== condition);
        return {
          t: "facts",
          cube: r.cube,
          where: conditions.map((c) => conditionNode(forFact(c, cube, others(c), members))),
        };
      }
      case "own":
        return { t: "own", where: conditionNode(resolved(r.rule)) };
    }
  };
  const everyone = rule.t === "all" && rule.of.length === 0;
  return {
    segment: name,
    ruled,
    dimension: dimension.name,
    role,
    ...(segment.members && {
      listed: conditionNode(membersAre(resolveAttribute(catalog, binding, key, place), segment.members)),
    }),
    ...(!everyone && { rule: ruleNode(rule) }),
    measured,
  };
}

const groupOf = (rule: MeasureRule): string => JSON.stringify(rule.facts.map((f) => f.filter));

function measureRules(rule: MemberRule): MeasureRule[] {
  if (rule.t === "measure") return [rule];
  if (rule.t === "all" || rule.t === "any") return rule.of.flatMap(measureRules);
  return rule.t === "not" ? measureRules(rule.of) : [];
}

/** A member without facts has no row among the measures: a count is 0 there, and a measure its `fill`. */
const emptyValue = ({ spec }: MeasureNode): number | null => spec.fill ?? (isCount(spec) ? 0 : null);

const isCount = (spec: MeasureNode["spec"]): boolean =>
  ((spec.kind === "aggregate" || spec.kind === "nested") && countsNothingAsZero(spec.aggregate)) ||
  (spec.kind === "conversion" && spec.give === "count");
