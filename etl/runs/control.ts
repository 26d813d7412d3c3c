/** Cancels runs, and pauses the schedules of jobs. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { isAlive, type State } from "../../engine/warehouse/index.ts";
import { jobsOf } from "../declare/project-parts.ts";
import { settleRuns } from "./record.ts";

interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly pid: number;
  readonly process_started: string;
}

/**
 * Asks the process of a run on this machine to stop; it publishes nothing then. A later process with the same number is
 * not mistaken for it.
 * @throws TesseraError `not-found` for an unknown run, or one that does not run
 */
export function cancelRun(state: State, id: string): { readonly run: string; readonly pid: number } {
  const row = state.prepare("SELECT id, status, pid, process_started FROM runs WHERE id = ?").get(id) as
    | RunRow
    | undefined;
  if (row === undefined)
    throw new TesseraError("not-found", phrase`run "${id.slice(0, 100)}" not found`, {
      remedy: { action: "list-runs" },
    });
  if (row.status !== "running")
    throw new TesseraError("not-found", phrase`run ${row.id} has ended: ${row.status.replace("_", " ")}`, {
      place: `run ${row.id}`,
    });
  if (!isAlive({ pid: row.pid, started: row.process_started })) {
    settleRuns(state, new Map());
    throw new TesseraError(
      "not-found",
      phrase`the process of run ${row.id} is gone: the run is now marked as interrupted`,
      {
        place: `run ${row.id}`,
      },
    );
  }
  process.kill(row.pid, "SIGTERM");
  return { run: row.id, pid: row.pid };
}

/** Names of jobs that schedules do not start; they can still be started by hand. */
export const pausedJobs = (state: State): ReadonlySet<string> =>
  new Set((state.prepare("SELECT job FROM paused_jobs").all() as { readonly job: string }[]).map((row) => row.job));

/** Pauses the schedule of a job. @throws TesseraError `not-found` */
export function pauseJob(spec: ProjectSpec, state: State, name: string, by: string, at: Date): void {
  requireJob(spec, name);
  state
    .prepare("INSERT OR IGNORE INTO paused_jobs (job, paused_at, paused_by) VALUES (?, ?, ?)")
    .run(name, at.toISOString(), by);
}

/** Resumes the schedule of a job; missed runs follow its `catchUp`. @throws TesseraError `not-found` */
export function resumeJob(spec: ProjectSpec, state: State, name: string): void {
  requireJob(spec, name);
  state.prepare("DELETE FROM paused_jobs WHERE job = ?").run(name);
}

function requireJob(spec: ProjectSpec, name: string): void {
  const names = jobsOf(spec).map((job) => job.name);
  if (!names.includes(name))
    throw new TesseraError(
      "not-found",
      phrase`job "${name.slice(0, 100)}" not found${didYouMean(name.slice(0, 100), names)}`,
      { remedy: phrase`use one of ${names.join(", ")}` },
    );
}
