/** Entries of lists as a table of the warehouse, each with the outcome that came back. */
import type { DuckDBConnection } from "duckdb";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { quoteIdentifier, quoteText, type State } from "../../engine/warehouse/index.ts";
import { openChunkWriter } from "../extract/chunk-writer.ts";
import { inScratch, SCRATCH } from "../extract/extracted.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { destinationsOf } from "../declare/project-parts.ts";

export const LIST_ENTRIES = "tessera_list_entries";

/**
 * Writes `tessera_list_entries` anew: the state's entries with the outcomes that the jobs have just loaded. Needs the loaded tables; the star may read it.
 * An outcome table that was never loaded, or lacks its columns, leaves entries open.
 */
export async function writeListFacts(connection: DuckDBConnection, state: State, spec: ProjectSpec): Promise<void> {
  const raw = inScratch("list_entries");
  await connection.run(
    `CREATE OR REPLACE TABLE ${raw} (list_id VARCHAR, entry_id VARCHAR, audience VARCHAR, destination VARCHAR, made_at VARCHAR, status VARCHAR, member VARCHAR, assignee VARCHAR)`,
  );
  const writer = await openChunkWriter(connection, SCRATCH, "list_entries");
  const rows = state
    .prepare(
      "SELECT e.list, e.entry, l.name, l.target, l.made_at, l.status, e.member, e.assignee FROM list_entries AS e JOIN lists AS l ON l.id = e.list ORDER BY l.made_at, e.list, e.entry",
    )
    .raw(true);
  for (const row of rows.iterate() as Iterable<(string | null)[]>) {
    row.forEach((value, i) =>
      value === null ? writer.columns[i]!.setNull(writer.row) : writer.columns[i]!.setText(writer.row, value),
    );
    writer.next();
  }
  writer.close();
  const outcomes: string[] = [];
  for (const { name, outcomes: from } of destinationsOf(spec)) {
    if (from === undefined) continue;
    const [entry, outcome, at] = [from.entry ?? "entry_id", from.outcome ?? "outcome", from.at ?? "outcome_at"];
    const columns = await columnsOf(connection, from.table);
    if (!columns.has(entry) || !columns.has(outcome)) continue;
    const moment = columns.has(at) ? `CAST(${quoteIdentifier(at)} AS TIMESTAMPTZ)` : "CAST(NULL AS TIMESTAMPTZ)";
    outcomes.push(
      `SELECT ${quoteText(name)} AS destination, CAST(${quoteIdentifier(entry)} AS VARCHAR) AS entry_id, CAST(${quoteIdentifier(outcome)} AS VARCHAR) AS outcome, ${moment} AS outcome_at FROM ${inWarehouse(from.table)}`,
    );
  }
  const came =
    outcomes.length === 0
      ? "SELECT '' AS destination, '' AS entry_id, '' AS outcome, CAST(NULL AS TIMESTAMPTZ) AS outcome_at WHERE false"
      : outcomes.join(" UNION ALL ");
  // of several outcomes of one entry the last counts
  await connection.run(`CREATE OR REPLACE TABLE ${inWarehouse(LIST_ENTRIES)} AS
    WITH came AS (SELECT destination, entry_id, arg_max(outcome, coalesce(outcome_at, TIMESTAMPTZ '0001-01-01 00:00:00+00')) AS outcome, max(outcome_at) AS outcome_at FROM (${came}) WHERE outcome IS NOT NULL GROUP BY ALL)
    SELECT r.list_id, r.entry_id, r.audience, r.destination, CAST(r.made_at AS TIMESTAMPTZ) AS made_at, r.status, r.member, TRY_CAST(r.member AS BIGINT) AS member_no, r.assignee, coalesce(c.outcome, 'open') AS outcome, c.outcome_at,
      date_diff('second', CAST(r.made_at AS TIMESTAMPTZ), c.outcome_at) / 86400.0 AS days_to_outcome
    FROM ${raw} AS r LEFT JOIN came AS c ON c.entry_id = r.entry_id AND c.destination = r.destination ORDER BY r.made_at, r.entry_id`);
  await connection.run(`DROP TABLE ${raw}`);
}
