/** A load from beginning to end in this process: under the lease, into a copy of the current version, which is then published. */
import { join } from "node:path";
import { phrase, TesseraError, type Problem } from "../../engine/errors/index.ts";
import {
  awaitLease,
  copyForWriting,
  currentVersion,
  ensureSpace,
  filePath,
  MAIN,
  makeWarehouse,
  makeWorkFolder,
  openForWriting,
  openSegments,
  openState,
  pinnedVersions,
  publishVersion,
  roleOf,
  spaceForLoad,
  sweep,
  type Manifest,
  type State,
  type Writer,
} from "../../engine/warehouse/index.ts";
import { WAREHOUSE } from "../extract/warehouse-tables.ts";
import { buildRollupFile, ROLLUPS } from "../build/build-rollups.ts";
import { noteBreaks } from "./breaks.ts";
import { warehouseFolder } from "../declare/config.ts";
import { engineMemory, isRoomy } from "./engine-memory.ts";
import { runJobsAndTables } from "./load-steps.ts";
import { redactor, redactError, type Redact } from "../declare/redact.ts";
import type { Job } from "../declare/job.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { publishedRuns } from "../runs/published.ts";
import { asRunError, beginRun, endRun, setBase, settleRuns } from "../runs/record.ts";
import { getRun } from "../runs/read-runs.ts";
import { RUN_FACTS, writeRunFacts } from "../facts/run-facts.ts";
import { noteOrOwe, payOwed } from "../runs/owed.ts";
import type { Progress, RunStatus, RunSummary } from "../runs/run.ts";
import type { Environment } from "../declare/secret.ts";
import { assertPlanned, planOf } from "./plan.ts";
import { hasRejects } from "../stage/rejects.ts";
import type { InProcessOptions } from "./load-options.ts";
import { refuseBackfill } from "./backfill.ts";
import { sweepRejects } from "../runs/sweep-rejects.ts";
import { selectJobs } from "./select-jobs.ts";
import { validateLoads } from "../declare/validate.ts";
import { jobsOf } from "../declare/project-parts.ts";

/** Of DuckDB, unless the project sets one; what does not fit spills into the load's temporary folder. */
const MEMORY_LIMIT = "2GB";

/**
 * Runs jobs, builds the star, checks and publishes.
 * @returns the run as it is recorded
 * @throws TesseraError when nothing was published: the served version is as it was
 */
export async function loadInProcess(options: InProcessOptions): Promise<RunSummary> {
  const { spec, replay } = options;
  const problems = validateLoads(spec);
  if (problems.length > 0) throw TesseraError.of(problems);
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

/** What the parts of a load share. */
interface LoadContext {
  readonly state: State;
  readonly run: string;
  readonly at: Date;
  readonly warehouse: string;
  readonly environment: Environment;
  readonly jobs: readonly Job[];
  readonly report: (progress: Omit<Progress, "run">) => void;
  readonly redact: Redact;
}

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
    return written === undefined ? undefined : await publish(options, context, base, work, main, written);
  } finally {
    sweepRejects(warehouse, state, publishedRuns(warehouse), live, at);
    const others = live.filter((id) => id !== run);
    sweep(warehouse, others, at, { pinned: pinnedVersions(state, at) });
  }
}

/** A finished working copy. */
interface WrittenCopy {
  readonly watermarks: Manifest["watermarks"];
  readonly changed: ReadonlySet<string>;
  readonly segments: ReturnType<OpenSegments["files"]>;
}

type OpenSegments = Awaited<ReturnType<typeof openSegments>>;

/** Runs all steps in the working copy. @returns undefined for a dry run */
async function writeCopy(
  options: InProcessOptions,
  context: LoadContext,
  base: Manifest | null,
  work: string,
  main: string,
): Promise<WrittenCopy | undefined> {
  const { spec } = options;
  const { state, run, warehouse, report } = context;
  const writer = await openWriter(spec, work, main);
  try {
    const tables = await openSegments(writer, {
      folder: warehouse,
      base,
      work,
      catalog: WAREHOUSE,
      freeBytes: options.freeBytes,
    });
    const steps = await runJobsAndTables({ ...context, options, writer, tables, base, work });
    refuseFailedChecks(steps.problems);
    await noteBreaks(spec, writer, base, state, run);
    if (options.plan !== undefined)
      assertPlanned(options.plan, planOf(spec, getRun(state, run), options.full ?? false));
    if (options.dryRun) return undefined;
    report({ kind: "run", name: run, stage: "publish", message: "writing" });
    await writeRunFacts(writer.connection, state, run);
    await tables.finish();
    await writer.close();
    options.signal?.throwIfAborted();
    return { watermarks: steps.watermarks, changed: steps.changed, segments: tables.files() };
  } finally {
    // closing again after the end does nothing
    await writer.close().catch(() => undefined);
  }
}

/** Raw and staged rows live in memory and spill at the limit; compressing them in a file would take longer. */
function openWriter(spec: ProjectSpec, work: string, main: string): Promise<Writer> {
  const limit = spec.warehouse.memoryLimit ?? MEMORY_LIMIT;
  const { threads } = spec.warehouse;
  const common = { tempDirectory: join(work, "temp"), memoryLimit: engineMemory(limit) };
  return isRoomy(limit)
    ? openForWriting({ warehouse: main, scratch: ":memory:" }, { ...common, ...(threads !== undefined && { threads }) })
    : openForWriting(
        { warehouse: main, scratch: join(work, "scratch.duckdb") },
        { ...common, passing: ["scratch"], threads: 1 },
      );
}

function refuseFailedChecks(problems: readonly Problem[]): void {
  const [problem, ...others] = problems;
  if (problem === undefined) return;
  throw TesseraError.of(
    problems,
    others.length === 0
      ? phrase`a check failed, so nothing is published: ${problem.message}`
      : phrase`${problems.length} checks failed, so nothing is published: ${problem.message}`,
  );
}

async function publish(
  options: InProcessOptions,
  { run, warehouse, report }: LoadContext,
  base: Manifest | null,
  work: string,
  main: string,
  { watermarks, changed, segments }: WrittenCopy,
): Promise<Manifest> {
  const { spec } = options;
  const rollups = join(work, "rollups.duckdb");
  const previous = filePath(warehouse, base, ROLLUPS);
  const built = await buildRollupFile(
    spec,
    {
      files: [{ path: main }, ...segments],
      ...(previous !== undefined && { previous }),
      changed: new Set([...changed, ...RUN_FACTS]),
    },
    rollups,
    (name) => report({ kind: "run", name: run, stage: "publish", message: `rollup ${name}` }),
  );
  options.signal?.throwIfAborted();
  const gone = (base?.files ?? [])
    .filter((file) => file.segment && !segments.some(({ role }) => role === roleOf(file)))
    .map(roleOf);
  return publishVersion(warehouse, {
    base,
    run,
    files: {
      [MAIN]: main,
      ...(built && { [ROLLUPS]: rollups }),
      ...Object.fromEntries(segments.filter((each) => each.written).map(({ role, path }) => [role, path])),
    },
    segments: Object.fromEntries(segments.map(({ role, segment }) => [role, segment])),
    without: [...(built ? [] : [ROLLUPS]), ...gone],
    watermarks,
    labels: changed.size === 0 ? (base?.labels ?? {}) : staleLabels(base),
    memoryLimit: engineMemory(spec.warehouse.memoryLimit ?? MEMORY_LIMIT),
    onStep: (step) => {
      report({ kind: "run", name: run, stage: "publish", message: step });
      options.onPublish?.(step);
    },
  });
}

/** Labels describe the data they were made from: after a load they are stale. */
const staleLabels = (base: Manifest | null): Manifest["labels"] =>
  Object.fromEntries(Object.entries(base?.labels ?? {}).map(([model, label]) => [model, { ...label, stale: true }]));

function toLoadError(error: unknown): TesseraError {
  const { code, message, remedy } = asRunError(error);
  return new TesseraError(code === "disk-full" || code === "too-large" ? code : "load-failed", message, {
    ...(remedy && { remedy }),
    cause: error,
  });
}
