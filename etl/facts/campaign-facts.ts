/** Campaigns and their draws as tables of the warehouse, written before the star is built: what a fact of assignments is made of. */
import type { DuckDBConnection } from "duckdb";
import type { State } from "../../engine/warehouse/index.ts";
import { openChunkWriter } from "../extract/chunk-writer.ts";
import { SCRATCH } from "../extract/extracted.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { readNumber } from "../extract/read-sql.ts";

export const CAMPAIGN_FACTS = ["tessera_campaigns", "tessera_assignments"] as const;

const CAMPAIGN_COLUMNS = [
  ["campaign_id", "BIGINT"],
  ["campaign_name", "VARCHAR"],
  ["channel", "VARCHAR"],
  ["offer", "VARCHAR"],
  ["drawn_on", "VARCHAR"],
  ["window_days", "BIGINT"],
  ["holdout_share", "DOUBLE"],
  ["budget", "DOUBLE"],
] as const;
const ASSIGNMENT_COLUMNS = [
  ["campaign_id", "BIGINT"],
  ["member", "VARCHAR"],
  ["channel", "VARCHAR"],
  ["offer", "VARCHAR"],
  ["treated", "BIGINT"],
  ["stratum", "VARCHAR"],
  ["expected", "DOUBLE"],
  ["cost", "DOUBLE"],
] as const;

type Columns = readonly (readonly [string, "BIGINT" | "VARCHAR" | "DOUBLE"])[];

/**
 * Writes `tessera_campaigns` (drawn ones; the channel is that of most of its contacts) and `tessera_assignments` where the draws are others than those
 * that the version has. @returns the names of the tables that changed
 */
export async function writeCampaignFacts(connection: DuckDBConnection, state: State): Promise<readonly string[]> {
  const drawn = state.prepare("SELECT count(*) AS n FROM campaigns WHERE status = 'drawn'").get() as {
    readonly n: number;
  };
  // draws are never changed, so as many are the same
  if ((await columnsOf(connection, CAMPAIGN_FACTS[1])).size > 0) {
    const known = await readNumber(connection, `SELECT count(*)::INTEGER FROM ${inWarehouse(CAMPAIGN_FACTS[0])}`);
    if (known === drawn.n) return [];
  }
  const campaigns = state
    .prepare(
      `SELECT c.id, c.name, (SELECT channel FROM campaign_assignments AS a WHERE a.campaign = c.id GROUP BY channel ORDER BY count(*) DESC, channel LIMIT 1), (SELECT offer FROM campaign_assignments AS a WHERE a.campaign = c.id GROUP BY offer ORDER BY count(*) DESC, offer LIMIT 1),
       c.drawn_on, CAST(json_extract(c.plan, '$.windowDays') AS INTEGER), CAST(json_extract(c.plan, '$.holdOut') AS REAL), CAST(json_extract(c.plan, '$.budget') AS REAL) FROM campaigns AS c WHERE c.status = 'drawn' ORDER BY c.id`,
    )
    .raw(true);
  await fill(connection, CAMPAIGN_FACTS[0], CAMPAIGN_COLUMNS, campaigns.iterate() as Iterable<unknown[]>);
  const assignments = state
    .prepare(
      "SELECT campaign, member, channel, offer, treated, stratum, expected, cost FROM campaign_assignments ORDER BY campaign, member",
    )
    .raw(true);
  await fill(connection, CAMPAIGN_FACTS[1], ASSIGNMENT_COLUMNS, assignments.iterate() as Iterable<unknown[]>);
  return CAMPAIGN_FACTS;
}

async function fill(
  connection: DuckDBConnection,
  table: string,
  columns: Columns,
  rows: Iterable<unknown[]>,
): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE TABLE ${SCRATCH}.${table} (${columns.map(([name, type]) => `"${name}" ${type}`).join(", ")})`,
  );
  const writer = await openChunkWriter(connection, SCRATCH, table);
  for (const row of rows) {
    columns.forEach(([, type], i) => {
      const column = writer.columns[i]!,
        value = row[i];
      if (value === null || value === undefined) column.setNull(writer.row);
      else if (type === "DOUBLE") column.float64[writer.row] = Number(value);
      else if (type === "BIGINT") column.setInteger(writer.row, Number(value));
      else column.setText(writer.row, String(value));
    });
    writer.next();
  }
  writer.close();
  const typed = columns.map(([name]) =>
    name === "drawn_on"
      ? "CAST(drawn_on AS DATE) AS drawn_on"
      : name === "treated"
        ? "treated = 1 AS treated"
        : ["cost", "expected", "budget"].includes(name)
          ? `CAST("${name}" AS DECIMAL(14,4)) AS "${name}"`
          : `"${name}"`,
  );
  await connection.run(
    `CREATE OR REPLACE TABLE ${inWarehouse(table)} AS SELECT ${typed.join(", ")} FROM ${SCRATCH}.${table}`,
  );
}
