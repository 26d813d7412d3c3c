/** A segment's members as a SELECT of their keys. `and`, `or` and `not` are set algebra over members. */
import { at, present, required } from "../../../lookup.ts";
import type { CubeNode } from "../../../model/catalog.ts";
import { isBridge } from "../../../model/cube.ts";
import {
  all,
  any,
  call,
  column,
  equals,
  inSelect,
  literal,
  notNull,
  type Expr,
  type Join,
  type Select,
} from "../../../sql/tree.ts";
import { keyAttribute, resolveAttribute } from "../../binding/member.ts";
import { conditionOver } from "../../scan/comparison-operators.ts";
import { dimensionSource } from "../../scan/dimension-source.ts";
import { FactSource } from "../../scan/fact-source.ts";
import { memberCondition } from "../../scan/member-rules.ts";
import type { Links } from "../logical/links.ts";
import type { RuleNode, SegmentNode } from "../logical/nodes.ts";
import type { PlanContext } from "../plan-context.ts";
import { fold } from "./fold.ts";
import { havingExpr } from "./having.ts";

/** @param context gives the keys of the segments that this one names */
export function segmentSelect(node: SegmentNode, links: Links, given: PlanContext): Select {
  const context: PlanContext = { ...given, history: "as_is" };
  const dimension = required(context.catalog.dimensions, node.dimension, "dimension");
  const source = dimensionSource(context, dimension);
  const memberOf = (inner: string): Expr => inSelect(source.key, context.segmentKeys(inner));
  const measured = node.measured.map((plan, n) => ({
    as: `measured${n === 0 ? "" : n}`,
    answer: fold(plan, links, context),
  }));
  const measure = (name: string, rule: Extract<RuleNode, { t: "measure" }>): Expr => {
    const { as, answer } = at(measured, rule.measured);
    const found = present(
      answer.values.find((value) => value.name === name),
      name,
    );
    const own = column(as, found.column);
    return rule.empty === null ? own : call("coalesce", own, { t: "numeral", text: String(rule.empty) });
  };
  const condition = (rule: RuleNode): Expr => {
    switch (rule.t) {
      case "all":
        return all(rule.of.map(condition)) ?? literal(true, "boolean");
      case "any":
        return any(rule.of.map(condition));
      case "not":
        return { t: "is_true", of: condition(rule.of), negated: true };
      case "segment":
        return memberOf(rule.segment);
      case "measure":
        return havingExpr(links.condition(rule.where), (name) => measure(name, rule));
      case "facts":
        return inSelect(source.key, withFacts(rule, node.role, links, context));
      case "own":
        return memberCondition(links.condition(rule.where), dimension, source.key, source.value, memberOf);
    }
  };
  const listed = node.listed ? conditionOver(links.condition(node.listed), () => source.key) : null;
  const where = all([listed, node.rule ? condition(node.rule) : null]);
  const parts = source.parts();
  return {
    t: "select",
    columns: [{ expr: source.key, as: "k" }],
    from: parts.from,
    joins: [
      ...parts.joins,
      ...measured.map(
        ({ as, answer }): Join => ({
          kind: "left",
          to: { t: "select", select: answer.select, as },
          on: equals(source.key, column(as, "k0")),
        }),
      ),
    ],
    where: all([parts.where, notNull(source.key), where]),
  };
}

/** The keys of the members that have facts which pass. */
function withFacts(rule: Extract<RuleNode, { t: "facts" }>, role: string, links: Links, context: PlanContext): Select {
  const cube = required(context.catalog.cubes, rule.cube, "cube");
  const source = new FactSource(context, cube);
  for (const condition of links.conditions(rule.where)) source.filter(condition);
  return {
    t: "select",
    distinct: true,
    columns: [{ expr: memberKeyOf(cube, role, source, context), as: "k" }],
    ...source.parts(),
  };
}

/** The key of a fact's member; of a many-to-many role, those of its links. */
function memberKeyOf(cube: CubeNode, name: string, source: FactSource, { catalog, binding }: PlanContext): Expr {
  const role = required(cube.roles, name, "role");
  if (!isBridge(role)) return column("f", role.on);
  const attribute = keyAttribute(required(catalog.roles, name, "role").dimension);
  return source.attribute(resolveAttribute(catalog, binding, `${name}.${attribute}`, name));
}
