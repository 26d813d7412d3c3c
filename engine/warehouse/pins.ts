/** Versions that a saved report or view stands on: kept whatever the retention says, until the pin expires. */
import type { State } from "./state.ts";

const DAYS = 400;

export function pinVersion(state: State, version: number, reason: string, now = new Date()): void {
  state
    .prepare("INSERT OR REPLACE INTO pins (version, reason, pinned_at, expires_at) VALUES (?, ?, ?, ?)")
    .run(version, reason, now.toISOString(), new Date(now.getTime() + DAYS * 86_400_000).toISOString());
}

export const unpinVersion = (state: State, version: number, reason: string): void =>
  void state.prepare("DELETE FROM pins WHERE version = ? AND reason = ?").run(version, reason);

export const pinnedVersions = (state: State, now = new Date()): number[] =>
  (
    state.prepare("SELECT DISTINCT version FROM pins WHERE expires_at > ?").all(now.toISOString()) as {
      readonly version: number;
    }[]
  ).map((row) => row.version);
