/** Makes incoming rows of erased persons equal to what their erasure left. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import type { PersonRule } from "../declare/persons.ts";
import { inScratch } from "../extract/extracted.ts";
import { readNumber } from "../extract/read-sql.ts";
import type { Suppression } from "./suppressed.ts";

/** The rows of a job. */
export interface IncomingRows {
  /** qualified name of the staged table */
  readonly staged: string;
  /** its columns */
  readonly columns: readonly string[];
  /** qualified name of the raw table */
  readonly raw: string;
  /** raw columns that are never emptied */
  readonly keep: readonly string[];
}

/**
 * Replaces numbers of erased persons by their made-up ones and empties what is personal. Raw rows that will be rejected
 * are emptied too.
 * @returns how many rows were found
 */
export async function suppressErased(
  connection: DuckDBConnection,
  job: string,
  suppression: Suppression,
  rules: readonly PersonRule[],
  incoming: IncomingRows,
): Promise<number> {
  if (suppression.entries.length === 0 || rules.length === 0) return 0;
  const list = inScratch(`suppressed_${job}`);
  const rows = inScratch(`suppressed_rows_${job}`);
  await connection.run(
    `CREATE OR REPLACE TABLE ${list} (system VARCHAR, hash VARCHAR, replacement VARCHAR, alias VARCHAR)`,
  );
  for (const { system, hash, replacement, alias } of suppression.entries)
    await connection.run(`INSERT INTO ${list} VALUES ($1, $2, $3, $4)`, [system, hash, replacement, alias]);
  let found = 0;
  for (const rule of rules) {
    if (!incoming.columns.includes(rule.by)) continue;
    const id = `lower(trim(CAST(s.${quoteIdentifier(rule.by)} AS VARCHAR)))`;
    await connection.run(
      `CREATE OR REPLACE TABLE ${rows} AS
       SELECT s.rowid AS row, s.__order AS origin, s.__reject IS NOT NULL AS rejected, p.replacement, p.alias
       FROM ${incoming.staged} AS s JOIN ${list} AS p
         ON p.system = $1 AND p.hash = sha256($2 || sha256($2 || ${id}))`,
      [rule.system ?? "", suppression.key],
    );
    const count = await readNumber(connection, `SELECT count(*) FROM ${rows}`);
    found += count;
    if (count > 0) await rewrite(connection, rule, incoming, rows);
  }
  await connection.run(`DROP TABLE IF EXISTS ${rows}`);
  await connection.run(`DROP TABLE ${list}`);
  return found;
}

async function rewrite(
  connection: DuckDBConnection,
  { by, keep, clear = [], alias = [] }: PersonRule,
  { staged, columns, raw, keep: keptRaw }: IncomingRows,
  rows: string,
): Promise<void> {
  const set = [
    ...clear.filter((name) => columns.includes(name)).map((name) => `${quoteIdentifier(name)} = NULL`),
    ...alias
      .filter((name) => columns.includes(name) && name !== by)
      .map((name) => `${quoteIdentifier(name)} = CASE WHEN ${quoteIdentifier(name)} IS NOT NULL THEN p.alias END`),
    ...(keep ? [] : [`${quoteIdentifier(by)} = p.replacement`]),
  ];
  if (set.length > 0)
    await connection.run(`UPDATE ${staged} AS s SET ${set.join(", ")} FROM ${rows} AS p WHERE s.rowid = p.row`);
  if ((await readNumber(connection, `SELECT count(*) FROM ${rows} WHERE rejected`)) === 0) return;
  const names = (await connection.runAndReadAll(`SELECT * FROM ${raw} LIMIT 0`)).columnNames();
  const emptied = names.filter((name) => !keptRaw.includes(name)).map((name) => `${quoteIdentifier(name)} = NULL`);
  await connection.run(
    `UPDATE ${raw} AS r SET ${emptied.join(", ")} FROM ${rows} AS p WHERE r.rowid = p.origin AND p.rejected`,
  );
}
