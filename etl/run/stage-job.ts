/** Stages the rows of one job: types, rejects, erased persons. */
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import type { Job } from "../declare/job.ts";
import { keyOf } from "../declare/load-mode.ts";
import { badTable, inScratch, rawTable, type Extracted } from "../extract/extracted.ts";
import { readNumber } from "../extract/read-sql.ts";
import { cursorOf } from "../extract/wanted.ts";
import { writeRejects, type RejectSummary } from "../stage/rejects.ts";
import { stage, stagedTable, type Staged } from "../stage/stage.ts";
import { suppressErased } from "../suppression/suppress-erased.ts";
import { refuseRejects } from "./guards.ts";
import type { JobContext } from "./job-context.ts";

/** Name of the scratch table with all keys that were read. */
export const keysTable = (job: Job): string => `keys_${job.name}`;

/** The staged rows of a job. */
export interface StagedJob {
  readonly staged: Staged;
  readonly rejects: RejectSummary;
  /** the keys of all rows that were read are known */
  readonly keysComplete: boolean;
}

/** Stages the rows and removes rejected ones. @throws TesseraError `too-many-rejects` */
export async function stageJob(context: JobContext, job: Job, extracted: Extracted): Promise<StagedJob> {
  const { connection } = context;
  context.onStage("stage");
  const staged = await stage(connection, job, extracted);
  await withoutErased(context, job, job, staged, cursorOf(job));
  const rejects = await writeRejects(connection, job, extracted, staged, {
    run: context.run,
    at: context.at,
    warehouse: context.warehouse,
  });
  const keysComplete = await collectKeys(context, job);
  context.onCount({ rejected: rejects.rejected, rejects: rejects.reasons });
  if (rejects.rejected > 0) {
    refuseRejects(job, rejects, extracted.rows, context.run);
    await connection.run(`DELETE FROM ${inScratch(stagedTable(job))} WHERE __reject IS NOT NULL`);
  }
  return { staged, rejects, keysComplete };
}

/**
 * Collects the keys of all rows, including rejected ones, which are not gone from the source.
 * @returns all are known
 */
async function collectKeys({ connection }: JobContext, job: Job): Promise<boolean> {
  const key = keyOf(job).map(quoteIdentifier);
  if (key.length === 0) return true;
  const keys = inScratch(keysTable(job));
  await connection.run(
    `CREATE OR REPLACE TABLE ${keys} AS
     SELECT ${key.join(", ")} FROM ${inScratch(stagedTable(job))} WHERE NOT __deleted`,
  );
  const unknown = await readNumber(
    connection,
    `SELECT (SELECT count(*) FROM ${inScratch(badTable(job))})
       + (SELECT count(*) FROM ${keys} WHERE ${key.map((name) => `${name} IS NULL`).join(" OR ")})`,
  );
  return unknown === 0;
}

/**
 * Makes the rows of erased persons equal to what their erasure left.
 * @param read job whose rows are staged @param job job whose table they go to
 */
export async function withoutErased(
  context: JobContext,
  read: Job,
  job: Job,
  staged: Staged,
  cursor?: string,
): Promise<void> {
  const { suppression, connection } = context;
  if (suppression === undefined) return;
  await suppressErased(connection, read.name, suppression, suppression.rules(job.into.table), {
    staged: inScratch(stagedTable(read)),
    columns: staged.columns.map((column) => column.name),
    raw: inScratch(rawTable(read)),
    keep: cursor === undefined ? [] : [cursor],
  });
}
