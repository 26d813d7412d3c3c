/** Keys, grains and references of a model, checked on the data. */
import { phrase, problem, type Problem } from "../../engine/errors/index.ts";
import { first } from "../../engine/lookup.ts";
import type { Catalog, CubeNode } from "../../engine/model/catalog.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import type { OpenProject } from "./opened-project.ts";

/** Runs a check whose tables and columns may be missing; the question about them reports that. */
async function ifPresent(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch {
    // reported by the question about the table or column
  }
}

/** The FROM of a table or select. */
const fromOf = ({ table, sql }: { readonly table?: string | undefined; readonly sql?: string | undefined }): string =>
  table !== undefined ? quoteIdentifier(table) : `(${sql})`;

/** Notes on facts whose key has no row in a dimension; they stay in every total, under (unknown). */
export async function unknownKeys(catalog: Catalog, project: OpenProject): Promise<string[]> {
  const notes: string[] = [];
  for (const cube of catalog.cubes.values()) {
    const { table } = cube.spec;
    if (table === undefined) continue;
    for (const [name, role] of cube.roles) {
      if ("through" in role || role.to.kind !== "dimension" || role.to.table === undefined) continue;
      const { on, to } = role;
      await ifPresent(async () => {
        const note = await unknownKeysOf(project, cube, { table, name, on, key: to.key, dimension: to.table ?? "" });
        if (note !== undefined) notes.push(note);
      });
    }
  }
  return notes;
}

interface Reference {
  readonly table: string;
  readonly name: string;
  readonly on: string;
  readonly key: string;
  readonly dimension: string;
}

async function unknownKeysOf(
  project: OpenProject,
  cube: CubeNode,
  { table, name, on, key, dimension }: Reference,
): Promise<string | undefined> {
  const column = `f.${quoteIdentifier(on)}`;
  const id = quoteIdentifier(key);
  const { rows } = await project.sql(
    `SELECT count(*) FILTER (WHERE ${column} IS NULL) AS empty, count(*) FILTER (WHERE ${column} IS NOT NULL) AS lost,
       (SELECT count(*) FROM ${quoteIdentifier(table)}) AS n
     FROM ${quoteIdentifier(table)} AS f
     WHERE ${column} IS NULL
       OR ${column} NOT IN (SELECT ${id} FROM ${quoteIdentifier(dimension)} WHERE ${id} IS NOT NULL)`,
  );
  const row = first(rows);
  const [empty, lost, n] = [Number(row["empty"]), Number(row["lost"]), Number(row["n"])];
  if (empty + lost === 0) return undefined;
  const count = (value: number): string => value.toLocaleString("en");
  return (
    `${count(empty + lost)} of ${count(n)} ${cube.title.toLowerCase()} are (unknown) by ${name}: ` +
    `${count(empty)} without a key, ${count(lost)} whose ${on} is not in ${dimension}`
  );
}

/** Keys that are not unique, which would count facts twice, and grains that are not, which hide duplicates. */
export async function keyProblems(catalog: Catalog, project: OpenProject): Promise<Problem[]> {
  const problems: Problem[] = [];
  const countRepeated = async (from: string, keys: readonly string[], where: string): Promise<number> => {
    const list = keys.map(quoteIdentifier).join(", ");
    const { rows } = await project.sql(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} AS t ${where} GROUP BY ${list} HAVING count(*) > 1)`,
    );
    return Number(first(rows)["n"]);
  };
  for (const { spec } of catalog.dimensions.values()) {
    if (spec.kind === "date") continue;
    const { name, key, history } = spec;
    await ifPresent(async () => {
      const open = history ? `WHERE ${quoteIdentifier(history.until)} IS NULL` : "";
      const n = await countRepeated(fromOf(spec), [key], open);
      if (n > 0)
        problems.push(
          problem(
            "model-invalid",
            phrase`${n.toLocaleString("en")} keys ${key} have several rows: facts would be counted twice`,
            { place: `dimension ${name}`, remedy: "make the key unique in the table, or choose another key" },
          ),
        );
    });
  }
  for (const { name, spec } of catalog.cubes.values()) {
    const { grain = [] } = spec;
    if (grain.length === 0) continue;
    await ifPresent(async () => {
      const n = await countRepeated(fromOf(spec), grain, "");
      if (n > 0)
        problems.push(
          problem(
            "model-invalid",
            phrase`${n.toLocaleString("en")} combinations of ${grain.join(", ")} have several rows`,
            { place: `cube ${name} › grain`, remedy: "correct the grain, or remove the duplicates in the load" },
          ),
        );
    });
  }
  return problems;
}
