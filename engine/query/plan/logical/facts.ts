/** The facts of a query: which leaves one scan can take, and which filters restrict each. */
import { segmentRole } from "../../scan/segment-role.ts";
import { first, required } from "../../../lookup.ts";
import { TesseraError, phrase, type Message } from "../../../errors/index.ts";
import type { CubeNode } from "../../../model/catalog.ts";
import type { PlanContext } from "../plan-context.ts";
import type { Condition, Leaf } from "../../resolve/nodes.ts";
import { refsIn, segmentsIn } from "../../resolve/condition-parts.ts";
import { forFact } from "../../scan/entity-filter.ts";
import { hourChange } from "../../windows/hour-windows.ts";
import type { AttributeRef } from "../../binding/member.ts";
import type { ResolvedQuery } from "../../resolve/resolved-query.ts";
import { rolesOf } from "../../resolve/rest.ts";

/** A fact with the leaves that one scan can take. */
export interface Fact {
  readonly cube: CubeNode;
  readonly leaves: readonly Leaf[];
  readonly rows: readonly Condition[];
}

/** Leaves that one scan can take: of the same fact, under the same windows, aggregated in the same way. */
export function groupLeaves(leaves: readonly Leaf[], query: ResolvedQuery, context: PlanContext): Fact[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const key = scanKey(leaf);
    groups.set(key, [...(groups.get(key) ?? []), leaf]);
  }
  return [...groups.values()].map((group) => {
    const leaf = first(group);
    const cube = leaf.fact;
    checkRelated(cube, group, query, context);
    const rows = [...query.rows, ...leftOut(leaf, context)].filter((row) => applies(row, cube, group, context));
    const others = (condition: Condition): readonly Condition[] => query.rows.filter((other) => other !== condition);
    return { cube, leaves: group, rows: rows.map((row) => forFact(row, cube, others(row), context)) };
  });
}

function scanKey({ inner, column, cube, frames, measure, following, rest }: Leaf): string {
  if (inner) return column;
  const semi = measure.kind === "semi_additive" ? [measure.take, measure.over, measure.per ?? null] : null;
  return JSON.stringify([cube, frames, semi ?? (following ? column : null), rest?.id]);
}

/** The conditions that leave out what tops keep. A measure that moves along dates leaves out their cells, not facts. */
export function leftOut(leaf: Leaf, context: PlanContext): readonly Condition[] {
  const role =
    leaf.frames[0]?.role ??
    (leaf.measure.kind === "semi_additive" && leaf.measure.take === "average" ? leaf.measure.over : null);
  return (leaf.rest?.conditions ?? []).filter((condition) => {
    const { dates, alone } = rolesOf(condition);
    if (role === null || !dates.has(role)) return true;
    const dated = required(context.catalog.roles, role, "role").dimension.calendar !== null;
    if (!alone || dates.size > 1 || hourChange(leaf) !== null || !dated)
      throw new TesseraError(
        "query-invalid",
        phrase`the others of a ranking by ${role} cannot be taken of ${leaf.member}, which moves along it`,
        { place: "$.top", remedy: "leave `others` out, or rank the dates by themselves" },
      );
    return false;
  });
}

/** Whether a fact has a key. */
export function hasKey(cube: CubeNode, ref: AttributeRef, context: PlanContext): boolean {
  if (ref.t === "role") return cube.roles.has(ref.role);
  return ref.t === "fact" ? ref.cube === cube.name : segmentRole(context.catalog, cube, ref.segment) !== null;
}

/** The roles of a cube that an error may name. */
const shownRoles = (cube: CubeNode, context: PlanContext): string[] => [
  ...(context.visible.cubes.get(cube.name)?.roles.keys() ?? []),
];

/** Whether a measure is repeated for dimensions that its fact lacks. */
export const repeats = (leaf: Leaf): boolean => leaf.measure.unrelated === "repeat";

function checkRelated(cube: CubeNode, leaves: readonly Leaf[], query: ResolvedQuery, context: PlanContext): void {
  for (const leaf of leaves) {
    for (const frame of leaf.frames)
      if (!cube.roles.has(frame.role)) throw unrelated(leaf, cube, frame.role, query, context);
    if (repeats(leaf)) continue;
    // a repeated measure of a measure has keys that none of its own sets contains
    for (const [i, ref] of query.keys.entries())
      if (query.sets.some((set) => set.includes(i)) && !hasKey(cube, ref, context))
        throw unrelated(leaf, cube, ref.member, query, context);
  }
}

function unrelated(
  leaf: Leaf,
  cube: CubeNode,
  member: string,
  query: ResolvedQuery,
  context: PlanContext,
): TesseraError {
  const cubes = [...new Map(query.leaves.all.map((l) => [l.cube, l.fact])).values()];
  const shared = shownRoles(cube, context).filter((role) => cubes.every((c) => c.roles.has(role)));
  const names = cubes.map((c) => c.name).join(" and ");
  const dimension = member.split(".")[0] ?? member;
  return new TesseraError(
    "unrelated-dimension",
    phrase`${leaf.member} cannot be split by ${member}: cube ${cube.name} has no ${dimension}`,
    { place: member, remedy: relatedRemedy(names, cubes.length, shared) },
  );
}

function relatedRemedy(names: string, cubes: number, shared: readonly string[]): Message {
  if (shared.length === 0) return phrase`${names} share no dimension; ask for them one by one`;
  return cubes > 1 ? phrase`${names} share ${shared.join(", ")}` : phrase`${names} has ${shared.join(", ")}`;
}

/**
 * Whether a filter restricts a fact: one on a fact's own attribute restricts that fact alone.
 * @throws TesseraError for a dimension that the fact lacks
 */
export function applies(condition: Condition, cube: CubeNode, leaves: readonly Leaf[], context: PlanContext): boolean {
  const refs = refsIn(condition);
  if (refs.some((ref) => ref.t === "fact" && ref.cube !== cube.name)) return false;
  const missing =
    refs.find((ref) => !hasKey(cube, ref, context))?.member ??
    segmentsIn(condition)
      .filter((segment) => segmentRole(context.catalog, cube, segment) === null)
      .map((segment) => `segment ${segment}`)[0];
  if (missing === undefined) return true;
  if (leaves.every(repeats)) return false;
  throw new TesseraError(
    "unrelated-dimension",
    phrase`${first(leaves).member} cannot be filtered by ${missing}: cube ${cube.name} has no such dimension`,
    { place: missing, remedy: phrase`${cube.name} has ${shownRoles(cube, context).join(", ")}` },
  );
}

/** Every filter must restrict a fact: none is ignored in silence. @throws TesseraError for one that restricts none */
export function refuseUselessFilters(query: Pick<ResolvedQuery, "rows">, cubes: readonly CubeNode[]): void {
  for (const condition of query.rows) {
    const [fact, ...more] = refsIn(condition).filter((ref) => ref.t === "fact");
    if (!fact) continue;
    const other = more.find((ref) => ref.cube !== fact.cube);
    if (other)
      throw new TesseraError(
        "filter-invalid",
        phrase`${fact.member} and ${other.member} are attributes of two facts, and no fact has both`,
        {
          place: other.member,
          remedy: 'make them two filters, or use "scope": "entity" for the members that have such facts',
        },
      );
    if (!cubes.some((c) => c.name === fact.cube)) {
      const names = cubes.map((c) => c.name).join(" and ");
      throw new TesseraError(
        "unrelated-dimension",
        phrase`the filter on ${fact.member} restricts no measure of this query`,
        {
          place: fact.member,
          remedy: phrase`ask for a measure of ${fact.cube}, or filter a dimension that ${names} share`,
        },
      );
    }
  }
}
