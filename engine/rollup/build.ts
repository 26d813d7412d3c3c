/**
 * Builds the rollups that a model declares, into a file of their own. From an earlier version's rollups only what
 * changed is built: nothing where no table behind a rollup was touched, else the months whose facts, or whose facts'
 * dimension members, changed.
 */
import { tablesBehind } from "./tables-behind.ts";
import { first, present, required } from "../lookup.ts";
import type { DuckDBConnection } from "duckdb";
import type { Argument } from "../model/measure.ts";
import type { Engine } from "../query/answer/engine.ts";
import { ROLLUPS_TABLE } from "../query/answer/served-rollups.ts";
import { FactSource } from "../query/scan/fact-source.ts";
import type { Leaf } from "../query/resolve/nodes.ts";
import { isApproximate, registersOf } from "../query/scan/registers.ts";
import type { PlanContext } from "../query/plan/plan-context.ts";
import { wholeAnswer } from "../query/plan/whole-answer.ts";
import { quote } from "../sql/dialect.ts";
import type { Printed } from "../sql/printer.ts";
import type { Select } from "../sql/tree.ts";
import { registersTable, rollupDefinitions, type RollupDefinition } from "../query/rollup/definition.ts";

/** The table with what each month of a rollup was built from: rows, and a sum of their hashes. */
const PARTS = "tessera_rollup_parts";

/** A rollup that was built. */
export interface Built {
  readonly name: string;
  readonly rows: number;
  /** months that were computed, or the whole of a rollup without a date; the others were copied */
  readonly computed: number;
  readonly parts: number;
}

/** How rollups are built. */
export interface BuildOptions {
  /** the attached catalog with the rollups of the previous version; default: build everything */
  readonly previous?: string;
  /** whether a table's rows changed since that version; default: all may have */
  readonly changed?: (table: string) => boolean;
  readonly onProgress?: (message: string) => void;
}

interface Part {
  readonly month: string | null;
  readonly stamp: string;
}

function progressOf(name: string, fresh: number | null, months: number): string {
  if (fresh === null) return name;
  if (fresh === 0) return `${name}, unchanged`;
  return `${name}, ${fresh} of ${months} month${months === 1 ? "" : "s"}`;
}

/** Builds the rollups of a model. @param out the catalog to build the tables in */
export async function buildRollups(
  engine: Engine,
  connection: DuckDBConnection,
  out: string,
  options: BuildOptions = {},
): Promise<readonly Built[]> {
  const { definitions } = rollupDefinitions(engine.catalog, engine.binding);
  const { resolve, plan: context } = engine.context("as_is", null, engine.now());
  // from the facts, never from another rollup
  const plan = { ...context, rollups: [] };
  const built: Built[] = [];
  await connection.run(
    `CREATE TABLE ${quote(out)}.${ROLLUPS_TABLE} (name VARCHAR, table_name VARCHAR, hash VARCHAR, rows BIGINT)`,
  );
  await connection.run(`CREATE TABLE ${quote(out)}.${PARTS} (name VARCHAR, month DATE, stamp VARCHAR)`);
  const read = async (
    sql: string,
    parameters: readonly (string | number | boolean | null)[] = [],
  ): Promise<(string | null)[][]> =>
    (await connection.runAndReadAll(sql, [...parameters])).getRowsJson() as (string | null)[][];

  for (const definition of definitions) {
    const cube = required(engine.catalog.cubes, definition.cube, "cube");
    const before = options.previous === undefined ? null : await partsBefore(read, options.previous, definition);
    const untouched = before !== null && options.changed !== undefined && !tablesBehind(cube).some(options.changed);
    const { printed, compiled, columnOf } = wholeAnswer(
      { measures: definition.measures, dimensions: definition.keys.map((key) => key.member) },
      { resolve, plan },
    );
    const leaves = compiled.leaves;
    const rows = factRows(engine, definition, leaves, plan);
    const dated = definition.keys.findIndex(
      (key) =>
        key.t === "role" &&
        key.dimension.calendar !== null &&
        (key.attribute.name === "day" || key.attribute.name === "month"),
    );
    const parts = untouched ? before : await stamps(read, rows, plan.print, dated, definition.keys.length, leaves);
    const fresh = parts.filter((part) => !before?.some((old) => old.month === part.month && old.stamp === part.stamp));
    options.onProgress?.(progressOf(definition.name, before === null ? null : fresh.length, parts.length));

    const order = dated >= 0 ? ` ORDER BY k${dated}` : "";
    const kept = parts.filter((part) => !fresh.includes(part));
    const create = async (table: string, columns: string, from: Printed): Promise<void> => {
      const within = kept.length === 0 ? "" : ` WHERE ${inMonths(dated, fresh)}`;
      const computed = `SELECT ${columns} FROM (${from.sql})${within}`;
      const keptMonths = kept.length === before?.length ? "" : ` WHERE ${inMonths(dated, kept)}`;
      const taken =
        kept.length === 0
          ? ""
          : `SELECT * FROM ${quote(present(options.previous, "the previous rollups"))}.${quote(table)}${keptMonths}`;
      const both = taken === "" ? computed : `(${computed}) UNION ALL (${taken})`;
      const all = fresh.length === 0 && kept.length > 0 ? taken : both;
      await connection.run(
        `CREATE TABLE ${quote(out)}.${quote(table)} AS SELECT * FROM (${all})${order}`,
        all === taken ? [] : from.parameters.map((p) => p.value),
      );
    };
    const approximate = definition.measures.map(
      (m) => leaves.find((leaf) => leaf.member === m && isApproximate(leaf)) ?? null,
    );
    await create(
      definition.table,
      [
        ...definition.keys.map((_k, i) => `k${i}`),
        ...definition.measures.flatMap((m, i) => (approximate[i] ? [] : [`${columnOf(m)} AS m${i}`])),
      ].join(", "),
      printed,
    );
    for (const [i, leaf] of approximate.entries())
      if (leaf)
        await create(
          registersTable(definition, i),
          "*",
          plan.print(
            registersOf(
              leaf,
              rows,
              definition.keys.map((_, n) => n),
            ),
          ),
        );

    const count = Number(first(await read(`SELECT count(*) FROM ${quote(out)}.${quote(definition.table)}`))[0]);
    await connection.run(`INSERT INTO ${quote(out)}.${ROLLUPS_TABLE} VALUES ($1, $2, $3, $4)`, [
      definition.name,
      definition.table,
      definition.hash,
      count,
    ]);
    for (const { month, stamp } of parts)
      await connection.run(`INSERT INTO ${quote(out)}.${PARTS} VALUES ($1, $2::DATE, $3)`, [
        definition.name,
        month,
        stamp,
      ]);
    built.push({ name: definition.name, rows: count, computed: fresh.length, parts: parts.length });
  }
  return built;
}

const argumentOf = ({ measure }: Leaf): Argument | undefined => (measure.kind === "aggregate" ? measure.of : undefined);

/** The fact's rows as the rollup reads them: its keys, and what its measures take. */
function factRows(engine: Engine, definition: RollupDefinition, leaves: readonly Leaf[], context: PlanContext): Select {
  const source = new FactSource(context, required(engine.catalog.cubes, definition.cube, "cube"));
  const columns = [
    ...definition.keys.map((key, i) => ({ expr: source.attribute(key), as: `k${i}` })),
    ...leaves.flatMap((leaf) => {
      const of = argumentOf(leaf);
      return [
        ...(of === undefined ? [] : [{ expr: source.argument(of), as: `a_${leaf.column}` }]),
        ...(leaf.where ? [{ expr: source.condition(leaf.where), as: `b_${leaf.column}` }] : []),
      ];
    }),
  ];
  return { t: "select", columns, ...source.parts() };
}

/**
 * One stamp a month and one for unknown dates; one for all where the rollup has no date. A sum of hashes does not
 * depend on the order of rows, and equal rows do not cancel out.
 */
async function stamps(
  read: (sql: string, parameters: readonly (string | number | boolean | null)[]) => Promise<(string | null)[][]>,
  rows: Select,
  print: PlanContext["print"],
  dated: number,
  keys: number,
  leaves: readonly Leaf[],
): Promise<Part[]> {
  const names = rows.columns.map((c) => quote(c.as));
  const inputs = leaves.flatMap((leaf) => [...(argumentOf(leaf) === undefined ? [] : [1]), ...(leaf.where ? [1] : [])]);
  if (names.length !== keys + inputs.length) throw new Error("a column of the rollup is missing from its stamp");
  const printed = print(rows);
  const month = dated >= 0 ? `date_trunc('month', k${dated})::DATE::VARCHAR` : "NULL::VARCHAR";
  const found = await read(
    `SELECT ${month} AS month, concat_ws(' ', count(*), sum(hash(${names.join(", ")}))) AS stamp
     FROM (${printed.sql}) GROUP BY 1 ORDER BY 1`,
    printed.parameters.map((p) => p.value),
  );
  return found.map(partOf);
}

const partOf = ([month = null, stamp = null]: readonly (string | null)[]): Part => ({
  month,
  stamp: present(stamp, "the stamp"),
});

/** The parts of a version's rollup; null where it has none of this definition. */
async function partsBefore(
  read: (sql: string, parameters: readonly string[]) => Promise<(string | null)[][]>,
  previous: string,
  { name, hash }: RollupDefinition,
): Promise<Part[] | null> {
  const held = await read("SELECT table_name FROM duckdb_tables() WHERE database_name = $1 AND table_name = $2", [
    previous,
    PARTS,
  ]);
  if (
    held.length === 0 ||
    (await read(`SELECT hash FROM ${quote(previous)}.${ROLLUPS_TABLE} WHERE name = $1`, [name]))[0]?.[0] !== hash
  )
    return null;
  return (await read(`SELECT month::VARCHAR, stamp FROM ${quote(previous)}.${PARTS} WHERE name = $1`, [name])).map(
    partOf,
  );
}

function inMonths(dated: number, parts: readonly Part[]): string {
  if (dated < 0) return parts.length > 0 ? "true" : "false";
  const months = parts.flatMap((part) => (part.month === null ? [] : [`DATE '${part.month}'`]));
  const either = [
    months.length > 0 ? `date_trunc('month', k${dated})::DATE IN (${months.join(", ")})` : "",
    parts.some((part) => part.month === null) ? `k${dated} IS NULL` : "",
  ].filter(Boolean);
  return either.length === 0 ? "false" : `(${either.join(" OR ")})`;
}
