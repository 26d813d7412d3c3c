/** Row rules as conditions on a dimension's own members: they decide what lists, searches and labels show. */
import { keysBelow } from "./closure.ts";
import { tableDimension } from "../../model/dimension.ts";
import type { DimensionNode } from "../../model/catalog.ts";
import { all, any, column, inSelect, TRUE, type Expr } from "../../sql/tree.ts";
import { comparison, conditionOver } from "./comparison-operators.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn, segmentsIn } from "../resolve/condition-parts.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { CompileContext } from "./compile-context.ts";

/** The rules that restrict only members of this dimension: by attributes, by members above, by segments. */
export function rulesOver(
  dimension: DimensionNode,
  context: CompileContext,
  key: Expr,
  value: (ref: AttributeRef) => Expr,
): Expr | null {
  const over = (segment: string): string | undefined =>
    context.catalog.project.segments?.find((s) => s.name === segment)?.over;
  const about = (rule: Condition): boolean => {
    const [refs, segments] = [refsIn(rule), segmentsIn(rule)];
    return (
      refs.length + segments.length > 0 &&
      segments.every((s) => over(s) === dimension.name) &&
      refs.every((ref) =>
        ref.t === "role"
          ? ref.dimension.name === dimension.name && ref.dimension.calendar === null
          : ref.t === "segment" && over(ref.segment) === dimension.name,
      )
    );
  };
  const inSegment = (segment: string): Expr => inSelect(key, context.ruleSegment(segment));
  return all(context.rules.filter(about).map((rule) => memberCondition(rule, dimension, key, value, inSegment)));
}

/** A condition on a member, over its own values: attributes, segments, and members above it. */
export function memberCondition(
  condition: Condition,
  dimension: DimensionNode,
  key: Expr,
  value: (ref: AttributeRef) => Expr,
  inSegment: (segment: string) => Expr,
): Expr {
  const passes = (c: Condition): Expr => {
    switch (c.t) {
      case "and":
        return all(c.of.map(passes)) ?? TRUE;
      case "or":
        return any(c.of.map(passes));
      case "not":
        return { t: "is_true", of: passes(c.of), negated: true };
      case "segment":
        return inSegment(c.segment);
      case "attribute":
        if (c.ref.t === "segment") return comparison(c, inSegment(c.ref.segment));
        if (c.ref.t === "role" && c.ref.attribute.source.t === "closure") {
          const unequal = c.operator === "not_equals";
          const named = comparison({ ...c, operator: unequal ? "equals" : c.operator }, column("h", "a"));
          return inSelect(key, keysBelow(tableDimension(dimension.spec), named), unequal);
        }
        return conditionOver(c, value);
      default:
        return conditionOver(c, value);
    }
  };
  return passes(condition);
}
