/** Which filters wait for the measures: they are HAVING, and say nothing of single facts. */
import type { Catalog } from "../model/catalog.ts";
import type { Query } from "./query.ts";

export function aboutMeasures(filter: NonNullable<Query["filters"]>[number], catalog: Catalog, query: Query): boolean {
  if ("and" in filter) return filter.and.some((f) => aboutMeasures(f, catalog, query));
  if ("or" in filter) return filter.or.some((f) => aboutMeasures(f, catalog, query));
  if ("not" in filter) return aboutMeasures(filter.not, catalog, query);
  if ("segment" in filter) return false;
  return catalog.measures.has(filter.member) || query.measures.some((m) => typeof m !== "string" && m.name === filter.member);
}
