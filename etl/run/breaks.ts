/**
 * What a load's change of columns would break, found before it is published: every question is prepared on the working
 * copy.
 */
import type { Engine } from "../../engine/query/answer/engine.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import { explain } from "../../engine/query/inspect/explain.ts";
import { today } from "../../engine/model/time/clock.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Query } from "../../engine/model/query.ts";
import { readColumns } from "../../engine/warehouse/columns.ts";
import { MAIN, roleOf, type Manifest, type State, type Writer } from "../../engine/warehouse/index.ts";
import { printTree, type Serving } from "../../engine/warehouse/serving.ts";
import { questions } from "../declare/questions.ts";
import { readRows } from "../extract/read-sql.ts";
import { columnsOf } from "../extract/warehouse-tables.ts";

/** A column that is gone or has another type. */
export interface LostColumn {
  readonly table: string;
  readonly column: string;
  /** `is gone`, or the types */
  readonly how: string;
}

/** Columns of the version before that the working copy lacks, or has with another type. */
export async function lostColumns(writer: Writer, base: Manifest | null): Promise<LostColumn[]> {
  const held = new Map(
    (base?.files ?? [])
      .filter((file) => roleOf(file) === MAIN || file.segment)
      .flatMap((file) => file.tables.map((table) => [table.name, table] as const)),
  );
  const lost: LostColumn[] = [];
  for (const table of held.values()) {
    if (table.name.startsWith("tessera_")) continue;
    const now = await columnsOf(writer.connection, table.name);
    if (now.size === 0) continue;
    for (const { name, type } of table.columns) {
      const is = now.get(name);
      const was = type === "TIMESTAMP WITH TIME ZONE" ? "TIMESTAMPTZ" : type;
      if (is === undefined) lost.push({ table: table.name, column: name, how: "is gone" });
      else if (is !== was) lost.push({ table: table.name, column: name, how: `was ${was} and is now ${is}` });
    }
  }
  return lost;
}

/** Names of measures, attributes, segments, goals, dashboards and models that fail because of lost columns. */
export async function brokenBy(spec: ProjectSpec, writer: Writer, lost: readonly LostColumn[]): Promise<string[]> {
  const { catalog } = resolveModel(spec);
  let engine: Engine;
  try {
    const serving = await workingCopy(writer);
    engine = await openEngine({ catalog, serving, today: () => today(undefined, new Date()) });
  } catch (error) {
    const [line = ""] = messageOf(error).split("\n");
    return [`the whole model: ${line}`];
  }
  const names = lost.map(({ column }) => new RegExp(`\\b${escaped(column)}\\b`, "i"));
  const broken: string[] = [];
  for (const { place, query } of questions(catalog, spec.dashboards ?? [], spec.goals ?? []))
    if ((await fails(engine, query, names)) || membersOf(query).some((member) => broken.includes(member)))
      broken.push(place);
  for (const model of spec.models ?? [])
    if ([model.value, ...(model.features ?? [])].some((member) => member !== undefined && broken.includes(member)))
      broken.push(`model ${model.name}`);
  return broken;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const membersOf = ({ measures, dimensions = [] }: Query): string[] =>
  [...measures, ...dimensions].filter((member): member is string => typeof member === "string");

/** Whether a question fails because of one of the columns; one that failed before for other reasons does not count. */
async function fails(engine: Engine, query: Query, names: readonly RegExp[]): Promise<boolean> {
  try {
    await explain(engine, query);
    return false;
  } catch (error) {
    const text = `${messageOf(error)} ${error instanceof Error ? messageOf(error.cause ?? "") : ""}`;
    return names.some((name) => name.test(text));
  }
}

/** The working copy as an engine reads it. */
async function workingCopy({ connection }: Writer): Promise<Serving> {
  const described = await readRows(
    connection,
    "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'warehouse'",
  );
  const columns = new Map<string, Map<string, string>>();
  for (const [table, column, type] of described) {
    const name = String(table).toLowerCase();
    const known = columns.get(name) ?? new Map<string, string>();
    columns.set(name, known.set(String(column).toLowerCase(), String(type).toUpperCase()));
  }
  return {
    version: null,
    columns,
    spool: null,
    print: printTree,
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
}

/** Names that are listed; the others are counted. */
const NAMED = 20;

interface StepRow {
  readonly number: number;
  readonly name: string;
  readonly warnings: string | null;
}

/** Adds what lost columns break to the warnings of the step that made the table; does nothing without lost columns. */
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
  const changes = lost.map(({ table, column, how }) => `${table}.${column} ${how}`).join(", ");
  const more = broken.length > NAMED ? ` and ${broken.length - NAMED} more` : "";
  const line = `breaks: ${changes}: ${broken.slice(0, NAMED).join(", ")}${more} will fail`;
  const steps = state
    .prepare("SELECT number, name, warnings FROM steps WHERE run = ? ORDER BY number")
    .all(run) as StepRow[];
  const step = steps.find(({ name }) => lost.some(({ table }) => table === name)) ?? steps[0];
  if (step === undefined) return;
  const warnings: readonly string[] = step.warnings === null ? [] : JSON.parse(step.warnings);
  state
    .prepare("UPDATE steps SET warnings = ? WHERE run = ? AND number = ?")
    .run(JSON.stringify([...warnings, line]), run, step.number);
}
