/** Who was erased, as keyed hashes: so that the next load does not bring him back, and nobody reads from the list who he was. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier, type State } from "../../engine/warehouse/index.ts";
import { inScratch } from "../extract/extracted.ts";
import type { PersonRule } from "../declare/persons.ts";
import { readNumber } from "../extract/read-sql.ts";

export interface Suppressed {
  readonly system: string;
  readonly hash: string;
  readonly replacement: string;
  readonly alias: string;
}

/** What a load must know of erased persons. */
export interface Suppression {
  readonly key: string;
  readonly entries: readonly Suppressed[];
  readonly rules: (table: string) => readonly PersonRule[];
}

/** Ids are compared without regard to case and outer space. */
export const plainId = (id: string): string => id.trim().toLowerCase();

/** Twice, so that a longer text cannot be hashed on from a shorter one. */
export const keyedHash = (key: string, id: string): string => sha256(key + sha256(key + plainId(id)));
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The warehouse's key, made where there is none; a backup has to hold it. */
export function suppressionKey(warehouse: string): string {
  const path = join(warehouse, "erasure.key");
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  return readFileSync(path, "utf8").trim();
}

export const suppressedList = (state: State): Suppressed[] =>
  state.prepare("SELECT system, hash, replacement, alias FROM suppressed").all() as Suppressed[];

export function suppress(state: State, run: string, entries: readonly Suppressed[]): void {
  const insert = state.prepare(
    "INSERT OR IGNORE INTO suppressed (system, hash, replacement, alias, run) VALUES (?, ?, ?, ?, ?)",
  );
  for (const { system, hash, replacement, alias } of entries) insert.run(system, hash, replacement, alias, run);
}

/**
 * Lets the rows of erased persons in a staged table be as the erasure made those that were there: their made-up number, nothing of
 * themselves. Raw rows that are going to be rejected are emptied. Answers how many rows it found.
 */
export async function suppressErased(
  connection: DuckDBConnection,
  job: string,
  suppression: Suppression,
  rules: readonly PersonRule[],
  staged: { readonly table: string; readonly columns: readonly string[] },
  raw?: { readonly table: string; readonly keep: readonly string[] },
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
  for (const { by, system = "", keep, clear = [], alias = [] } of rules) {
    if (!staged.columns.includes(by)) continue;
    const id = quoteIdentifier(by);
    await connection.run(
      `CREATE OR REPLACE TABLE ${rows} AS SELECT s.rowid AS row, s.__order AS origin, s.__reject IS NOT NULL AS rejected, p.replacement, p.alias FROM ${staged.table} AS s JOIN ${list} AS p
      ON p.system = $1 AND p.hash = sha256($2 || sha256($2 || lower(trim(CAST(s.${id} AS VARCHAR)))))`,
      [system, suppression.key],
    );
    const count = await readNumber(connection, `SELECT count(*) FROM ${rows}`);
    found += count;
    if (count === 0) continue;
    const set = [
      ...clear.filter((name) => staged.columns.includes(name)).map((name) => `${quoteIdentifier(name)} = NULL`),
      ...alias
        .filter((name) => staged.columns.includes(name) && name !== by)
        .map((name) => `${quoteIdentifier(name)} = CASE WHEN ${quoteIdentifier(name)} IS NOT NULL THEN p.alias END`),
      ...(keep ? [] : [`${id} = p.replacement`]),
    ];
    if (set.length > 0)
      await connection.run(`UPDATE ${staged.table} AS s SET ${set.join(", ")} FROM ${rows} AS p WHERE s.rowid = p.row`);
    if (raw !== undefined) {
      const columns = (await connection.runAndReadAll(`SELECT * FROM ${raw.table} LIMIT 0`))
        .columnNames()
        .filter((name) => !raw.keep.includes(name));
      const lost = (await connection.runAndReadAll(`SELECT count(*) FROM ${rows} WHERE rejected`)).getRowsJson()[0]![0];
      if (Number(lost) > 0)
        await connection.run(
          `UPDATE ${raw.table} AS r SET ${columns.map((name) => `${quoteIdentifier(name)} = NULL`).join(", ")} FROM ${rows} AS p WHERE r.rowid = p.origin AND p.rejected`,
        );
    }
  }
  await connection.run(`DROP TABLE IF EXISTS ${rows}`);
  await connection.run(`DROP TABLE ${list}`);
  return found;
}
