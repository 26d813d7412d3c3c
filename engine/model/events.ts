/** What a conversion's events come to: the rows of a cube that pass, and the date that says when. */
import type { Catalog, CubeNode } from "./catalog.ts";
import type { Filter } from "./filter.ts";
import type { Events } from "./measure.ts";

export interface EventRows {
  readonly cube: CubeNode;
  readonly where: readonly Filter[];
  readonly date: string;
}

/** @returns the rows, or in words why there are none */
export function eventRows(catalog: Catalog, own: CubeNode, events: Events): EventRows | string {
  const member = typeof events !== "string" ? null : events.includes(".") ? events : `${own.name}.${events}`;
  const measure = member === null ? null : catalog.measures.get(member);
  if (member !== null && !measure) return `unknown measure ${member}`;
  if (measure && measure.spec.kind !== "aggregate")
    return `${member} is computed from other measures, and has no rows of its own`;
  const name = measure ? measure.cube : (typeof events !== "string" && events.cube) || own.name;
  const cube = catalog.cubes.get(name);
  if (!cube) return `unknown cube ${name}`;
  const date = (typeof events !== "string" && events.date) || cube.dateRole;
  if (date === null) return `cube ${name} has no date`;
  const role = cube.roles.get(date);
  if (!role || role.to.kind !== "date" || !("on" in role)) return `${date} is no date role of ${name}`;
  return {
    cube,
    date,
    where: measure ? (measure.spec.where ?? []) : (typeof events !== "string" && events.where) || [],
  };
}
