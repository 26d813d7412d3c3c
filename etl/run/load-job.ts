/** Loads one job: extract, stage, load. Nothing is visible before the whole load is published. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import type { Job } from "../declare/job.ts";
import { keyOf, modeOf } from "../declare/load-mode.ts";
import { extract, keysJob } from "../extract/extract.ts";
import { kindOf } from "../extract/kinds.ts";
import { extractRejects } from "../extract/extract-rejects.ts";
import { badTable, inScratch, rawTable, type ExtractContext, type Extracted } from "../extract/extracted.ts";
import { readNumber, readRows } from "../extract/read-sql.ts";
import { cursorOf } from "../extract/wanted.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { assertBalance, type Accounting } from "../load/accounting.ts";
import { loadTable } from "../load/load-table.ts";
import { recordReplay, refuseSecondReplay } from "../load/replays.ts";
import { describeChange } from "../load/target.ts";
import { rejectsFile } from "../stage/rejects.ts";
import { stage, stagedTable } from "../stage/stage.ts";
import { guardShrink } from "./guards.ts";
import type { JobContext, JobResult } from "./job-context.ts";
import { keysTable, stageJob, withoutErased } from "./stage-job.ts";

const NOTHING: Accounting = { read: 0, added: 0, updated: 0, unchanged: 0, deleted: 0, rejected: 0, removed: 0 };

/** Loads a job into the working copy. @throws TesseraError when the job fails */
export async function loadJob(context: JobContext, declared: Job): Promise<JobResult> {
  const job = context.replay === undefined ? declared : asReplay(declared);
  const from = await extractContext(context, job);
  context.onStage("extract");
  const extracted = await read(context, from, job);
  context.onCount({ read: extracted.rows });
  if (extracted.skipped !== undefined) return skippedResult(context, extracted, extracted.skipped);
  return context.alone(() => stageAndLoad(context, from, job, extracted));
}

/** A job that loads rejected rows: they are added to the table, and any number of them may be rejected again. */
const asReplay = (job: Job): Job => ({
  ...job,
  deletes: typeof job.deletes === "object" ? job.deletes : "ignore",
  onReject: { ...job.onReject, quarantine: true, failAbove: "100%" },
  into: { ...job.into, mode: replayMode(job) },
});

function replayMode(job: Job): "scd2" | "merge" | "append" {
  if (modeOf(job) === "scd2") return "scd2";
  return keyOf(job).length > 0 ? "merge" : "append";
}

/** A source is read from its beginning for a new table, a full load, and the modes that replace what is there. */
async function extractContext(context: JobContext, job: Job): Promise<ExtractContext> {
  const mode = modeOf(job);
  const isFresh =
    context.full ||
    mode === "replace" ||
    mode === "snapshot" ||
    (await columnsOf(context.connection, job.into.table)).size === 0;
  return {
    connection: context.connection,
    job,
    folder: context.folder,
    environment: context.environment,
    work: context.work,
    signal: context.signal,
    onRows: context.onRows,
    since: isFresh ? null : context.watermark,
    mark: isFresh ? null : context.mark,
    ...(context.backfill !== undefined && { backfill: context.backfill }),
    loadedFiles: context.full || (isFresh && mode !== "replace") ? [] : context.loadedFiles,
  };
}

async function read({ connection, replay, warehouse }: JobContext, from: ExtractContext, job: Job): Promise<Extracted> {
  if (replay === undefined) return extract(from);
  await refuseSecondReplay(connection, job.name, replay);
  return extractRejects(from, rejectsFile(warehouse, replay, job.name));
}

const skippedResult = (context: JobContext, extracted: Extracted, reason: string): JobResult => ({
  account: NOTHING,
  bytes: 0,
  watermark: context.watermark,
  mark: context.mark,
  files: [],
  filesReplaced: false,
  rejects: [],
  warnings: [...extracted.warnings, reason],
  changed: false,
  skipped: true,
});

async function stageAndLoad(
  context: JobContext,
  from: ExtractContext,
  job: Job,
  extracted: Extracted,
): Promise<JobResult> {
  const { connection, replay } = context;
  const { staged, rejects, keysComplete } = await stageJob(context, job, extracted);
  context.onStage("load");
  const upper =
    extracted.upper !== undefined ? extracted.upper : await upperFromRows(connection, job, context.watermark);
  const warnings = [...extracted.warnings];
  const mirror = context.full && extracted.whole;
  const presentKeys = await keysPresent(context, from, job, extracted, keysComplete, mirror, warnings);
  const existing = await rowsOf(connection, job.into.table);
  if (modeOf(job) === "replace" || mirror) guardShrink(job, extracted.rows, existing);
  const { account, changes } = await loadTable(connection, {
    job,
    tables: context.tables,
    columns: staged.columns,
    read: extracted.rows,
    rejected: rejects.rejected,
    at: context.at,
    day: context.day,
    mirror,
    replay: replay !== undefined,
    increment: !extracted.whole && cursorOf(job) !== undefined,
    ...(presentKeys !== undefined && { presentKeys }),
  });
  assertBalance(job.name, account);
  if (replay !== undefined) await recordReplay(connection, job.name, replay, context.run);
  for (const table of [rawTable(job), stagedTable(job), badTable(job), keysTable(job), `rejects_${job.name}`])
    await connection.run(`DROP TABLE IF EXISTS ${inScratch(table)}`);
  return {
    account,
    bytes: extracted.bytes,
    watermark: upper ?? null,
    mark: replay === undefined ? (extracted.mark ?? null) : context.mark,
    files: extracted.files ?? [],
    filesReplaced: extracted.whole,
    rejects: rejects.reasons,
    warnings: [...warnings, ...changes.map(describeChange)],
    skipped: false,
    changed:
      modeOf(job) === "replace" ||
      existing === null ||
      changes.length > 0 ||
      account.added + account.updated + account.deleted + account.removed > 0,
  };
}

/** The scratch table with all keys of the source, when rows with other keys must go. */
async function keysPresent(
  context: JobContext,
  from: ExtractContext,
  job: Job,
  extracted: Extracted,
  isComplete: boolean,
  mirror: boolean,
  warnings: string[],
): Promise<string | undefined> {
  if (modeOf(job) !== "merge" || (job.deletes !== "compare_keys" && !mirror)) return undefined;
  if (!isComplete) {
    warnings.push("keys of some rejected rows are unknown: no rows were removed by comparing keys");
    return undefined;
  }
  const existing = (await rowsOf(context.connection, job.into.table)) ?? 0;
  if (extracted.whole) {
    guardShrink(job, extracted.rows, existing);
    return inScratch(keysTable(job));
  }
  if (!kindOf(job.source).readsKeysAlone) {
    warnings.push("keys can only be compared when the whole source is read");
    return undefined;
  }
  const keys = keysJob(job, keyOf(job));
  const all = await extract({ ...from, job: keys, since: null, onRows: () => undefined });
  guardShrink(job, all.rows, existing);
  await withoutErased(context, keys, job, await stage(context.connection, keys, all));
  return inScratch(stagedTable(keys));
}

async function rowsOf(connection: DuckDBConnection, table: string): Promise<number | null> {
  if ((await columnsOf(connection, table)).size === 0) return null;
  return readNumber(connection, `SELECT count(*) FROM ${inWarehouse(table)}`);
}

/** The highest cursor value among the rows, in the source's notation; rejected rows count, because they are kept. */
async function upperFromRows(connection: DuckDBConnection, job: Job, before: string | null): Promise<string | null> {
  const cursor = cursorOf(job);
  if (cursor === undefined) return before;
  const [row = []] = await readRows(
    connection,
    `SELECT CASE WHEN count(TRY_CAST(c AS DOUBLE)) = count(c) THEN arg_max(c, TRY_CAST(c AS DOUBLE)) ELSE max(c) END
     FROM (
       SELECT ${quoteIdentifier(cursor)}::VARCHAR AS c FROM ${inScratch(rawTable(job))} UNION ALL SELECT $1::VARCHAR
     )`,
    [before],
  );
  const [highest = null] = row;
  return highest === null ? null : String(highest);
}
