/** The next question from a cell: down a hierarchy, up it, or across to another attribute. */
import { TesseraError, didYouMean } from "../errors.ts";
import type { Catalog } from "../model/catalog.ts";
import type { Filter, MemberFilter } from "../model/filter.ts";
import type { Engine } from "./engine.ts";
import { attributeMembers, resolveAttribute } from "./member.ts";
import { parseQuery } from "./parse.ts";
import type { Query, Value } from "./query.ts";

export interface DrillRequest {
  readonly query: Query;
  /** which of the query's dimensions moves; the innermost by default */
  readonly dimension?: string;
  /** `{ to: attribute }`: across to another attribute */
  readonly direction: "down" | "up" | { readonly to: string };
  /** values of the query's dimensions in the row that was chosen; null is (unknown). Not needed to go up */
  readonly cell?: Readonly<Record<string, Value>>;
}

/**
 * @returns the query of the next level. Down and across keep to the cell; up forgets the filters that going down put on the level and those below it.
 * @throws TesseraError `query-invalid` where there is no such level
 */
export function drill(engine: Engine, { query: json, direction, cell = {}, dimension: asked }: DrillRequest): Query {
  const { catalog, binding } = engine;
  const query = parseQuery(json);
  const dimensions = query.dimensions ?? [];
  const member = asked ?? dimensions.at(-1);
  if (member === undefined || !dimensions.includes(member)) throw new TesseraError("query-invalid", asked === undefined ? "the query has no dimension to drill" : `${asked} is no dimension of the query`, { place: "$.dimension", remedy: dimensions.length > 0 ? `one of ${dimensions.join(", ")}` : "add a dimension" });
  const full = resolveAttribute(catalog, binding, member, "$.dimension").member;
  const levels = hierarchyOf(catalog, full, query);
  const at = levels.indexOf(full);
  const { cursor: _, limit: __, top: ___, pivot, ...kept } = query;
  const order = (keep: (name: string) => boolean): Pick<Query, "order"> => { const left = (query.order ?? []).filter((o) => keep(o.member)); return left.length > 0 ? { order: left } : {}; };
  const answer = (next: string, filters: readonly Filter[]): Query => {
    const moved = dimensions.map((d) => (d === member ? next : d)).filter((d, i, all) => all.indexOf(d) === i);
    const { order: _o, filters: _f, dimensions: _d, ...rest } = kept;
    return { ...rest, dimensions: moved, ...(filters.length > 0 && { filters: [...filters] }), ...order((name) => name !== member), ...(pivot && pivot.columns.every((c) => moved.includes(c)) && { pivot }) } as Query;
  };

  if (direction === "up") {
    const above = levels[at - 1];
    if (above === undefined) throw new TesseraError("query-invalid", `there is no level above ${full}`, { place: "$.dimension", remedy: levels.length > 0 ? `it is the top of ${levels.join(" > ")}` : "it lies in no hierarchy; go across to another attribute" });
    const below = new Set(levels.slice(at - 1));
    return answer(above, (query.filters ?? []).filter((f) => !("member" in f) || !(below.has(f.member) && f.operator === "equals" && f.values?.length === 1) && !(below.has(f.member) && f.operator === "is_null")));
  }

  for (const name of Object.keys(cell)) if (!dimensions.includes(name)) throw new TesseraError("query-invalid", `${name} is no dimension of the query`, { place: `$.cell.${name}`, remedy: `a cell has values of ${dimensions.join(", ")}` });
  if (cell[member] === undefined) throw new TesseraError("query-invalid", `the cell has no value of ${member}`, { place: "$.cell", remedy: `{ "${member}": … }; null is (unknown)` });
  let next: string;
  if (direction === "down") {
    const below = levels[at + 1];
    if (below === undefined) throw new TesseraError("query-invalid", `there is no level below ${full}`, { place: "$.dimension", remedy: levels.length > 0 ? `it is the last of ${levels.join(" > ")}; see the rows with drillthrough` : "it lies in no hierarchy; go across to another attribute, or see the rows with drillthrough" });
    next = below;
  } else {
    if (typeof direction?.to !== "string") throw new TesseraError("query-invalid", "a drill goes down, up or across", { place: "$.direction", remedy: '"down", "up" or { "to": "product.category" }' });
    next = resolveAttribute(catalog, binding, direction.to, "$.direction.to").member;
    if (dimensions.includes(next)) throw new TesseraError("query-invalid", `${next} is among the dimensions already${didYouMean(next, attributeMembers(catalog).filter((m) => m !== next))}`, { place: "$.direction.to" });
  }
  const chosen = Object.entries(cell).map(([name, value]): MemberFilter => (value === null ? { member: name, operator: "is_null" } : { member: name, operator: "equals", values: [value] }));
  const replaced = new Set(chosen.map((f) => f.member));
  const others = (query.filters ?? []).filter((f) => !("member" in f) || !(replaced.has(f.member) && (f.operator === "is_null" || (f.operator === "equals" && f.values?.length === 1))));
  return answer(next, [...others, ...chosen]);
}

/** The levels that the member lies in, as members; of several hierarchies the one that more of the query lies in. */
function hierarchyOf(catalog: Catalog, member: string, query: Query): string[] {
  const [role] = member.split(".") as [string];
  const dimension = catalog.roles.get(role)?.dimension;
  const used = new Set([...(query.dimensions ?? []), ...(query.filters ?? []).flatMap((f) => ("member" in f ? [f.member] : []))]);
  const found = [...dimension?.hierarchies.values() ?? []].map((levels) => levels.map((level) => `${role}.${level}`)).filter((levels) => levels.includes(member));
  return found.sort((a, b) => b.filter((l) => used.has(l)).length - a.filter((l) => used.has(l)).length)[0] ?? [];
}
