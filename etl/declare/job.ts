/** A job: one stream of rows from a source into one warehouse table. */
import { declared } from "../../engine/model/declared-at.ts";
import type { Kysely } from "kysely";
import type { TableSegments } from "../../engine/warehouse/index.ts";
import type { Check } from "./checks/check.ts";
import type { Columns } from "./column.ts";
import type { Duration } from "./duration.ts";
import type { Compilable, AnyTables } from "./table.ts";
import type { FilesSource } from "./sources/files.ts";
import type { MysqlSource } from "./sources/mysql.ts";
import type { PostgresSource } from "./sources/postgres.ts";
import type { Pagination, RestSource } from "./sources/rest.ts";
import type { SqliteSource } from "./sources/sqlite.ts";

/** What makes a read incremental. */
export interface Incremental {
  /** a column that grows with every change; rows up to the last load's highest value are not read again */
  readonly cursor?: string;
  /** how far below the last value the next load begins again, for rows that were committed late */
  readonly lag?: Duration;
  readonly key?: string | readonly string[];
}

/** A table, or a query written with Kysely or as text, of a database. */
export type DatabaseExtract = Incremental & {
  /** PostgreSQL: read a plain table in so many ranges at once, each in a thread of its own, all within one snapshot */
  readonly parallel?: number;
  /**
   * PostgreSQL: how rows are found whose transaction ended after a load though their stamp is older. `snapshot` (default, for tables): every row
   * version written by a transaction that the last load did not see is read; `lag`: those within the lag alone, so that an index on the cursor is enough
   */
  readonly lateCommits?: "snapshot" | "lag";
} & ({ readonly table: string } | { readonly query: string | ((db: Kysely<AnyTables>) => Compilable) });

export interface FileExtract {
  /** a glob below the source's path, for example `sales_*.csv`; the ending tells the kind */
  readonly file: string;
  readonly columnsFrom?: "header";
  readonly format?: "csv" | "tsv" | "json" | "ndjson" | "parquet" | "excel";
  readonly delimiter?: string;
  /** false: the file begins with data, and columns are named column0, column1 … */
  readonly header?: boolean;
  readonly encoding?: "utf-8" | "latin-1" | "utf-16";
  /** of an Excel file; the first by default */
  readonly sheet?: string;
}

export interface RestExtract extends Incremental {
  /** below the base address, for example `/v1/cases` */
  readonly path: string;
  /** parameters; texts may hold `{{since}}` (also `{{since:iso}}`, `{{since:ms}}`), `{{until}}` and `{{last}}` */
  readonly query?: { readonly [name: string]: string | number | boolean };
  /** makes the request a POST of this JSON; texts may hold what those of `query` may, and `{{cursor}}`. A value that is nothing but a word without a value is left out */
  readonly body?: { readonly [name: string]: unknown };
  /** what `{{since}}` is before the first load; default 1970-01-01T00:00:00Z */
  readonly begin?: string;
  /** a field of each record whose own fields belong to the record, for example `properties` */
  readonly flatten?: string;
  /** where the records are in an answer; `$` by default */
  readonly records?: string;
  /** the query parameter that takes the lower bound of the cursor; without it every load reads everything */
  readonly since?: string;
  readonly pagination?: Pagination;
}

export type LoadMode = "append" | "replace" | "merge" | "scd2" | "snapshot";

export interface Destination {
  readonly table: string;
  /**
   * `append`: add; `replace`: the table becomes what was read; `merge`: by key; `scd2`: by key, with history;
   * `snapshot`: what was read, kept beside earlier days under `snapshot_date`. Default: merge where there is a key, else replace.
   */
  readonly mode?: LoadMode;
  readonly key?: string | readonly string[];
  /** scd2: the column that says since when a row is so; by default the load's start */
  readonly validFrom?: string;
  /** A table beyond 20 million rows (or `rows`) lies in files by the months of this date, and a load writes those alone whose rows change. Not with scd2 */
  readonly segments?: TableSegments;
}

export interface Schedule {
  readonly cron: string;
  readonly timeZone?: string;
  readonly retries?: number;
  readonly backoff?: "exponential" | "fixed";
  readonly timeout?: Duration;
  readonly overlap?: "skip" | "queue";
  readonly catchUp?: "latest" | "all" | "none";
}

interface JobCommon {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly columns?: Columns;
  /** default `add_columns`, or `ignore` where `columns` are given */
  readonly onSchemaChange?: "add_columns" | "ignore" | "fail";
  readonly checks?: readonly Check[];
  readonly onReject?: {
    /** default true; false: the first bad row stops the load. Set to true, it also takes rows that break notNull, between or matches, which else stop the load */
    readonly quarantine?: boolean;
    /** a share of the rows read (`"1%"`) or a number of rows; default `"10%"` */
    readonly failAbove?: `${number}%` | number;
  };
  /** stop when a full read brings less than this share of the rows that the table holds; default `"50%"`, `"0%"` switches it off */
  readonly failBelow?: `${number}%`;
  readonly into: Destination;
  /** rows gone from the source: marked by a column that is set (or true), found by comparing all keys, or ignored (default) */
  readonly deletes?: "ignore" | "compare_keys" | { readonly column: string };
  readonly schedule?: Schedule;
  /** how old its data may grow before it is stale: notices and the scorecard count by it */
  readonly freshWithin?: Duration;
  readonly after?: readonly string[];
  readonly tags?: readonly string[];
}

export type JobSpec = JobCommon &
  (
    | { readonly source: PostgresSource | MysqlSource | SqliteSource; readonly extract: DatabaseExtract }
    | { readonly source: FilesSource; readonly extract: FileExtract }
    | { readonly source: RestSource; readonly extract: RestExtract }
  );

export type Job = JobSpec & { readonly kind: "job" };

/**
 * Declares a job. Nothing is checked here: all problems of a project are reported at once when it is opened.
 * @example defineJob({ name: "orders", source: shop, extract: { table: "orders" }, into: { table: "orders" } })
 */
export const defineJob = (spec: JobSpec): Job => declared({ ...spec, kind: "job" as const });
