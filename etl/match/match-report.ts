/** How a match went, as a row of the version. */
import type { DuckDBConnection } from "duckdb";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";

/** How a match went. */
export interface MatchReport {
  readonly entries: number;
  /** groups of entries: persons or companies */
  readonly members: number;
  /** pairs joined by keys, each with the first entry of its key */
  readonly byKey: number;
  /** pairs joined by likeness */
  readonly byScore: number;
  /** pairs that were compared */
  readonly compared: number;
  /** pairs for review */
  readonly review: number;
  /**
   * share of the pairs joined by likeness that is right, by the pairs that people judged; null below 20 judged pairs
   */
  readonly expectedPrecision: number | null;
  /** the same by the weights, which assume independent fields and so are too optimistic */
  readonly precisionByWeights: number | null;
  /** pairs that likeness joins without a key, and that people decided on */
  readonly judged: number;
  /** links that were not followed because of decisions */
  readonly refused: number;
}

/** Table with the report of each match. */
export const MATCHES = "tessera_matches";

/** With fewer judged pairs the precision is unknown. */
export const ENOUGH_JUDGED = 20;

/** Writes the report of a match. */
export async function writeReport(connection: DuckDBConnection, name: string, report: MatchReport): Promise<void> {
  const table = inWarehouse(MATCHES);
  // a table in an earlier form is replaced: every load writes its rows again
  if (!(await columnsOf(connection, MATCHES)).has("judged"))
    await connection.run(
      `CREATE OR REPLACE TABLE ${table} (
         match VARCHAR, entries BIGINT, members BIGINT, by_key BIGINT, by_score BIGINT, compared BIGINT, review BIGINT,
         expected_precision DOUBLE, precision_by_weights DOUBLE, judged BIGINT, refused BIGINT
       )`,
    );
  await connection.run(`DELETE FROM ${table} WHERE match = $1`, [name]);
  await connection.run(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, [
    name,
    report.entries,
    report.members,
    report.byKey,
    report.byScore,
    report.compared,
    report.review,
    report.expectedPrecision,
    report.precisionByWeights,
    report.judged,
    report.refused,
  ]);
}
