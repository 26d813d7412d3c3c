/** Rules about one fact that restrict the members of a dimension, and so every fact. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { required } from "../../lookup.ts";
import { segmentNamed, type CubeNode } from "../../model/catalog.ts";
import { isBridge } from "../../model/cube.ts";
import { refsIn, segmentsIn } from "../resolve/condition-parts.ts";
import type { Condition } from "../resolve/nodes.ts";
import type { CompileContext } from "./compile-context.ts";

type EntityCondition = Extract<Condition, { t: "entity" }>;

/**
 * A condition as it restricts one fact. An entity filter is the rule itself for the fact that it is about, and the
 * members that remain for the others.
 * @param others the query's other filters: they too decide which facts make a member. The filter that holds the rule is
 *   not among them: a rule inside a `not` would restrict itself
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
    case "entity":
      return condition.cube === cube.name ? condition.of : membersWith(condition, cube, others, context);
    default:
      return condition;
  }
}

/** The members that have a fact which passes the rule and the other filters. */
function membersWith(
  condition: EntityCondition,
  cube: CubeNode,
  others: readonly Condition[],
  context: CompileContext,
): Condition {
  const own = required(context.catalog.cubes, condition.cube, "cube");
  const role = sharedRole(condition, own, cube);
  const concerned = others
    .filter((row) => concerns(row, own, context))
    .map((row) =>
      forFact(
        row,
        own,
        others.filter((other) => other !== row),
        context,
      ),
    );
  return { t: "members", role, of: { t: "facts", cube: own.name, where: [condition.of, ...concerned] } };
}

/**
 * The role whose members both facts share.
 * @throws TesseraError `filter-invalid` where none or several could be meant
 */
function sharedRole(condition: EntityCondition, own: CubeNode, cube: CubeNode): string {
  const shared = sharedRoles(own, cube);
  const [only, another] = shared;
  const role = condition.entity ?? (another === undefined ? only : undefined);
  if (role !== undefined && shared.includes(role)) return role;
  const { place } = condition;
  if (only === undefined)
    throw new TesseraError("filter-invalid", phrase`${own.name} and ${cube.name} share no dimension`, {
      place,
      remedy: "leave `scope` out",
    });
  const message =
    condition.entity === null
      ? phrase`${own.name} and ${cube.name} share ${shared.join(", ")}`
      : phrase`${own.name} and ${cube.name} do not share ${condition.entity}`;
  throw new TesseraError("filter-invalid", message, { place, remedy: phrase`name one of them: "entity": "${only}"` });
}

/** The dimensions that both cubes join by one key. */
const sharedRoles = (own: CubeNode, cube: CubeNode): string[] =>
  [...own.roles].flatMap(([name, role]) => {
    const other = cube.roles.get(name);
    return role.to.kind === "dimension" && !isBridge(role) && other && !isBridge(other) ? [name] : [];
  });

/** Whether a cube has all that a filter names; entity filters name members of a dimension that the cubes share. */
function concerns(condition: Condition, cube: CubeNode, context: CompileContext): boolean {
  const hasSegment = (segment: string): boolean => {
    const { over } = segmentNamed(context.catalog, segment);
    return [...cube.roles.values()].some((role) => role.to.name === over && !isBridge(role));
  };
  const shares = ({ cube: other, entity }: EntityCondition): boolean =>
    other === cube.name ||
    sharedRoles(required(context.catalog.cubes, other, "cube"), cube).some(
      (role) => entity === null || role === entity,
    );
  return (
    refsIn(condition).every((ref) => {
      if (ref.t === "role") return cube.roles.has(ref.role);
      return ref.t === "fact" ? ref.cube === cube.name : hasSegment(ref.segment);
    }) &&
    segmentsIn(condition).every(hasSegment) &&
    entitiesIn(condition).every(shares)
  );
}

function entitiesIn(condition: Condition): EntityCondition[] {
  if (condition.t === "entity") return [condition];
  if (condition.t === "and" || condition.t === "or") return condition.of.flatMap(entitiesIn);
  return condition.t === "not" ? entitiesIn(condition.of) : [];
}
