/** The events of a conversion: the rows of a cube that pass, and the date role that dates them. */
import { phrase, type Message } from "../errors/index.ts";
import type { Catalog, CubeNode } from "./catalog.ts";
import type { Filter } from "./filter.ts";
import type { Events } from "./measure.ts";

/** Rows of a fact as events. */
export interface EventRows {
  readonly cube: CubeNode;
  readonly where: readonly Filter[];
  /** the date role that says when */
  readonly date: string;
}

/** The rows of some events, or the reason why there are none. */
export function eventRows(catalog: Catalog, own: CubeNode, events: Events): EventRows | { readonly reason: Message } {
  const named = typeof events === "string" ? measureRows(catalog, own, events) : events;
  if ("reason" in named) return named;
  const { where = [] } = named;
  const name = named.cube ?? own.name;
  const cube = catalog.cubes.get(name);
  if (!cube) return { reason: phrase`cube "${name}" not found` };
  const date = named.date ?? cube.dateRole;
  if (date === null) return { reason: phrase`cube ${name} has no date` };
  const role = cube.roles.get(date);
  if (!role || role.to.kind !== "date" || !("on" in role))
    return { reason: phrase`"${date}" is not a date role of ${name}` };
  return { cube, date, where };
}

/** The rows that an aggregate measure counts. */
function measureRows(
  catalog: Catalog,
  own: CubeNode,
  name: string,
): Exclude<Events, string> | { readonly reason: Message } {
  const member = name.includes(".") ? name : `${own.name}.${name}`;
  const measure = catalog.measures.get(member);
  if (!measure) return { reason: phrase`measure "${member}" not found` };
  if (measure.spec.kind !== "aggregate")
    return { reason: phrase`${member} is computed from other measures, and has no rows of its own` };
  return { cube: measure.cube, where: measure.spec.where };
}
