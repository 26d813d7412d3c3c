/** What can be seen to be wrong with a declared filter before there is any data: its shape, its operators, and names that lead nowhere. */
import { didYouMean, type Problem, problem, type Sentence } from "../errors/index.ts";
import type { Catalog } from "./catalog.ts";
import { OPERATORS, type Filter, type FilterValue, type Operator } from "./filter.ts";

/** Every member that a filter may name. */
export function filterMembers(catalog: Catalog): string[] {
  return [
    ...[...catalog.roles.values()].flatMap((role) =>
      [...role.dimension.attributes.keys()].map((name) => `${role.name}.${name}`),
    ),
    ...[...catalog.cubes.values()].flatMap((cube) => [...cube.attributes.keys()].map((name) => `${cube.name}.${name}`)),
    ...(catalog.project.segments ?? []).map((s) => `segments.${s.name}`),
    ...catalog.measures.keys(),
    ...catalog.roles.keys(),
  ];
}

export function filterProblems(catalog: Catalog, filter: Filter, place: string): Problem[] {
  const wrong = (message: Sentence, remedy: Sentence, at = place): Problem[] => [
    problem("model-invalid", message, { place: at, remedy }),
  ];
  if (typeof filter !== "object" || filter === null)
    return wrong("this is no filter", '{ member: "customer.country", operator: "equals", values: ["DE"] }');
  if ("and" in filter) return filter.and.flatMap((f, i) => filterProblems(catalog, f, `${place}.and[${i}]`));
  if ("or" in filter) return filter.or.flatMap((f, i) => filterProblems(catalog, f, `${place}.or[${i}]`));
  if ("not" in filter) return filterProblems(catalog, filter.not, `${place}.not`);
  if ("segment" in filter) {
    const known = (catalog.project.segments ?? []).map((s) => s.name);
    return known.includes(filter.segment)
      ? []
      : wrong(
          `unknown segment ${filter.segment}${didYouMean(filter.segment, known)}`,
          known.length > 0 ? `known segments: ${known.join(", ")}` : "the project declares no segments",
        );
  }
  const members = filterMembers(catalog);
  const found: Problem[] = [];
  if (!members.includes(filter.member))
    found.push(
      ...wrong(
        `unknown member ${filter.member}${didYouMean(filter.member, members)}`,
        "name a measure, or an attribute of a dimension or cube",
        `${place}.member`,
      ),
    );
  if (!OPERATORS.includes(filter.operator as Operator))
    found.push(
      ...wrong(
        `unknown operator ${String(filter.operator)}${didYouMean(String(filter.operator), OPERATORS)}`,
        `one of ${OPERATORS.join(", ")}`,
        `${place}.operator`,
      ),
    );
  const values = (filter as { readonly values?: unknown }).values;
  if (values !== undefined && !(Array.isArray(values) && values.every(isValue)))
    found.push(
      ...wrong(
        "`values` is a list of texts, numbers, true, false or null",
        `values: [${JSON.stringify(values)}]`,
        `${place}.values`,
      ),
    );
  return found;
}

const isValue = (value: unknown): value is FilterValue =>
  value === null || ["string", "number", "boolean"].includes(typeof value);
