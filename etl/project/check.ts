/** Looks for everything that is wrong with a project: its model, its loads, and whether the warehouse has what they name. */
import { TesseraError, type Problem } from "../../engine/errors/index.ts";
import { resolveModel, type Catalog } from "../../engine/model/catalog.ts";
import { relative } from "node:path";
import { declaredAt } from "../../engine/model/declared-at.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { loadConfig } from "../declare/config.ts";
import { openProject, type OpenProject } from "./open-project.ts";
import { questions } from "../declare/questions.ts";
import { validateLoads } from "../declare/validate.ts";

export interface Checked {
  readonly folder: string;
  readonly problems: readonly Problem[];
  /** what was looked at, in words */
  readonly checked: readonly string[];
  /** what is no fault and worth knowing: facts whose key has no row in a dimension, counted under (unknown) */
  readonly notes: readonly string[];
}

export async function checkProject(folder: string): Promise<Checked> {
  const spec = await loadConfig(folder);
  const { catalog, problems: model } = resolveModel(spec);
  const problems: Problem[] = [...model, ...validateLoads(spec)];
  const checked = [
    `${catalog.cubes.size} cubes with ${catalog.measures.size} measures`,
    `${spec.jobs?.length ?? 0} jobs`,
  ];
  const answer = (more: readonly string[], notes: readonly string[] = []): Checked => ({
    folder,
    problems: withFiles(once(problems), spec, folder),
    checked: [...checked, ...more],
    notes,
  });
  const project = await openProject(spec, { folder, despiteProblems: true });
  try {
    const version = versionOf(project);
    if (version === null) return answer(["no data yet: load, then check again"]);
    for (const question of questions(catalog, spec.dashboards ?? [], spec.goals ?? [])) {
      try {
        await project.explain(question.query);
      } catch (error) {
        if (error instanceof TesseraError)
          problems.push(
            ...error.problems.map((p) => ({
              ...p,
              place:
                p.place === undefined || p.place.startsWith("$")
                  ? `${question.place}${p.place === undefined ? "" : ` › ${p.place}`}`
                  : p.place === question.place
                    ? p.place
                    : `${question.place} › ${p.place}`,
            })),
          );
        else
          problems.push({
            code: "model-invalid",
            place: question.place,
            message: String((error as Error).message).split("\n")[0]!,
          });
      }
    }
    problems.push(...project.modelProblems(), ...(await keyProblems(catalog, project)));
    return answer(
      [`version ${version}: every measure and attribute, keys, references and grains`],
      await unknownKeys(catalog, project),
    );
  } finally {
    await project.close();
  }
}

/** The first words of a place say what is wrong there: a member, or a kind and a name. */
function withFiles(problems: readonly Problem[], spec: ProjectSpec, folder: string): Problem[] {
  const named = new Map<string, object>();
  const add = (kind: string, list: readonly { readonly name: string }[] | undefined): void => {
    for (const each of list ?? []) {
      named.set(`${kind} ${each.name}`, each);
      if (kind === "cube" || !named.has(each.name)) named.set(each.name, each);
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
  return problems.map((problem) => {
    const found =
      /^((?:cube|dimension|segment|goal|dashboard|model|job|table|experiment|allocation) [^\s,›]+|[^\s.›]+)/.exec(
        problem.place ?? "",
      )?.[1];
    const file = found === undefined ? undefined : declaredAt(named.get(found) ?? {});
    return file === undefined ? problem : { ...problem, place: `${relative(folder, file)} › ${problem.place!}` };
  });
}

/** The model's own words for a thing, and a question's about the same thing, are one problem. */
const once = (problems: readonly Problem[]): Problem[] =>
  problems.filter(
    (p, i) =>
      problems.findIndex(
        (q) =>
          q.message === p.message &&
          (q.place === p.place || (q.place ?? "").includes(p.place ?? "-") || (p.place ?? "").includes(q.place ?? "-")),
      ) === i,
  );

function versionOf(project: OpenProject): number | null {
  try {
    return project.manifest().version;
  } catch {
    return null;
  }
}

/** References that are not whole: counted, and said, since the facts stay in every total. */
async function unknownKeys(catalog: Catalog, project: OpenProject): Promise<string[]> {
  const notes: string[] = [];
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  for (const cube of catalog.cubes.values()) {
    for (const [name, role] of cube.roles) {
      if (
        "through" in role ||
        role.to.kind !== "dimension" ||
        role.to.table === undefined ||
        cube.spec.table === undefined
      )
        continue;
      try {
        const { rows } = await project.sql(
          `SELECT count(*) FILTER (WHERE f.${quoted(role.on)} IS NULL) AS empty, count(*) FILTER (WHERE f.${quoted(role.on)} IS NOT NULL) AS lost, (SELECT count(*) FROM ${quoted(cube.spec.table)}) AS n FROM ${quoted(cube.spec.table)} AS f WHERE f.${quoted(role.on)} IS NULL OR f.${quoted(role.on)} NOT IN (SELECT ${quoted(role.to.key)} FROM ${quoted(role.to.table)} WHERE ${quoted(role.to.key)} IS NOT NULL)`,
        );
        const [empty, lost, n] = [Number(rows[0]!["empty"]), Number(rows[0]!["lost"]), Number(rows[0]!["n"])];
        if (empty + lost > 0)
          notes.push(
            `${(empty + lost).toLocaleString("en")} of ${n.toLocaleString("en")} ${cube.title.toLowerCase()} are (unknown) by ${name}: ${empty.toLocaleString("en")} without a key, ${lost.toLocaleString("en")} whose ${role.on} is not in ${role.to.table}`,
          );
      } catch {
        /* the missing table or column is reported by its own question */
      }
    }
  }
  return notes;
}

/** Keys that are not unique would count facts twice; grains that are not true hide duplicates. */
async function keyProblems(catalog: Catalog, project: OpenProject): Promise<Problem[]> {
  const problems: Problem[] = [];
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const twice = async (from: string, keys: readonly string[], where: string): Promise<number> => {
    const { rows } = await project.sql(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} AS t ${where} GROUP BY ${keys.map(quoted).join(", ")} HAVING count(*) > 1)`,
    );
    return Number(rows[0]!["n"]);
  };
  for (const dimension of catalog.dimensions.values()) {
    const { spec } = dimension;
    if (spec.kind === "date") continue;
    const from = spec.table !== undefined ? quoted(spec.table) : `(${spec.sql})`;
    try {
      const n = await twice(from, [spec.key], spec.history ? `WHERE ${quoted(spec.history.until)} IS NULL` : "");
      if (n > 0)
        problems.push({
          code: "model-invalid",
          place: `dimension ${spec.name}`,
          message: `${n.toLocaleString("en")} keys ${spec.key} have more than one row: facts would be counted twice`,
          remedy: "make the key unique in the table, or choose another key",
        });
    } catch {
      /* the missing table or column is reported by its own question */
    }
  }
  for (const cube of catalog.cubes.values()) {
    const { grain, table, sql } = cube.spec;
    if (!grain || grain.length === 0) continue;
    try {
      const n = await twice(table !== undefined ? quoted(table) : `(${sql})`, grain, "");
      if (n > 0)
        problems.push({
          code: "model-invalid",
          place: `cube ${cube.name} › grain`,
          message: `${n.toLocaleString("en")} combinations of ${grain.join(", ")} have more than one row`,
          remedy: "correct the grain, or remove the duplicates in the load",
        });
    } catch {
      /* likewise */
    }
  }
  return problems;
}
