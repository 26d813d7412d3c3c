/**
 * The catalog as a role sees it. What a role may not see is not there: unknown and hidden names fail alike, and
 * suggestions name only what is visible. A masked attribute is there without its value.
 */
import { first, required } from "../lookup.ts";
import type { AttributeNode, Catalog, CubeNode, DimensionNode, MeasureNode, RoleNode } from "./catalog.ts";
import type { Filter } from "./filter.ts";
import { measuresIn } from "./formula.ts";
import type { RoleSpec } from "./project.ts";
import { countsAllRows } from "./row-count.ts";

/** What is shown in place of a masked value. */
export const MASKED = "•••";

/** @param covered whether one of the role's row rules decides about a cube; `partly`: only a part of one can */
export function visibleCatalog(
  catalog: Catalog,
  spec: RoleSpec,
  covered: (cube: CubeNode) => boolean | "partly",
): Catalog {
  const hide = spreadOverRoles(catalog, spec.hide ?? []);
  const mask = spreadOverRoles(catalog, spec.mask ?? []);
  const show = new Set(spec.show ?? []);
  const open = catalog.project.access === "allow";
  const hiddenName = (member: string): boolean => hide.has(member) || hide.has(first(member.split(".")));
  const named = (cube: CubeNode): boolean =>
    show.has(cube.name) || [...show].some((member) => member.startsWith(`${cube.name}.`));
  const cubeSeen = (cube: CubeNode): boolean => {
    if (hide.has(cube.name)) return false;
    const by = covered(cube);
    return by === true || named(cube) || (open && by === false);
  };

  const dimensions = new Map(
    [...catalog.dimensions].map(([name, node]) => {
      const roles = [...catalog.roles.values()].filter((role) => role.dimension === node).map((role) => role.name);
      const of = (attribute: string, set: ReadonlySet<string>): boolean =>
        roles.some((role) => set.has(`${role}.${attribute}`));
      return [
        name,
        restricted(
          node,
          (attribute) => of(attribute, hide),
          (attribute) => of(attribute, mask),
        ),
      ] as const;
    }),
  );
  const seen = new Set([...catalog.cubes.values()].filter(cubeSeen).map((cube) => cube.name));
  const roles = new Map<string, RoleNode>();
  for (const role of catalog.roles.values()) {
    const cubes = role.cubes.filter((cube) => seen.has(cube));
    if (cubes.length > 0 && !hide.has(role.name))
      roles.set(role.name, { ...role, dimension: required(dimensions, role.dimension.name, "dimension"), cubes });
  }

  const attributeSeen = (member: string): boolean => {
    const [owner = "", name] = member.split(".");
    const role = catalog.roles.get(owner);
    if (role)
      return roles.has(owner) && (name === undefined || required(roles, owner, "role").dimension.attributes.has(name));
    if (owner === "segments") return segmentSeen(name ?? "");
    return seen.has(owner) && !hiddenName(member);
  };
  const known = new Map<string, boolean>();
  const measureSeen = (member: string): boolean => {
    const before = known.get(member);
    if (before !== undefined) return before;
    known.set(member, false); // a circle is a model error
    const node = catalog.measures.get(member);
    const answer =
      node !== undefined &&
      !hide.has(member) &&
      (show.has(member) ||
        (seen.has(node.cube) &&
          !hiddenName(member) &&
          membersBehind(catalog, node).every((m) => (catalog.measures.has(m) ? measureSeen(m) : attributeSeen(m))) &&
          cubesNamed(catalog, node).every((cube) => seen.has(cube))));
    known.set(member, answer);
    return answer;
  };
  const segmentsAsked = new Set<string>();
  const segmentSeen = (name: string): boolean => {
    const segment = (catalog.project.segments ?? []).find((s) => s.name === name);
    if (!segment || hide.has(`segments.${name}`)) return false;
    if (show.has(`segments.${name}`) || segmentsAsked.has(name)) return true;
    segmentsAsked.add(name);
    const answer = segment.filters
      .flatMap(membersOf)
      .every((m) => !mask.has(m) && (catalog.measures.has(m) ? measureSeen(m) : attributeSeen(m)));
    segmentsAsked.delete(name);
    return answer;
  };

  const cubes = new Map(
    [...catalog.cubes.values()]
      .filter((cube) => seen.has(cube.name))
      .map(
        (cube) =>
          [
            cube.name,
            {
              ...cube,
              roles: new Map([...cube.roles].filter(([name]) => roles.has(name))),
              attributes: new Map(
                [...cube.attributes].flatMap(([name, node]) =>
                  hiddenName(`${cube.name}.${name}`)
                    ? []
                    : [[name, mask.has(`${cube.name}.${name}`) ? masked(node) : node]],
                ),
              ),
              measures: new Map([...cube.measures].filter(([, node]) => measureSeen(node.member))),
            } satisfies CubeNode,
          ] as const,
      ),
  );
  const measures = new Map([...catalog.measures].filter(([member]) => measureSeen(member)));
  const everyMemberSeen = (value: unknown): boolean =>
    stringsIn(value).every((text) =>
      catalog.measures.has(text) ? measureSeen(text) : !isAttribute(catalog, text) || attributeSeen(text),
    );
  const { project } = catalog;
  const used = new Set([...roles.values()].map((role) => role.dimension.name));
  return {
    project: {
      ...project,
      segments: (project.segments ?? []).filter((s) => segmentSeen(s.name)),
      goals: (project.goals ?? []).filter(everyMemberSeen),
      dashboards: (project.dashboards ?? []).filter(everyMemberSeen),
      models: (project.models ?? []).filter(everyMemberSeen),
      experiments: (project.experiments ?? []).filter(everyMemberSeen),
      allocations: (project.allocations ?? []).filter(everyMemberSeen),
    },
    dimensions: new Map([...dimensions].filter(([name]) => used.has(name))),
    roles,
    cubes,
    measures,
    rowCounts: new Map(
      [...catalog.rowCounts].filter(
        ([member, { cube }]) =>
          seen.has(cube) &&
          !hide.has(member) &&
          // what is hidden by one name is not shown by another
          [...required(catalog.cubes, cube, "cube").measures.values()].every(
            (node) => !countsAllRows(node.spec) || measureSeen(node.member),
          ),
      ),
    ),
  };
}

/** The members, each for all roles of its dimension: the values are the same. */
function spreadOverRoles(catalog: Catalog, members: readonly string[]): Set<string> {
  const all = new Set(members);
  for (const member of members) {
    const [owner = "", name] = member.split(".");
    const dimension = catalog.roles.get(owner)?.dimension;
    if (dimension && name !== undefined)
      for (const role of catalog.roles.values()) if (role.dimension === dimension) all.add(`${role.name}.${name}`);
  }
  return all;
}

function restricted(
  node: DimensionNode,
  hidden: (attribute: string) => boolean,
  isMasked: (attribute: string) => boolean,
): DimensionNode {
  return {
    ...node,
    attributes: new Map(
      [...node.attributes].flatMap(([name, attribute]) =>
        hidden(name) ? [] : [[name, isMasked(name) ? masked(attribute) : attribute]],
      ),
    ),
    hierarchies: new Map(
      [...node.hierarchies].map(([name, levels]) => [name, levels.filter((level) => !hidden(level))]),
    ),
  };
}

/** An attribute whose values are hidden. */
export const masked = (node: AttributeNode): AttributeNode => ({
  ...node,
  source: { t: "masked" },
  type: "string",
  bins: undefined,
});

/**
 * Every member that a measure is computed from, or filtered by. A column named like a measure of its cube counts as
 * that measure.
 */
export function membersBehind(catalog: Catalog, node: MeasureNode): string[] {
  const own = (name: string): string => (name.includes(".") ? name : `${node.cube}.${name}`);
  const { title: _, description: __, format: ___, ...spec } = node.spec as unknown as Record<string, unknown>;
  const inSpec = stringsIn(spec)
    .flatMap((text) => [text, own(text)])
    .filter((m) => catalog.measures.has(m) || (m.includes(".") && isAttribute(catalog, m)));
  const inFormula = node.formula ? measuresIn(node.formula) : [];
  return [...new Set([...inSpec, ...inFormula, ...(node.base ? [node.base] : [])])].filter((m) => m !== node.member);
}

/** Other cubes that a measure names, as a conversion does. */
const cubesNamed = (catalog: Catalog, node: MeasureNode): string[] =>
  stringsIn(node.spec).filter((text) => catalog.cubes.has(text));

function isAttribute(catalog: Catalog, member: string): boolean {
  const [owner = "", name] = member.split(".");
  if (name === undefined) return false;
  return (
    owner === "segments" ||
    (catalog.roles.get(owner)?.dimension.attributes.has(name) ?? false) ||
    (catalog.cubes.get(owner)?.attributes.has(name) ?? false)
  );
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(stringsIn) : [];
}

/** The members that a filter names, segments as `segments.name`. */
export function membersOf(filter: Filter): string[] {
  if ("and" in filter) return filter.and.flatMap(membersOf);
  if ("or" in filter) return filter.or.flatMap(membersOf);
  if ("not" in filter) return membersOf(filter.not);
  return "segment" in filter ? [`segments.${filter.segment}`] : [filter.member];
}
