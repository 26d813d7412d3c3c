/**
 * Row rules of the caller's role, inside every scan. A rule sees members as they are now, whatever moment the query
 * asks for. Facts whose member is unknown pass only rules that say so (`is_null`, or a negation).
 */
import { roleRef } from "../binding/member.ts";
import { isBridge } from "../../model/cube.ts";
import { first, present, required } from "../../lookup.ts";
import { TesseraError } from "../../errors/index.ts";
import { type Catalog, type CubeNode, segmentNamed } from "../../model/catalog.ts";
import type { RoleSpec } from "../../model/project.ts";
import { membersOf } from "../../model/visible-catalog.ts";
import { all, isNull, type Select } from "../../sql/tree.ts";
import { conditionOver } from "./comparison-operators.ts";
import { acceptsNull } from "../resolve/null-conditions.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn, segmentsIn } from "../resolve/condition-parts.ts";
import { dimensionSource } from "./dimension-source.ts";
import type { CompileContext } from "./compile-context.ts";

/** Whether a role's rules decide about a cube: fully, in part, or not at all. */
export function coverage(catalog: Catalog, spec: RoleSpec): (cube: CubeNode) => boolean | "partly" {
  const over = (segment: string | undefined): string | undefined =>
    (catalog.project.segments ?? []).find((s) => s.name === segment)?.over;
  return (cube) => {
    let covered = false;
    for (const rule of spec.rows ?? []) {
      const known = membersOf(rule).map((member) => {
        const [owner = "", name] = member.split(".");
        return owner === "segments"
          ? [...cube.roles.values()].some((role) => role.to.name === over(name))
          : cube.roles.has(owner) || owner === cube.name;
      });
      if (known.every(Boolean)) covered = true;
      else if (known.some(Boolean)) return "partly";
    }
    return covered;
  };
}

/** Whether a cube has all that a rule names. */
export function appliesTo(rule: Condition, cube: CubeNode, context: CompileContext): boolean {
  return (
    refsIn(rule).every((ref) =>
      ref.t === "role" ? cube.roles.has(ref.role) : ref.t === "fact" && ref.cube === cube.name,
    ) && segmentsIn(rule).every((segment) => roleOfSegment(segment, cube, context) !== undefined)
  );
}

const roleOfSegment = (segment: string, cube: CubeNode, { catalog }: CompileContext): string | undefined => {
  const { over } = segmentNamed(catalog, segment);
  return [...cube.roles].find(([, role]) => role.to.name === over)?.[0];
};

/** A rule as a condition on a fact's own keys, so that it holds whatever version of a member the query joins. */
export function onKeys(rule: Condition, cube: CubeNode, context: CompileContext): Condition {
  switch (rule.t) {
    case "and":
    case "or":
      return { ...rule, of: rule.of.map((c) => onKeys(c, cube, context)) };
    case "not":
      return { ...rule, of: onKeys(rule.of, cube, context) };
    case "attribute": {
      if (
        rule.ref.t !== "role" ||
        rule.ref.dimension.calendar ||
        rule.ref.attribute.source.t === "closure" ||
        isBridge(required(cube.roles, rule.ref.role, "role"))
      )
        return rule;
      // members that an unknown member passes with are given by those that do not pass
      const unknown = acceptsNull(rule);
      const keys: Condition = {
        t: "members",
        role: rule.ref.role,
        of: { t: "attributes", where: unknown ? { t: "not", of: rule } : rule },
      };
      return unknown ? { t: "not", of: keys } : keys;
    }
    case "segment": {
      const role = present(roleOfSegment(rule.segment, cube, context), `the role of segment ${rule.segment}`);
      return { t: "members", role, of: { t: "segment", segment: rule.segment } };
    }
    case "entity":
      throw new TesseraError("model-invalid", '`scope: "entity"` is not supported in a row rule', {
        place: rule.place,
        remedy: "declare a segment with the rule, and name the segment",
      });
    default:
      return rule;
  }
}

/** The keys of the members that pass a condition on their attributes, as one column `k`; no row rules restrict them. */
export function keysWhere(condition: Condition, context: CompileContext): Select {
  const { dimension } = roleRef(first(refsIn(condition)));
  const source = dimensionSource({ ...context, history: "as_is", rules: [] }, dimension);
  const where = conditionOver(condition, source.value);
  const parts = source.parts();
  return {
    t: "select",
    columns: [{ expr: source.key, as: "k" }],
    from: parts.from,
    joins: parts.joins,
    where: all([parts.where, where, { t: "not", of: isNull(source.key) }]),
  };
}
