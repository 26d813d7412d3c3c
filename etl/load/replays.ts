/** Which loads' rejected rows were taken up again: a table of the version, so that a rollback forgets that together with the rows. */
import type { DuckDBConnection } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";

const REPLAYS = "tessera_replays";

/** Throws `job-invalid` where they were taken up before: rows without a key would be there twice. */
export async function refuseSecondReplay(connection: DuckDBConnection, job: string, of: string): Promise<void> {
  if ((await columnsOf(connection, REPLAYS)).size === 0) return;
  const found = await connection.runAndReadAll(`SELECT run FROM ${inWarehouse(REPLAYS)} WHERE job = $1 AND load = $2`, [
    job,
    of,
  ]);
  const [run] = found.getRowsJson()[0] ?? [];
  if (run !== undefined)
    throw new TesseraError(
      "job-invalid",
      phrase`the rejected rows of load ${of} were replayed by ${String(run)} already`,
      {
        place: `job ${job}`,
        remedy: phrase`what was rejected again belongs to that load: tessera loads ${String(run)} --replay-rejects`,
      },
    );
}

export async function recordReplay(connection: DuckDBConnection, job: string, of: string, run: string): Promise<void> {
  await connection.run(`CREATE TABLE IF NOT EXISTS ${inWarehouse(REPLAYS)} (job VARCHAR, load VARCHAR, run VARCHAR)`);
  await connection.run(`INSERT INTO ${inWarehouse(REPLAYS)} VALUES ($1, $2, $3)`, [job, of, run]);
}
