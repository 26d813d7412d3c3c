/** One job: extract, stage, load. Nothing of it is seen before the whole load is published. */
import { join, resolve } from "node:path";
import { realpathSync } from "node:fs";
import type { DuckDBConnection } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier, type SegmentedTables } from "../../engine/warehouse/index.ts";
import {
  badTable,
  inScratch,
  rawTable,
  type Backfill,
  type ExtractContext,
  type Extracted,
  type FileRecord,
} from "../extract/extracted.ts";
import { suppressErased, type Suppression } from "../suppression/suppression.ts";
import { extract, keysJob } from "../extract/extract.ts";
import { extractRejects } from "../extract/extract-rejects.ts";
import { cursorOf } from "../extract/wanted.ts";
import type { Job } from "../declare/job.ts";
import { assertBalance, type Accounting } from "../load/accounting.ts";
import { recordReplay, refuseSecondReplay } from "../load/replays.ts";
import { loadTable } from "../load/load-table.ts";
import { keyOf, modeOf } from "../declare/load-mode.ts";
import { describeChange } from "../load/target.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { resolveSetting, type Environment } from "../declare/secret.ts";
import { rejectsFile, setRejectsApart, type RejectSummary } from "../stage/rejects.ts";
import { stage, stagedTable, type Staged } from "../stage/stage.ts";
import { readNumber } from "../extract/read-sql.ts";

export interface JobContext {
  readonly connection: DuckDBConnection;
  readonly tables: SegmentedTables;
  readonly run: string;
  readonly folder: string;
  readonly warehouse: string;
  readonly work: string;
  readonly environment: Environment;
  readonly at: Date;
  /** calendar day of the load in the project's zone */
  readonly day: string;
  readonly full: boolean;
  readonly watermark: string | null;
  /** the source's own mark of the last read */
  readonly mark: string | null;
  /** a part of the past to be read again; marks stay as they are */
  readonly backfill?: Backfill;
  /** the load whose rejected rows are taken up instead of reading the source */
  readonly replay?: string;
  /** persons who are not to come back */
  readonly suppression?: Suppression;
  readonly loadedFiles: readonly FileRecord[];
  readonly signal: AbortSignal;
  readonly onStage: (stage: "extract" | "stage" | "load") => void;
  /** what is known of the rows before the job is done, for the record of one that fails */
  readonly onCount: (counts: {
    readonly read?: number;
    readonly rejected?: number;
    readonly rejects?: RejectSummary["reasons"];
  }) => void;
  readonly onRows: (rows: number, total?: number) => void;
  /** runs the body when no other job is staging or loading: both want all of the engine */
  readonly alone: <T>(body: () => Promise<T>) => Promise<T>;
}

export interface JobResult {
  readonly account: Accounting;
  readonly bytes: number;
  /** the mark for the next load; null where the job has no cursor */
  readonly watermark: string | null;
  /** the source's own mark for the next load */
  readonly mark: string | null;
  readonly files: readonly FileRecord[];
  /** the files that the table consists of are these alone: what was recorded before is to be forgotten */
  readonly filesReplaced: boolean;
  readonly rejects: RejectSummary["reasons"];
  readonly warnings: readonly string[];
  readonly changed: boolean;
  readonly skipped: boolean;
}

const NOTHING: Accounting = { read: 0, added: 0, updated: 0, unchanged: 0, deleted: 0, rejected: 0, removed: 0 };

export async function loadJob(context: JobContext, declared: Job): Promise<JobResult> {
  const job = context.replay === undefined ? declared : replayed(declared);
  const mode = modeOf(job);
  const fresh =
    context.full ||
    mode === "replace" ||
    mode === "snapshot" ||
    (await columnsOf(context.connection, job.into.table)).size === 0;
  const from: ExtractContext = {
    connection: context.connection,
    job,
    folder: context.folder,
    environment: context.environment,
    work: context.work,
    signal: context.signal,
    onRows: context.onRows,
    since: fresh ? null : context.watermark,
    mark: fresh ? null : context.mark,
    ...(context.backfill !== undefined && { backfill: context.backfill }),
    loadedFiles: context.full || (fresh && mode !== "replace") ? [] : context.loadedFiles,
  };
  context.onStage("extract");
  if (context.replay !== undefined) await refuseSecondReplay(context.connection, job.name, context.replay);
  const extracted =
    context.replay === undefined
      ? await extract(from)
      : await extractRejects(from, rejectsFile(context.warehouse, context.replay, job.name));
  context.onCount({ read: extracted.rows });
  if (extracted.skipped !== undefined) {
    return {
      account: NOTHING,
      bytes: 0,
      watermark: context.watermark,
      mark: context.mark,
      files: [],
      filesReplaced: false,
      rejects: [],
      warnings: [...extracted.warnings, extracted.skipped],
      changed: false,
      skipped: true,
    };
  }
  return context.alone(async () => {
    const { staged, rejects, keysComplete } = await stageJob(context, job, extracted);
    context.onStage("load");
    const upper =
      extracted.upper !== undefined ? extracted.upper : await upperFromRows(context.connection, job, context.watermark);
    const warnings = [...extracted.warnings];
    const mirror = context.full && extracted.whole;
    const presentKeys = await keysPresent(context, from, job, extracted, keysComplete, mirror, warnings);
    const existing = await rowsOf(context.connection, job.into.table);
    if (mode === "replace" || mirror) guardShrink(job, extracted.rows, existing);
    const { account, changes } = await loadTable(context.connection, {
      job,
      tables: context.tables,
      columns: staged.columns,
      read: extracted.rows,
      rejected: rejects.rejected,
      at: context.at,
      day: context.day,
      mirror,
      replay: context.replay !== undefined,
      increment: !extracted.whole && cursorOf(job) !== undefined,
      ...(presentKeys !== undefined && { presentKeys }),
    });
    assertBalance(job.name, account);
    if (context.replay !== undefined) await recordReplay(context.connection, job.name, context.replay, context.run);
    for (const table of [rawTable(job), stagedTable(job), badTable(job), `keys_${job.name}`, `rejects_${job.name}`])
      await context.connection.run(`DROP TABLE IF EXISTS ${inScratch(table)}`);
    return {
      account,
      bytes: extracted.bytes,
      watermark: upper ?? null,
      mark: context.replay === undefined ? (extracted.mark ?? null) : context.mark,
      files: extracted.files ?? [],
      filesReplaced: extracted.whole,
      rejects: rejects.reasons,
      warnings: [...warnings, ...changes.map(describeChange)],
      skipped: false,
      changed:
        mode === "replace" ||
        existing === null ||
        changes.length > 0 ||
        account.added + account.updated + account.deleted + account.removed > 0,
    };
  });
}

/** The job as it takes up rejected rows: they come to what is there, and as many as may be rejected again. */
const replayed = (job: Job): Job => ({
  ...job,
  deletes: typeof job.deletes === "object" ? job.deletes : "ignore",
  onReject: { ...job.onReject, quarantine: true, failAbove: "100%" },
  into: { ...job.into, mode: modeOf(job) === "scd2" ? "scd2" : keyOf(job).length > 0 ? "merge" : "append" },
});

/** Types, rejects, and whether the keys of all rows that came in are known. */
async function stageJob(
  context: JobContext,
  job: Job,
  extracted: Extracted,
): Promise<{ staged: Staged; rejects: RejectSummary; keysComplete: boolean }> {
  const { connection } = context;
  context.onStage("stage");
  const staged = await stage(connection, job, extracted);
  await withoutErased(context, job, job, staged, cursorOf(job));
  const prefixes = [
    `${join(context.work, "spool")}/`,
    ...(job.source.kind === "files"
      ? [
          `${realpathSync(resolve(context.folder, resolveSetting(job.source.path, context.environment, `source ${job.source.name}`)))}/`,
        ]
      : []),
  ];
  const rejects = await setRejectsApart(
    connection,
    job,
    extracted,
    staged,
    context.run,
    context.at,
    context.warehouse,
    prefixes,
  );
  const key = keyOf(job).map(quoteIdentifier);
  let keysComplete = true;
  if (key.length > 0) {
    // a row that is rejected is not gone from the source
    await connection.run(
      `CREATE OR REPLACE TABLE ${inScratch(`keys_${job.name}`)} AS SELECT ${key.join(", ")} FROM ${inScratch(stagedTable(job))} WHERE NOT __deleted`,
    );
    const lacking = await readNumber(
      connection,
      `SELECT (SELECT count(*) FROM ${inScratch(badTable(job))}) + (SELECT count(*) FROM ${inScratch(`keys_${job.name}`)} WHERE ${key.map((name) => `${name} IS NULL`).join(" OR ")})`,
    );
    keysComplete = lacking === 0;
  }
  context.onCount({ rejected: rejects.rejected, rejects: rejects.reasons });
  if (rejects.rejected > 0) {
    refuseRejects(job, rejects, extracted.rows);
    await connection.run(`DELETE FROM ${inScratch(stagedTable(job))} WHERE __reject IS NOT NULL`);
  }
  return { staged, rejects, keysComplete };
}

/** Rows of erased persons are as their erasure left the ones that are there. `staged` are the rows of `read`, for the table of `job`. */
async function withoutErased(context: JobContext, read: Job, job: Job, staged: Staged, cursor?: string): Promise<void> {
  if (context.suppression === undefined) return;
  const raw = cursor === undefined ? { keep: [] } : { keep: [cursor] };
  await suppressErased(
    context.connection,
    read.name,
    context.suppression,
    context.suppression.rules(job.into.table),
    { table: inScratch(stagedTable(read)), columns: staged.columns.map((column) => column.name) },
    { table: inScratch(rawTable(read)), ...raw },
  );
}

/** The scratch table with all keys of the source, where rows with other keys are to go. */
async function keysPresent(
  context: JobContext,
  from: ExtractContext,
  job: Job,
  extracted: Extracted,
  complete: boolean,
  mirror: boolean,
  warnings: string[],
): Promise<string | undefined> {
  if (modeOf(job) !== "merge" || (job.deletes !== "compare_keys" && !mirror)) return undefined;
  if (!complete) {
    warnings.push("rows whose key cannot be read were rejected: no row was removed for want of its key");
    return undefined;
  }
  const existing = (await rowsOf(context.connection, job.into.table)) ?? 0;
  if (extracted.whole) {
    guardShrink(job, extracted.rows, existing);
    return inScratch(`keys_${job.name}`);
  }
  if (job.source.kind === "files" || job.source.kind === "rest") {
    warnings.push("keys can only be compared when the source is read as a whole");
    return undefined;
  }
  const keys = keysJob(job, keyOf(job));
  const all = await extract({ ...from, job: keys, since: null, onRows: () => undefined });
  guardShrink(job, all.rows, existing);
  await withoutErased(context, keys, job, await stage(context.connection, keys, all));
  return inScratch(stagedTable(keys));
}

function refuseRejects(job: Job, rejects: RejectSummary, read: number): void {
  const place = `job ${job.name}`;
  const first = rejects.reasons[0]!;
  const why = `${first.rows} × ${first.column === null ? "" : `${first.column}: `}${first.reason}`;
  const remedy = "the rejected rows are kept with the run: `tessera loads` shows them";
  if (job.onReject?.quarantine === false)
    throw new TesseraError("too-many-rejects", phrase`${rejects.rejected} of ${read} rows cannot be taken (${why})`, {
      place,
      remedy,
    });
  const limit = job.onReject?.failAbove ?? "10%";
  const allowed = typeof limit === "number" ? limit : (Number(limit.slice(0, -1)) / 100) * read;
  if (rejects.rejected > allowed)
    throw new TesseraError(
      "too-many-rejects",
      phrase`${rejects.rejected} of ${read} rows cannot be taken, more than ${limit} (${why})`,
      { place, remedy },
    );
}

/** A source that suddenly has far fewer rows is more likely broken than shrunk. */
function guardShrink(job: Job, read: number, existing: number | null): void {
  if (existing === null || existing === 0) return;
  const share = Number((job.failBelow ?? "50%").slice(0, -1)) / 100;
  if (read >= existing * share) return;
  throw new TesseraError(
    "too-few-rows",
    phrase`the source has ${read} rows where the table has ${existing}: nothing was wiped`,
    {
      place: `job ${job.name}`,
      remedy: phrase`if that is right, set failBelow: "0%" on the job for one load`,
    },
  );
}

async function rowsOf(connection: DuckDBConnection, table: string): Promise<number | null> {
  if ((await columnsOf(connection, table)).size === 0) return null;
  return await readNumber(connection, `SELECT count(*) FROM ${inWarehouse(table)}`);
}

/** The highest cursor among the rows, in the source's own notation; rejected rows count too, for they are kept elsewhere. */
async function upperFromRows(connection: DuckDBConnection, job: Job, before: string | null): Promise<string | null> {
  const cursor = cursorOf(job);
  if (cursor === undefined) return before;
  const found = await connection.runAndReadAll(
    `SELECT CASE WHEN count(TRY_CAST(c AS DOUBLE)) = count(c) THEN arg_max(c, TRY_CAST(c AS DOUBLE)) ELSE max(c) END FROM (SELECT ${quoteIdentifier(cursor)}::VARCHAR AS c FROM ${inScratch(rawTable(job))} UNION ALL SELECT $1::VARCHAR)`,
    [before],
  );
  return found.getRowsJson()[0]![0] as string | null;
}
