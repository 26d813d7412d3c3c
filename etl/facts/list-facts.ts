/** The entries of lists as a table of the warehouse, each with the outcome that came back. */
import type { DuckDBConnection } from "duckdb";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { quoteIdentifier, quoteText, type State } from "../../engine/warehouse/index.ts";
import type { ListOutcomes } from "../declare/destination.ts";
import { destinationsOf } from "../declare/project-parts.ts";
import { inScratch } from "../extract/extracted.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { columnsOfType, writeRows } from "./write-rows.ts";

/** Name of the table. */
export const LIST_ENTRIES = "tessera_list_entries";

const COLUMNS = ["list_id", "entry_id", "audience", "destination", "made_at", "status", "member", "assignee"];

/**
 * Writes the state's entries with the outcomes that the jobs loaded. Must run after the jobs and before the star is
 * built. An outcome table that was never loaded, or lacks its columns, leaves its entries open.
 */
export async function writeListFacts(connection: DuckDBConnection, state: State, spec: ProjectSpec): Promise<void> {
  const entries = state
    .prepare(
      `SELECT e.list, e.entry, l.name, l.target, l.made_at, l.status, e.member, e.assignee
       FROM list_entries AS e JOIN lists AS l ON l.id = e.list ORDER BY l.made_at, e.list, e.entry`,
    )
    .raw(true)
    .iterate() as Iterable<unknown[]>;
  await writeRows(connection, "list_entries", columnsOfType("VARCHAR", ...COLUMNS), entries);
  const raw = inScratch("list_entries");
  // the last of several outcomes of an entry counts
  await connection.run(`CREATE OR REPLACE TABLE ${inWarehouse(LIST_ENTRIES)} AS
    WITH came AS (
      SELECT destination, entry_id,
        arg_max(outcome, coalesce(outcome_at, TIMESTAMPTZ '0001-01-01 00:00:00+00')) AS outcome,
        max(outcome_at) AS outcome_at
      FROM (${await outcomesSql(connection, spec)}) WHERE outcome IS NOT NULL GROUP BY ALL
    )
    SELECT r.list_id, r.entry_id, r.audience, r.destination, CAST(r.made_at AS TIMESTAMPTZ) AS made_at, r.status,
      r.member, TRY_CAST(r.member AS BIGINT) AS member_no, r.assignee, coalesce(c.outcome, 'open') AS outcome,
      c.outcome_at,
      date_diff('second', CAST(r.made_at AS TIMESTAMPTZ), c.outcome_at) / 86400.0 AS days_to_outcome
    FROM ${raw} AS r LEFT JOIN came AS c ON c.entry_id = r.entry_id AND c.destination = r.destination
    ORDER BY r.made_at, r.entry_id`);
  await connection.run(`DROP TABLE ${raw}`);
}

/** SQL of the outcomes of all destinations. */
async function outcomesSql(connection: DuckDBConnection, spec: ProjectSpec): Promise<string> {
  const selects: string[] = [];
  for (const { name, outcomes } of destinationsOf(spec)) {
    const select = outcomes === undefined ? undefined : await outcomeSql(connection, name, outcomes);
    if (select !== undefined) selects.push(select);
  }
  return selects.length === 0
    ? `SELECT '' AS destination, '' AS entry_id, '' AS outcome, CAST(NULL AS TIMESTAMPTZ) AS outcome_at WHERE false`
    : selects.join(" UNION ALL ");
}

async function outcomeSql(
  connection: DuckDBConnection,
  destination: string,
  { table, entry = "entry_id", outcome = "outcome", at = "outcome_at" }: ListOutcomes,
): Promise<string | undefined> {
  const columns = await columnsOf(connection, table);
  if (!columns.has(entry) || !columns.has(outcome)) return undefined;
  const moment = columns.has(at) ? quoteIdentifier(at) : "NULL";
  return `SELECT ${quoteText(destination)} AS destination, CAST(${quoteIdentifier(entry)} AS VARCHAR) AS entry_id,
      CAST(${quoteIdentifier(outcome)} AS VARCHAR) AS outcome, CAST(${moment} AS TIMESTAMPTZ) AS outcome_at
    FROM ${inWarehouse(table)}`;
}
