import type { Setting } from "../secret.ts";

/** A PostgreSQL database as users write it. */
export interface PostgresSpec {
  /** unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  /** `postgres://user:password@host:port/database` */
  readonly url: Setting;
  /** seconds without data before the read is cancelled; default 120 */
  readonly idleTimeout?: number;
}

/** Made by `postgres`. */
export type PostgresSource = PostgresSpec & { readonly kind: "postgres" };

/** A PostgreSQL database, read by COPY in one snapshot. @example postgres({ name: "erp", url: env("ERP_URL") }) */
export const postgres = (spec: PostgresSpec): PostgresSource => Object.freeze({ ...spec, kind: "postgres" as const });
