/** Stopping a run from anywhere on this machine, and keeping a job's schedule from starting it. */
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
 * Asks the process of a load or mining run to stop; it publishes nothing then. The process is told apart from a later one with the same number.
 * @throws TesseraError `not-found` for a run that is not there, or not running
 */
export function cancelRun(state: State, id: string): { readonly run: string; readonly pid: number } {
  const row = state.prepare("SELECT id, status, pid, process_started FROM runs WHERE id = ?").get(id) as
    | RunRow
    | undefined;
  if (row === undefined)
    throw new TesseraError("not-found", phrase`there is no run ${id.slice(0, 100)}`, {
      remedy: "`tessera loads` lists them",
    });
  if (row.status !== "running")
    throw new TesseraError("not-found", phrase`run ${row.id} is over: ${row.status.replace("_", " ")}`, {
      place: `run ${row.id}`,
    });
  if (!isAlive({ pid: row.pid, started: row.process_started })) {
    settleRuns(state, new Map());
    throw new TesseraError("not-found", phrase`the process of run ${row.id} is gone; the run is marked interrupted`, {
      place: `run ${row.id}`,
    });
  }
  process.kill(row.pid, "SIGTERM");
  return { run: row.id, pid: row.pid };
}

/** Jobs that schedules do not start. By hand they run all the same. */
export const pausedJobs = (state: State): ReadonlySet<string> =>
  new Set((state.prepare("SELECT job FROM paused_jobs").all() as { readonly job: string }[]).map((row) => row.job));

/** @throws TesseraError `not-found` */
export function pauseJob(spec: ProjectSpec, state: State, name: string, by: string, at: Date): void {
  known(spec, name);
  state
    .prepare("INSERT OR IGNORE INTO paused_jobs (job, paused_at, paused_by) VALUES (?, ?, ?)")
    .run(name, at.toISOString(), by);
}

/** What fell due meanwhile follows the job's `catchUp`. @throws TesseraError `not-found` */
export function resumeJob(spec: ProjectSpec, state: State, name: string): void {
  known(spec, name);
  state.prepare("DELETE FROM paused_jobs WHERE job = ?").run(name);
}

function known(spec: ProjectSpec, name: string): void {
  const names = jobsOf(spec).map((job) => job.name);
  if (!names.includes(name))
    throw new TesseraError(
      "not-found",
      phrase`there is no job ${name.slice(0, 100)}${didYouMean(name.slice(0, 100), names)}`,
      { remedy: phrase`the jobs are ${names.join(", ")}` },
    );
}
