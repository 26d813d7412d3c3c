/** Which filters wait for the measures: those are HAVING, and restrict no single fact. */
import type { Catalog } from "../../model/catalog.ts";
import type { Filter } from "../../model/filter.ts";
import { measureNamed } from "../../model/row-count.ts";
import type { Query } from "../../model/query.ts";

/** Whether a filter names a measure, a calculation of the query, or the other side of one that is compared. */
export function aboutMeasures(filter: Filter, catalog: Catalog, query: Query): boolean {
  if ("and" in filter) return filter.and.some((f) => aboutMeasures(f, catalog, query));
  if ("or" in filter) return filter.or.some((f) => aboutMeasures(f, catalog, query));
  if ("not" in filter) return aboutMeasures(filter.not, catalog, query);
  if ("segment" in filter) return false;
  const isMeasured = (member: string): boolean =>
    measureNamed(catalog, member) !== undefined ||
    query.measures.some((m) => typeof m !== "string" && m.name === member);
  const compared = comparedBase(filter.member);
  return isMeasured(filter.member) || (compared !== undefined && isMeasured(compared));
}

/** The measure of `sales.revenue.previous`, `.change` or `.change_rate`; undefined for any other name. */
export const comparedBase = (member: string): string | undefined =>
  /^(.+)\.(?:previous|change|change_rate)$/.exec(member)?.[1];

/** The query's filters, conjunct by conjunct: one `and` may hold filters on facts and filters on measures. */
export function splitFilters(
  query: Query,
  catalog: Catalog,
): { readonly rows: readonly Filter[]; readonly measures: readonly Filter[] } {
  const parts = (query.filters ?? []).flatMap(conjuncts);
  return {
    rows: parts.filter((f) => !aboutMeasures(f, catalog, query)),
    measures: parts.filter((f) => aboutMeasures(f, catalog, query)),
  };
}

const conjuncts = (filter: Filter): readonly Filter[] => ("and" in filter ? filter.and.flatMap(conjuncts) : [filter]);
