/**
 * Row rules of the caller's role, inside every scan. A rule sees members as they are now, whatever moment the query asks for; facts whose member is
 * unknown pass a rule only where it says so (`is_null`, or a negation).
 */
import { TesseraError } from "../../errors/index.ts";
import type { Catalog, CubeNode } from "../../model/catalog.ts";
import type { RoleSpec } from "../../model/project.ts";
import { membersOf } from "../../model/visible-catalog.ts";
import { all, isNull, type Select } from "../../sql/tree.ts";
import { conditionOver } from "./comparison-operators.ts";
import { acceptsNull } from "../resolve/condition.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn, segmentsIn } from "../resolve/condition-parts.ts";
import { dimensionSource } from "./dimension-source.ts";
import type { CompileContext } from "./compile-context.ts";

/** What a role's rules and the model say together: whether a rule decides about a cube, only in part, or none does. */
export function coverage(catalog: Catalog, spec: RoleSpec): (cube: CubeNode) => boolean | "partly" {
  const over = (segment: string): string | undefined =>
    (catalog.project.segments ?? []).find((s) => s.name === segment)?.over;
  return (cube) => {
    let covered = false;
    for (const rule of spec.rows ?? []) {
      const known = membersOf(rule).map((member) => {
        const [owner, name] = member.split(".") as [string, string];
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

export function appliesTo(rule: Condition, cube: CubeNode, context: CompileContext): boolean {
  const over = (segment: string): string => context.catalog.project.segments!.find((s) => s.name === segment)!.over;
  return (
    refsIn(rule).every((ref) =>
      ref.t === "role" ? cube.roles.has(ref.role) : ref.t === "fact" && ref.cube === cube.name,
    ) && segmentsIn(rule).every((s) => [...cube.roles.values()].some((role) => role.to.name === over(s)))
  );
}

/** A rule as a condition on a fact's own keys, so that it stands whatever the query's `history` joins. */
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
        "through" in cube.roles.get(rule.ref.role)!
      )
        return rule;
      // what an unknown member passes is said by naming those that do not
      const unknown = acceptsNull(rule);
      const keys: Condition = {
        t: "keys",
        role: rule.ref.role,
        select: keysWhere(unknown ? { t: "not", of: rule } : rule, context),
      };
      return unknown ? { t: "not", of: keys } : keys;
    }
    case "segment": {
      const over = context.catalog.project.segments!.find((s) => s.name === rule.segment)!.over;
      const [role] = [...cube.roles].find(([, r]) => r.to.name === over)!;
      return { t: "keys", role, select: context.ruleSegment(rule.segment) };
    }
    case "entity":
      throw new TesseraError("model-invalid", 'a row rule cannot say `scope: "entity"`', {
        place: rule.place,
        remedy: "declare a segment with the rule, and name it",
      });
    default:
      return rule;
  }
}

function keysWhere(condition: Condition, context: CompileContext): Select {
  const [ref] = refsIn(condition);
  const source = dimensionSource(
    { ...context, history: "as_is", rules: [] },
    (ref as Extract<typeof ref, { t: "role" }>)!.dimension,
  );
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
