/** Look-ups in the catalog: members by name, the date role of a measure. */
import type { AttributeView, CatalogView, MeasureView } from "../../engine/model/catalog-view.ts";

/** Attributes and measures of a catalog by member name. */
export interface Members {
  readonly attributes: ReadonlyMap<string, AttributeView>;
  readonly measures: ReadonlyMap<string, MeasureView>;
}

const indexes = new WeakMap<CatalogView, Members>();

/** The index of a catalog, built once for each catalog object. */
export const membersIn = (catalog: CatalogView): Members => {
  const known = indexes.get(catalog);
  if (known) return known;
  const owners = [...catalog.roles, ...catalog.cubes];
  const index: Members = {
    attributes: new Map(owners.flatMap((owner) => owner.attributes.map((a) => [a.member, a] as const))),
    measures: new Map(catalog.cubes.flatMap((cube) => cube.measures.map((m) => [m.member, m] as const))),
  };
  indexes.set(catalog, index);
  return index;
};

/** `sales` of `sales.revenue`: the cube or role that owns a member. */
export const ownerOf = (member: string): string => member.split(".", 1).join();

/** The date role that a measure's period applies to: `date` if its cube has it, else the first date role. */
export const dateRoleOf = (catalog: CatalogView, measure: string): string | undefined => {
  const cube = catalog.cubes.find((each) => each.name === ownerOf(measure));
  const dates = catalog.roles
    .filter((role) => role.kind === "date" && cube?.roles.includes(role.name))
    .map((role) => role.name);
  return dates.includes("date") ? "date" : dates[0];
};
