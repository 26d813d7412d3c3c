/** Which filters wait for the measures: they are HAVING, and say nothing of single facts. */
import type { Catalog } from "../../model/catalog.ts";
import type { Filter } from "../../model/filter.ts";
import type { Query } from "../../model/query.ts";

export function aboutMeasures(filter: Filter, catalog: Catalog, query: Query): boolean {
  if ("and" in filter) return filter.and.some((f) => aboutMeasures(f, catalog, query));
  if ("or" in filter) return filter.or.some((f) => aboutMeasures(f, catalog, query));
  if ("not" in filter) return aboutMeasures(filter.not, catalog, query);
  if ("segment" in filter) return false;
  const named = (member: string): boolean =>
    catalog.measures.has(member) || query.measures.some((m) => typeof m !== "string" && m.name === member);
  const compared = /^(.+)\.(?:previous|change|change_rate)$/.exec(filter.member);
  return named(filter.member) || (compared !== null && named(compared[1]!));
}

/** The query's filters, conjunct by conjunct: one `and` may hold rules about facts and rules about measures. */
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
