/** Loads staged rows into the target table, by mode. Loading the same rows twice changes nothing. */
import type { DuckDBConnection } from "duckdb";
import { modeOf, keyOf } from "../declare/load-mode.ts";
import { inScratch } from "../extract/extracted.ts";
import { readNumber } from "../extract/read-sql.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { stagedTable, type TargetColumn } from "../stage/stage.ts";
import { dropKnown, keepLatest } from "./duplicates.ts";
import type { Loaded, LoadRequest } from "./load-request.ts";
import { mergeRows } from "./merge-rows.ts";
import { mergeVersions } from "./scd2.ts";
import { columnList, isEmpty, namesOf, sameKey } from "./staged-sql.ts";
import { fitTarget, refuseChanges, schemaChanges, type SchemaChange } from "./target.ts";

/** Writes the rows in one transaction, or in one for each segment that changes. */
export async function loadTable(connection: DuckDBConnection, request: LoadRequest): Promise<Loaded> {
  const { tables, job } = request;
  const { table, segments } = job.into;
  await tables.settle(table, tables.isCut(table) ? segments : undefined);
  const loaded = await write(connection, request);
  await tables.settle(table, segments);
  return loaded;
}

/** The counts that all modes start from. */
interface Counts {
  readonly superseded: number;
  /** rows that the source marks as deleted */
  readonly deleted: number;
  /** rows that are neither rejected nor superseded */
  readonly good: number;
}

async function write(connection: DuckDBConnection, request: LoadRequest): Promise<Loaded> {
  const { job, read, rejected, columns, tables } = request;
  const superseded = (await keepLatest(connection, job)) + (request.replay ? await dropKnown(connection, job) : 0);
  const deleted = await readNumber(connection, `SELECT count(*) FROM ${inScratch(stagedTable(job))} WHERE __deleted`);
  const counts: Counts = { superseded, deleted, good: read - rejected - superseded };
  const mode = modeOf(job);
  if (mode === "replace" || (mode === "append" && request.mirror)) {
    const changes = await schemaChanges(connection, job.into.table, columns, true);
    refuseChanges(job, changes);
    return replace(request, changes, counts);
  }
  if (mode === "scd2") return keepVersions(connection, request, counts);
  if (mode === "snapshot") return snapshot(connection, request, counts);
  const changes = await fitTarget(connection, job, columns, tables.alter);
  if (await isFirstOfSegments(connection, request)) {
    const loaded = await replace(request, changes, counts);
    if (mode === "append") return loaded;
    const account = { ...loaded.account, unchanged: superseded + deleted, deleted: 0 };
    return { changes, account };
  }
  if (mode === "append") return append(connection, request, changes, counts);
  return { changes, account: await mergeRows(connection, request, superseded, deleted) };
}

/** A new table in segments is split while it is written, not afterwards. */
async function isFirstOfSegments(connection: DuckDBConnection, { job, columns }: LoadRequest): Promise<boolean> {
  const { table, segments } = job.into;
  if (segments === undefined || !(await isEmpty(connection, table))) return false;
  return (await columnsOf(connection, table)).size === columns.length;
}

async function replace(
  { job, columns, tables, read, rejected }: LoadRequest,
  changes: readonly SchemaChange[],
  { superseded, deleted, good }: Counts,
): Promise<Loaded> {
  await tables.replace(
    job.into.table,
    job.into.segments,
    `SELECT ${columnList(columns)} FROM ${inScratch(stagedTable(job))} WHERE NOT __deleted`,
  );
  return {
    changes,
    account: { read, rejected, removed: 0, added: good - deleted, updated: 0, unchanged: superseded, deleted },
  };
}

async function append(
  connection: DuckDBConnection,
  { job, columns, tables, read, rejected, increment }: LoadRequest,
  changes: readonly SchemaChange[],
  { superseded, deleted, good }: Counts,
): Promise<Loaded> {
  const { table } = job.into;
  // with a key a row is added once, however often it is read
  const unknown =
    increment && keyOf(job).length > 0
      ? ` AND NOT EXISTS (SELECT 1 FROM ${inWarehouse(table)} AS t WHERE ${sameKey(keyOf(job), "t", "s")})`
      : "";
  let rows = `SELECT ${columnList(columns)} FROM ${inScratch(stagedTable(job))} AS s WHERE NOT __deleted${unknown}`;
  // evaluated once: a row added to one segment must not hide its twin from another
  const once = inScratch(`coming_${job.name}`);
  if (unknown !== "" && tables.isCut(table)) {
    await connection.run(`CREATE OR REPLACE TABLE ${once} AS ${rows}`);
    rows = `SELECT * FROM ${once}`;
  }
  const { added } = await tables.change(table, { add: { sql: rows, columns: namesOf(columns) } });
  await connection.run(`DROP TABLE IF EXISTS ${once}`);
  const unchanged = superseded + good - deleted - added;
  return { changes, account: { read, rejected, removed: 0, added, updated: 0, unchanged, deleted } };
}

async function keepVersions(
  connection: DuckDBConnection,
  { job, columns, at, read, rejected }: LoadRequest,
  { superseded }: Counts,
): Promise<Loaded> {
  const { table, validFrom } = job.into;
  const key = keyOf(job);
  const { changes, added, updated, unchanged } = await mergeVersions(connection, {
    table,
    rows: inScratch(stagedTable(job)),
    key,
    at,
    tracked: namesOf(columns).filter((name) => !key.includes(name) && name !== validFrom),
    columns,
    version: `${table}_version`,
    ...(validFrom !== undefined && { validFrom }),
  });
  return {
    changes,
    account: { read, rejected, removed: 0, added, updated, unchanged: superseded + unchanged, deleted: 0 },
  };
}

/** The rows of today replace those that were read earlier today; other days stay. */
async function snapshot(
  connection: DuckDBConnection,
  request: LoadRequest,
  { superseded, good }: Counts,
): Promise<Loaded> {
  const { job, day, read, rejected } = request;
  const columns: TargetColumn[] = [{ name: "snapshot_date", type: "DATE", declared: true }, ...request.columns];
  const changes = await fitTarget(connection, job, columns, request.tables.alter);
  await request.tables.change(job.into.table, {
    remove: { sql: "snapshot_date = $1::DATE", parameters: [day] },
    add: {
      sql: `SELECT $1::DATE AS snapshot_date, ${columnList(request.columns)} FROM ${inScratch(stagedTable(job))}`,
      parameters: [day],
      columns: namesOf(columns),
    },
  });
  return {
    changes,
    account: { read, rejected, removed: 0, added: good, updated: 0, unchanged: superseded, deleted: 0 },
  };
}
