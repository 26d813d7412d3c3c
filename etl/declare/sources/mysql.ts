import type { Setting } from "../secret.ts";

/** A MySQL or MariaDB database as users write it. */
export interface MysqlSpec {
  /** unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  /** `mysql://user:password@host:port/database`, with `?ssl=true` for an encrypted connection */
  readonly url: Setting;
  /** seconds without data before the read is cancelled; default 120 */
  readonly idleTimeout?: number;
}

/** Made by `mysql`. */
export type MysqlSource = MysqlSpec & { readonly kind: "mysql" };

/**
 * A MySQL or MariaDB database, streamed in one consistent snapshot.
 * @example mysql({ name: "erp", url: env("ERP_URL") })
 */
export const mysql = (spec: MysqlSpec): MysqlSource => Object.freeze({ ...spec, kind: "mysql" as const });
