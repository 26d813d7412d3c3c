/** Plans: what a load would do, and whether a load does just that. */
import { createHash } from "node:crypto";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Job } from "../declare/job.ts";
import { jobDefinition } from "../extract/job-definition.ts";
import type { RunSummary, StepSummary } from "../runs/run.ts";
import { jobsOf } from "../declare/project-parts.ts";

/** What a load would do with a job. */
export interface PlannedJob {
  readonly job: string;
  readonly table: string;
  /** hash of the job's declaration */
  readonly definition: string;
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
  readonly removed: number;
  readonly rejected: number;
  /** changes of columns and other warnings */
  readonly changes: readonly string[];
  readonly checks: readonly { readonly check: string; readonly passed: boolean }[];
}

/** What a load would do. */
export interface LoadPlan {
  readonly kind: "load-plan";
  /** the version it was made for; null before the first load */
  readonly baseVersion: number | null;
  readonly full: boolean;
  readonly jobs: readonly PlannedJob[];
  /** tables of the star that are built */
  readonly tables: readonly string[];
  /** cubes whose facts change */
  readonly cubes: readonly string[];
  /** changes of columns, and what they break in the model */
  readonly breaks: readonly string[];
}

const definitionOf = (job: Job): string => createHash("sha256").update(jobDefinition(job)).digest("hex").slice(0, 16);

/** The plan from the record of a dry run. */
export function planOf(spec: ProjectSpec, run: RunSummary, full: boolean): LoadPlan {
  const declared = new Map(jobsOf(spec).map((job) => [job.name, job]));
  const tables = run.steps.filter((step) => step.kind === "table" && step.status === "done").map((step) => step.name);
  const jobs = run.steps.flatMap((step) => {
    const job = step.kind === "job" ? declared.get(step.name) : undefined;
    return job === undefined ? [] : [plannedJob(job, step)];
  });
  const changed = new Set([
    ...tables,
    ...jobs
      .filter((job) => job.added + job.updated + job.deleted + job.removed > 0 || job.changes.length > 0)
      .map((job) => job.table),
  ]);
  return {
    kind: "load-plan",
    baseVersion: run.baseVersion,
    full,
    jobs,
    tables,
    cubes: spec.cubes.filter((cube) => cube.table !== undefined && changed.has(cube.table)).map((cube) => cube.name),
    breaks: run.steps.flatMap((step) => step.warnings.filter((warning) => warning.startsWith("breaks: "))),
  };
}

const plannedJob = (
  job: Job,
  { added, updated, deleted, removed, rejected, warnings, checks }: StepSummary,
): PlannedJob => ({
  job: job.name,
  table: job.into.table,
  definition: definitionOf(job),
  added,
  updated,
  deleted,
  removed,
  rejected,
  changes: warnings,
  checks: checks.map(({ check, passed }) => ({ check, passed })),
});

/** The plan in a text. @throws TesseraError `usage` for anything else */
export function parsePlan(text: string, place: string): LoadPlan {
  const plan = parseJson(text);
  if (isPlan(plan)) return plan;
  throw new TesseraError("usage", "the file is not a plan", { place, remedy: { action: "make-plan" } });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isPlan = (value: unknown): value is LoadPlan =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  value.kind === "load-plan" &&
  "jobs" in value &&
  Array.isArray(value.jobs);

/** Most differences that are shown. */
const SHOWN = 5;

/** @throws TesseraError `check-failed` for a load that differs from its plan; nothing is published then */
export function assertPlanned(plan: LoadPlan, now: LoadPlan): void {
  const found = new Map(now.jobs.map((job) => [job.job, job]));
  const differences = [
    ...(plan.baseVersion === now.baseVersion
      ? []
      : [`the plan is for version ${plan.baseVersion ?? "none"}, version ${now.baseVersion ?? "none"} is served`]),
    ...plan.jobs.flatMap((planned) => differencesOf(planned, found.get(planned.job))),
  ];
  if (differences.length > 0)
    throw new TesseraError(
      "check-failed",
      phrase`the load differs from its plan: ${differences.slice(0, SHOWN).join(", ")}`,
      {
        remedy: "make a new plan: the source, the project or the warehouse changed, and nothing was published",
      },
    );
}

function differencesOf(planned: PlannedJob, job: PlannedJob | undefined): string[] {
  if (job === undefined) return [`${planned.job} did not run`];
  if (job.definition !== planned.definition) return [`the declaration of ${planned.job} changed`];
  const counts = (["added", "updated", "deleted", "removed", "rejected"] as const)
    .filter((what) => job[what] !== planned[what])
    .map((what) => `${planned.job}: ${job[what]} rows ${what} instead of ${planned[what]}`);
  const [is, was] = [job.changes.join("; "), planned.changes.join("; ")];
  return is === was ? counts : [...counts, `${planned.job}: ${is || "no column changes"} instead of ${was || "none"}`];
}
