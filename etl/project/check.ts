/** Checks a project: its model, its loads, and whether the warehouse has what they name. */
import { relative } from "node:path";
import { problem, TesseraError, type Problem } from "../../engine/errors/index.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import { declaredAt } from "../../engine/model/declared-at.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { loadConfig } from "../declare/config.ts";
import { questions, type Question } from "../declare/questions.ts";
import { validateLoads } from "../declare/validate.ts";
import { keyProblems, unknownKeys } from "./key-problems.ts";
import { openProject } from "./open-project.ts";
import type { OpenProject } from "./opened-project.ts";

/** The result of a check. */
export interface Checked {
  readonly folder: string;
  readonly problems: readonly Problem[];
  /** what was checked, in words */
  readonly checked: readonly string[];
  /** what is worth knowing but no problem: facts whose key has no row in a dimension, counted under (unknown) */
  readonly notes: readonly string[];
}

/** Finds all problems of a project. @throws TesseraError for a config that cannot be read */
export async function checkProject(folder: string): Promise<Checked> {
  const spec = await loadConfig(folder);
  const { catalog, problems: model } = resolveModel(spec);
  const problems: Problem[] = [...model, ...validateLoads(spec)];
  const checked = [
    `${catalog.cubes.size} cubes with ${catalog.measures.size} measures`,
    `${spec.jobs?.length ?? 0} jobs`,
  ];
  const result = (more: readonly string[], notes: readonly string[] = []): Checked => ({
    folder,
    problems: withFiles(unique(problems), spec, folder),
    checked: [...checked, ...more],
    notes,
  });
  const project = await openProject(spec, { folder, despiteProblems: true });
  try {
    const version = versionOf(project);
    if (version === null) return result(["no data yet: load, then check again"]);
    for (const question of questions(catalog, spec.dashboards ?? [], spec.goals ?? []))
      problems.push(...(await problemsOf(project, question)));
    problems.push(...project.modelProblems(), ...(await keyProblems(catalog, project)));
    return result(
      [`version ${version}: every measure and attribute, keys, references and grains`],
      await unknownKeys(catalog, project),
    );
  } finally {
    await project.close();
  }
}

async function problemsOf(project: OpenProject, { query, place }: Question): Promise<readonly Problem[]> {
  try {
    await project.explain(query);
    return [];
  } catch (error) {
    if (error instanceof TesseraError)
      return error.problems.map((each) => ({ ...each, place: placeWithin(place, each.place) }));
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return [problem("model-invalid", line, { place })];
  }
}

/** A place within a question: `$…` is a path in its query. */
function placeWithin(question: string, place: string | undefined): string {
  if (place === undefined || place === question) return question;
  return `${question} › ${place}`;
}

/** The kinds of declarations, as places begin with them. */
const KINDS = "cube|dimension|segment|goal|dashboard|model|job|table|experiment|allocation";
const DECLARATION = new RegExp(`^((?:${KINDS}) [^\\s,›]+|[^\\s.›]+)`);

/** Puts the file of the declaration before each place, whose first words name it. */
function withFiles(problems: readonly Problem[], spec: ProjectSpec, folder: string): Problem[] {
  const declarations = new Map<string, object>();
  const add = (kind: string, list: readonly { readonly name: string }[] | undefined): void => {
    for (const each of list ?? []) {
      declarations.set(`${kind} ${each.name}`, each);
      // a member begins with the name of its cube
      if (kind === "cube" || !declarations.has(each.name)) declarations.set(each.name, each);
    }
  };
  add("dimension", spec.dimensions);
  add("segment", spec.segments);
  add("goal", spec.goals);
  add("dashboard", spec.dashboards);
  add("model", spec.models);
  add("job", spec.jobs);
  add("table", spec.tables);
  add("experiment", spec.experiments);
  add("allocation", spec.allocations);
  add("cube", spec.cubes);
  return problems.map((each) => {
    const { place } = each;
    const [, name] = DECLARATION.exec(place ?? "") ?? [];
    const file = name === undefined ? undefined : declaredAt(declarations.get(name) ?? {});
    return file === undefined ? each : { ...each, place: `${relative(folder, file)} › ${place}` };
  });
}

/** The model and a question may report the same problem at nested places. */
const unique = (problems: readonly Problem[]): Problem[] =>
  problems.filter((each, i) => problems.findIndex((other) => isSame(each, other)) === i);

function isSame(a: Problem, b: Problem): boolean {
  if (a.message !== b.message) return false;
  if (a.place === b.place) return true;
  return (b.place ?? "").includes(a.place ?? "-") || (a.place ?? "").includes(b.place ?? "-");
}

function versionOf(project: OpenProject): number | null {
  try {
    return project.manifest().version;
  } catch {
    return null;
  }
}
