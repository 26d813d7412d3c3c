/** Records runs and steps in the state: when they start and when they end. */
import { describeDuckdb } from "../declare/duckdb-message.ts";
import { TesseraError } from "../../engine/errors/index.ts";
import { immediately, isAlive, leaseHolder, thisProcess, type State } from "../../engine/warehouse/index.ts";
import type { CheckResult } from "../checks/run-checks.ts";
import type { RunError, RunStatus, Stage, StepStatus, StepSummary } from "./run.ts";

/** A run that starts. */
export interface NewRun {
  readonly kind: string;
  readonly startedAt: Date;
  readonly startedBy: string;
  readonly options: unknown;
}

/** Records the start of a run. @returns its id: the time of its start, with a number if that is taken */
export function beginRun(state: State, run: NewRun): string {
  const me = thisProcess();
  return immediately(state, () => {
    const base = run.startedAt.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
    let id = base;
    for (let n = 2; state.prepare("SELECT 1 FROM runs WHERE id = ?").get(id) !== undefined; n++) id = `${base}-${n}`;
    state
      .prepare(
        `INSERT INTO runs (id, kind, status, started_at, started_by, pid, process_started, options)
         VALUES (?, ?, 'running', ?, ?, ?, ?, ?)`,
      )
      .run(id, run.kind, run.startedAt.toISOString(), run.startedBy, me.pid, me.started, JSON.stringify(run.options));
    return id;
  });
}

/** Records the end of a run. */
export function endRun(
  state: State,
  id: string,
  status: RunStatus,
  more: { readonly baseVersion?: number | null; readonly version?: number | null; readonly error?: RunError } = {},
): void {
  state
    .prepare(
      `UPDATE runs
       SET status = ?, finished_at = ?, base_version = coalesce(?, base_version), version = ?, error = ? WHERE id = ?`,
    )
    .run(
      status,
      new Date().toISOString(),
      more.baseVersion ?? null,
      more.version ?? null,
      more.error === undefined ? null : JSON.stringify(more.error),
      id,
    );
}

/** Records the version that a run starts from. */
export function setBase(state: State, id: string, version: number | null): void {
  state.prepare("UPDATE runs SET base_version = ? WHERE id = ?").run(version, id);
}

/** Records a step that waits for its turn. */
export function beginStep(
  state: State,
  run: string,
  number: number,
  step: {
    readonly kind: "job" | "table";
    readonly name: string;
    readonly definition: string;
    readonly watermark: string | null;
  },
): void {
  state
    .prepare(
      `INSERT INTO steps (run, number, kind, name, stage, status, started_at, watermark_before, definition)
       VALUES (?, ?, ?, ?, 'waiting', 'running', ?, ?, ?)`,
    )
    .run(run, number, step.kind, step.name, new Date().toISOString(), step.watermark, step.definition);
}

/** Records the stage of a step; its time begins with its first stage. */
export function enterStage(state: State, run: string, number: number, stage: Stage): void {
  state
    .prepare(
      `UPDATE steps SET started_at = CASE WHEN stage = 'waiting' THEN ? ELSE started_at END, stage = ?
       WHERE run = ? AND number = ?`,
    )
    .run(new Date().toISOString(), stage, run, number);
}

/** Records the checks of a step; a failed one makes the step fail. */
export function recordChecks(state: State, run: string, number: number, checks: readonly CheckResult[]): void {
  if (checks.length === 0) return;
  const failed = checks.some((each) => !each.passed && !each.warn);
  state
    .prepare(
      "UPDATE steps SET checks = ?, status = CASE WHEN ? THEN 'failed' ELSE status END WHERE run = ? AND number = ?",
    )
    .run(JSON.stringify(checks), failed ? 1 : 0, run, number);
}

/** What is known at the end of a step. */
export type StepEnd = Partial<
  Pick<
    StepSummary,
    | "read"
    | "added"
    | "updated"
    | "unchanged"
    | "deleted"
    | "removed"
    | "rejected"
    | "bytes"
    | "watermarkAfter"
    | "warnings"
    | "rejects"
    | "error"
  >
>;

/** Records the end of a step. */
export function endStep(state: State, run: string, number: number, status: StepStatus, end: StepEnd): void {
  state
    .prepare(
      `UPDATE steps SET status = ?, finished_at = ?,
         stage = CASE WHEN ? IN ('done', 'skipped') THEN 'done' ELSE stage END,
         read = ?, added = ?, updated = ?, unchanged = ?, deleted = ?, removed = ?, rejected = ?, bytes = ?,
         watermark_after = ?, warnings = ?, rejects = ?, error = ? WHERE run = ? AND number = ?`,
    )
    .run(
      status,
      new Date().toISOString(),
      status,
      end.read ?? 0,
      end.added ?? 0,
      end.updated ?? 0,
      end.unchanged ?? 0,
      end.deleted ?? 0,
      end.removed ?? 0,
      end.rejected ?? 0,
      end.bytes ?? 0,
      end.watermarkAfter ?? null,
      json(end.warnings),
      json(end.rejects),
      end.error ? JSON.stringify(end.error) : null,
      run,
      number,
    );
}

const json = (value: readonly unknown[] | undefined): string | null =>
  value === undefined || value.length === 0 ? null : JSON.stringify(value);

/**
 * Marks runs whose process is gone: as published if their version is, else as interrupted. Must be called before a
 * sweep.
 * @param publishedRuns runs with their published version
 * @returns ids of the runs that are alive, and of those marked as interrupted
 */
export function settleRuns(
  state: State,
  publishedRuns: ReadonlyMap<string, number>,
): { readonly live: readonly string[]; readonly interrupted: readonly string[] } {
  return immediately(state, () => {
    const live: string[] = [];
    const interrupted: string[] = [];
    const running = state.prepare("SELECT id, pid, process_started FROM runs WHERE status = 'running'").all() as {
      readonly id: string;
      readonly pid: number;
      readonly process_started: string;
    }[];
    for (const run of running) {
      if (isAlive({ pid: run.pid, started: run.process_started })) {
        live.push(run.id);
        continue;
      }
      const version = publishedRuns.get(run.id);
      const at = new Date().toISOString();
      state
        .prepare("UPDATE runs SET status = ?, finished_at = ?, version = ? WHERE id = ?")
        .run(version === undefined ? "interrupted" : "published", at, version ?? null, run.id);
      if (version === undefined) {
        interrupted.push(run.id);
        state
          .prepare("UPDATE steps SET status = 'interrupted', finished_at = ? WHERE run = ? AND status = 'running'")
          .run(at, run.id);
      }
    }
    if (leaseHolder(state) === undefined) state.prepare("DELETE FROM leases WHERE name = 'warehouse'").run();
    return { live, interrupted };
  });
}

/** An error as it is stored and shown: without stack and cause, which may hold addresses with passwords. */
export function asRunError(error: unknown): RunError {
  if (error instanceof TesseraError)
    return {
      code: error.code,
      message: error.message,
      ...(error.place && { place: error.place }),
      ...(error.remedy && { remedy: error.remedy }),
    };
  const message = error instanceof Error ? error.message : String(error);
  if (/no space left|ENOSPC|could not write|disk (is )?full/i.test(message))
    return {
      code: "disk-full",
      message: "the disk is full",
      remedy: "free some space and try again: nothing was changed",
    };
  if (message.startsWith("Out of Memory Error"))
    return {
      code: "too-large",
      message: "the load needs more memory than its limit",
      remedy: "raise warehouse.memoryLimit, or read less at once: nothing was changed",
    };
  const meaning = describeDuckdb(message);
  return { code: "load-failed", message: meaning ? String(meaning) : message.split("\n").slice(0, 3).join(" ") };
}
