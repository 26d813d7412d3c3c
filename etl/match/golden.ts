/** The golden record: one row for each member, each column from the entry whose value survives. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { inWarehouse } from "../extract/warehouse-tables.ts";
import { keyName, type GoldenSpec, type MatchRules, type Survivor } from "../declare/match-rules.ts";
import { RAW } from "./entries.ts";

const RANK = "(r.source_rank, r.entry_no)";

function survivor(column: string, rule: Survivor): string {
  const value = `r.${quoteIdentifier(column)}`;
  const known = `FILTER (${value} IS NOT NULL)`;
  if (rule === "first") return `arg_min(${value}, ${RANK}) ${known}`;
  // of equal values the first entry's counts, so that the result does not depend on the order of rows
  if (rule === "longest")
    return `arg_min(${value}, (-length(CAST(${value} AS VARCHAR)), r.source_rank, r.entry_no)) ${known}`;
  if (rule === "frequent") return `mode(${value} ORDER BY r.source_rank, r.entry_no) ${known}`;
  const latest = `r.${quoteIdentifier(rule.latest)}`;
  return `arg_max(${value}, (${latest}, -r.source_rank, -r.entry_no))
    FILTER (${value} IS NOT NULL AND ${latest} IS NOT NULL)`;
}

/** Writes the golden record, from the match's table and its entries in scratch. */
export async function makeGolden(
  connection: DuckDBConnection,
  name: string,
  rules: MatchRules,
  golden: GoldenSpec,
): Promise<void> {
  const key = quoteIdentifier(keyName(rules));
  const columns = Object.entries(golden.columns).map(
    ([column, rule]) => `${survivor(column, rule)} AS ${quoteIdentifier(column)}`,
  );
  await connection.run(
    `CREATE OR REPLACE TABLE ${inWarehouse(golden.table)} AS
     SELECT m.${key}, ${columns.join(", ")}, count(*) AS entries, min(m.confidence) AS confidence
     FROM ${RAW} AS r JOIN ${inWarehouse(name)} AS m USING (source, source_id) GROUP BY m.${key} ORDER BY m.${key}`,
  );
}
