/**
 * What people and runs do: a SQLite file next to the warehouse that several processes share and that is never rolled
 * back.
 */
import { at } from "../lookup.ts";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { TesseraError, phrase } from "../errors/index.ts";
import { MIGRATIONS } from "./migrations.ts";
import { warehousePaths } from "./paths.ts";

export type State = Database.Database;

/** Opens the state of a warehouse folder and brings its schema up to date. Close it with `.close()`. */
export function openState(folder: string): State {
  const path = warehousePaths(folder).state;
  mkdirSync(dirname(path), { recursive: true });
  const state = new Database(path, { timeout: 10_000 });
  state.pragma("journal_mode = WAL");
  state.pragma("synchronous = NORMAL");
  state.pragma("foreign_keys = ON");
  const found = versionOf(state);
  if (found > MIGRATIONS.length) {
    state.close();
    throw new TesseraError(
      "project-invalid",
      phrase`the state was written by a newer Tessera (schema ${found}; this version supports ${MIGRATIONS.length})`,
      { place: path, remedy: "use the newer version" },
    );
  }
  if (found < MIGRATIONS.length) {
    immediately(state, () => {
      for (let number = versionOf(state); number < MIGRATIONS.length; number++) {
        state.exec(at(MIGRATIONS, number));
        state.exec(`PRAGMA user_version = ${number + 1}`);
      }
    });
  }
  return state;
}

/**
 * Runs the body in a transaction that takes the write lock at its start, so that what it reads cannot change meanwhile.
 */
export function immediately<T>(state: State, body: () => T): T {
  state.exec("BEGIN IMMEDIATE");
  try {
    const result = body();
    state.exec("COMMIT");
    return result;
  } catch (error) {
    state.exec("ROLLBACK");
    throw error;
  }
}

function versionOf(state: State): number {
  return (state.prepare("PRAGMA user_version").get() as { readonly user_version: number }).user_version;
}
