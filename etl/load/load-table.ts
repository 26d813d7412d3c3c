/** Staged rows into the target table, by mode. Delivering the same rows twice changes nothing. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier, type SegmentedTables } from "../../engine/warehouse/index.ts";
import { inScratch } from "../extract/extracted.ts";
import { cursorOf } from "../extract/wanted.ts";
import type { Job } from "../declare/job.ts";
import { mergeHistory } from "./scd2.ts";
import type { Accounting } from "./accounting.ts";
import { modeOf, keyOf } from "../declare/load-mode.ts";
import { fitTarget, refuseChanges, schemaChanges, type SchemaChange } from "./target.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { stagedTable, type TargetColumn } from "../stage/stage.ts";
import { readNumber } from "../extract/read-sql.ts";

export interface LoadRequest {
  readonly job: Job;
  /** what writes the target, in one file or in several */
  readonly tables: SegmentedTables;
  readonly columns: readonly TargetColumn[];
  /** rows that came in, and those of them that were rejected: the staged table holds the others */
  readonly read: number;
  readonly rejected: number;
  /** the load's fixed start */
  readonly at: Date;
  /** the calendar day of the load in the project's zone */
  readonly day: string;
  /** the table is to become what was read, also where the mode would add to it */
  readonly mirror: boolean;
  /** rows that were rejected once: what is in the table by now came later than they did */
  readonly replay: boolean;
  /** the source was read from a cursor on, and may have given rows that are there already */
  readonly increment: boolean;
  /** keys that are in the source: a scratch table with the key's columns; rows with other keys are removed */
  readonly presentKeys?: string;
}

export interface Loaded {
  readonly account: Accounting;
  readonly changes: readonly SchemaChange[];
}

/** Writes the rows: in one transaction, or in one for each segment that they touch. */
export async function loadTable(connection: DuckDBConnection, request: LoadRequest): Promise<Loaded> {
  const {
    tables,
    job: { into },
  } = request;
  await tables.settle(into.table, tables.isCut(into.table) ? into.segments : undefined);
  const loaded = await write(connection, request);
  await tables.settle(into.table, into.segments);
  return loaded;
}

async function write(connection: DuckDBConnection, request: LoadRequest): Promise<Loaded> {
  const { job, read, rejected, tables } = request;
  const superseded = (await keepLatest(connection, job)) + (request.replay ? await dropKnown(connection, job) : 0);
  const deleted = await readNumber(connection, `SELECT count(*) FROM ${inScratch(stagedTable(job))} WHERE __deleted`);
  const good = read - rejected - superseded;
  const base = { read, rejected, removed: 0 };
  const mode = modeOf(job);

  if (mode === "replace" || (mode === "append" && request.mirror)) {
    const changes = await schemaChanges(connection, job.into.table, request.columns, true);
    refuseChanges(job, changes);
    await tables.replace(
      job.into.table,
      job.into.segments,
      `SELECT ${list(request.columns)} FROM ${inScratch(stagedTable(job))} WHERE NOT __deleted`,
    );
    return { changes, account: { ...base, added: good - deleted, updated: 0, unchanged: superseded, deleted } };
  }
  if (mode === "scd2") {
    const history = await mergeHistory(connection, {
      table: job.into.table,
      rows: inScratch(stagedTable(job)),
      key: keyOf(job),
      at: request.at,
      tracked: request.columns
        .map((column) => column.name)
        .filter((name) => !keyOf(job).includes(name) && name !== job.into.validFrom),
      columns: request.columns,
      version: `${job.into.table}_version`,
      ...(job.into.validFrom !== undefined && { validFrom: job.into.validFrom }),
    });
    return {
      changes: history.changes,
      account: {
        ...base,
        added: history.added,
        updated: history.updated,
        unchanged: superseded + history.unchanged,
        deleted: 0,
      },
    };
  }
  if (mode === "snapshot") return snapshot(connection, request, base, good, superseded);
  const changes = await fitTarget(connection, job, request.columns, tables.alter);
  if (
    job.into.segments !== undefined &&
    (await hasNone(connection, job.into.table)) &&
    (await columnsOf(connection, job.into.table)).size === request.columns.length
  ) {
    // it is cut as it is written, not afterwards
    await tables.replace(
      job.into.table,
      job.into.segments,
      `SELECT ${list(request.columns)} FROM ${inScratch(stagedTable(job))} WHERE NOT __deleted`,
    );
    return {
      changes,
      account: {
        ...base,
        added: good - deleted,
        updated: 0,
        ...(mode === "append" ? { unchanged: superseded, deleted } : { unchanged: superseded + deleted, deleted: 0 }),
      },
    };
  }
  if (mode === "append") {
    // by key a row is added once, however often it is read; without one every row that comes is new
    const known =
      request.increment && keyOf(job).length > 0
        ? ` AND NOT EXISTS (SELECT 1 FROM ${inWarehouse(job.into.table)} AS t WHERE ${sameKey(keyOf(job), "t", "s")})`
        : "";
    let coming = `SELECT ${list(request.columns)} FROM ${inScratch(stagedTable(job))} AS s WHERE NOT __deleted${known}`;
    // what is known is asked once: a row that one segment has got does not keep its twin out of another
    const once = inScratch(`coming_${job.name}`);
    if (known !== "" && tables.isCut(job.into.table)) {
      await connection.run(`CREATE OR REPLACE TABLE ${once} AS ${coming}`);
      coming = `SELECT * FROM ${once}`;
    }
    const { added } = await tables.change(job.into.table, { add: { sql: coming, columns: names(request.columns) } });
    await connection.run(`DROP TABLE IF EXISTS ${once}`);
    return {
      changes,
      account: { ...base, added, updated: 0, unchanged: superseded + good - deleted - added, deleted },
    };
  }
  return { changes, account: await merge(connection, request, superseded, deleted) };
}

const names = (columns: readonly TargetColumn[]): string[] => columns.map((column) => column.name);
const list = (columns: readonly { readonly name: string }[], prefix = ""): string =>
  columns.map((column) => prefix + quoteIdentifier(column.name)).join(", ");
const sameKey = (key: readonly string[], a: string, b: string): string =>
  key.map((name) => `${a}.${quoteIdentifier(name)} = ${b}.${quoteIdentifier(name)}`).join(" AND ");

/** Of several rows with one key the latest by cursor stays, or else the last that came; answers how many went. */
async function keepLatest(connection: DuckDBConnection, job: Job): Promise<number> {
  const key = keyOf(job);
  // a row of a history is named by its key and its date
  const named = modeOf(job) === "scd2" && job.into.validFrom !== undefined ? [...key, job.into.validFrom] : key;
  if (key.length === 0 || modeOf(job) === "append") return 0;
  const table = inScratch(stagedTable(job));
  const columns = list(named.map((name) => ({ name })));
  const counted = await connection.runAndReadAll(`SELECT count(*), count(DISTINCT (${columns})) FROM ${table}`);
  const [rows, distinct] = counted.getRowsJson()[0]!.map(Number) as [number, number];
  if (rows === distinct) return 0;
  await connection.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${table} QUALIFY row_number() OVER (PARTITION BY ${columns} ORDER BY __cursor DESC NULLS LAST, __file DESC, __order DESC) = 1`,
  );
  return rows - distinct;
}

/** Takes out rows whose key the table has, unless their cursor is later than the table's; answers how many. */
async function dropKnown(connection: DuckDBConnection, job: Job): Promise<number> {
  const key = keyOf(job);
  const columns = await columnsOf(connection, job.into.table);
  if (key.length === 0 || columns.size === 0 || job.into.validFrom !== undefined) return 0;
  const cursor = cursorColumn(job, columns);
  const later = cursor === undefined ? "false" : `s.${quoteIdentifier(cursor)} > t.${quoteIdentifier(cursor)}`;
  return (
    await connection.run(
      `DELETE FROM ${inScratch(stagedTable(job))} AS s USING ${inWarehouse(job.into.table)} AS t WHERE ${sameKey(key, "s", "t")} AND NOT coalesce(${later}, false)`,
    )
  ).rowsChanged;
}

/** The cursor as the table has it. */
function cursorColumn(job: Job, columns: ReadonlyMap<string, string>): string | undefined {
  const cursor = cursorOf(job);
  const name =
    Object.entries(job.columns ?? {}).find(([, spec]) => typeof spec === "object" && spec.from === cursor)?.[0] ??
    cursor;
  return name !== undefined && columns.has(name) ? name : undefined;
}

const hasNone = async (connection: DuckDBConnection, table: string): Promise<boolean> =>
  (await connection.runAndReadAll(`SELECT 1 FROM ${inWarehouse(table)} LIMIT 1`)).currentRowCount === 0;

async function merge(
  connection: DuckDBConnection,
  request: LoadRequest,
  superseded: number,
  marked: number,
): Promise<Accounting> {
  const { job, read, rejected, tables } = request;
  const target = inWarehouse(job.into.table);
  const key = keyOf(job);
  const delta = inScratch(`delta_${job.name}`);
  if (await hasNone(connection, job.into.table)) {
    const { added } = await tables.change(job.into.table, {
      add: {
        sql: `SELECT ${list(request.columns)} FROM ${inScratch(stagedTable(job))} WHERE NOT __deleted`,
        columns: names(request.columns),
      },
    });
    return { read, added, updated: 0, unchanged: superseded + marked, deleted: 0, rejected, removed: 0 };
  }
  const others = request.columns.filter((column) => !key.includes(column.name));
  const differs =
    others.length === 0
      ? "false"
      : others.map(({ name }) => `s.${quoteIdentifier(name)} IS DISTINCT FROM t.${quoteIdentifier(name)}`).join(" OR ");
  // keys that were compared are not null
  const none = `t.${quoteIdentifier(key[0]!)} IS NULL`;
  // all columns are compared as they are: no hash, so no two rows are ever taken for the same
  await connection.run(
    `CREATE OR REPLACE TABLE ${delta} AS SELECT s.*, CASE WHEN s.__deleted THEN (CASE WHEN ${none} THEN 0 ELSE 3 END) WHEN ${none} THEN 1 WHEN ${differs} THEN 2 ELSE 0 END AS __what
     FROM ${inScratch(stagedTable(job))} AS s LEFT JOIN ${target} AS t ON ${sameKey(key, "s", "t")}`,
  );
  const counted = await connection.runAndReadAll(
    `SELECT count(*) FILTER (__what = 1), count(*) FILTER (__what = 2), count(*) FILTER (__what = 3), count(*) FILTER (__what = 0) FROM ${delta}`,
  );
  const [added, updated, deleted, same] = counted.getRowsJson()[0]!.map(Number) as [number, number, number, number];
  await tables.change(job.into.table, {
    ...(updated + deleted > 0 && {
      remove: { using: `${delta} AS d`, sql: `d.__what IN (2, 3) AND ${sameKey(key, "t", "d")}` },
    }),
    ...(added + updated > 0 && {
      add: {
        sql: `SELECT ${list(request.columns)} FROM ${delta} WHERE __what IN (1, 2)`,
        columns: names(request.columns),
      },
    }),
  });
  const { removed } =
    request.presentKeys === undefined
      ? { removed: 0 }
      : await tables.change(job.into.table, {
          remove: { sql: `NOT EXISTS (SELECT 1 FROM ${request.presentKeys} AS k WHERE ${sameKey(key, "k", "t")})` },
        });
  await connection.run(`DROP TABLE ${delta}`);
  return { read, added, updated, unchanged: superseded + same, deleted, rejected, removed };
}

/** What was read today takes the place of what was read earlier today; other days stay. */
async function snapshot(
  connection: DuckDBConnection,
  request: LoadRequest,
  base: Pick<Accounting, "read" | "rejected" | "removed">,
  good: number,
  superseded: number,
): Promise<Loaded> {
  const { job } = request;
  const columns: TargetColumn[] = [{ name: "snapshot_date", type: "DATE", declared: true }, ...request.columns];
  const changes = await fitTarget(connection, job, columns, request.tables.alter);
  await request.tables.change(job.into.table, {
    remove: { sql: "snapshot_date = $1::DATE", parameters: [request.day] },
    add: {
      sql: `SELECT $1::DATE AS snapshot_date, ${list(request.columns)} FROM ${inScratch(stagedTable(job))}`,
      parameters: [request.day],
      columns: names(columns),
    },
  });
  return { changes, account: { ...base, added: good, updated: 0, unchanged: superseded, deleted: 0 } };
}
