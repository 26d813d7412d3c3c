/** The steps of a load within the working copy: jobs by their sources side by side, then checks, then the star and its checks. */
import { TesseraError, type Problem } from "../../engine/errors/index.ts";
import type { Manifest, SegmentedTables, State, Writer } from "../../engine/warehouse/index.ts";
import { buildPlanned, isFresh, missingInputs, planTables, prepareDefinitions } from "../build/build-tables.ts";
import type { Check } from "../declare/checks/check.ts";
import { writeCampaignFacts } from "../facts/campaign-facts.ts";
import { runChecks, type CheckResult } from "../checks/run-checks.ts";
import type { Job } from "../declare/job.ts";
import { rulesOf, type Persons } from "../declare/persons.ts";
import { suppressedList, suppressionKey, type Suppression } from "../suppression/suppression.ts";
import { loadJob, type JobResult } from "./load-job.ts";
import { loadedFiles, prepareLedger, recordFiles } from "../load/file-ledger.ts";
import { LIST_ENTRIES, writeListFacts } from "../facts/list-facts.ts";
import { madeBy } from "../declare/match.ts";
import { decisionsOf } from "../match/decisions.ts";
import { redactError, type Redact } from "../declare/redact.ts";
import { jobDefinition } from "../extract/job-definition.ts";
import type { InProcessOptions } from "./load-options.ts";
import { asRunError, beginStep, endStep, enterStage, recordChecks } from "../runs/record.ts";
import type { Progress, StepSummary } from "../runs/run.ts";
import type { Environment } from "../declare/secret.ts";
import { jobsOf, tablesOf } from "../declare/project-parts.ts";

export interface StepsContext {
  readonly options: InProcessOptions;
  readonly state: State;
  readonly writer: Writer;
  readonly tables: SegmentedTables;
  readonly run: string;
  readonly at: Date;
  readonly warehouse: string;
  readonly work: string;
  readonly base: Manifest | null;
  readonly environment: Environment;
  readonly jobs: readonly Job[];
  readonly report: (progress: Omit<Progress, "run">) => void;
  readonly redact: Redact;
}

export interface StepsResult {
  readonly watermarks: Manifest["watermarks"];
  /** checks that failed; with any of them nothing may be published */
  readonly problems: readonly Problem[];
  /** tables whose rows are others than in the version before */
  readonly changed: ReadonlySet<string>;
}

export async function runJobsAndTables(context: StepsContext): Promise<StepsResult> {
  await prepareLedger(context.writer.connection);
  await prepareDefinitions(context.writer.connection);
  const results = await runJobs(context);
  const problems: Problem[] = [];
  for (const [number, job] of context.jobs.entries()) {
    // references may lead to any other job's table, so all are loaded before the first check
    if (!results.get(job)!.skipped)
      recordChecks(
        context.state,
        context.run,
        number,
        await check(context, "job", job.name, job.into.table, job.checks ?? [], problems),
      );
  }
  const changed = new Set(context.jobs.filter((job) => results.get(job)!.changed).map((job) => job.into.table));
  for (const table of await writeCampaignFacts(context.writer.connection, context.state)) changed.add(table);
  await writeListFacts(context.writer.connection, context.state, context.options.spec);
  changed.add(LIST_ENTRIES);
  if (problems.length === 0) await buildStar(context, changed, problems);
  const watermarks: Record<string, string | null> = { ...context.base?.watermarks };
  for (const [job, result] of results) {
    if ("cursor" in job.extract && job.extract.cursor !== undefined) watermarks[job.name] = result.watermark;
    if (result.mark !== null) watermarks[markOf(job)] = result.mark;
    else delete watermarks[markOf(job)];
  }
  return { watermarks, problems, changed };
}

async function runJobs(context: StepsContext): Promise<Map<Job, JobResult>> {
  const { jobs, state, run, report } = context;
  const results = new Map<Job, JobResult>();
  const stop = new AbortController();
  const signal =
    context.options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, context.options.signal]);
  const alone = mutex();
  // what a job has read when it fails
  const counts: Counts = new Map();
  const sourceFree = new Map<unknown, Promise<unknown>>();
  const done = new Map<string, Promise<unknown>>();
  jobs.forEach((job, number) =>
    beginStep(state, run, number, {
      kind: "job",
      name: job.name,
      definition: context.redact(jobDefinition(job)),
      watermark: context.base?.watermarks[job.name] ?? null,
    }),
  );

  const work = jobs.map((job, number) => {
    // one source answers one job at a time; different sources, side by side
    const before = [sourceFree.get(job.source), ...(job.after ?? []).map((name) => done.get(name))];
    const task = Promise.all(before).then(async () => {
      if (signal.aborted)
        throw new TesseraError(
          "cancelled",
          stop.signal.aborted ? "another job failed first" : "the load was cancelled",
          { place: `job ${job.name}` },
        );
      results.set(job, await runJob({ ...context, counts }, job, number, signal, alone));
    });
    sourceFree.set(job.source, task);
    done.set(job.name, task);
    return task.catch((error: unknown) => {
      // a job that waits for one that failed is not to blame
      const first = !stop.signal.aborted;
      if (first) stop.abort(error);
      endStep(state, run, number, first ? "failed" : "skipped", {
        ...counts.get(number),
        error: asRunError(redactError(error, context.redact)),
      });
    });
  });
  await Promise.all(work);
  if (stop.signal.aborted) {
    report({ kind: "run", name: run, stage: "done", message: "stopped" });
    throw stop.signal.reason;
  }
  return results;
}

type Counts = Map<number, Partial<Pick<StepSummary, "read" | "rejected" | "rejects">>>;

async function runJob(
  context: StepsContext & { readonly counts: Counts },
  job: Job,
  number: number,
  signal: AbortSignal,
  alone: <T>(body: () => Promise<T>) => Promise<T>,
): Promise<JobResult> {
  const { writer, state, run, report } = context;
  const connection = await writer.connect();
  let stage: "extract" | "stage" | "load" = "extract";
  let began = Date.now();
  const result = await loadJob(
    {
      connection,
      tables: context.tables,
      run,
      folder: context.options.folder,
      warehouse: context.warehouse,
      work: context.work,
      environment: context.environment,
      at: context.at,
      day: dayIn(context.at, context.options.spec.timeZone),
      full: context.options.full ?? false,
      ...(context.options.backfill && { backfill: context.options.backfill }),
      ...(context.options.replay !== undefined && { replay: context.options.replay }),
      ...suppressionOf(context),
      watermark: context.base?.watermarks[job.name] ?? null,
      mark: context.base?.watermarks[markOf(job)] ?? null,
      loadedFiles: await loadedFiles(connection, job.name),
      signal,
      alone,
      onStage: (next) => {
        stage = next;
        began = Date.now();
        enterStage(state, run, number, next);
        report({ kind: "job", name: job.name, stage: next });
      },
      onCount: (counts) => context.counts.set(number, { ...context.counts.get(number), ...counts }),
      onRows: (rows, total) => {
        if (stage === "extract") context.counts.set(number, { ...context.counts.get(number), read: rows });
        const seconds = (Date.now() - began) / 1000;
        report({
          kind: "job",
          name: job.name,
          stage,
          rows,
          ...(seconds > 0.05 && { rowsPerSecond: Math.round(rows / seconds) }),
          ...(total !== undefined && { total }),
        });
      },
    },
    job,
  );
  await recordFiles(connection, job.name, result.files, run, context.at, result.filesReplaced && !result.skipped);
  endStep(state, run, number, result.skipped ? "skipped" : "done", {
    ...result.account,
    bytes: result.bytes,
    watermarkAfter: result.watermark,
    warnings: result.warnings.map(context.redact),
    rejects: result.rejects,
  });
  report({ kind: "job", name: job.name, stage: "done", rows: result.account.read });
  return result;
}

async function buildStar(context: StepsContext, changed: Set<string>, problems: Problem[]): Promise<void> {
  const { writer, state, run, report, at } = context;
  const { spec } = context.options;
  const tables = tablesOf(spec);
  const planned = await planTables(writer.connection, tables, jobsOf(spec), (match) => decisionsOf(state, match));
  const expected = new Set([...jobsOf(spec).map((job) => job.into.table), ...tables.flatMap(madeBy)]);
  for (const [i, table] of planned.entries()) {
    context.options.signal?.throwIfAborted();
    const missing = await missingInputs(writer.connection, table, expected);
    if (missing.length === 0 && (await isFresh(writer.connection, table, changed))) continue;
    const number = context.jobs.length + i;
    beginStep(state, run, number, {
      kind: "table",
      name: table.name,
      definition: JSON.stringify({ hash: table.hash, needs: table.needs }),
      watermark: null,
    });
    if (missing.length > 0) {
      endStep(state, run, number, "skipped", { warnings: [`waits for ${missing.join(", ")}, never loaded yet`] });
      continue;
    }
    enterStage(state, run, number, "build");
    report({ kind: "table", name: table.name, stage: "build" });
    try {
      const built = await buildPlanned(writer.connection, context.tables, table, at, run);
      const checks = await check(context, "table", table.name, table.name, table.table.checks ?? [], problems);
      endStep(state, run, number, "done", {
        read: built.rows,
        added: built.added,
        updated: built.updated,
        unchanged: built.unchanged,
      });
      recordChecks(state, run, number, checks);
      report({ kind: "table", name: table.name, stage: "done", rows: built.rows });
      for (const made of madeBy(table.table)) changed.add(made);
    } catch (error) {
      endStep(state, run, number, "failed", { error: asRunError(error) });
      throw error;
    }
  }
}

async function check(
  context: StepsContext,
  kind: "job" | "table",
  name: string,
  table: string,
  checks: readonly Check[],
  problems: Problem[],
): Promise<CheckResult[]> {
  if (checks.length === 0) return [];
  context.report({ kind, name, stage: "check" });
  const results = await runChecks(context.writer.connection, table, checks);
  for (const result of results) {
    if (result.passed || result.warn) continue;
    const examples = result.examples.length === 0 ? "" : `, for example ${result.examples.join(", ")}`;
    problems.push({
      code: "check-failed",
      place: `${kind} ${name}`,
      message: `${result.check} on ${table}: ${result.error ?? `${result.found} row${result.found === 1 ? "" : "s"}${examples}`}`,
      remedy: "mend the data at its source, or the check",
    });
  }
  return results;
}

/** What the load knows of erased persons; nothing where there are none. */
function suppressionOf({ state, warehouse, options: { spec } }: StepsContext): { readonly suppression?: Suppression } {
  const { persons } = spec as { readonly persons?: Persons };
  const entries = persons === undefined ? [] : suppressedList(state);
  return persons === undefined || entries.length === 0
    ? {}
    : { suppression: { key: suppressionKey(warehouse), entries, rules: (table) => rulesOf(persons, table) } };
}

/** Beside a job's cursor the version keeps the source's own mark; no job has a name like this. */
const markOf = (job: Job): string => `${job.name}:mark`;

/** Lets one body run at a time, in the order they came. */
function mutex(): <T>(body: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (body) => {
    const next = last.then(body, body);
    last = next.catch(() => undefined);
    return next;
  };
}

/** The calendar day of an instant in a zone. */
export const dayIn = (at: Date, timeZone = "UTC"): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
