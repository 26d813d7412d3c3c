/** A whole load in this process: under the lease, into a copy of the current version, then published. */
import { join } from "node:path";
import { phrase, TesseraError } from "../../engine/errors/index.ts";
import {
  awaitLease,
  copyForWriting,
  currentVersion,
  ensureSpace,
  filePath,
  MAIN,
  makeWarehouse,
  makeWorkFolder,
  openState,
  pinnedVersions,
  spaceForLoad,
  sweep,
  type Manifest,
  type State,
} from "../../engine/warehouse/index.ts";
import { catalogOf, warehouseFolder } from "../declare/config.ts";
import type { Job } from "../declare/job.ts";
import { jobsOf } from "../declare/project-parts.ts";
import { redactError, redactor } from "../declare/redact.ts";
import { validateLoads } from "../declare/validate.ts";
import { noteOrOwe, payOwed } from "../runs/owed.ts";
import { publishedRuns } from "../runs/published.ts";
import { getRun } from "../runs/read-runs.ts";
import { asRunError, beginRun, endRun, setBase, settleRuns } from "../runs/record.ts";
import type { Progress, RunStatus, RunSummary } from "../runs/run.ts";
import { sweepRejects } from "../runs/sweep-rejects.ts";
import { hasRejects } from "../stage/rejects.ts";
import { refuseBackfill } from "./backfill.ts";
import type { LoadContext } from "./load-context.ts";
import type { InProcessOptions } from "./load-options.ts";
import { publishLoad } from "./publish-load.ts";
import { selectJobs } from "./select-jobs.ts";
import { writeCopy } from "./write-copy.ts";

/**
 * Runs jobs, builds the star, checks and publishes.
 * @returns the run as it is recorded
 * @throws TesseraError when nothing was published: the served version is as it was
 */
export async function loadInProcess(options: InProcessOptions): Promise<RunSummary> {
  const { spec, replay } = options;
  const problems = validateLoads(spec);
  if (problems.length > 0) throw TesseraError.of(problems);
  // what the model check refuses is known before anything is read
  catalogOf(spec);
  const chosen = chooseJobs(options);
  const environment = options.environment ?? process.env;
  const redact = redactor(spec, environment);
  const warehouse = warehouseFolder(spec, options.folder);
  makeWarehouse(warehouse);
  const jobs = replay === undefined ? chosen : chosen.filter((job) => hasRejects(warehouse, replay, job.name));
  const state = openState(warehouse);
  try {
    payOwed(warehouse, state);
    settleRuns(state, publishedRuns(warehouse));
    if (replay !== undefined && getRun(state, replay) && jobs.length === 0)
      throw new TesseraError("not-found", phrase`rejected rows of load ${replay} not found for these jobs`, {
        remedy: { action: "show-run", run: replay },
      });
    const at = (options.now ?? (() => new Date()))();
    const run = beginLoad(state, options, jobs, at);
    const report = (progress: Omit<Progress, "run">): void =>
      options.onProgress?.({
        run,
        ...progress,
        ...(progress.message !== undefined && { message: redact(progress.message) }),
      });
    const context = { state, run, at, warehouse, environment, jobs, report, redact };
    try {
      const published = await withLease(options, context);
      const ended: RunStatus = options.dryRun ? "checked" : "published";
      const version = published?.version ?? null;
      // a full disk can prevent the record, but not undo the publication
      if (!noteOrOwe(warehouse, state, (open) => endRun(open, run, ended, { version })))
        return { ...getRun(state, run), status: ended, version };
    } catch (error) {
      const clean = redactError(error, redact);
      noteOrOwe(warehouse, state, (open) => endRun(open, run, "failed", { error: asRunError(clean) }));
      throw clean instanceof TesseraError ? clean : toLoadError(clean);
    }
    return getRun(state, run);
  } finally {
    state.close();
  }
}

function chooseJobs({ spec, rollups, plan, jobs, select, backfill }: InProcessOptions): Job[] {
  if (rollups) return [];
  const chosen = selectJobs(jobsOf(spec), plan?.jobs.map((job) => job.job) ?? jobs, select);
  if (backfill !== undefined) refuseBackfill(chosen, jobs);
  return chosen;
}

const beginLoad = (state: State, options: InProcessOptions, jobs: readonly Job[], startedAt: Date): string =>
  beginRun(state, {
    kind: "load",
    startedAt,
    startedBy: options.startedBy ?? "owner",
    options: {
      jobs: jobs.map((job) => job.name),
      full: options.full ?? false,
      dryRun: options.dryRun ?? false,
      ...(options.backfill && { backfill: options.backfill }),
      ...(options.replay !== undefined && { replay: options.replay }),
    },
  });

async function withLease(options: InProcessOptions, context: LoadContext): Promise<Manifest | undefined> {
  const { state, run, warehouse, report } = context;
  const lease = await awaitLease(state, run, options.patience ?? 0, (holder) =>
    report({ kind: "run", name: run, stage: "lease", message: `waiting for run ${holder?.run ?? ""}` }),
  );
  try {
    return await loadUnderLease(options, context);
  } finally {
    noteOrOwe(warehouse, state, (open) => void open.prepare("DELETE FROM leases WHERE run = ?").run(lease.run));
  }
}

async function loadUnderLease(options: InProcessOptions, context: LoadContext): Promise<Manifest | undefined> {
  const { state, run, at, warehouse, report } = context;
  const { live } = settleRuns(state, publishedRuns(warehouse));
  sweep(warehouse, live, at, { pinned: pinnedVersions(state, at) });
  const current = await currentVersion(warehouse);
  for (const warning of current?.warnings ?? [])
    report({ kind: "run", name: run, stage: "lease", message: warning.message });
  const base = current?.manifest ?? null;
  setBase(state, run, base?.version ?? null);
  if (base !== null) ensureSpace(warehouse, spaceForLoad(base), options.freeBytes);
  const work = makeWorkFolder(warehouse, run);
  const main = join(work, "main.duckdb");
  const from = filePath(warehouse, base, MAIN);
  if (from !== undefined) copyForWriting(from, main);
  try {
    const written = await writeCopy(options, context, base, work, main);
    return written === undefined ? undefined : await publishLoad(options, context, base, work, main, written);
  } finally {
    sweepRejects(warehouse, state, publishedRuns(warehouse), live, at);
    const others = live.filter((id) => id !== run);
    sweep(warehouse, others, at, { pinned: pinnedVersions(state, at) });
  }
}

function toLoadError(error: unknown): TesseraError {
  const { code, message, remedy } = asRunError(error);
  return new TesseraError(code === "disk-full" || code === "too-large" ? code : "load-failed", message, {
    ...(remedy && { remedy }),
    cause: error,
  });
}
