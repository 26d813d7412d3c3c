/** The jobs of a project with their last step. */
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { State } from "../../engine/warehouse/index.ts";
import type { LoadMode, Schedule } from "../declare/job.ts";
import { modeOf } from "../declare/load-mode.ts";
import { jobsOf } from "../declare/project-parts.ts";
import { listRuns } from "./read-runs.ts";
import type { StepSummary } from "./run.ts";

/** A job as it is shown. */
export interface JobView {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly source: { readonly name: string; readonly kind: string };
  readonly table: string;
  readonly mode: LoadMode;
  readonly tags: readonly string[];
  readonly after: readonly string[];
  readonly schedule: Schedule | null;
  /** its step in its last run; null before the first */
  readonly last: (StepSummary & { readonly run: string }) | null;
}

/** All jobs of a project. */
export function listJobs(spec: ProjectSpec, state: State): JobView[] {
  return jobsOf(spec).map((job) => {
    const run = listRuns(state, { job: job.name, limit: 1 })[0];
    const step = run?.steps.find((each) => each.kind === "job" && each.name === job.name);
    return {
      name: job.name,
      title: job.title ?? job.name,
      ...(job.description !== undefined && { description: job.description }),
      source: { name: job.source.name, kind: job.source.kind },
      table: job.into.table,
      mode: modeOf(job),
      tags: job.tags ?? [],
      after: job.after ?? [],
      schedule: job.schedule ?? null,
      last: run && step ? { ...step, run: run.id } : null,
    };
  });
}
