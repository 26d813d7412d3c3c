/** Versions that saved reports and views use: kept until their pin expires, whatever the retention. */
import type { State } from "./state.ts";

const DAYS = 400;

/** Keeps a version for 400 days. */
export function pinVersion(state: State, version: number, reason: string, now = new Date()): void {
  state
    .prepare("INSERT OR REPLACE INTO pins (version, reason, pinned_at, expires_at) VALUES (?, ?, ?, ?)")
    .run(version, reason, now.toISOString(), new Date(now.getTime() + DAYS * 86_400_000).toISOString());
}

/** Removes a pin. */
export const unpinVersion = (state: State, version: number, reason: string): void =>
  void state.prepare("DELETE FROM pins WHERE version = ? AND reason = ?").run(version, reason);

/** The versions with a pin that has not expired. */
export const pinnedVersions = (state: State, now = new Date()): number[] =>
  (
    state.prepare("SELECT DISTINCT version FROM pins WHERE expires_at > ?").all(now.toISOString()) as {
      readonly version: number;
    }[]
  ).map((row) => row.version);
