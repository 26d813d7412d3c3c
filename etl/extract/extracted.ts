/** The input and the result of reading a source, and the scratch tables it fills. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import type { Job } from "../declare/job.ts";
import type { Environment } from "../declare/secret.ts";

/** Column of a raw table with the file of a row, which a contract can name as a source. */
export const FILE_COLUMN = "__file";
/** Column of a raw table with the line of a row in its file. */
export const LINE_COLUMN = "__line";

/** Catalog of the raw and staged tables. */
export const SCRATCH = "scratch";

/** A column as it was read. */
export interface RawColumn {
  /** name in the source */
  readonly name: string;
  /** DuckDB type of the raw table's column */
  readonly raw: string;
  /** DuckDB type that corresponds to the source's type; undefined: inferred from all values */
  readonly declared?: string;
  /** the values are JSON strings: texts, even if they look like numbers */
  readonly texts?: "json";
}

/** A file that was loaded. */
export interface FileRecord {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/** The result of reading a source. */
export interface Extracted {
  /** columns of the raw table, in order */
  readonly columns: readonly RawColumn[];
  /** rows of the source, including those that cannot be read */
  readonly rows: number;
  readonly bytes: number;
  /** whether the source was read as a whole */
  readonly whole: boolean;
  /** highest cursor value, fixed before the read; null for a source without rows, undefined: taken from the rows */
  readonly upper?: string | null;
  /** the source's own mark of this read, in addition to the cursor, for the next read */
  readonly mark?: string;
  /** files that were read */
  readonly files?: readonly FileRecord[];
  /** further columns of the raw table with the file and line of a row */
  readonly provenance?: {
    readonly file: string;
    readonly line: string;
    /** beginnings of the files' paths that are not part of their names */
    readonly folders: readonly string[];
    /** by path, how many lines are above a file's first record, where it is not one */
    readonly above?: ReadonlyMap<string, number>;
  };
  /** why nothing was read */
  readonly skipped?: string;
  readonly warnings: readonly string[];
}

/** A range of the cursor that is read again, in the cursor's own notation. */
export interface Backfill {
  /** included */
  readonly from: string;
  /** excluded */
  readonly until: string;
}

/** What reading a source needs. */
export interface ExtractContext {
  readonly connection: DuckDBConnection;
  readonly job: Job;
  /** the project's folder, for relative paths */
  readonly folder: string;
  readonly environment: Environment;
  /** folder for spooled pages and transcoded files */
  readonly work: string;
  /** cursor value up to which the source was read; null: read everything */
  readonly since: string | null;
  /** the `mark` of the last read */
  readonly mark: string | null;
  /** read only rows whose cursor is in this range */
  readonly backfill?: Backfill;
  /** files that earlier loads read */
  readonly loadedFiles: readonly FileRecord[];
  /** reports progress; `total` is an estimate */
  readonly onRows: (rows: number, total?: number) => void;
  readonly signal: AbortSignal;
}

/** Name of the table with the raw rows of a job. */
export const rawTable = (job: Job): string => `raw_${job.name}`;

/** Name of the table with the rows that cannot be read: `file, line, "column", reason, row`. */
export const badTable = (job: Job): string => `bad_${job.name}`;

/** The quoted name of a scratch table. */
export const inScratch = (table: string): string => `${SCRATCH}.${quoteIdentifier(table)}`;

/** SQL of a file's name in its folder, from the path that a raw table holds. */
export const fileName = (path: string, { provenance }: Extracted): string =>
  (provenance?.folders ?? []).reduce(
    (sql, folder) =>
      `CASE WHEN starts_with(${sql}, ${quoteText(folder)}) THEN substr(${sql}, ${folder.length + 1}) ELSE ${sql} END`,
    path,
  );

/** Creates the empty raw table. */
export async function createRawTable(
  context: ExtractContext,
  columns: readonly { readonly name: string; readonly raw: string }[],
): Promise<void> {
  const list = columns.map((each) => `${quoteIdentifier(each.name)} ${each.raw}`).join(", ");
  await context.connection.run(`CREATE OR REPLACE TABLE ${inScratch(rawTable(context.job))} (${list})`);
}

/** Collects rows that cannot be read. */
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

/** Creates the empty table of bad rows. */
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
