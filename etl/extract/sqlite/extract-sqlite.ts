/** Reads a SQLite file in one transaction into typed vectors. */
import { at } from "../../../engine/lookup.ts";
import { sourceName } from "../../declare/column.ts";
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import Database from "libsql";
import { phrase, TesseraError, type Sentence } from "../../../engine/errors/index.ts";
import { quoteIdentifier } from "../../../engine/warehouse/index.ts";
import type { DatabaseExtract } from "../../declare/job.ts";
import { modeOf } from "../../declare/load-mode.ts";
import { resolveSetting } from "../../declare/secret.ts";
import type { SqliteSource } from "../../declare/sources/sqlite.ts";
import {
  SCRATCH,
  createRawTable,
  openBadRows,
  rawTable,
  type ExtractContext,
  type Extracted,
  type RawColumn,
} from "../extracted.ts";
import { openChunkWriter } from "../chunk-writer.ts";
import { lowerBound } from "../cursor.ts";
import { compileQuery, sqliteDialect } from "../kysely-dialects.ts";
import { sqliteColumn, sqliteSetter } from "./sqlite-types.ts";
import { contractOf, cursorOf, extraColumns, wantedColumns } from "../wanted.ts";

/** Rows between two pauses. */
const PAUSE_ROWS = 50_000;

/** Reads a table or query into the raw table. @throws TesseraError `source-unavailable`, `source-refused` */
export async function extractSqlite(
  context: ExtractContext,
  source: SqliteSource,
  extract: DatabaseExtract,
): Promise<Extracted> {
  const { job } = context;
  const path = resolve(context.folder, resolveSetting(source.path, context.environment, `source ${source.name}`));
  if (!existsSync(path))
    throw new TesseraError("source-unavailable", phrase`SQLite file ${path} not found`, {
      place: `source ${source.name}`,
      remedy: "check the source's path",
    });
  const database = openSource(path, source.name);
  try {
    database.exec("BEGIN");
    const from = fromClause(extract);
    const statement = prepare(database, `SELECT * FROM ${from.sql} LIMIT 0`, source.name);
    const found = statement.columns();
    const declared = new Map(found.map((column) => [column.name, column.type]));
    const wanted = wantedColumns(job, [...declared.keys()]);
    const contractTypes = new Map(
      [...(contractOf(job) ?? [])].map(([name, spec]) => [sourceName(name, spec), spec.type]),
    );
    const columns: RawColumn[] = wanted.read.map((name) =>
      sqliteColumn(name, declared.get(name) ?? null, contractTypes.get(name)),
    );

    const bounds = readBounds(database, context, from);
    const [total] = firstRow(
      prepare(database, `SELECT count(*) FROM ${from.sql}${bounds.where}`, source.name),
      from.parameters,
      bounds.parameters,
    ).map(Number);
    const list = columns.map(({ name, raw }) => (raw === "BIGINT" ? safeInteger(name) : quoteIdentifier(name)));
    await createRawTable(context, columns);
    const bad = await openBadRows(context);
    const writer = await openChunkWriter(context.connection, SCRATCH, rawTable(job));
    const fields = columns.map((column, i) => ({ column, set: sqliteSetter(column.raw, at(writer.columns, i)) }));
    context.onRows(0, total);
    let rows = 0;
    const select = prepare(database, `SELECT ${list.join(", ")} FROM ${from.sql}${bounds.where}`, source.name);
    for (const values of rowsOf(select, from.parameters, bounds.parameters)) {
      let misfit: { readonly column: RawColumn; readonly value: unknown } | undefined;
      let i = 0;
      for (const { column, set } of fields) {
        const value = values[i++];
        if (set(writer.row, value)) continue;
        misfit = { column, value };
        break;
      }
      if (misfit === undefined) writer.next();
      else {
        writer.drop();
        const { column, value } = misfit;
        bad.add({
          column: column.name,
          reason: `invalid ${column.raw.toLowerCase()}: ${printable(value)}`,
          row: JSON.stringify(Object.fromEntries(columns.map((each, n) => [each.name, printable(values[n])]))),
        });
      }
      if (++rows % PAUSE_ROWS === 0) {
        context.onRows(rows, total);
        // reading is synchronous: progress, timers and other sources need a turn
        await new Promise((done) => setImmediate(done));
        context.signal.throwIfAborted();
      }
    }
    writer.close();
    await bad.close();
    context.onRows(rows, total);
    return {
      columns,
      rows,
      bytes: context.since === null ? statSync(path).size : 0,
      whole: bounds.whole,
      ...(bounds.upper !== undefined && { upper: bounds.upper }),
      warnings: extraColumns(job, wanted.extra),
    };
  } finally {
    // closing alone keeps the lock until the statements are garbage-collected
    if (database.inTransaction) database.exec("ROLLBACK");
    database.close();
  }
}

/** Integers beyond 2^53 lose digits as numbers: they are read as texts. */
function safeInteger(column: string): string {
  const name = quoteIdentifier(column);
  const isSafe = `${name} BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;
  return `CASE WHEN ${isSafe} OR typeof(${name}) <> 'integer' THEN ${name} ELSE CAST(${name} AS TEXT) END`;
}

type Parameters = readonly unknown[];

/** Rows as arrays; in raw mode the driver gives nothing else. */
const rowsOf = (statement: Database.Statement, ...parameters: readonly Parameters[]): Iterable<readonly unknown[]> =>
  statement.raw(true).iterate(...parameters.flat()) as Iterable<readonly unknown[]>;

function firstRow(statement: Database.Statement, ...parameters: readonly Parameters[]): readonly unknown[] {
  for (const row of rowsOf(statement, ...parameters)) return row;
  return [];
}

function openSource(path: string, name: string): Database.Database {
  try {
    const database = new Database(path, { timeout: 10_000 });
    database.pragma("query_only = ON");
    return database;
  } catch (cause) {
    throw new TesseraError("source-unavailable", phrase`SQLite file ${path} cannot be opened`, {
      place: `source ${name}`,
      remedy: "check that it is a SQLite database and readable",
      cause,
    });
  }
}

function prepare(database: Database.Database, sql: string, name: string): Database.Statement {
  try {
    return database.prepare(sql);
  } catch (error) {
    throw new TesseraError("source-refused", describeRefusal(error), {
      place: `source ${name}`,
      remedy: "check the job's table or query against the database",
      cause: error,
    });
  }
}

/** A statement that SQLite refused: the known cases in our words. */
function describeRefusal(error: unknown): Sentence {
  const message = error instanceof Error ? error.message : String(error);
  const [, what, missing] = /no such (table|column): (.+)$/.exec(message) ?? [];
  if (what === "table") return phrase`table "${missing}" not found in the SQLite file`;
  if (what === "column") return phrase`column "${missing}" not found in the SQLite file`;
  if (message.includes("file is not a database")) return "the file is not a SQLite database";
  const [, near] = /near "(.*)": syntax error/.exec(message) ?? [];
  return near === undefined ? "SQLite refused the query" : phrase`SQL syntax error near "${near}" in the query`;
}

interface From {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

function fromClause(extract: DatabaseExtract): From {
  if ("table" in extract) return { sql: extract.table.split(".").map(quoteIdentifier).join("."), parameters: [] };
  const { sql, parameters } = compileQuery(extract.query, sqliteDialect);
  return { sql: `(${sql})`, parameters };
}

/** Fixes the cursor's upper bound before the read; rows without a cursor value are always read. */
function readBounds(
  database: Database.Database,
  context: ExtractContext,
  from: From,
): { where: string; parameters: Parameters; whole: boolean; upper?: string | null } {
  const cursor = cursorOf(context.job);
  if (cursor === undefined) return { where: "", parameters: [], whole: true };
  const column = quoteIdentifier(cursor);
  if (context.backfill !== undefined) {
    const { from: low, until } = context.backfill;
    const typed = (text: string): string | number => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
    return {
      where: ` WHERE ${column} >= ? AND ${column} < ?`,
      parameters: [typed(low), typed(until)],
      whole: false,
      upper: context.since,
    };
  }
  const [highest] = firstRow(
    prepare(database, `SELECT max(${column}) FROM ${from.sql}`, context.job.source.name),
    from.parameters,
  );
  if (highest === null || highest === undefined)
    return { where: "", parameters: [], whole: context.since === null, upper: context.since };
  const upper = typeof highest === "number" ? highest : String(highest);
  const since = context.since;
  if (since === null)
    return {
      where: ` WHERE ${column} <= ? OR ${column} IS NULL`,
      parameters: [upper],
      whole: true,
      upper: String(upper),
    };
  const low = lowerBound(
    since,
    "lag" in context.job.extract ? context.job.extract.lag : undefined,
    `job ${context.job.name}`,
  );
  const appends = modeOf(context.job) === "append";
  // the source's clock went back: the watermark stays
  const next = compare(upper, since) < 0 ? since : String(upper);
  return {
    where: appends
      ? ` WHERE ${column} > ? AND ${column} <= ?`
      : ` WHERE (${column} >= ? AND ${column} <= ?) OR ${column} IS NULL`,
    parameters: [typeof upper === "number" ? Number(low) : low, upper],
    whole: false,
    upper: next,
  };
}

function compare(upper: string | number, since: string): number {
  if (typeof upper === "number") return upper - Number(since);
  if (upper === since) return 0;
  return upper < since ? -1 : 1;
}

function printable(value: unknown): unknown {
  if (value instanceof Uint8Array)
    return `0x${Buffer.from(value.buffer, value.byteOffset, Math.min(value.byteLength, 64)).toString("hex")}`;
  return typeof value === "bigint" ? String(value) : value;
}
