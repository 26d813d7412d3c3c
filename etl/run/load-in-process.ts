/** A load from beginning to end in this process: under the lease, into a copy of the current version, published only when all of it is right. */
import { join } from "node:path";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
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
import { redactor, redactError } from "../declare/redact.ts";
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

/** Of the engine, where the project does not say; what does not fit goes to the load's own temporary folder. */
const MEMORY_LIMIT = "2GB";

/**
 * Runs jobs, builds the star, checks and publishes. Answers the run as it is recorded.
 * Throws a coded error when nothing was published: the served version is as it was.
 */
export async function loadInProcess(options: InProcessOptions): Promise<RunSummary> {
  const { spec } = options;
  const problems = validateLoads(spec);
  if (problems.length > 0) throw TesseraError.of(problems);
  const chosen = options.rollups
    ? []
    : selectJobs(jobsOf(spec), options.plan?.jobs.map((job) => job.job) ?? options.jobs, options.select);
  if (options.backfill !== undefined) refuseBackfill(chosen, options.jobs);
  const environment = options.environment ?? process.env;
  const redact = redactor(spec, environment);
  const warehouse = warehouseFolder(spec, options.folder);
  makeWarehouse(warehouse);
  const { replay } = options;
  const jobs = replay === undefined ? chosen : chosen.filter((job) => hasRejects(warehouse, replay, job.name));
  const state = openState(warehouse);
  const now = options.now ?? (() => new Date());
  try {
    payOwed(warehouse, state);
    settleRuns(state, publishedRuns(warehouse));
    if (replay !== undefined && getRun(state, replay) && jobs.length === 0)
      throw new TesseraError("not-found", phrase`load ${replay} has no rejected rows of these jobs`, {
        remedy: "`tessera loads ID` shows a load's rejected rows",
      });
    const at = now();
    const run = beginRun(state, {
      kind: "load",
      startedAt: at,
      startedBy: options.startedBy ?? "owner",
      options: {
        jobs: jobs.map((job) => job.name),
        full: options.full ?? false,
        dryRun: options.dryRun ?? false,
        ...(options.backfill && { backfill: options.backfill }),
        ...(replay !== undefined && { replay }),
      },
    });
    const report = (progress: Omit<Progress, "run">): void =>
      options.onProgress?.({
        run,
        ...progress,
        ...(progress.message !== undefined && { message: redact(progress.message) }),
      });
    let published: Manifest | undefined;
    try {
      const lease = await awaitLease(state, run, options.patience ?? 0, (holder) =>
        report({ kind: "run", name: run, stage: "lease", message: `waiting for run ${holder?.run ?? ""}` }),
      );
      try {
        published = await loadUnderLease(options, { state, run, at, warehouse, environment, jobs, report, redact });
      } finally {
        noteOrOwe(warehouse, state, (open) => void open.prepare("DELETE FROM leases WHERE run = ?").run(lease.run));
      }
      const ended: RunStatus = options.dryRun ? "checked" : "published";
      const version = published?.version ?? null;
      // what is published stays so, noted or not
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

interface LeaseContext {
  readonly state: State;
  readonly run: string;
  readonly at: Date;
  readonly warehouse: string;
  readonly environment: Environment;
  readonly jobs: ReturnType<typeof selectJobs>;
  readonly report: (progress: Omit<Progress, "run">) => void;
  readonly redact: (text: string) => string;
}

async function loadUnderLease(options: InProcessOptions, context: LeaseContext): Promise<Manifest | undefined> {
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
  let writer: Writer | undefined;
  try {
    const memoryLimit = options.spec.warehouse.memoryLimit ?? MEMORY_LIMIT;
    // raw and staged rows live in memory, and spill when the limit is reached: a file would be compressed for nothing
    writer = await openForWriting(
      { warehouse: main, scratch: isRoomy(memoryLimit) ? ":memory:" : join(work, "scratch.duckdb") },
      {
        tempDirectory: join(work, "temp"),
        memoryLimit: engineMemory(memoryLimit),
        ...(isRoomy(memoryLimit)
          ? options.spec.warehouse.threads !== undefined && { threads: options.spec.warehouse.threads }
          : { passing: ["scratch"], threads: 1 }),
      },
    );
    const tables = await openSegments(writer, {
      folder: warehouse,
      base,
      work,
      catalog: WAREHOUSE,
      freeBytes: options.freeBytes,
    });
    const { watermarks, problems, changed } = await runJobsAndTables({
      ...context,
      options,
      writer,
      tables,
      base,
      work,
    });
    if (problems.length > 0)
      throw TesseraError.of(
        problems,
        `${problems.length} check${problems.length === 1 ? "" : "s"} failed, so nothing is published: ${problems[0]!.message}`,
      );
    await noteBreaks(options.spec, writer, base, state, run);
    if (options.plan !== undefined)
      assertPlanned(options.plan, planOf(options.spec, getRun(state, run), options.full ?? false));
    if (options.dryRun) return undefined;
    report({ kind: "run", name: run, stage: "publish", message: "writing" });
    await writeRunFacts(writer.connection, state, run);
    await tables.finish();
    await writer.close();
    writer = undefined;
    options.signal?.throwIfAborted();
    const segments = tables.files();
    const rollups = join(work, "rollups.duckdb");
    const previous = filePath(warehouse, base, ROLLUPS);
    const built = await buildRollupFile(
      options.spec,
      {
        files: [{ path: main }, ...segments],
        ...(previous !== undefined && { previous }),
        changed: new Set([...changed, ...RUN_FACTS]),
      },
      rollups,
      (name) => report({ kind: "run", name: run, stage: "publish", message: `rollup ${name}` }),
    );
    options.signal?.throwIfAborted();
    return await publishVersion(warehouse, {
      base,
      run,
      files: {
        [MAIN]: main,
        ...(built && { [ROLLUPS]: rollups }),
        ...Object.fromEntries(segments.filter((each) => each.written).map(({ role, path }) => [role, path])),
      },
      segments: Object.fromEntries(segments.map(({ role, segment }) => [role, segment])),
      without: [
        ...(built ? [] : [ROLLUPS]),
        ...(base?.files ?? [])
          .filter((file) => file.segment && !segments.some(({ role }) => role === roleOf(file)))
          .map(roleOf),
      ],
      watermarks,
      labels: changed.size === 0 ? (base?.labels ?? {}) : staleLabels(base),
      memoryLimit: engineMemory(options.spec.warehouse.memoryLimit ?? MEMORY_LIMIT),
      onStep: (step) => {
        report({ kind: "run", name: run, stage: "publish", message: step });
        options.onPublish?.(step);
      },
    });
  } finally {
    await writer?.close().catch(() => undefined);
    sweepRejects(warehouse, state, publishedRuns(warehouse), live, at);
    sweep(
      warehouse,
      live.filter((id) => id !== run),
      at,
      { pinned: pinnedVersions(state, at) },
    );
  }
}

/** Labels stand for the data they were made from: after a load they are older than it. */
function staleLabels(base: Manifest | null): Manifest["labels"] {
  return Object.fromEntries(
    Object.entries(base?.labels ?? {}).map(([model, label]) => [model, { ...label, stale: true }]),
  );
}

function toLoadError(error: unknown): TesseraError {
  const { code, message, remedy } = asRunError(error);
  return new TesseraError(code === "disk-full" || code === "too-large" ? code : "load-failed", message, {
    ...(remedy && { remedy }),
    cause: error,
  });
}
