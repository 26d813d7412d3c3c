/** A dimension's own members as the source of a SELECT. */
import type { CompileContext } from "./compile-context.ts";
import type { DimensionNode } from "../../model/catalog.ts";
import type { Dimension } from "../../model/dimension.ts";
import { all, type Expr, type Join, type Relation } from "../../sql/tree.ts";
import { binned } from "./comparison-operators.ts";
import { rulesOver } from "./member-rules.ts";
import { keyAttribute, type AttributeRef } from "../binding/member.ts";
import { RoleJoin } from "./role-join.ts";

/** A dimension's own members: FROM, joins and a way to its attributes, for members, segments and search. */
export function dimensionSource(
  context: CompileContext,
  dimension: DimensionNode,
): {
  readonly key: Expr;
  value(ref: AttributeRef): Expr;
  parts(): { readonly from: Relation; readonly joins: readonly Join[]; readonly where: Expr | null };
} {
  const join = new RoleJoin(context, "d", dimension.spec as Dimension, null, "", () => {
    throw new Error("a dimension has no day");
  });
  return {
    key: join.attribute(dimension.attributes.get(keyAttribute(dimension))!.source),
    value: (ref) =>
      binned(
        join.attribute((ref as Extract<AttributeRef, { t: "role" }>).attribute.source),
        (ref as Extract<AttributeRef, { t: "role" }>).attribute.bins,
      ),
    parts: () => {
      const rules = rulesOver(
        dimension,
        context,
        join.attribute(dimension.attributes.get(keyAttribute(dimension))!.source),
        (ref) =>
          binned(
            join.attribute((ref as Extract<AttributeRef, { t: "role" }>).attribute.source),
            (ref as Extract<AttributeRef, { t: "role" }>).attribute.bins,
          ),
      );
      const parts = join.relation();
      return { ...parts, where: all([parts.where, rules]) };
    },
  };
}
