/** The loaded files: a table of the version, so that a rollback reverts it together with the rows. */
import type { DuckDBConnection } from "duckdb";
import type { FileRecord } from "../extract/extracted.ts";
import { inWarehouse } from "../extract/warehouse-tables.ts";

const LEDGER = "tessera_files";

/** Creates the ledger unless it exists. */
export async function prepareLedger(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `CREATE TABLE IF NOT EXISTS ${inWarehouse(LEDGER)}
     (job VARCHAR, name VARCHAR, size BIGINT, sha256 VARCHAR, run VARCHAR, loaded_at TIMESTAMPTZ)`,
  );
}

/** The files that a job has loaded. */
export async function loadedFiles(connection: DuckDBConnection, job: string): Promise<FileRecord[]> {
  const found = await connection.runAndReadAll(`SELECT name, size, sha256 FROM ${inWarehouse(LEDGER)} WHERE job = $1`, [
    job,
  ]);
  return found
    .getRowsJson()
    .map(([name, size, sha256]) => ({ name: String(name), size: Number(size), sha256: String(sha256) }));
}

/** Adds files to the ledger. @param replaced the table consists of these files only */
export async function recordFiles(
  connection: DuckDBConnection,
  job: string,
  files: readonly FileRecord[],
  run: string,
  at: Date,
  replaced: boolean,
): Promise<void> {
  if (replaced) await connection.run(`DELETE FROM ${inWarehouse(LEDGER)} WHERE job = $1`, [job]);
  if (files.length === 0) return;
  await connection.run(
    `INSERT INTO ${inWarehouse(LEDGER)}
     SELECT $1, f->>'name', (f->>'size')::BIGINT, f->>'sha256', $2, $3::TIMESTAMPTZ
     FROM (SELECT unnest(json_extract($4::JSON, '$[*]')) AS f)`,
    [job, run, at.toISOString(), JSON.stringify(files)],
  );
}
