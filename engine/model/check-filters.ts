/** Checks of declared filters that need no data: shapes, operators, unknown names. */
import { didYouMean, type Problem, problem, type Sentence, phrase } from "../errors/index.ts";
import type { Catalog } from "./catalog.ts";
import { OPERATORS, type Filter, type FilterValue } from "./filter.ts";

/** Every member that a filter may name. */
export function filterMembers(catalog: Catalog): string[] {
  return [
    ...[...catalog.roles.values()].flatMap((role) =>
      [...role.dimension.attributes.keys()].map((name) => `${role.name}.${name}`),
    ),
    ...[...catalog.cubes.values()].flatMap((cube) => [...cube.attributes.keys()].map((name) => `${cube.name}.${name}`)),
    ...(catalog.project.segments ?? []).map((s) => `segments.${s.name}`),
    ...catalog.measures.keys(),
    ...catalog.rowCounts.keys(),
    ...catalog.roles.keys(),
  ];
}

/** What is wrong with a filter. @param names whether unknown members and segments are reported; default: yes */
export function filterProblems(catalog: Catalog, filter: Filter, place: string, names = true): Problem[] {
  const wrong = (message: Sentence, remedy: Sentence, at = place): Problem[] => [
    problem("model-invalid", message, { place: at, remedy }),
  ];
  if (typeof filter !== "object" || filter === null)
    return wrong("a filter is an object", '{ member: "customer.country", operator: "equals", values: ["DE"] }');
  if ("and" in filter) return filter.and.flatMap((f, i) => filterProblems(catalog, f, `${place}.and[${i}]`, names));
  if ("or" in filter) return filter.or.flatMap((f, i) => filterProblems(catalog, f, `${place}.or[${i}]`, names));
  if ("not" in filter) return filterProblems(catalog, filter.not, `${place}.not`, names);
  if ("segment" in filter) {
    const known = (catalog.project.segments ?? []).map((s) => s.name);
    return !names || known.includes(filter.segment)
      ? []
      : wrong(
          phrase`segment "${filter.segment}" not found${didYouMean(filter.segment, known)}`,
          known.length > 0 ? phrase`known segments: ${known.join(", ")}` : "the project declares no segments",
        );
  }
  const members = filterMembers(catalog);
  const found: Problem[] = [];
  if (names && !members.includes(filter.member))
    found.push(
      ...wrong(
        phrase`member "${filter.member}" not found${didYouMean(filter.member, members)}`,
        "name a measure, or an attribute of a dimension or cube",
        `${place}.member`,
      ),
    );
  if (!OPERATORS.some((operator) => operator === filter.operator))
    found.push(
      ...wrong(
        phrase`operator "${String(filter.operator)}" not found${didYouMean(String(filter.operator), OPERATORS)}`,
        phrase`one of ${OPERATORS.join(", ")}`,
        `${place}.operator`,
      ),
    );
  const values: unknown = filter.values;
  if (values !== undefined && !(Array.isArray(values) && values.every(isValue)))
    found.push(
      ...wrong(
        "`values` is a list of texts, numbers, true, false or null",
        phrase`values: [${JSON.stringify(values)}]`,
        `${place}.values`,
      ),
    );
  return found;
}

const isValue = (value: unknown): value is FilterValue =>
  value === null || ["string", "number", "boolean"].includes(typeof value);
