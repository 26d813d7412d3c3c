/** The runs and the query log as tables of the warehouse, so that cubes can be declared on them. */
import type { DuckDBConnection } from "duckdb";
import type { State } from "../../engine/warehouse/index.ts";
import { openChunkWriter, type ChunkWriter } from "../extract/chunk-writer.ts";
import { SCRATCH } from "../extract/extracted.ts";
import { inWarehouse } from "../extract/warehouse-tables.ts";
import { QUALITY, writeQuality } from "./quality-facts.ts";

const RUN_COLUMNS = [
  ["run_id", "VARCHAR"],
  ["job", "VARCHAR"],
  ["started_at", "VARCHAR"],
  ["finished_at", "VARCHAR"],
  ["seconds", "DOUBLE"],
  ["read", "BIGINT"],
  ["written", "BIGINT"],
  ["unchanged", "BIGINT"],
  ["deleted", "BIGINT"],
  ["rejected", "BIGINT"],
  ["status", "VARCHAR"],
  ["bytes", "BIGINT"],
] as const;
const USAGE_COLUMNS = [
  ["at", "VARCHAR"],
  ["caller", "VARCHAR"],
  ["kind", "VARCHAR"],
  ["members", "VARCHAR"],
  ["milliseconds", "DOUBLE"],
  ["rows", "BIGINT"],
  ["status", "VARCHAR"],
] as const;
const STAMPS = new Set(["started_at", "finished_at", "at"]);

/** Tables that are written anew with each load. */
export const RUN_FACTS = ["tessera_runs", "tessera_usage", QUALITY] as const;

/** Writes `tessera_runs` (one row a run and job), `tessera_usage` and `tessera_quality`. The run that writes them counts as published: only then is it seen. */
export async function writeRunFacts(connection: DuckDBConnection, state: State, run: string): Promise<void> {
  const runs = state
    .prepare(
      `SELECT s.run, s.name, s.started_at, s.finished_at, (julianday(s.finished_at) - julianday(s.started_at)) * 86400.0, s.read, s.added + s.updated, s.unchanged, s.deleted, s.rejected,
         CASE WHEN s.run = ? THEN 'published' WHEN s.status = 'failed' THEN 'failed' ELSE r.status END, s.bytes
       FROM steps AS s JOIN runs AS r ON r.id = s.run WHERE s.kind = 'job' AND s.finished_at IS NOT NULL AND (r.finished_at IS NOT NULL OR r.id = ?) ORDER BY s.started_at, s.number`,
    )
    .raw(true);
  await fill(connection, "tessera_runs", RUN_COLUMNS, runs.iterate(run, run) as Iterable<unknown[]>);
  const usage = state
    .prepare("SELECT at, caller, kind, members, milliseconds, rows, status FROM query_log ORDER BY id")
    .raw(true);
  await fill(connection, "tessera_usage", USAGE_COLUMNS, usage.iterate() as Iterable<unknown[]>);
  await writeQuality(connection, state, run);
}

async function fill(
  connection: DuckDBConnection,
  table: string,
  columns: readonly (readonly [string, string])[],
  rows: Iterable<unknown[]>,
): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE TABLE ${SCRATCH}.${table} (${columns.map(([name, type]) => `"${name}" ${type}`).join(", ")})`,
  );
  const writer = await openChunkWriter(connection, SCRATCH, table);
  for (const row of rows) {
    columns.forEach(([, type], i) => set(writer, i, type, row[i]));
    writer.next();
  }
  writer.close();
  const list = columns.map(([name]) =>
    STAMPS.has(name) ? `CAST("${name}" AS TIMESTAMPTZ) AS "${name}"` : `"${name}"`,
  );
  await connection.run(
    `CREATE OR REPLACE TABLE ${inWarehouse(table)} AS SELECT ${list.join(", ")} FROM ${SCRATCH}.${table}`,
  );
}

function set(writer: ChunkWriter, i: number, type: string, value: unknown): void {
  const column = writer.columns[i]!;
  if (value === null || value === undefined) column.setNull(writer.row);
  else if (type === "DOUBLE") column.float64[writer.row] = Number(value);
  else if (type === "BIGINT") column.setInteger(writer.row, Number(value));
  else column.setText(writer.row, String(value));
}
