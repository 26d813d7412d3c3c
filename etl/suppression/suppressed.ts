/** The list of erased persons, as keyed hashes: it keeps them out of later loads, and does not show who they were. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { State } from "../../engine/warehouse/index.ts";
import type { PersonRule } from "../declare/persons.ts";

/** A number of an erased person. */
export interface Suppressed {
  readonly system: string;
  /** keyed hash of the number */
  readonly hash: string;
  /** made-up number that replaces it */
  readonly replacement: string;
  /** made-up e-mail address of the person */
  readonly alias: string;
}

/** What a load needs to know of erased persons. */
export interface Suppression {
  readonly key: string;
  readonly entries: readonly Suppressed[];
  readonly rules: (table: string) => readonly PersonRule[];
}

/** Numbers are compared without regard to case and outer space. */
export const plainId = (id: string): string => id.trim().toLowerCase();

/** Keyed hash of a number; hashed twice, so that it cannot be extended to the hash of a longer text. */
export const keyedHash = (key: string, id: string): string => sha256(key + sha256(key + plainId(id)));

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The warehouse's key, created if missing; backups contain it. */
export function suppressionKey(warehouse: string): string {
  const path = join(warehouse, "erasure.key");
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  return readFileSync(path, "utf8").trim();
}

/** The list of a warehouse. */
export const suppressedList = (state: State): Suppressed[] =>
  state.prepare("SELECT system, hash, replacement, alias FROM suppressed").all() as Suppressed[];

/** Adds numbers to the list; those on it stay as they are. */
export function suppress(state: State, run: string, entries: readonly Suppressed[]): void {
  const insert = state.prepare(
    "INSERT OR IGNORE INTO suppressed (system, hash, replacement, alias, run) VALUES (?, ?, ?, ?, ?)",
  );
  for (const { system, hash, replacement, alias } of entries) insert.run(system, hash, replacement, alias, run);
}
