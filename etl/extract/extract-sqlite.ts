/** Reading a SQLite file: one read transaction, rows as arrays, straight into typed vectors. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import Database from "libsql";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import type { DatabaseExtract } from "../declare/job.ts";
import { modeOf } from "../declare/load-mode.ts";
import { resolveSetting } from "../declare/secret.ts";
import type { SqliteSource } from "../declare/sources/sqlite.ts";
import {
  SCRATCH,
  createRawTable,
  openBadRows,
  rawTable,
  type ExtractContext,
  type Extracted,
  type RawColumn,
} from "./extracted.ts";
import { openChunkWriter } from "./chunk-writer.ts";
import { lowerBound } from "./cursor.ts";
import { compileQuery, sqliteWords } from "./kysely-dialects.ts";
import { sqliteColumn, sqliteSetter } from "./sqlite-types.ts";
import { contractOf, cursorOf, wantedColumns } from "./wanted.ts";

const PAUSE_ROWS = 50_000;

export async function extractSqlite(
  context: ExtractContext,
  source: SqliteSource,
  extract: DatabaseExtract,
): Promise<Extracted> {
  const { job } = context;
  const path = resolve(context.folder, resolveSetting(source.path, context.environment, `source ${source.name}`));
  if (!existsSync(path))
    throw new TesseraError("source-unavailable", phrase`there is no SQLite file ${path}`, {
      place: `source ${source.name}`,
    });
  const database = openSource(path, source.name);
  try {
    database.exec("BEGIN");
    const from = fromClause(extract);
    const statement = prepare(database, `SELECT * FROM ${from.sql} LIMIT 0`, source.name);
    const found = statement.columns();
    const declared = new Map(found.map((column) => [column.name, column.type]));
    const wanted = wantedColumns(job, [...declared.keys()]);
    const contract = contractOf(job);
    const contractTypes = new Map([...(contract ?? [])].map(([name, spec]) => [spec.from ?? name, spec.type]));
    const columns: RawColumn[] = wanted.read.map((name) =>
      sqliteColumn(name, declared.get(name) ?? null, contractTypes.get(name)),
    );

    const bounds = readBounds(database, context, from);
    const total = Number(
      (
        prepare(database, `SELECT count(*) AS n FROM ${from.sql}${bounds.where}`, source.name)
          .raw(true)
          .get(...from.parameters, ...bounds.parameters) as unknown[]
      )[0],
    );
    // integers beyond 2^53 lose digits as numbers: they travel as texts
    const list = columns.map((column) => {
      const name = quoteIdentifier(column.name);
      return column.raw === "BIGINT"
        ? `CASE WHEN ${name} BETWEEN -9007199254740991 AND 9007199254740991 OR typeof(${name}) <> 'integer' THEN ${name} ELSE CAST(${name} AS TEXT) END`
        : name;
    });
    await createRawTable(context, columns);
    const bad = await openBadRows(context);
    const writer = await openChunkWriter(context.connection, SCRATCH, rawTable(job));
    const setters = columns.map((column, i) => sqliteSetter(column.raw, writer.columns[i]!));
    context.onRows(0, total);
    let rows = 0;
    for (const row of prepare(
      database,
      `SELECT ${list.join(", ")} FROM ${from.sql}${bounds.where}${bounds.order}`,
      source.name,
    )
      .raw(true)
      .iterate(...from.parameters, ...bounds.parameters)) {
      const values = row as unknown[];
      let misfit = -1;
      for (let i = 0; i < setters.length; i++) {
        if (!setters[i]!(writer.row, values[i])) {
          misfit = i;
          break;
        }
      }
      if (misfit < 0) writer.next();
      else {
        writer.drop();
        const column = columns[misfit]!;
        bad.add({
          column: column.name,
          reason: `${printable(values[misfit])} is not a ${column.raw.toLowerCase()}`,
          row: JSON.stringify(Object.fromEntries(columns.map((each, i) => [each.name, printable(values[i])]))),
        });
      }
      if (++rows % PAUSE_ROWS === 0) {
        context.onRows(rows, total);
        // reading is synchronous: let progress, timers and other sources have their turn
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
      warnings: extraWarning(wanted.extra, job.columns !== undefined),
    };
  } finally {
    // closing alone keeps the lock until the statements are collected
    if (database.inTransaction) database.exec("ROLLBACK");
    database.close();
  }
}

const extraWarning = (extra: readonly string[], hasContract: boolean): string[] =>
  hasContract && extra.length > 0
    ? [`the source has columns that the contract does not name: ${extra.join(", ")}`]
    : [];

function openSource(path: string, name: string): Database.Database {
  try {
    const database = new Database(path, { timeout: 10_000 });
    database.pragma("query_only = ON");
    return database;
  } catch (cause) {
    throw new TesseraError("source-unavailable", phrase`the SQLite file ${path} cannot be opened`, {
      place: `source ${name}`,
      cause,
    });
  }
}

function prepare(database: Database.Database, sql: string, name: string): Database.Statement {
  try {
    return database.prepare(sql);
  } catch (error) {
    throw new TesseraError(
      "source-refused",
      phrase`the SQLite source says: ${error instanceof Error ? error.message : String(error)}`,
      { place: `source ${name}`, cause: error },
    );
  }
}

interface From {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

function fromClause(extract: DatabaseExtract): From {
  if ("table" in extract) return { sql: extract.table.split(".").map(quoteIdentifier).join("."), parameters: [] };
  const { sql, parameters } = compileQuery(extract.query, sqliteWords);
  return { sql: `(${sql})`, parameters };
}

/** Fixes the cursor's upper bound before anything is read; rows without a cursor value are always read. */
function readBounds(
  database: Database.Database,
  context: ExtractContext,
  from: From,
): { where: string; order: string; parameters: unknown[]; whole: boolean; upper?: string | null } {
  const cursor = cursorOf(context.job);
  if (cursor === undefined) return { where: "", order: "", parameters: [], whole: true };
  const column = quoteIdentifier(cursor);
  if (context.backfill !== undefined) {
    const { from: low, until } = context.backfill;
    const typed = (text: string): string | number => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
    return {
      where: ` WHERE ${column} >= ? AND ${column} < ?`,
      order: "",
      parameters: [typed(low), typed(until)],
      whole: false,
      upper: context.since,
    };
  }
  const [upper] = prepare(database, `SELECT max(${column}) FROM ${from.sql}`, context.job.source.name)
    .raw(true)
    .get(...from.parameters) as [string | number | null];
  if (upper === null)
    return { where: "", order: "", parameters: [], whole: context.since === null, upper: context.since };
  const since = context.since;
  if (since === null)
    return {
      where: ` WHERE ${column} <= ? OR ${column} IS NULL`,
      order: "",
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
  // when the source's clock went back, what it says now is below what was read before: the mark stays
  const next = compare(upper, since) < 0 ? since : String(upper);
  return {
    where: appends
      ? ` WHERE ${column} > ? AND ${column} <= ?`
      : ` WHERE (${column} >= ? AND ${column} <= ?) OR ${column} IS NULL`,
    order: "",
    parameters: [typeof upper === "number" ? Number(low) : low, upper],
    whole: false,
    upper: next,
  };
}

const compare = (upper: string | number, since: string): number =>
  typeof upper === "number" ? upper - Number(since) : upper < since ? -1 : upper > since ? 1 : 0;

function printable(value: unknown): unknown {
  if (value instanceof Uint8Array)
    return `0x${Buffer.from(value.buffer, value.byteOffset, Math.min(value.byteLength, 64)).toString("hex")}`;
  return typeof value === "bigint" ? String(value) : value;
}
