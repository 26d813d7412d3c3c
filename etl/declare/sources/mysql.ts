import type { Setting } from "../secret.ts";

export interface MysqlSpec {
  readonly name: string;
  readonly title?: string;
  /** `mysql://user:password@host:port/database`, with `?ssl=true` where the server wants it */
  readonly url: Setting;
  /** seconds without any data before the read is given up; default 120 */
  readonly idleTimeout?: number;
}
export type MysqlSource = MysqlSpec & { readonly kind: "mysql" };

/** A MySQL or MariaDB database, streamed within one consistent snapshot. */
export const mysql = (spec: MysqlSpec): MysqlSource => Object.freeze({ ...spec, kind: "mysql" as const });
