/** Taking a person out of what lies beside the versions: rejected rows, the state's texts, lists that were written. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "duckdb";
import { quoteText, warehousePaths, type State } from "../../engine/warehouse/index.ts";
import { textsHeld } from "./erase-file.ts";
import { duckPattern, ownTexts } from "./own-texts.ts";

const MARK = "(erased)";

/** Rejected rows that name him go. Answers how many. */
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
        `CREATE OR REPLACE TEMP TABLE kept AS SELECT * FROM ${source} WHERE NOT coalesce(regexp_matches("row", $1, 'i'), false)`,
        [duckPattern(values)],
      );
      const [[before, after]] = (
        await connection.runAndReadAll(`SELECT (SELECT count(*) FROM ${source}), (SELECT count(*) FROM kept)`)
      ).getRowsJson() as [[string, string]];
      gone += Number(before) - Number(after);
      if (Number(after) === 0) {
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

/** Every text of every table of the state; then the file is written anew, so that its free pages hold nothing. */
export function eraseState(state: State, values: readonly string[], keys: readonly string[]): number {
  let changed = 0;
  const own = ownTexts(values);
  const tables = (
    state.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all() as {
      readonly name: string;
    }[]
  ).map((row) => row.name);
  // what a person was drawn for goes; what came of it stays in the facts, under the made-up key
  for (const table of ["list_entries", "campaign_assignments"])
    if (tables.includes(table))
      for (const key of keys) changed += state.prepare(`DELETE FROM "${table}" WHERE member = ?`).run(key).changes;
  for (const table of tables) {
    const columns = state.prepare(`PRAGMA table_info("${table}")`).all() as {
      readonly name: string;
      readonly type: string;
    }[];
    for (const column of columns.filter(({ type }) => type === "TEXT")) {
      const held = new Map<number, string>();
      for (const value of values)
        for (const row of state
          .prepare(
            `SELECT rowid AS at, "${column.name}" AS text FROM "${table}" WHERE instr(lower("${column.name}"), lower(?)) > 0`,
          )
          .all(value) as { readonly at: number; readonly text: string }[])
          held.set(row.at, row.text);
      for (const [at, text] of held) {
        const clean = text.replace(own, MARK);
        if (clean !== text)
          changed += state.prepare(`UPDATE "${table}" SET "${column.name}" = ? WHERE rowid = ?`).run(clean, at).changes;
      }
    }
  }
  state.exec("VACUUM");
  state.pragma("wal_checkpoint(TRUNCATE)");
  return changed;
}

/** Lines of lists that were written but are still here; what was sent is out of reach. */
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

export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((each) =>
    each.isFile() ? [join(each.parentPath, each.name)] : [],
  );
}
