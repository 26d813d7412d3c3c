import type { Setting } from "../secret.ts";

/** A SQLite database as users write it. */
export interface SqliteSpec {
  /** unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  /** the database file, relative to the project's folder */
  readonly path: Setting;
}

/** Made by `sqlite`. */
export type SqliteSource = SqliteSpec & { readonly kind: "sqlite" };

/** A SQLite database file, opened for reading only. @example sqlite({ name: "shop", path: "./shop.sqlite" }) */
export const sqlite = (spec: SqliteSpec): SqliteSource => Object.freeze({ ...spec, kind: "sqlite" as const });
