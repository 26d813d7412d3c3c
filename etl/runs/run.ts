/** What is known of a run and its steps. */
import type { CheckResult } from "../checks/run-checks.ts";
import type { Accounting } from "../load/accounting.ts";
import type { RejectSummary } from "../stage/rejects.ts";

/** `checked`: a dry run that came to its end. */
export type RunStatus = "running" | "published" | "checked" | "failed" | "interrupted" | "rolled_back";
export type StepStatus = "running" | "done" | "skipped" | "failed" | "interrupted";
export type Stage = "waiting" | "extract" | "stage" | "load" | "build" | "check" | "done";

export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly place?: string;
  readonly remedy?: string;
}

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

/** One line of progress; `rows` are those of the stage so far. */
export interface Progress {
  readonly run: string;
  readonly kind: "job" | "table" | "run";
  readonly name: string;
  readonly stage: Stage | "publish" | "lease";
  readonly rows?: number;
  readonly rowsPerSecond?: number;
  readonly total?: number;
  readonly message?: string;
}
