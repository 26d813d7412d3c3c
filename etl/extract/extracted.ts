/** What reading a source leaves in the scratch database, and what it needs to begin. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import type { Job } from "../declare/job.ts";
import type { Environment } from "../declare/secret.ts";

/** Catalog in which raw rows stand until they are staged. */
export const SCRATCH = "scratch";

export interface RawColumn {
  /** the source's name of it */
  readonly name: string;
  /** DuckDB type in which it was read */
  readonly raw: string;
  /** DuckDB type that the source says it has; undefined: to be inferred from all values */
  readonly declared?: string;
  /** texts of a JSON string are not numbers, even when they look so */
  readonly texts?: "json";
}

export interface FileRecord {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

export interface Extracted {
  /** raw rows, in order; null where there was nothing to read */
  readonly columns: readonly RawColumn[];
  /** rows that came in, those that could not even be read included */
  readonly rows: number;
  readonly bytes: number;
  /** whether the source was read as a whole */
  readonly whole: boolean;
  /** the upper bound of the cursor, fixed before the read; null where the source has no rows yet, undefined where it is to be taken from the rows */
  readonly upper?: string | null;
  /** the source's own mark of this read, where it has one beside the cursor; the next read gets it back */
  readonly mark?: string;
  readonly files?: readonly FileRecord[];
  /** columns of the raw table that tell where a row stood, beside the source's own */
  readonly provenance?: { readonly file?: string; readonly line?: string };
  /** nothing new: the reason, in words */
  readonly skipped?: string;
  readonly warnings: readonly string[];
}

/** A part of the past that is read again, in the cursor's own notation. */
export interface Backfill {
  readonly from: string;
  readonly until: string;
}

export interface ExtractContext {
  readonly connection: DuckDBConnection;
  readonly job: Job;
  /** the project's folder: relative paths begin there */
  readonly folder: string;
  readonly environment: Environment;
  /** folder for spooled pages and transcoded files */
  readonly work: string;
  /** cursor up to which the source was read; null: from its beginning */
  readonly since: string | null;
  /** what the last read left as its `mark` */
  readonly mark: string | null;
  /** only rows whose cursor is within: from (included) until (not included) */
  readonly backfill?: Backfill;
  /** checksums of files that were loaded before */
  readonly loadedFiles: readonly FileRecord[];
  readonly onRows: (rows: number, total?: number) => void;
  readonly signal: AbortSignal;
}

/** Raw rows of a job. */
export const rawTable = (job: Job): string => `raw_${job.name}`;
/** Rows of a job that could not be read: `file, line, "column", reason, row`. */
export const badTable = (job: Job): string => `bad_${job.name}`;
export const inScratch = (table: string): string => `${SCRATCH}.${quoteIdentifier(table)}`;

export async function createRawTable(
  context: ExtractContext,
  columns: readonly { readonly name: string; readonly raw: string }[],
): Promise<void> {
  await context.connection.run(
    `CREATE OR REPLACE TABLE ${inScratch(rawTable(context.job))} (${columns.map((each) => `${quoteIdentifier(each.name)} ${each.raw}`).join(", ")})`,
  );
}

/** Collects rows that cannot be read; they are few, or the load stops. */
export interface BadRows {
  readonly count: number;
  add(row: {
    readonly file?: string;
    readonly line?: number;
    readonly column?: string;
    readonly reason: string;
    readonly row: string;
  }): void;
  close(): Promise<void>;
}

export async function openBadRows({ connection, job }: Pick<ExtractContext, "connection" | "job">): Promise<BadRows> {
  const table = inScratch(badTable(job));
  await connection.run(
    `CREATE OR REPLACE TABLE ${table} (file VARCHAR, line BIGINT, "column" VARCHAR, reason VARCHAR, "row" VARCHAR)`,
  );
  const appender = await connection.createAppender(badTable(job), "main", SCRATCH);
  let count = 0;
  return {
    get count() {
      return count;
    },
    add: ({ file, line, column, reason, row }) => {
      count++;
      if (file === undefined) appender.appendNull();
      else appender.appendVarchar(file);
      if (line === undefined) appender.appendNull();
      else appender.appendBigInt(BigInt(line));
      if (column === undefined) appender.appendNull();
      else appender.appendVarchar(column);
      appender.appendVarchar(reason);
      appender.appendVarchar(row);
      appender.endRow();
    },
    close: async () => appender.closeSync(),
  };
}
