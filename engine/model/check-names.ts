/** Checks of names: duplicates, and names that queries cannot hold. */
import { type Problem, problem, type Sentence, phrase } from "../errors/index.ts";
import { parseDay } from "./time/calendar.ts";
import type { ProjectSpec } from "./project.ts";

/** A dot separates owner and name, and begins `.previous`, `.change` and `.change_rate` of a comparison. */
const isUsable = (name: string): boolean => name !== "" && !/[.\s|]/.test(name);

/** What is wrong with the names of a project. */
export function nameProblems(project: ProjectSpec): Problem[] {
  const problems: Problem[] = [];
  const wrong = (place: string, message: Sentence, remedy: Sentence): void => {
    problems.push(problem("model-invalid", message, { place, remedy }));
  };
  const check = (names: readonly string[], what: string, place: (name: string) => string): void => {
    for (const name of names)
      if (!isUsable(name))
        wrong(
          place(name),
          phrase`${JSON.stringify(name)} is not a valid name of ${what}`,
          phrase`without dots and spaces: ${name.trim().replaceAll(/[.\s|]+/g, "_") || "name"}`,
        );
  };
  const dimensions = project.dimensions.map((d) => d.name);
  for (const name of new Set(dimensions.filter((n, i) => dimensions.indexOf(n) < i))) {
    // two different ones are reported where the catalog is made
    if (new Set(project.dimensions.filter((d) => d.name === name)).size === 1)
      wrong(`dimension ${name}`, phrase`dimension ${name} is listed twice`, "list it once");
  }
  check([...new Set(dimensions)], "a dimension", (name) => `dimension ${name}`);
  for (const dimension of new Set(project.dimensions))
    if (dimension.kind === "dimension")
      check(
        [...Object.keys(dimension.attributes), ...Object.keys(dimension.parentChild ?? {})],
        "an attribute",
        (name) => `dimension ${dimension.name}, attribute ${name}`,
      );
  check(
    project.cubes.map((c) => c.name),
    "a cube",
    (name) => `cube ${name}`,
  );
  for (const cube of project.cubes) {
    check(Object.keys(cube.dimensions), "a role", (name) => `cube ${cube.name}, role ${name}`);
    check(Object.keys(cube.attributes ?? {}), "an attribute", (name) => `cube ${cube.name}, attribute ${name}`);
    check(Object.keys(cube.measures), "a measure", (name) => `${cube.name}.${name}`);
  }
  if (
    project.now !== undefined &&
    project.now !== "clock" &&
    project.now !== "latest" &&
    parseDay(project.now) === null
  )
    wrong(
      "project",
      phrase`now is a day; got ${JSON.stringify(project.now)}`,
      '"clock", "latest" or a date such as "2025-07-31"',
    );
  return problems;
}
