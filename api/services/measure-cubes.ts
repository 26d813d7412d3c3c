/** Which cubes a measure is computed from, and which dimensions it can be split by. */
import type { CatalogView, CubeView, MeasureView } from "../../engine/model/catalog-view.ts";
import { membersIn, ownerOf } from "./catalog-index.ts";

const NAME = /[a-z_]\w*(?:\.[a-z_]\w*)?/gi;

const known = new WeakMap<CatalogView, Map<string, ReadonlySet<string>>>();

/** Measures named in a formula; names without a cube belong to the measure's own. */
export const measuresNamedIn = ({ formula, member }: MeasureView, catalog: CatalogView): string[] => {
  const { measures } = membersIn(catalog);
  return (formula.match(NAME) ?? [])
    .map((name) => (name.includes(".") ? name : `${ownerOf(member)}.${name}`))
    .filter((name) => name !== member && measures.has(name));
};

const collect = (member: string, catalog: CatalogView, seen: Set<string>): Set<string> => {
  const measure = membersIn(catalog).measures.get(member);
  if (!measure || seen.has(member)) return new Set();
  seen.add(member);
  const named = measuresNamedIn(measure, catalog);
  if (named.length === 0) return new Set([ownerOf(member)]);
  return new Set(named.flatMap((each) => [...collect(each, catalog, seen)]));
};

/** Names of the cubes whose facts a measure reads. */
export const cubesOfMeasure = (member: string, catalog: CatalogView): ReadonlySet<string> => {
  const index = known.get(catalog) ?? new Map<string, ReadonlySet<string>>();
  known.set(catalog, index);
  const found = index.get(member) ?? collect(member, catalog, new Set());
  index.set(member, found);
  return found;
};

/** True where the cube's facts have the role, or the attribute is their own. */
export const hasOwner = (cube: CubeView, owner: string): boolean => cube.name === owner || cube.roles.includes(owner);

export interface Lack {
  readonly cube: CubeView;
  /** members that the cube does not know */
  readonly members: readonly string[];
}

/** The first cube behind a measure that does not know all the members; null where the measure can be split by them. */
export const lackOf = (measure: string, members: readonly string[], catalog: CatalogView): Lack | null => {
  const names = cubesOfMeasure(measure, catalog);
  for (const cube of catalog.cubes) {
    if (!names.has(cube.name)) continue;
    const missing = members.filter((member) => !hasOwner(cube, ownerOf(member)));
    if (missing.length > 0) return { cube, members: missing };
  }
  return null;
};
