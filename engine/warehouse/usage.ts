/** The query log: callers, members and times. Names of members only, never their values. */
import type { State } from "./state.ts";

export interface UsageEntry {
  readonly at?: Date;
  /** a role, a key's name, or `owner` */
  readonly caller: string;
  /** `query`, `page`, `export`, … */
  readonly kind: string;
  readonly members: readonly string[];
  readonly milliseconds: number;
  readonly rows: number;
  /** `ok` or an error's code */
  readonly status: string;
}

export function logUsage(state: State, entry: UsageEntry): void {
  state
    .prepare(
      "INSERT INTO query_log (at, caller, kind, members, milliseconds, rows, status) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .run(
      (entry.at ?? new Date()).toISOString(),
      entry.caller,
      entry.kind,
      entry.members.join(" "),
      entry.milliseconds,
      entry.rows,
      entry.status,
    );
}
