/** Campaigns and their draws as tables of the warehouse, written before the star is built from them. */
import type { DuckDBConnection } from "duckdb";
import type { State } from "../../engine/warehouse/index.ts";
import { readNumber } from "../extract/read-sql.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { columnsOfType, replaceByRows, type FactColumn } from "./write-rows.ts";

const [CAMPAIGNS, ASSIGNMENTS] = ["tessera_campaigns", "tessera_assignments"] as const;

/** Names of the tables. */
export const CAMPAIGN_FACTS = [CAMPAIGNS, ASSIGNMENTS] as const;

const money = (name: string): FactColumn => ({ name, type: "DOUBLE", as: `CAST("${name}" AS DECIMAL(14,4))` });

const CAMPAIGN_COLUMNS: readonly FactColumn[] = [
  ...columnsOfType("BIGINT", "campaign_id"),
  ...columnsOfType("VARCHAR", "campaign_name", "channel", "offer"),
  { name: "drawn_on", type: "VARCHAR", as: "CAST(drawn_on AS DATE)" },
  ...columnsOfType("BIGINT", "window_days"),
  ...columnsOfType("DOUBLE", "holdout_share"),
  money("budget"),
];
const ASSIGNMENT_COLUMNS: readonly FactColumn[] = [
  ...columnsOfType("BIGINT", "campaign_id"),
  ...columnsOfType("VARCHAR", "member", "channel", "offer"),
  { name: "treated", type: "BIGINT", as: "treated = 1" },
  ...columnsOfType("VARCHAR", "stratum"),
  money("expected"),
  money("cost"),
];

/**
 * Writes the drawn campaigns (with the most frequent channel of their contacts) and their draws, unless the version has
 * them.
 * @returns names of the tables that changed
 */
export async function writeCampaignFacts(connection: DuckDBConnection, state: State): Promise<readonly string[]> {
  const [drawn = 0] = state
    .prepare("SELECT count(*) FROM campaigns WHERE status = 'drawn'")
    .raw(true)
    .get() as number[];
  // draws never change, so the same number means the same draws
  if ((await columnsOf(connection, ASSIGNMENTS)).size > 0) {
    const known = await readNumber(connection, `SELECT count(*)::INTEGER FROM ${inWarehouse(CAMPAIGNS)}`);
    if (known === drawn) return [];
  }
  const mostFrequent = (column: string): string =>
    `(SELECT ${column} FROM campaign_assignments AS a WHERE a.campaign = c.id
      GROUP BY ${column} ORDER BY count(*) DESC, ${column} LIMIT 1)`;
  const campaigns = `SELECT c.id, c.name, ${mostFrequent("channel")}, ${mostFrequent("offer")}, c.drawn_on,
      CAST(json_extract(c.plan, '$.windowDays') AS INTEGER), CAST(json_extract(c.plan, '$.holdOut') AS REAL),
      CAST(json_extract(c.plan, '$.budget') AS REAL)
    FROM campaigns AS c WHERE c.status = 'drawn' ORDER BY c.id`;
  const assignments = `SELECT campaign, member, channel, offer, treated, stratum, expected, cost
    FROM campaign_assignments ORDER BY campaign, member`;
  const write = (table: string, columns: readonly FactColumn[], sql: string): Promise<void> =>
    replaceByRows(connection, table, inWarehouse(table), columns, rowsOf(state, sql));
  await write(CAMPAIGNS, CAMPAIGN_COLUMNS, campaigns);
  await write(ASSIGNMENTS, ASSIGNMENT_COLUMNS, assignments);
  return CAMPAIGN_FACTS;
}

const rowsOf = (state: State, sql: string): Iterable<unknown[]> =>
  state.prepare(sql).raw(true).iterate() as Iterable<unknown[]>;
