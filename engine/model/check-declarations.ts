/** Checks of declared models, experiments and allocations: unknown members and cubes, each with its place. */
import { didYouMean, type Problem, problem, type Sentence, phrase } from "../errors/index.ts";
import type { Catalog } from "./catalog.ts";

const MEMBER = /^[A-Za-z_]\w*\.[A-Za-z_]\w*$/;
/** Keys whose values are texts for people, or values of the data. */
const WORDS = new Set(["name", "title", "description", "kind", "technique", "values", "as"]);

/** What is wrong with the declarations of a project. */
export function declarationProblems(catalog: Catalog): Problem[] {
  const { project } = catalog;
  const attributes = [...catalog.roles.values()]
    .flatMap((role) => [...role.dimension.attributes.keys()].map((name) => `${role.name}.${name}`))
    .concat(
      [...catalog.cubes.values()].flatMap((cube) => [...cube.attributes.keys()].map((name) => `${cube.name}.${name}`)),
      (project.segments ?? []).map((s) => `segments.${s.name}`),
    );
  const known = new Set([...attributes, ...catalog.measures.keys()]);
  const problems: Problem[] = [];
  const wrong = (place: string, message: Sentence, remedy: Sentence): void => {
    problems.push(problem("model-invalid", message, { place, remedy }));
  };
  const look = (value: unknown, place: string, key: string): void => {
    if (typeof value === "string") {
      if ((key === "cube" || key === "events") && !value.includes(".")) {
        if (!catalog.cubes.has(value))
          wrong(
            place,
            phrase`cube "${value}" not found${didYouMean(value, catalog.cubes.keys())}`,
            phrase`the project has ${[...catalog.cubes.keys()].join(", ")}`,
          );
      } else if (MEMBER.test(value) && !known.has(value))
        wrong(
          place,
          phrase`member "${value}" not found${didYouMean(value, known)}`,
          "name a measure, or an attribute of a dimension or cube",
        );
    } else if (Array.isArray(value)) value.forEach((each, i) => look(each, `${place}[${i}]`, key));
    else if (value !== null && typeof value === "object")
      for (const [name, each] of Object.entries(value)) if (!WORDS.has(name)) look(each, `${place} › ${name}`, name);
  };
  for (const [kind, list] of [
    ["model", project.models],
    ["experiment", project.experiments],
    ["allocation", project.allocations],
  ] as const)
    for (const each of list ?? []) look(each, `${kind} ${each.name}`, "");
  return problems;
}
