/** The steps of a load in the working copy: jobs, their checks, then the star. */
import { required } from "../../engine/lookup.ts";
import type { Problem } from "../../engine/errors/index.ts";
import { prepareDefinitions } from "../build/build-tables.ts";
import { cursorOf } from "../extract/wanted.ts";
import { writeCampaignFacts } from "../facts/campaign-facts.ts";
import { LIST_ENTRIES, writeListFacts } from "../facts/list-facts.ts";
import { prepareLedger } from "../load/file-ledger.ts";
import { recordChecks } from "../runs/record.ts";
import { buildStar } from "./build-star.ts";
import { checkTable } from "./check-table.ts";
import { markOf, runJobs } from "./run-jobs.ts";
import type { StepsContext, StepsResult } from "./steps-context.ts";

/** Runs all steps of a load. @throws TesseraError of the first step that fails */
export async function runJobsAndTables(context: StepsContext): Promise<StepsResult> {
  const { state, run, jobs } = context;
  const { connection } = context.writer;
  await prepareLedger(connection);
  await prepareDefinitions(connection);
  const results = await runJobs(context);
  const problems: Problem[] = [];
  // references may name the table of any job, so all jobs are loaded before the first check
  for (const [number, job] of jobs.entries()) {
    if (required(results, job, "result of job").skipped) continue;
    const checks = await checkTable(context, "job", job.name, job.into.table, job.checks ?? [], problems);
    recordChecks(state, run, number, checks);
  }
  const changed = new Set(
    jobs.filter((job) => required(results, job, "result of job").changed).map((job) => job.into.table),
  );
  for (const table of await writeCampaignFacts(connection, state)) changed.add(table);
  await writeListFacts(connection, state, context.options.spec);
  changed.add(LIST_ENTRIES);
  if (problems.length === 0) await buildStar(context, changed, problems);
  const watermarks: Record<string, string | null> = { ...context.base?.watermarks };
  for (const [job, result] of results) {
    if (cursorOf(job) !== undefined) watermarks[job.name] = result.watermark;
    if (result.mark !== null) watermarks[markOf(job)] = result.mark;
    else delete watermarks[markOf(job)];
  }
  return { watermarks, problems, changed };
}
