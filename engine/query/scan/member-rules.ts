/** Row rules as conditions on a dimension's own members: what lists, searches and labels may tell of. */
import type { Dimension } from "../../model/dimension.ts";
import type { DimensionNode } from "../../model/catalog.ts";
import { all, any, column, TRUE, type Expr, type Select } from "../../sql/tree.ts";
import { comparison, conditionOver } from "./comparison-operators.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn, segmentsIn } from "../resolve/condition-parts.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { CompileContext } from "./compile-context.ts";

/** The rules that are about members of this dimension and nothing else: their attributes, who stands above them, their segments. */
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
  const inSegment = (segment: string): Expr => ({
    t: "is_true",
    of: { t: "in_select", of: key, select: context.ruleSegment(segment) },
    negated: false,
  });
  return all(context.rules.filter(about).map((rule) => memberCondition(rule, dimension, key, value, inSegment)));
}

/** A condition about a member, over its own values: attributes, segments, and who stands above it. */
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
        if (c.ref.t === "role" && c.ref.attribute.source.t === "closure")
          return {
            t: "is_true",
            of: { t: "in_select", of: key, select: below(c, dimension.spec as Dimension) },
            negated: c.operator === "not_equals",
          };
        return conditionOver(c, value);
      default:
        return conditionOver(c, value);
    }
  };
  return passes(condition);
}

/** The members that stand below those named, themselves included. */
function below(c: Extract<Condition, { t: "attribute" }>, spec: Dimension): Select {
  const { parent, root } = Object.values(spec.parentChild!)[0]!;
  return {
    t: "select",
    columns: [{ expr: column("h", "k"), as: "k" }],
    from: {
      t: "closure",
      table: spec.table!,
      key: spec.key,
      parent,
      root: root ?? null,
      current: spec.history?.until ?? null,
      as: "h",
    },
    where: comparison({ ...c, operator: c.operator === "not_equals" ? "equals" : c.operator }, column("h", "a")),
  };
}
