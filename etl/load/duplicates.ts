/** Removes staged rows that a later row supersedes. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { sourceName } from "../declare/column.ts";
import type { Job } from "../declare/job.ts";
import { keyOf, modeOf } from "../declare/load-mode.ts";
import { inScratch } from "../extract/extracted.ts";
import { readNumbers } from "../extract/read-sql.ts";
import { cursorOf } from "../extract/wanted.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { stagedTable } from "../stage/stage.ts";
import { sameKey } from "./staged-sql.ts";

/** Keeps of several rows with one key the latest by cursor, else the last one read. @returns how many were removed */
export async function keepLatest(connection: DuckDBConnection, job: Job): Promise<number> {
  const key = keyOf(job);
  if (key.length === 0 || modeOf(job) === "append") return 0;
  // a version is identified by its key and its date
  const identity = modeOf(job) === "scd2" && job.into.validFrom !== undefined ? [...key, job.into.validFrom] : key;
  const table = inScratch(stagedTable(job));
  const columns = identity.map(quoteIdentifier).join(", ");
  const [rows = 0, distinct = 0] = await readNumbers(
    connection,
    `SELECT count(*), count(DISTINCT (${columns})) FROM ${table}`,
  );
  if (rows === distinct) return 0;
  await connection.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${table} QUALIFY row_number() OVER (
       PARTITION BY ${columns} ORDER BY __cursor DESC NULLS LAST, __file DESC, __order DESC
     ) = 1`,
  );
  return rows - distinct;
}

/** Removes rows whose key the table has, unless their cursor is later than the table's. @returns how many */
export async function dropKnown(connection: DuckDBConnection, job: Job): Promise<number> {
  const key = keyOf(job);
  const columns = await columnsOf(connection, job.into.table);
  if (key.length === 0 || columns.size === 0 || job.into.validFrom !== undefined) return 0;
  const cursor = cursorColumn(job, columns);
  const isLater = cursor === undefined ? "false" : `s.${quoteIdentifier(cursor)} > t.${quoteIdentifier(cursor)}`;
  const { rowsChanged } = await connection.run(
    `DELETE FROM ${inScratch(stagedTable(job))} AS s USING ${inWarehouse(job.into.table)} AS t
     WHERE ${sameKey(key, "s", "t")} AND NOT coalesce(${isLater}, false)`,
  );
  return rowsChanged;
}

/** The table's column with the cursor. */
function cursorColumn(job: Job, columns: ReadonlyMap<string, string>): string | undefined {
  const cursor = cursorOf(job);
  const [renamed] = Object.entries(job.columns ?? {}).find(([name, spec]) => sourceName(name, spec) === cursor) ?? [];
  const name = renamed ?? cursor;
  return name !== undefined && columns.has(name) ? name : undefined;
}
