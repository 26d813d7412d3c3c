/** Erases a person from what is stored besides the versions: rejected rows, the state's texts, written lists. */
import { readNumbers } from "../extract/read-sql.ts";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "duckdb";
import { quoteText, warehousePaths, type State } from "../../engine/warehouse/index.ts";
import { textsHeld } from "./erase-file.ts";
import { duckPattern, ownTexts } from "./own-texts.ts";

const MARK = "(erased)";

/** Removes rejected rows with one of the values. @returns how many */
export async function eraseRejects(warehouse: string, values: readonly string[]): Promise<number> {
  const { rejects } = warehousePaths(warehouse);
  if (values.length === 0 || !existsSync(rejects)) return 0;
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  let gone = 0;
  try {
    const connection = await instance.connect();
    for (const path of filesBelow(rejects).filter((file) => file.endsWith(".parquet"))) {
      const source = `read_parquet(${quoteText(path)})`;
      if ((await textsHeld(connection, source, "row", values)) === 0) continue;
      await connection.run(
        `CREATE OR REPLACE TEMP TABLE kept AS
         SELECT * FROM ${source} WHERE NOT coalesce(regexp_matches("row", $1, 'i'), false)`,
        [duckPattern(values)],
      );
      const [before = 0, after = 0] = await readNumbers(
        connection,
        `SELECT (SELECT count(*) FROM ${source}), (SELECT count(*) FROM kept)`,
      );
      gone += before - after;
      if (after === 0) {
        rmSync(path);
        continue;
      }
      await connection.run(`COPY kept TO ${quoteText(`${path}.tmp`)} (FORMAT parquet)`);
      renameSync(`${path}.tmp`, path);
    }
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
  return gone;
}

/** Rows of these tables go; what came of them stays in the facts, under the made-up key. */
const PERSONAL_TABLES = ["list_entries", "campaign_assignments"];

/**
 * Marks the values in every text of the state, and removes list entries and campaign assignments of the keys. The file
 * is then rewritten, so that its free pages contain nothing.
 * @returns how many rows changed
 */
export function eraseState(state: State, values: readonly string[], keys: readonly string[]): number {
  let changed = 0;
  const tables = state
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .raw(true)
    .all()
    .flat()
    .map(String);
  for (const table of PERSONAL_TABLES.filter((name) => tables.includes(name)))
    for (const key of keys) changed += state.prepare(`DELETE FROM "${table}" WHERE member = ?`).run(key).changes;
  for (const table of tables)
    for (const column of textColumnsOf(state, table)) changed += markTexts(state, table, column, values);
  state.exec("VACUUM");
  state.pragma("wal_checkpoint(TRUNCATE)");
  return changed;
}

function textColumnsOf(state: State, table: string): string[] {
  const columns = state.prepare(`PRAGMA table_info("${table}")`).all() as {
    readonly name: string;
    readonly type: string;
  }[];
  return columns.filter(({ type }) => type === "TEXT").map(({ name }) => name);
}

interface HeldText {
  readonly at: number;
  readonly text: string;
}

function markTexts(state: State, table: string, column: string, values: readonly string[]): number {
  const held = new Map<number, string>();
  const find = state.prepare(
    `SELECT rowid AS at, "${column}" AS text FROM "${table}" WHERE instr(lower("${column}"), lower(?)) > 0`,
  );
  for (const value of values) for (const { at, text } of find.all(value) as HeldText[]) held.set(at, text);
  let changed = 0;
  for (const [at, text] of held) {
    const clean = text.replace(ownTexts(values), MARK);
    if (clean !== text)
      changed += state.prepare(`UPDATE "${table}" SET "${column}" = ? WHERE rowid = ?`).run(clean, at).changes;
  }
  return changed;
}

/**
 * Removes lines with one of the values from lists in the outbox; lists that were sent are out of reach.
 * @returns how many
 */
export function eraseLists(outbox: string, values: readonly string[]): number {
  let gone = 0;
  const own = ownTexts(values);
  for (const path of filesBelow(outbox).filter((file) => /\.(csv|tsv|ndjson|txt)$/.test(file))) {
    const lines = readFileSync(path, "utf8").split("\n");
    const kept = lines.filter((line) => line.search(own) < 0);
    if (kept.length === lines.length) continue;
    gone += lines.length - kept.length;
    writeFileSync(path, kept.join("\n"));
  }
  return gone;
}

/** Paths of all files in a folder and below it; empty for a missing folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((each) =>
    each.isFile() ? [join(each.parentPath, each.name)] : [],
  );
}
