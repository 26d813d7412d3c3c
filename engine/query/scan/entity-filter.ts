/** Rules about one fact that restrict the members of a dimension, and so every fact. */
import { TesseraError } from "../../errors/index.ts";
import type { CubeNode } from "../../model/catalog.ts";
import { column } from "../../sql/tree.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn, segmentsIn } from "../resolve/condition-parts.ts";
import { FactSource } from "./fact-source.ts";
import type { CompileContext } from "./compile-context.ts";

/**
 * What an entity filter means for one fact: the rule itself for its own, the members that are left for the others.
 * @param others the query's other filters: they decide too which facts make a member. The filter that the rule stands in does not: a rule within a `not` would restrict itself
 */
export function forFact(
  condition: Condition,
  cube: CubeNode,
  others: readonly Condition[],
  context: CompileContext,
): Condition {
  switch (condition.t) {
    case "and":
    case "or":
      return { ...condition, of: condition.of.map((c) => forFact(c, cube, others, context)) };
    case "not":
      return { ...condition, of: forFact(condition.of, cube, others, context) };
    case "entity": {
      if (condition.cube === cube.name) return condition.of;
      const own = context.catalog.cubes.get(condition.cube)!;
      const shared = sharedRoles(own, cube);
      const role = condition.entity ?? (shared.length === 1 ? shared[0]! : null);
      if (role === null || !shared.includes(role))
        throw new TesseraError(
          "filter-invalid",
          condition.entity !== null
            ? `${own.name} and ${cube.name} do not share ${condition.entity}`
            : shared.length === 0
              ? `${own.name} and ${cube.name} share no dimension`
              : `${own.name} and ${cube.name} share ${shared.join(", ")}`,
          {
            place: condition.place,
            remedy: shared.length > 0 ? `name one of them: "entity": "${shared[0]}"` : "leave `scope` out",
          },
        );
      const source = new FactSource(context, own);
      source.filter(condition.of);
      for (const row of others)
        if (concerns(row, own, context))
          source.filter(
            forFact(
              row,
              own,
              others.filter((other) => other !== row),
              context,
            ),
          );
      return {
        t: "keys",
        role,
        select: {
          t: "select",
          distinct: true,
          columns: [{ expr: column("f", (own.roles.get(role) as { on: string }).on), as: "k" }],
          ...source.parts(),
        },
      };
    }
    default:
      return condition;
  }
}

/** The dimensions whose members both cubes know, each fact by one key. */
const sharedRoles = (own: CubeNode, cube: CubeNode): string[] =>
  [...own.roles]
    .filter(
      ([name, role]) =>
        role.to.kind === "dimension" &&
        !("through" in role) &&
        cube.roles.has(name) &&
        !("through" in cube.roles.get(name)!),
    )
    .map(([name]) => name);

/** Whether a cube has all that a filter names; entity filters name members of a dimension that the cubes share. */
function concerns(condition: Condition, cube: CubeNode, context: CompileContext): boolean {
  const over = (segment: string): string => context.catalog.project.segments!.find((s) => s.name === segment)!.over;
  const has = (segment: string): boolean =>
    [...cube.roles.values()].some((role) => role.to.name === over(segment) && !("through" in role));
  return (
    refsIn(condition).every((ref) =>
      ref.t === "role" ? cube.roles.has(ref.role) : ref.t === "fact" ? ref.cube === cube.name : has(ref.segment),
    ) &&
    segmentsIn(condition).every(has) &&
    entitiesIn(condition).every(
      ({ cube: other, entity }) =>
        other === cube.name ||
        sharedRoles(context.catalog.cubes.get(other)!, cube).some((role) => entity === null || role === entity),
    )
  );
}

function entitiesIn(condition: Condition): Extract<Condition, { t: "entity" }>[] {
  if (condition.t === "entity") return [condition];
  if (condition.t === "and" || condition.t === "or") return condition.of.flatMap(entitiesIn);
  return condition.t === "not" ? entitiesIn(condition.of) : [];
}
