/** What a load would do, written down; and whether a load does just that. */
import { createHash } from "node:crypto";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Job } from "../declare/job.ts";
import { jobDefinition } from "../extract/job-definition.ts";
import type { RunSummary, StepSummary } from "../runs/run.ts";
import { jobsOf } from "../declare/project-parts.ts";

export interface PlannedJob {
  readonly job: string;
  readonly table: string;
  /** of the job as it was declared */
  readonly definition: string;
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
  readonly removed: number;
  readonly rejected: number;
  /** columns that come, go or change, and other remarks, in words */
  readonly changes: readonly string[];
  readonly checks: readonly { readonly check: string; readonly passed: boolean }[];
}

export interface LoadPlan {
  readonly kind: "load-plan";
  /** the version it was made for; null before the first */
  readonly baseVersion: number | null;
  readonly full: boolean;
  readonly jobs: readonly PlannedJob[];
  /** tables of the star that are made anew */
  readonly tables: readonly string[];
  readonly cubes: readonly string[];
  /** changes of columns with what of the model cannot be asked after them, in words */
  readonly breaks: readonly string[];
}

const definitionOf = (job: Job): string => createHash("sha256").update(jobDefinition(job)).digest("hex").slice(0, 16);

/** The plan that a dry run's record tells. */
export function planOf(spec: ProjectSpec, run: RunSummary, full: boolean): LoadPlan {
  const declared = new Map(jobsOf(spec).map((job) => [job.name, job]));
  const steps = run.steps.filter((step) => step.kind === "job" && declared.has(step.name));
  const tables = run.steps.filter((step) => step.kind === "table" && step.status === "done").map((step) => step.name);
  const jobs = steps.map((step) => plannedJob(declared.get(step.name)!, step));
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

/** @throws TesseraError `usage` for JSON that is no plan */
export function parsePlan(text: string, place: string): LoadPlan {
  const plan = ((): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  })() as Partial<LoadPlan> | undefined;
  if (plan?.kind !== "load-plan" || !Array.isArray(plan.jobs))
    throw new TesseraError("usage", "this file is no plan", { place, remedy: "make one: tessera plan --out FILE" });
  return plan as LoadPlan;
}

/** Throws `check-failed` where what a load did is not what the plan says; nothing is published then. */
export function assertPlanned(plan: LoadPlan, now: LoadPlan): void {
  const differences: string[] = [];
  if (plan.baseVersion !== now.baseVersion)
    differences.push(
      `it was made for version ${plan.baseVersion ?? "none"}, and ${now.baseVersion ?? "none"} is served`,
    );
  const found = new Map(now.jobs.map((job) => [job.job, job]));
  for (const planned of plan.jobs) {
    const job = found.get(planned.job);
    if (job === undefined) differences.push(`${planned.job} did not run`);
    else if (job.definition !== planned.definition) differences.push(`${planned.job} is declared in another way`);
    else {
      for (const what of ["added", "updated", "deleted", "removed", "rejected"] as const)
        if (job[what] !== planned[what])
          differences.push(`${planned.job}: ${job[what]} rows ${what} instead of ${planned[what]}`);
      if (job.changes.join("; ") !== planned.changes.join("; "))
        differences.push(
          `${planned.job}: ${job.changes.join("; ") || "no change of columns"} instead of ${planned.changes.join("; ") || "none"}`,
        );
    }
  }
  if (differences.length > 0)
    throw new TesseraError(
      "check-failed",
      phrase`the load is not what was planned: ${differences.slice(0, 5).join(", ")}`,
      {
        remedy: "the source, the project or the warehouse has changed: look at a new plan; nothing was published",
      },
    );
}
