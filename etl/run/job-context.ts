import type { DuckDBConnection } from "duckdb";
import type { SegmentedTables } from "../../engine/warehouse/index.ts";
import type { Environment } from "../declare/secret.ts";
import type { Backfill, FileRecord } from "../extract/extracted.ts";
import type { Accounting } from "../load/accounting.ts";
import type { RejectSummary } from "../stage/rejects.ts";
import type { Suppression } from "../suppression/suppressed.ts";

/** What is known of a job's rows before it is done, for the record of a job that fails. */
export interface JobCounts {
  readonly read?: number;
  readonly rejected?: number;
  readonly rejects?: RejectSummary["reasons"];
}

/** What loading a job needs. */
export interface JobContext {
  readonly connection: DuckDBConnection;
  readonly tables: SegmentedTables;
  /** id of the load */
  readonly run: string;
  /** the project's folder */
  readonly folder: string;
  /** folder of the warehouse */
  readonly warehouse: string;
  /** the load's own folder */
  readonly work: string;
  readonly environment: Environment;
  /** start of the load */
  readonly at: Date;
  /** calendar day of the load in the project's zone, ISO */
  readonly day: string;
  /** read everything again */
  readonly full: boolean;
  /** cursor value up to which the source was read */
  readonly watermark: string | null;
  /** the source's own mark of the last read */
  readonly mark: string | null;
  /** a range of the cursor to read again; marks stay as they are */
  readonly backfill?: Backfill;
  /** load whose rejected rows are read instead of the source */
  readonly replay?: string;
  /** erased persons, who must not come back */
  readonly suppression?: Suppression;
  readonly loadedFiles: readonly FileRecord[];
  readonly signal: AbortSignal;
  readonly onStage: (stage: "extract" | "stage" | "load") => void;
  readonly onCount: (counts: JobCounts) => void;
  readonly onRows: (rows: number, total?: number) => void;
  /** runs the body while no other job is staging or loading: each needs all of DuckDB */
  readonly alone: <T>(body: () => Promise<T>) => Promise<T>;
}

/** The result of a job. */
export interface JobResult {
  readonly account: Accounting;
  readonly bytes: number;
  /** cursor value for the next load; null for a job without a cursor */
  readonly watermark: string | null;
  /** the source's own mark for the next load */
  readonly mark: string | null;
  readonly files: readonly FileRecord[];
  /** the table consists of these files only: earlier records are removed */
  readonly filesReplaced: boolean;
  readonly rejects: RejectSummary["reasons"];
  readonly warnings: readonly string[];
  /** the table's rows or columns changed */
  readonly changed: boolean;
  readonly skipped: boolean;
}
