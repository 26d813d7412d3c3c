/** Destinations: the systems in which people work, to which lists of members go. */
import type { Duration } from "./duration.ts";
import type { Setting } from "./secret.ts";
import type { MysqlSource } from "./sources/mysql.ts";
import type { PostgresSource } from "./sources/postgres.ts";
import type { SqliteSource } from "./sources/sqlite.ts";

/** A folder that gets one CSV file for each list. */
export interface CsvTarget {
  readonly kind: "csv";
  /** relative to the project's folder */
  readonly folder: Setting;
}

/** An existing table whose rows are added or overwritten by key. */
export interface TableTarget {
  readonly kind: "table";
  /** the database, declared like a source */
  readonly in: PostgresSource | MysqlSource | SqliteSource;
  readonly table: string;
  /** column that the table holds unique; default `entry_id` */
  readonly key?: string;
}

/** POST of JSON in batches, signed with HMAC-SHA-256 over `TIME.BODY`: `X-Tessera-Signature: t=TIME,v1=HEX`. */
export interface WebhookTarget {
  readonly kind: "webhook";
  /** an https address; http for this machine only */
  readonly url: Setting;
  /** at least 16 characters, shared with the receiver */
  readonly secret: Setting;
  /** hosts that the address may have when it comes from the environment, with their port unless it is the default */
  readonly hosts?: readonly string[];
  /** entries in a request; default 100 */
  readonly batch?: number;
  /** further tries after the first; default 5 */
  readonly retries?: number;
  /** for one request; default 30 seconds */
  readonly timeout?: Duration;
}

/** Where a list goes. */
export type Target = CsvTarget | TableTarget | WebhookTarget;

/** A target for CSV files. @example toCsv({ folder: "./lists" }) */
export const toCsv = (spec: Omit<CsvTarget, "kind">): CsvTarget => Object.freeze({ ...spec, kind: "csv" as const });

/** A target for the rows of a database table. @example toTable({ in: crm, table: "call_list" }) */
export const toTable = (spec: Omit<TableTarget, "kind">): TableTarget =>
  Object.freeze({ ...spec, kind: "table" as const });

/** A target for signed requests. @example toWebhook({ url: env("HOOK_URL"), secret: env("HOOK_SECRET") }) */
export const toWebhook = (spec: Omit<WebhookTarget, "kind">): WebhookTarget =>
  Object.freeze({ ...spec, kind: "webhook" as const });

/**
 * Who works on which entry. `most` limits the entries of one person in one list; entries beyond it stay unassigned.
 *
 * - `territory`: the people named for the value of a member, else `otherwise`
 * - `load`: whoever got the fewest entries in the last 30 days
 * - `score`: entries in falling order of an attribute or measure, the first part to the first of the people
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

/** The loaded table with the outcome of each entry. */
export interface ListOutcomes {
  readonly table: string;
  /** column with the entry's `entry_id`; default `entry_id` */
  readonly entry?: string;
  /** column with the outcome; default `outcome` */
  readonly outcome?: string;
  /** column with the time of the outcome; default `outcome_at` */
  readonly at?: string;
}

/** A destination as users write it. */
export interface DestinationSpec {
  /** unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  readonly description?: string;
  /** the dimension's role whose members are listed, for example `customer` */
  readonly over: string;
  readonly to: Target;
  /** column of the list -> attribute or measure */
  readonly columns: { readonly [column: string]: string };
  /** attributes that decide who may be listed: `consent` must be true and `stop` false; an unknown value excludes */
  readonly contact: { readonly consent: string; readonly stop: string };
  /** default: entries stay unassigned */
  readonly assign?: ListAssignment;
  /** default: outcomes do not come back */
  readonly outcomes?: ListOutcomes;
}

/** Made by `defineDestination`. */
export type ListDestination = DestinationSpec & { readonly kind: "destination" };

/**
 * Declares where lists go. A list never contains members without consent or on the do-not-contact list. While an
 * environment variable of the target is not set, lists are written to `outbox/` in the warehouse's folder instead.
 * @example
 * defineDestination({
 *   name: "calls",
 *   over: "customer",
 *   to: toCsv({ folder: "./lists" }),
 *   columns: { name: "customer.name" },
 *   contact: { consent: "customer.phone_consent", stop: "customer.do_not_contact" },
 * })
 */
export const defineDestination = (spec: DestinationSpec): ListDestination =>
  Object.freeze({ ...spec, kind: "destination" as const });
