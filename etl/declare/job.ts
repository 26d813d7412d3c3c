/** A job: one stream of rows from a source into one warehouse table. */
import type { Kysely } from "kysely";
import { declared } from "../../engine/model/declared-at.ts";
import type { TableSegments } from "../../engine/warehouse/index.ts";
import type { Check } from "./checks/check.ts";
import type { Columns } from "./column.ts";
import type { Duration } from "./duration.ts";
import type { CustomSource } from "./sources/custom.ts";
import type { FilesSource } from "./sources/files.ts";
import type { MysqlSource } from "./sources/mysql.ts";
import type { PostgresSource } from "./sources/postgres.ts";
import type { Pagination, RestSource } from "./sources/rest.ts";
import type { SqliteSource } from "./sources/sqlite.ts";
import type { AnyTables, Compilable } from "./table.ts";

/** What makes a read incremental. */
export interface Incremental {
  /**
   * a column that grows with every change; a load reads from the highest value of the last one. Default: read
   * everything
   */
  readonly cursor?: string;
  /** how far below that value a load begins, for rows that were committed late; default 0 */
  readonly lag?: Duration;
  /** columns that identify a row, by their names in the source */
  readonly key?: string | readonly string[];
}

/** A table, or a query as text or written with Kysely, of a database. */
export type DatabaseExtract = Incremental & {
  /** PostgreSQL: read a plain table in this many ranges at once, each in its own thread, in one snapshot; default 1 */
  readonly parallel?: number;
  /**
   * PostgreSQL: how rows are found whose transaction ended after a load although their cursor value is older.
   * `snapshot` (default for tables): reads every row version written by a transaction that the last load did not see.
   * `lag`: reads what is within `lag`, so that an index on the cursor is enough.
   */
  readonly lateCommits?: "snapshot" | "lag";
} & ({ readonly table: string } | { readonly query: string | ((db: Kysely<AnyTables>) => Compilable) });

/** Files of a folder. */
export interface FileExtract {
  /** a glob relative to the source's path, for example `sales_*.csv` */
  readonly file: string;
  /** column names come from the first line; this is the default */
  readonly columnsFrom?: "header";
  /** default: by the file's extension */
  readonly format?: "csv" | "tsv" | "json" | "ndjson" | "parquet" | "excel";
  /**
   * lines above the column names, or above the data with `header: false`; rows of an Excel sheet. Default: a `sep=`
   * line and a title above the names are found and reported
   */
  readonly skip?: number;
  /** a regular expression for the line, or the first cell of a row, that ends the table: `"^Total"` */
  readonly footer?: string;
  /** texts that mean null in every column, for example `["NULL", "n/a"]`; default none */
  readonly nullWords?: readonly string[];
  /** of JSON files: path to the list of records, for example `data.items`; default: the file is the list */
  readonly records?: string;
  /** of text files; default: detected */
  readonly delimiter?: string;
  /** of text files: the mark around values that contain delimiters; default `"` */
  readonly quote?: string;
  /** of text files: the mark before a quote within quotes; default the quote itself */
  readonly escape?: string;
  /** of text files: begins lines that are left out, for example `#`; default none */
  readonly comment?: string;
  /** false: the file begins with data, and columns are named column0, column1, …; default true */
  readonly header?: boolean;
  /**
   * of text files: a label of the WHATWG Encoding Standard, for example `windows-1251`, `gb18030` or `shift_jis`.
   * Default: UTF-8, or UTF-16 where the first bytes show it
   */
  readonly encoding?: string;
  /** sheet of an Excel file; default the first */
  readonly sheet?: string;
}

/** A collection of a JSON service. */
export interface RestExtract extends Incremental {
  /** relative to the base address, for example `/v1/cases` */
  readonly path: string;
  /**
   * query parameters; texts may contain `{{since}}` (also `{{since:iso}}`, `{{since:ms}}`), `{{until}}` and `{{last}}`
   */
  readonly query?: { readonly [name: string]: string | number | boolean };
  /**
   * Makes the request a POST of this JSON. Texts may contain what those of `query` may, and `{{cursor}}`; a property
   * whose text is only a placeholder without a value is left out.
   */
  readonly body?: { readonly [name: string]: unknown };
  /** value of `{{since}}` before the first load; default 1970-01-01T00:00:00Z */
  readonly begin?: string;
  /** a field of each record whose own fields belong to the record, for example `properties` */
  readonly flatten?: string;
  /** path to the records in an answer; default `$` */
  readonly records?: string;
  /** query parameter for the lower bound of the cursor; default: every load reads everything */
  readonly since?: string;
  /** default: that of the source */
  readonly pagination?: Pagination;
}

/** Rows of a source written in the project. */
export interface CustomExtract extends Incremental {
  /** passed to the source's `rows`, for example which of its lists to read */
  readonly options?: { readonly [name: string]: unknown };
}

/** How rows get into the table; see `Destination.mode`. */
export type LoadMode = "append" | "replace" | "merge" | "scd2" | "snapshot";

/** The table that a job fills. */
export interface Destination {
  readonly table: string;
  /**
   * Default: `merge` with a key, else `replace`.
   *
   * - `append`: adds rows
   * - `replace`: the table becomes what was read
   * - `merge`: adds, changes and deletes by key
   * - `scd2`: like merge, and keeps earlier versions of each row with their dates
   * - `snapshot`: keeps what was read under its `snapshot_date`, next to that of other days
   */
  readonly mode?: LoadMode;
  /** columns that identify a row; default the extract's key */
  readonly key?: string | readonly string[];
  /** scd2: column with the date since which a row is valid; default the load's start */
  readonly validFrom?: string;
  /**
   * Stores a table of more than 20 million rows (or `rows`) in files by the months of a date; a load writes only those
   * whose rows change. Not with scd2.
   */
  readonly segments?: TableSegments;
}

/** When a job runs by itself. */
export interface Schedule {
  /** five fields, for example `0 2 * * *` */
  readonly cron: string;
  /** IANA name; default that of the project, else UTC */
  readonly timeZone?: string;
  /** further tries after a failed load; default 0 */
  readonly retries?: number;
  /** wait before a retry: a minute, `exponential` (default) doubles it up to half an hour */
  readonly backoff?: "exponential" | "fixed";
  /** cancels a load that takes longer; default none */
  readonly timeout?: Duration;
  /** when the last load still runs: `skip` (default) leaves this one out, `queue` runs it afterwards */
  readonly overlap?: "skip" | "queue";
  /** runs that were missed while the scheduler was down: the `latest` (default), `all` or `none` */
  readonly catchUp?: "latest" | "all" | "none";
}

/** What happens to rows that cannot be loaded. */
export interface RejectRule {
  /**
   * Default true; false: the first bad row stops the load. When written as true, rows that break notNull, between or
   * matches are rejected too, which otherwise stop the load.
   */
  readonly quarantine?: boolean;
  /** stop the load above this share of the rows read (`"1%"`) or number of rows; default `"10%"` */
  readonly failAbove?: `${number}%` | number;
}

interface JobCommon {
  /** letters, digits, `_` and `-`; unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  readonly description?: string;
  /** the contract; default: columns and types of the source */
  readonly columns?: Columns;
  /** what to do when the source's columns change; default `add_columns`, or `ignore` with `columns` */
  readonly onSchemaChange?: "add_columns" | "ignore" | "fail";
  /** rules that the table must pass before it is published */
  readonly checks?: readonly Check[];
  readonly onReject?: RejectRule;
  /** stop when a full read has less than this share of the table's rows; default `"50%"`, `"0%"` switches it off */
  readonly failBelow?: `${number}%`;
  readonly into: Destination;
  /** deleted rows: marked by a column that is set (or true), found by comparing all keys, or ignored (default) */
  readonly deletes?: "ignore" | "compare_keys" | { readonly column: string };
  readonly schedule?: Schedule;
  /** age after which the data is stale, for notices and the scorecard; default: never */
  readonly freshWithin?: Duration;
  /** jobs that must be done first */
  readonly after?: readonly string[];
  /** for `tessera load --select` */
  readonly tags?: readonly string[];
}

/** A job as users write it. */
export type JobSpec = JobCommon &
  (
    | { readonly source: PostgresSource | MysqlSource | SqliteSource; readonly extract: DatabaseExtract }
    | { readonly source: FilesSource; readonly extract: FileExtract }
    | { readonly source: RestSource; readonly extract: RestExtract }
    | { readonly source: CustomSource; readonly extract: CustomExtract }
  );

/** Made by `defineJob`. */
export type Job = JobSpec & { readonly kind: "job" };

/**
 * Declares a job. Problems are reported all at once when the project is opened, not here.
 * @example defineJob({ name: "orders", source: shop, extract: { table: "orders" }, into: { table: "orders" } })
 */
export const defineJob = (spec: JobSpec): Job => declared({ ...spec, kind: "job" as const });
