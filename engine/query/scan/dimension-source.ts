/** A dimension's own members as the source of a SELECT. */
import { required } from "../../lookup.ts";
import type { DimensionNode } from "../../model/catalog.ts";
import { tableDimension } from "../../model/dimension.ts";
import { all, type Expr } from "../../sql/tree.ts";
import { keyAttribute, roleRef, type AttributeRef } from "../binding/member.ts";
import { binned } from "./comparison-operators.ts";
import type { CompileContext } from "./compile-context.ts";
import type { SourceParts } from "./source-parts.ts";
import { rulesOver } from "./member-rules.ts";
import { RoleJoin } from "./role-join.ts";

/** A dimension's own members: FROM, joins and a way to its attributes, for members, segments and search. */
export function dimensionSource(
  context: CompileContext,
  dimension: DimensionNode,
): { readonly key: Expr; readonly value: (ref: AttributeRef) => Expr; parts(): SourceParts } {
  const join = new RoleJoin(context, "d", tableDimension(dimension.spec), null, "", () => {
    throw new Error("a dimension has no day");
  });
  const { source } = required(dimension.attributes, keyAttribute(dimension), "attribute");
  const key = join.attribute(source);
  const value = (ref: AttributeRef): Expr => {
    const { attribute } = roleRef(ref);
    return binned(join.attribute(attribute.source), attribute.bins);
  };
  return {
    key,
    value,
    parts: () => {
      const rules = rulesOver(dimension, context, key, value);
      const parts = join.relation();
      return { ...parts, where: all([parts.where, rules]) };
    },
  };
}
