/** Plans and builds the tables of the star, in dependency order. */
import { readTexts } from "../extract/read-sql.ts";
import type { CompiledText } from "../extract/kysely-dialects.ts";
import { createHash } from "node:crypto";
import type { DuckDBConnection } from "duckdb";
import type { SegmentedTables } from "../../engine/warehouse/index.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import type { Job } from "../declare/job.ts";
import { madeBy, MATCH_FORM } from "../declare/match.ts";
import type { IdentityDecision } from "../match/decisions.ts";
import type { Table } from "../declare/table.ts";
import { buildTable, compileTable, type Built } from "./build-table.ts";
import { inOrder } from "../declare/order.ts";
import { tablesRead } from "./table-names.ts";

/** A table of the star and what it depends on. */
export interface PlannedTable {
  readonly name: string;
  readonly table: Table;
  /** tables that it is built from, by its select and `after` */
  readonly needs: readonly string[];
  /** of its definition */
  readonly hash: string;
  /** of a match: decisions on pairs */
  readonly decisions?: readonly IdentityDecision[];
}

const DEFINITIONS = "tessera_tables";

/** The tables in dependency order. @throws TesseraError `project-invalid` for a circle or an invalid select */
export async function planTables(
  connection: DuckDBConnection,
  tables: readonly Table[],
  jobs: readonly Job[],
  decisionsOf: (match: string) => readonly IdentityDecision[] = () => [],
): Promise<PlannedTable[]> {
  const planned: PlannedTable[] = [];
  const madeIn = new Map(tables.flatMap((table) => madeBy(table).map((made) => [made, table.name] as const)));
  const targets = new Map(jobs.map((job) => [job.name, job.into.table]));
  for (const table of tables) {
    const compiled = compileTable(table);
    const read = await tablesRead(connection, compiled.sql, `table ${table.name}`);
    const needs = [
      ...new Set([
        ...read,
        ...(table.lateMembers ?? []).map((late) => late.table),
        ...(table.after ?? []).map((name) => targets.get(name) ?? name),
      ]),
    ]
      .map((name) => madeIn.get(name) ?? name)
      .filter((name) => name !== table.name);
    const decisions = table.match === undefined ? undefined : decisionsOf(table.name);
    const hash = definitionHash(table, compiled, decisions);
    planned.push({ name: table.name, table, needs, hash, ...(decisions && { decisions }) });
  }
  return inOrder(planned, "table");
}

/** Parts are added only if declared, so that hashes of other tables stay the same. */
const definitionHash = (
  table: Table,
  { sql, parameters }: CompiledText,
  decisions: readonly IdentityDecision[] | undefined,
): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        sql,
        parameters,
        table.changes,
        table.sort,
        table.key,
        ...(table.lateMembers === undefined ? [] : [table.lateMembers]),
        ...(table.segments === undefined ? [] : [{ segments: table.segments }]),
        ...(table.match === undefined ? [] : [MATCH_FORM, table.match, decisions]),
      ]),
    )
    .digest("hex");

/** Inputs of a table that were never loaded. */
export async function missingInputs(
  connection: DuckDBConnection,
  planned: PlannedTable,
  expected: ReadonlySet<string>,
): Promise<string[]> {
  const missing: string[] = [];
  for (const name of planned.needs)
    if (expected.has(name) && (await columnsOf(connection, name)).size === 0) missing.push(name);
  return missing;
}

/** Whether neither the table's definition nor its inputs changed. @param changed tables that this load changed */
export async function isFresh(
  connection: DuckDBConnection,
  planned: PlannedTable,
  changed: ReadonlySet<string>,
): Promise<boolean> {
  if (planned.needs.some((name) => changed.has(name)) || (await columnsOf(connection, planned.name)).size === 0)
    return false;
  const [hash] = await readTexts(connection, `SELECT hash FROM ${inWarehouse(DEFINITIONS)} WHERE name = $1`, [
    planned.name,
  ]);
  return hash === planned.hash;
}

/** Creates the table of definitions unless it exists. */
export async function prepareDefinitions(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `CREATE TABLE IF NOT EXISTS ${inWarehouse(DEFINITIONS)} (name VARCHAR, hash VARCHAR, run VARCHAR)`,
  );
}

/** Builds a table and records its definition. */
export async function buildPlanned(
  connection: DuckDBConnection,
  segmented: SegmentedTables,
  planned: PlannedTable,
  at: Date,
  run: string,
): Promise<Built> {
  const built = await buildTable(connection, segmented, planned.table, at, planned.decisions);
  await connection.run(`DELETE FROM ${inWarehouse(DEFINITIONS)} WHERE name = $1`, [planned.name]);
  await connection.run(`INSERT INTO ${inWarehouse(DEFINITIONS)} VALUES ($1, $2, $3)`, [
    planned.name,
    planned.hash,
    run,
  ]);
  return built;
}
