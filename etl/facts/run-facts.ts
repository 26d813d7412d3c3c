/** Runs and the query log as tables of the warehouse, so that cubes can be declared on them. */
import type { DuckDBConnection } from "duckdb";
import type { State } from "../../engine/warehouse/index.ts";
import { inWarehouse } from "../extract/warehouse-tables.ts";
import { QUALITY, writeQuality } from "./quality-facts.ts";
import { columnsOfType, replaceByRows, stamp, type FactColumn } from "./write-rows.ts";

const [RUNS, USAGE] = ["tessera_runs", "tessera_usage"] as const;

const RUN_COLUMNS: readonly FactColumn[] = [
  ...columnsOfType("VARCHAR", "run_id", "job"),
  stamp("started_at"),
  stamp("finished_at"),
  ...columnsOfType("DOUBLE", "seconds"),
  ...columnsOfType("BIGINT", "read", "written", "unchanged", "deleted", "rejected"),
  ...columnsOfType("VARCHAR", "status"),
  ...columnsOfType("BIGINT", "bytes"),
];
const USAGE_COLUMNS: readonly FactColumn[] = [
  stamp("at"),
  ...columnsOfType("VARCHAR", "caller", "kind", "members"),
  ...columnsOfType("DOUBLE", "milliseconds"),
  ...columnsOfType("BIGINT", "rows"),
  ...columnsOfType("VARCHAR", "status"),
];

/** Names of the tables, which every load writes. */
export const RUN_FACTS = [RUNS, USAGE, QUALITY] as const;

/**
 * Writes `tessera_runs` (one row for each run and job), `tessera_usage` and `tessera_quality`.
 * @param run the load that writes them: it counts as published, because they are visible only then
 */
export async function writeRunFacts(connection: DuckDBConnection, state: State, run: string): Promise<void> {
  const runs = state
    .prepare(
      `SELECT s.run, s.name, s.started_at, s.finished_at,
         (julianday(s.finished_at) - julianday(s.started_at)) * 86400.0,
         s.read, s.added + s.updated, s.unchanged, s.deleted, s.rejected,
         CASE WHEN s.run = ? THEN 'published' WHEN s.status = 'failed' THEN 'failed' ELSE r.status END, s.bytes
       FROM steps AS s JOIN runs AS r ON r.id = s.run
       WHERE s.kind = 'job' AND s.finished_at IS NOT NULL AND (r.finished_at IS NOT NULL OR r.id = ?)
       ORDER BY s.started_at, s.number`,
    )
    .raw(true)
    .iterate(run, run) as Iterable<unknown[]>;
  await replaceByRows(connection, RUNS, inWarehouse(RUNS), RUN_COLUMNS, runs);
  const usage = state
    .prepare("SELECT at, caller, kind, members, milliseconds, rows, status FROM query_log ORDER BY id")
    .raw(true)
    .iterate() as Iterable<unknown[]>;
  await replaceByRows(connection, USAGE, inWarehouse(USAGE), USAGE_COLUMNS, usage);
  await writeQuality(connection, state, run);
}
