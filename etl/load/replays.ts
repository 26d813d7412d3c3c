/** The replayed rejects: a table of the version, so that a rollback reverts it together with the rows. */
import { readTexts } from "../extract/read-sql.ts";
import type { DuckDBConnection } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";

const REPLAYS = "tessera_replays";

/** @throws TesseraError `job-invalid` for rejects that were replayed before: rows without a key would be added twice */
export async function refuseSecondReplay(connection: DuckDBConnection, job: string, of: string): Promise<void> {
  if ((await columnsOf(connection, REPLAYS)).size === 0) return;
  const [run] = await readTexts(connection, `SELECT run FROM ${inWarehouse(REPLAYS)} WHERE job = $1 AND load = $2`, [
    job,
    of,
  ]);
  if (run !== undefined)
    throw new TesseraError(
      "job-invalid",
      phrase`the rejected rows of load ${of} were already replayed by load ${run}`,
      {
        place: `job ${job}`,
        remedy: phrase`replay the rejected rows of load ${run} instead`,
      },
    );
}

/** Records that the rejects of load `of` were replayed. */
export async function recordReplay(connection: DuckDBConnection, job: string, of: string, run: string): Promise<void> {
  await connection.run(`CREATE TABLE IF NOT EXISTS ${inWarehouse(REPLAYS)} (job VARCHAR, load VARCHAR, run VARCHAR)`);
  await connection.run(`INSERT INTO ${inWarehouse(REPLAYS)} VALUES ($1, $2, $3)`, [job, of, run]);
}
