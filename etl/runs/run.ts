/** Runs and their steps. */
import type { CheckResult } from "../checks/run-checks.ts";
import type { Accounting } from "../load/accounting.ts";
import type { RejectSummary } from "../stage/rejects.ts";

/** Status of a run; `checked`: a dry run that finished. */
export type RunStatus = "running" | "published" | "checked" | "failed" | "interrupted" | "rolled_back";
/** Status of a step; `skipped`: nothing to do, or another step failed first. */
export type StepStatus = "running" | "done" | "skipped" | "failed" | "interrupted";
/** Where a step is. */
export type Stage = "waiting" | "extract" | "stage" | "load" | "build" | "check" | "done";

/** An error as it is stored and shown. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly place?: string;
  readonly remedy?: string;
}

/** A step of a run: a job, or a table of the star. */
export interface StepSummary extends Accounting {
  readonly kind: "job" | "table";
  readonly name: string;
  readonly status: StepStatus;
  readonly stage: Stage;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly seconds: number | null;
  /** added + updated */
  readonly written: number;
  readonly bytes: number;
  readonly watermarkBefore: string | null;
  readonly watermarkAfter: string | null;
  readonly checks: readonly CheckResult[];
  readonly warnings: readonly string[];
  readonly rejects: RejectSummary["reasons"];
  readonly error: RunError | null;
}

/** A run with its steps. */
export interface RunSummary {
  readonly id: string;
  readonly kind: string;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly seconds: number | null;
  readonly startedBy: string;
  readonly baseVersion: number | null;
  /** the version it published */
  readonly version: number | null;
  readonly error: RunError | null;
  readonly steps: readonly StepSummary[];
}

/** A report of progress. */
export interface Progress {
  readonly run: string;
  readonly kind: "job" | "table" | "run";
  readonly name: string;
  readonly stage: Stage | "publish" | "lease";
  /** rows of the stage so far */
  readonly rows?: number;
  readonly rowsPerSecond?: number;
  /** estimated rows of the stage */
  readonly total?: number;
  readonly message?: string;
}
