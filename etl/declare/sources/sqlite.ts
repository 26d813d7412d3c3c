import type { Setting } from "../secret.ts";

export interface SqliteSpec {
  readonly name: string;
  readonly title?: string;
  /** the database file, relative to the project's folder */
  readonly path: Setting;
}
export type SqliteSource = SqliteSpec & { readonly kind: "sqlite" };

/** A SQLite database file, read only. */
export const sqlite = (spec: SqliteSpec): SqliteSource => Object.freeze({ ...spec, kind: "sqlite" as const });
