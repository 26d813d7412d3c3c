/** Destinations: where lists of members go, back to the systems in which people work. */
import type { Duration } from "./duration.ts";
import type { Setting } from "./secret.ts";
import type { MysqlSource } from "./sources/mysql.ts";
import type { PostgresSource } from "./sources/postgres.ts";
import type { SqliteSource } from "./sources/sqlite.ts";

/** CSV files in a folder, one a list. */
export interface CsvTarget {
  readonly kind: "csv";
  /** relative to the project's folder */
  readonly folder: Setting;
}

/** Rows of an existing table, added or overwritten by their key. The connection is declared as a source is. */
export interface TableTarget {
  readonly kind: "table";
  readonly in: PostgresSource | MysqlSource | SqliteSource;
  readonly table: string;
  /** default `entry_id`; the table must hold it unique */
  readonly key?: string;
}

/** POST of JSON in batches, signed with HMAC-SHA-256 over `TIME.BODY`: `X-Tessera-Signature: t=TIME,v1=HEX`. */
export interface WebhookTarget {
  readonly kind: "webhook";
  readonly url: Setting;
  /** at least 16 characters, known to both sides alone */
  readonly secret: Setting;
  /** names of hosts that the address may have, where it comes from the environment; with a port where it is not the usual one */
  readonly hosts?: readonly string[];
  /** entries a request; default 100 */
  readonly batch?: number;
  /** after the first; default 5 */
  readonly retries?: number;
  readonly timeout?: Duration;
}

export type Target = CsvTarget | TableTarget | WebhookTarget;

export const toCsv = (spec: Omit<CsvTarget, "kind">): CsvTarget => Object.freeze({ ...spec, kind: "csv" as const });
export const toTable = (spec: Omit<TableTarget, "kind">): TableTarget =>
  Object.freeze({ ...spec, kind: "table" as const });
export const toWebhook = (spec: Omit<WebhookTarget, "kind">): WebhookTarget =>
  Object.freeze({ ...spec, kind: "webhook" as const });

/**
 * Who works on which entry. `territory`: who is named for the value of a member; `load`: whoever has the fewest entries of the last 30 days; `score`: the people
 * in their order, the first with the highest of a member or measure. `most` limits entries a person and list; what is beyond is nobody's.
 */
export type ListAssignment =
  | {
      readonly by: "territory";
      readonly member: string;
      readonly people: { readonly [value: string]: readonly string[] };
      readonly otherwise?: readonly string[];
      readonly most?: number;
    }
  | { readonly by: "load"; readonly people: readonly string[]; readonly most?: number }
  | { readonly by: "score"; readonly member: string; readonly people: readonly string[]; readonly most?: number };

export interface DestinationSpec {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** the dimension's role whose members are listed, for example `customer` */
  readonly over: string;
  readonly to: Target;
  /** column of the list -> attribute or measure */
  readonly columns: { readonly [column: string]: string };
  /** attributes that decide whether somebody may be listed at all: `consent` must be true, `stop` false; what is not known counts against it */
  readonly contact: { readonly consent: string; readonly stop: string };
  readonly assign?: ListAssignment;
  /** the loaded table in which the outcome of each entry comes back */
  readonly outcomes?: {
    readonly table: string /** column with `entry_id`; default `entry_id` */;
    readonly entry?: string /** default `outcome` */;
    readonly outcome?: string /** a moment; default `outcome_at` */;
    readonly at?: string;
  };
}

export type ListDestination = DestinationSpec & { readonly kind: "destination" };

/**
 * Declares where lists may go. Nobody without consent, or on the do-not-contact list, is in any of them; where a setting of the target stands in no
 * environment variable yet, lists are written to `outbox/` beside the warehouse instead.
 * @example defineDestination({ name: "calls", over: "customer", to: toCsv({ folder: "./lists" }), columns: { name: "customer.name" }, contact: { consent: "customer.phone_consent", stop: "customer.do_not_contact" } })
 */
export const defineDestination = (spec: DestinationSpec): ListDestination =>
  Object.freeze({ ...spec, kind: "destination" as const });
