import type { SegmentedTables } from "../../engine/warehouse/index.ts";
import type { Job } from "../declare/job.ts";
import type { TargetColumn } from "../stage/stage.ts";
import type { Accounting } from "./accounting.ts";
import type { SchemaChange } from "./target.ts";

/** What loading a job's staged rows needs. */
export interface LoadRequest {
  readonly job: Job;
  /** writes the target, in one file or in segments */
  readonly tables: SegmentedTables;
  readonly columns: readonly TargetColumn[];
  /** rows that were read */
  readonly read: number;
  /** rows that were rejected; the staged table has the others */
  readonly rejected: number;
  /** start of the load */
  readonly at: Date;
  /** calendar day of the load in the project's zone, ISO */
  readonly day: string;
  /** the table becomes what was read, even if the mode adds to it */
  readonly mirror: boolean;
  /** the rows were rejected by an earlier load: rows that the table has are newer */
  readonly replay: boolean;
  /** the source was read from a cursor on, and may have given rows that the table has */
  readonly increment: boolean;
  /** scratch table with all keys of the source; rows with other keys are removed */
  readonly presentKeys?: string;
}

/** The result of loading a job's staged rows. */
export interface Loaded {
  readonly account: Accounting;
  readonly changes: readonly SchemaChange[];
}
