/** What is wrong with the names of a model: two of a kind, and names that queries could not say. */
import { type Problem, problem, type Sentence } from "../errors/index.ts";
import { parseDay } from "./time/calendar.ts";
import type { ProjectSpec } from "./project.ts";

/** A dot parts owner and name, and begins `.previous`, `.change` and `.change_rate` beside a comparison. */
const sayable = (name: string): boolean => name !== "" && !/[.\s|]/.test(name);

export function nameProblems(project: ProjectSpec): Problem[] {
  const problems: Problem[] = [];
  const wrong = (place: string, message: Sentence, remedy: Sentence): void => {
    problems.push(problem("model-invalid", message, { place, remedy }));
  };
  const check = (names: readonly string[], what: string, place: (name: string) => string): void => {
    for (const name of names)
      if (!sayable(name))
        wrong(
          place(name),
          `${JSON.stringify(name)} is no name of ${what}`,
          `without dots and spaces: ${name.trim().replaceAll(/[.\s|]+/g, "_") || "name"}`,
        );
  };
  const dimensions = project.dimensions.map((d) => d.name);
  for (const name of new Set(dimensions.filter((n, i) => dimensions.indexOf(n) < i))) {
    // two different ones are told of where the catalog is made
    if (new Set(project.dimensions.filter((d) => d.name === name)).size === 1)
      wrong(`dimension ${name}`, `dimension ${name} is listed twice`, "list it once");
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
      `now is ${JSON.stringify(project.now)}, which is no day`,
      '"clock", "latest" or a date such as "2025-07-31"',
    );
  return problems;
}
