import type { Setting } from "../secret.ts";

export interface PostgresSpec {
  readonly name: string;
  readonly title?: string;
  /** `postgres://user:password@host:port/database` */
  readonly url: Setting;
  /** seconds without any data before the read is given up; default 120 */
  readonly idleTimeout?: number;
}
export type PostgresSource = PostgresSpec & { readonly kind: "postgres" };

/** A PostgreSQL database, read by COPY … (FORMAT binary) within one snapshot. */
export const postgres = (spec: PostgresSpec): PostgresSource => Object.freeze({ ...spec, kind: "postgres" as const });
