/** Runs the jobs of a load: those of one source one after another, different sources at once. */
import { TesseraError } from "../../engine/errors/index.ts";
import type { Job } from "../declare/job.ts";
import { personsOf } from "../declare/project-parts.ts";
import { rulesOf } from "../declare/persons.ts";
import { redactError } from "../declare/redact.ts";
import { jobDefinition } from "../extract/job-definition.ts";
import { loadedFiles, recordFiles } from "../load/file-ledger.ts";
import { asRunError, beginStep, endStep, enterStage } from "../runs/record.ts";
import { suppressedList, suppressionKey, type Suppression } from "../suppression/suppressed.ts";
import type { JobCounts, JobResult } from "./job-context.ts";
import { loadJob } from "./load-job.ts";
import type { StepsContext } from "./steps-context.ts";

/** Name of the source's own mark among the version's watermarks; no job has such a name. */
export const markOf = (job: Job): string => `${job.name}:mark`;

/** The calendar day of a moment in a zone, ISO. */
export const dayIn = (at: Date, timeZone = "UTC"): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);

/** What the jobs of a load share. */
interface JobsContext extends StepsContext {
  /** rows of each job so far, by its number */
  readonly counts: Map<number, JobCounts>;
  readonly signal: AbortSignal;
  readonly alone: <T>(body: () => Promise<T>) => Promise<T>;
}

/** Runs all jobs; the first failure stops the others. @throws TesseraError of the job that failed first */
export async function runJobs(context: StepsContext): Promise<Map<Job, JobResult>> {
  const { jobs, state, run, report, options } = context;
  const results = new Map<Job, JobResult>();
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const shared: JobsContext = { ...context, counts: new Map(), signal, alone: mutex() };
  for (const [number, job] of jobs.entries())
    beginStep(state, run, number, {
      kind: "job",
      name: job.name,
      definition: context.redact(jobDefinition(job)),
      watermark: context.base?.watermarks[job.name] ?? null,
    });

  const lastOfSource = new Map<unknown, Promise<unknown>>();
  const done = new Map<string, Promise<unknown>>();
  const work = jobs.map((job, number) => {
    const before = [lastOfSource.get(job.source), ...(job.after ?? []).map((name) => done.get(name))].filter(
      (task) => task !== undefined,
    );
    const task = Promise.all(before).then(async () => {
      if (signal.aborted) throw cancelled(job, stop.signal.aborted);
      results.set(job, await runJob(shared, job, number));
    });
    lastOfSource.set(job.source, task);
    done.set(job.name, task);
    return task.catch((error: unknown) => {
      // jobs that wait for the failed one are skipped, not failed
      const isFirst = !stop.signal.aborted;
      if (isFirst) stop.abort(error);
      endStep(state, run, number, isFirst ? "failed" : "skipped", {
        ...shared.counts.get(number),
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

const cancelled = (job: Job, otherFailed: boolean): TesseraError =>
  new TesseraError("cancelled", otherFailed ? "another job failed first" : "the load was cancelled", {
    place: `job ${job.name}`,
  });

async function runJob(context: JobsContext, job: Job, number: number): Promise<JobResult> {
  const { writer, state, run, report, counts, options, base } = context;
  const connection = await writer.connect();
  let stage: "extract" | "stage" | "load" = "extract";
  let began = Date.now();
  const result = await loadJob(
    {
      connection,
      tables: context.tables,
      run,
      folder: options.folder,
      warehouse: context.warehouse,
      work: context.work,
      environment: context.environment,
      at: context.at,
      day: dayIn(context.at, options.spec.timeZone),
      full: options.full ?? false,
      ...(options.backfill && { backfill: options.backfill }),
      ...(options.replay !== undefined && { replay: options.replay }),
      ...suppressionOf(context),
      watermark: base?.watermarks[job.name] ?? null,
      mark: base?.watermarks[markOf(job)] ?? null,
      loadedFiles: await loadedFiles(connection, job.name),
      signal: context.signal,
      alone: context.alone,
      onStage: (next) => {
        stage = next;
        began = Date.now();
        enterStage(state, run, number, next);
        report({ kind: "job", name: job.name, stage: next });
      },
      onCount: (more) => counts.set(number, { ...counts.get(number), ...more }),
      onRows: (rows, total) => {
        if (stage === "extract") counts.set(number, { ...counts.get(number), read: rows });
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

/** What the load knows of erased persons; nothing when there are none. */
function suppressionOf({ state, warehouse, options }: StepsContext): { readonly suppression?: Suppression } {
  const persons = personsOf(options.spec);
  const entries = persons === undefined ? [] : suppressedList(state);
  if (persons === undefined || entries.length === 0) return {};
  return { suppression: { key: suppressionKey(warehouse), entries, rules: (table) => rulesOf(persons, table) } };
}

/** Runs one body at a time, in the order of the calls. */
function mutex(): <T>(body: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (body) => {
    const next = last.then(body, body);
    last = next.catch(() => undefined);
    return next;
  };
}
