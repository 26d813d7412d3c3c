/** Checks of declared roles: a rule that names something unknown would keep nobody out. */
import { first } from "../lookup.ts";
import { didYouMean, type Problem, phrase, problem, type Sentence } from "../errors/index.ts";
import type { Catalog } from "./catalog.ts";
import { filterProblems } from "./check-filters.ts";
import type { Filter } from "./filter.ts";
import { membersOf } from "./visible-catalog.ts";
import { measureNamed } from "./row-count.ts";

const ROLE_KEYS = ["rows", "hide", "mask", "show", "may"];
const MAY: readonly string[] = ["query", "export", "segment", "report", "load", "rollback", "mine", "erase", "admin"];

/** What is wrong with the roles of a project. */
export function roleProblems(catalog: Catalog): Problem[] {
  const problems: Problem[] = [];
  const attributes = [...catalog.roles.values()]
    .flatMap((role) => [...role.dimension.attributes.keys()].map((name) => `${role.name}.${name}`))
    .concat(
      [...catalog.cubes.values()].flatMap((cube) => [...cube.attributes.keys()].map((name) => `${cube.name}.${name}`)),
    );
  const segments = (catalog.project.segments ?? []).map((s) => `segments.${s.name}`);
  const known = new Set([
    ...attributes,
    ...segments,
    ...catalog.measures.keys(),
    ...catalog.rowCounts.keys(),
    ...catalog.roles.keys(),
    ...catalog.cubes.keys(),
  ]);
  for (const [name, spec] of Object.entries(catalog.project.roles ?? {})) {
    const wrong = (list: string, message: Sentence, remedy: Sentence): void => {
      problems.push(problem("model-invalid", message, { place: `role ${name} › ${list}`, remedy }));
    };
    for (const member of (spec.rows ?? []).flatMap(membersOf)) {
      if (measureNamed(catalog, member) !== undefined)
        wrong("rows", phrase`${member} is a measure`, "a row rule is about dimensions or a fact's own attributes");
      else if (!known.has(member))
        wrong(
          "rows",
          phrase`member "${member}" not found${didYouMean(member, attributes)}`,
          "a rule about a member that does not exist would keep nobody out",
        );
    }
    for (const [i, rule] of (spec.rows ?? []).entries()) {
      // unknown names are reported above
      problems.push(...filterProblems(catalog, rule, `role ${name} › rows[${i}]`, false));
      if (hasEntity(rule))
        wrong(
          `rows[${i}]`,
          '`scope: "entity"` is not supported in a row rule',
          "declare a segment with the rule, and name it: { segment: … } restricts every fact of its members",
        );
    }
    for (const key of Object.keys(spec))
      if (!ROLE_KEYS.includes(key))
        problems.push(
          problem("model-invalid", phrase`unknown key "${key}"${didYouMean(key, ROLE_KEYS)}`, {
            place: `role ${name}`,
            remedy: phrase`a role has ${ROLE_KEYS.join(", ")}`,
          }),
        );
    for (const may of spec.may ?? [])
      if (!MAY.includes(may))
        wrong(
          "may",
          phrase`right ${JSON.stringify(may)} not found${didYouMean(String(may), MAY)}`,
          phrase`one of ${MAY.join(", ")}`,
        );
    for (const list of ["hide", "mask", "show"] as const) {
      for (const member of spec[list] ?? []) {
        const date = catalog.roles.get(first(member.split(".")))?.dimension.calendar ?? null;
        if (!known.has(member))
          wrong(
            list,
            phrase`member "${member}" not found${didYouMean(member, known)}`,
            "name a measure, an attribute, a cube or a dimension's role",
          );
        else if (list === "mask" && (date !== null || !attributes.includes(member)))
          wrong(list, phrase`${member} cannot be masked`, "mask attributes; hide measures, dates and whole cubes");
      }
    }
  }
  return problems;
}

function hasEntity(filter: Filter): boolean {
  if ("and" in filter) return filter.and.some(hasEntity);
  if ("or" in filter) return filter.or.some(hasEntity);
  if ("not" in filter) return hasEntity(filter.not);
  return "scope" in filter && filter.scope === "entity";
}
