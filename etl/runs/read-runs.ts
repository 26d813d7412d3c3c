/** Reads runs and their rejected rows. */
import { existsSync } from "node:fs";
import { DuckDBInstance, type Json } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { State } from "../../engine/warehouse/index.ts";
import { rejectsFile, type Reject } from "../stage/rejects.ts";
import { written } from "../load/accounting.ts";
import type { RunStatus, RunSummary, StepSummary } from "./run.ts";

interface RunRow {
  readonly id: string;
  readonly kind: string;
  readonly status: RunStatus;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly started_by: string;
  readonly base_version: number | null;
  readonly version: number | null;
  readonly error: string | null;
}

interface StepRow {
  readonly kind: "job" | "table";
  readonly name: string;
  readonly stage: StepSummary["stage"];
  readonly status: StepSummary["status"];
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly read: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly removed: number;
  readonly rejected: number;
  readonly bytes: number;
  readonly watermark_before: string | null;
  readonly watermark_after: string | null;
  readonly checks: string | null;
  readonly warnings: string | null;
  readonly rejects: string | null;
  readonly error: string | null;
}

/** Runs with their steps, newest first. @param options `job`: only runs of this job; `limit`: default 50 */
export function listRuns(state: State, options: { readonly limit?: number; readonly job?: string } = {}): RunSummary[] {
  const limit = options.limit ?? 50;
  const rows =
    options.job === undefined
      ? state.prepare("SELECT * FROM runs ORDER BY started_at DESC, id DESC LIMIT ?").all(limit)
      : state
          .prepare(
            `SELECT * FROM runs WHERE id IN (SELECT run FROM steps WHERE name = ?)
             ORDER BY started_at DESC, id DESC LIMIT ?`,
          )
          .all(options.job, limit);
  return (rows as RunRow[]).map((row) => summary(state, row));
}

/** A run with its steps. @throws TesseraError `not-found` */
export function getRun(state: State, id: string): RunSummary {
  const row = state.prepare("SELECT * FROM runs WHERE id = ?").get(id) as RunRow | undefined;
  if (row === undefined)
    throw new TesseraError("not-found", phrase`load "${id}" not found`, { remedy: { action: "list-runs" } });
  return summary(state, row);
}

/**
 * Rejected rows of a run.
 * @param options `job`: only of this job; `limit`: default 100
 * @throws TesseraError `not-found`
 */
export async function getRejects(
  warehouse: string,
  state: State,
  run: string,
  options: { readonly job?: string; readonly limit?: number; readonly offset?: number } = {},
): Promise<Reject[]> {
  const jobs = getRun(state, run).steps.filter(
    (step) => step.kind === "job" && (options.job === undefined || step.name === options.job),
  );
  const files = jobs.map((step) => rejectsFile(warehouse, run, step.name)).filter((file) => existsSync(file));
  if (files.length === 0) return [];
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(", ");
    const found = await connection.runAndReadAll(
      `SELECT run, job, "at", file, line, "column", reason, "row" FROM read_parquet([${list}])
       ORDER BY job, file, line LIMIT $1 OFFSET $2`,
      [options.limit ?? 100, options.offset ?? 0],
    );
    return found.getRowObjectsJson().map(rejectOf);
  } finally {
    instance.closeSync();
  }
}

const textOrNull = (value: Json | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

const rejectOf = (row: Readonly<Record<string, Json>>): Reject => ({
  run: String(row["run"]),
  job: String(row["job"]),
  at: String(row["at"]),
  file: textOrNull(row["file"]),
  line: row["line"] === null ? null : Number(row["line"]),
  column: textOrNull(row["column"]),
  reason: String(row["reason"]),
  row: String(row["row"]),
});

function summary(state: State, row: RunRow): RunSummary {
  const steps = state.prepare("SELECT * FROM steps WHERE run = ? ORDER BY number").all(row.id) as StepRow[];
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    seconds: seconds(row),
    startedBy: row.started_by,
    baseVersion: row.base_version,
    version: row.version,
    error: parse(row.error, null),
    steps: steps.map(step),
  };
}

const step = (row: StepRow): StepSummary => ({
  kind: row.kind,
  name: row.name,
  status: row.status,
  stage: row.stage,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  seconds: seconds(row),
  read: row.read,
  added: row.added,
  updated: row.updated,
  written: written(row),
  unchanged: row.unchanged,
  deleted: row.deleted,
  removed: row.removed,
  rejected: row.rejected,
  bytes: row.bytes,
  watermarkBefore: row.watermark_before,
  watermarkAfter: row.watermark_after,
  checks: parse(row.checks, []),
  warnings: parse(row.warnings, []),
  rejects: parse(row.rejects, []),
  error: parse(row.error, null),
});

const seconds = (row: { readonly started_at: string; readonly finished_at: string | null }): number | null =>
  row.finished_at === null ? null : Math.round((Date.parse(row.finished_at) - Date.parse(row.started_at)) / 10) / 100;

function parse<T>(text: string | null, missing: T): T {
  return text === null ? missing : JSON.parse(text);
}
