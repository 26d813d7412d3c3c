/** What a load's change of columns would break, before it is published: every question of the model is prepared against the working copy. */
import { today } from "../../engine/model/time/clock.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import type { Query } from "../../engine/model/query.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import { explain } from "../../engine/query/inspect/explain.ts";
import { MAIN, roleOf, type Manifest, type State, type Writer } from "../../engine/warehouse/index.ts";
import { readColumns } from "../../engine/warehouse/columns.ts";
import type { Serving } from "../../engine/warehouse/serving.ts";
import { columnsOf } from "../load/target.ts";
import { questions } from "../project/questions.ts";

export interface Lost {
  readonly table: string;
  readonly column: string;
  readonly how: string;
}

/** Columns that the version before has and the working copy lacks, or has in another type. */
export async function lostColumns(writer: Writer, base: Manifest | null): Promise<Lost[]> {
  const held = new Map(
    (base?.files ?? [])
      .filter((file) => roleOf(file) === MAIN || file.segment)
      .flatMap((file) => file.tables.map((table) => [table.name, table] as const)),
  );
  const lost: Lost[] = [];
  for (const table of held.values()) {
    if (table.name.startsWith("tessera_")) continue;
    const now = await columnsOf(writer.connection, table.name);
    if (now.size === 0) continue;
    for (const { name, type } of table.columns) {
      const is = now.get(name);
      const was = type === "TIMESTAMP WITH TIME ZONE" ? "TIMESTAMPTZ" : type;
      if (is === undefined) lost.push({ table: table.name, column: name, how: "is gone" });
      else if (is !== was) lost.push({ table: table.name, column: name, how: `was ${was} and is ${is} now` });
    }
  }
  return lost;
}

/** Names of measures, attributes, segments, goals, dashboards and models that cannot be asked any more for want of these columns. */
export async function brokenBy(spec: ProjectSpec, writer: Writer, lost: readonly Lost[]): Promise<string[]> {
  const { catalog } = resolveModel(spec);
  const { connection } = writer;
  const described = await readColumns(
    await connection.run(
      "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'warehouse'",
    ),
  );
  const columns = new Map<string, Map<string, string>>();
  for (let i = 0; i < described.rowCount; i++) {
    const table = String(described.columns[0]![i]).toLowerCase();
    const known = columns.get(table) ?? new Map<string, string>();
    columns.set(
      table,
      known.set(String(described.columns[1]![i]).toLowerCase(), String(described.columns[2]![i]).toUpperCase()),
    );
  }
  const serving: Serving = {
    version: null,
    columns,
    spool: null,
    run: async (sql, parameters = [], options = {}) =>
      readColumns(
        await connection.run(
          sql,
          parameters.map(({ value, type }) =>
            type === "integer" && typeof value === "number" ? BigInt(value) : value,
          ),
        ),
        options.exact,
      ),
    using: (work) => work(connection),
    close: async () => undefined,
  };
  const broken: string[] = [];
  let engine: Awaited<ReturnType<typeof openEngine>>;
  try {
    engine = await openEngine({ catalog, serving, today: () => today(undefined, new Date()) });
  } catch (error) {
    return [`the whole model: ${(error as Error).message.split("\n")[0]!}`];
  }
  const names = lost.map(({ column }) => new RegExp(`\\b${column.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\b`, "i"));
  const asked = questions(catalog, spec.dashboards ?? [], spec.goals ?? []);
  const fails = async (query: Query): Promise<boolean> => {
    try {
      await explain(engine, query);
      return false;
    } catch (error) {
      // what could not be asked before either says nothing of these columns
      const said = [(error as Error).message, (error as { cause?: Error }).cause?.message ?? ""].join(" ");
      return names.some((name) => name.test(said));
    }
  };
  for (const { place, query } of asked)
    if (
      (await fails(query)) ||
      [...(query.measures ?? []), ...(query.dimensions ?? [])].some(
        (member) => typeof member === "string" && broken.includes(member),
      )
    )
      broken.push(place);
  const gone = new Set(broken);
  for (const model of spec.models ?? [])
    if ([model.value, ...(model.features ?? [])].some((member) => member !== undefined && gone.has(member)))
      broken.push(`model ${model.name}`);
  return broken;
}

/** How many are named in a line; the others are counted. */
const NAMED = 20;

/** Notes with the step that made each table what a change of its columns breaks; nothing where no column is lost. */
export async function noteBreaks(
  spec: ProjectSpec,
  writer: Writer,
  base: Manifest | null,
  state: State,
  run: string,
): Promise<void> {
  const lost = await lostColumns(writer, base);
  if (lost.length === 0 || spec.cubes.length === 0) return;
  const broken = await brokenBy(spec, writer, lost);
  if (broken.length === 0) return;
  const line = `breaks: ${lost.map(({ table, column, how }) => `${table}.${column} ${how}`).join(", ")}: then ${broken.slice(0, NAMED).join(", ")}${broken.length > NAMED ? ` and ${broken.length - NAMED} more` : ""} cannot be asked any more`;
  const steps = state.prepare("SELECT number, name, warnings FROM steps WHERE run = ? ORDER BY number").all(run) as {
    readonly number: number;
    readonly name: string;
    readonly warnings: string | null;
  }[];
  const step = steps.find(({ name }) => lost.some(({ table }) => table === name)) ?? steps[0];
  if (step !== undefined)
    state
      .prepare("UPDATE steps SET warnings = ? WHERE run = ? AND number = ?")
      .run(
        JSON.stringify([...(step.warnings === null ? [] : (JSON.parse(step.warnings) as string[])), line]),
        run,
        step.number,
      );
}
