/** Reading MySQL and MariaDB: rows streamed as the server's bytes within one consistent snapshot. */
import mysql, { type Connection } from "mysql2";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { DatabaseExtract } from "../declare/job.ts";
import { modeOf } from "../declare/load-mode.ts";
import { resolveSetting } from "../declare/secret.ts";
import type { MysqlSource } from "../declare/sources/mysql.ts";
import { openChunkWriter } from "./chunk-writer.ts";
import { lowerBound } from "./cursor.ts";
import { createRawTable, openBadRows, rawTable, SCRATCH, type ExtractContext, type Extracted } from "./extracted.ts";
import { compileQuery, mysqlWords } from "./kysely-dialects.ts";
import { ask, asMysqlError, openMysql } from "./mysql-session.ts";
import { mysqlColumn, mysqlSetter, type MysqlColumn } from "./mysql-types.ts";
import { contractOf, cursorOf, wantedColumns } from "./wanted.ts";

const RETRIES = 2;
const IDLE_SECONDS = 120;

export async function extractMysql(
  context: ExtractContext,
  source: MysqlSource,
  extract: DatabaseExtract,
): Promise<Extracted> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await readOnce(context, source, extract);
    } catch (error) {
      if (
        !(error instanceof TesseraError) ||
        error.code !== "source-unavailable" ||
        attempt >= RETRIES ||
        context.signal.aborted
      )
        throw error;
      await new Promise((done) => setTimeout(done, 500 * 2 ** attempt));
    }
  }
}

async function readOnce(context: ExtractContext, source: MysqlSource, extract: DatabaseExtract): Promise<Extracted> {
  const place = `source ${source.name}`;
  const connection = await openMysql(resolveSetting(source.url, context.environment, place), place);
  try {
    const from = fromClause(extract);
    const { fields } = await ask(connection, `SELECT * FROM ${from} LIMIT 0`);
    const wanted = wantedColumns(
      context.job,
      fields.map((field) => field.name),
    );
    const contract = new Map(
      [...(contractOf(context.job) ?? [])].map(([name, spec]) => [spec.from ?? name, spec.type as string]),
    );
    const json = "table" in extract ? await jsonColumns(connection, extract.table) : new Set<string>();
    const columns = fields
      .filter((field) => wanted.read.includes(field.name))
      .map((field) =>
        mysqlColumn({ ...field, flags: Number(field.flags) }, contract.get(field.name), json.has(field.name)),
      );
    const bounds = await readBounds(connection, context, extract, from);
    const sql = `SELECT ${columns.map((column) => column.select(mysql.escapeId(column.name, true))).join(", ")} FROM ${from}${bounds.where}`;
    const read = await readRows(connection, context, source, columns, sql);
    await ask(connection, "COMMIT");
    return {
      columns,
      ...read,
      whole: bounds.whole,
      ...(bounds.upper !== undefined && { upper: bounds.upper }),
      warnings:
        wanted.extra.length > 0 && context.job.columns
          ? [`the source has columns that the contract does not name: ${wanted.extra.join(", ")}`]
          : [],
    };
  } catch (error) {
    if (context.signal.aborted) throw new TesseraError("cancelled", "the read was cancelled", { place });
    throw asMysqlError(error, place);
  } finally {
    connection.destroy();
  }
}

function fromClause(extract: DatabaseExtract): string {
  if ("table" in extract)
    return extract.table
      .split(".")
      .map((part) => mysql.escapeId(part, true))
      .join(".");
  const { sql, parameters } = compileQuery(extract.query, mysqlWords);
  return `(${mysql.format(sql, parameters as Parameters<typeof mysql.format>[1])}) AS q`;
}

/** MariaDB keeps JSON as text with a check. */
async function jsonColumns(connection: Connection, table: string): Promise<Set<string>> {
  const [name, schema] = table.split(".").reverse();
  const { rows } = await ask(
    connection,
    "SELECT check_clause FROM information_schema.check_constraints WHERE constraint_schema = coalesce(?, database()) AND check_clause LIKE 'json_valid(%' AND constraint_name IN (SELECT constraint_name FROM information_schema.table_constraints WHERE table_schema = coalesce(?, database()) AND table_name = ?)",
    [schema ?? null, schema ?? null, name],
  ).catch(() => ({ rows: [] }));
  return new Set(rows.flatMap(([clause]) => /`([^`]+)`/.exec(String(clause))?.[1] ?? []));
}

async function readBounds(
  connection: Connection,
  context: ExtractContext,
  extract: DatabaseExtract,
  from: string,
): Promise<{ where: string; whole: boolean; upper?: string | null }> {
  const cursor = cursorOf(context.job);
  if (cursor === undefined) return { where: "", whole: true };
  const column = mysql.escapeId(cursor, true);
  const { since, backfill } = context;
  if (backfill !== undefined)
    return {
      where: ` WHERE ${column} >= ${mysql.escape(backfill.from)} AND ${column} < ${mysql.escape(backfill.until)}`,
      whole: false,
      upper: since,
    };
  const {
    rows: [row],
  } = await ask(connection, `SELECT CAST(max(${column}) AS CHAR), max(${column}) < ? FROM ${from}`, [since]);
  const [top, back] = (row ?? [null, null]).map((value) => value?.toString() ?? null) as [string | null, string | null];
  if (top === null) return { where: "", whole: since === null, upper: since };
  if (since === null) return { where: "", whole: true, upper: top };
  const low = lowerBound(since, extract.lag, `job ${context.job.name}`);
  const upTo = `${column} <= ${mysql.escape(top)}`;
  return {
    where:
      modeOf(context.job) === "append"
        ? ` WHERE ${column} > ${mysql.escape(low)} AND ${upTo}`
        : ` WHERE (${column} >= ${mysql.escape(low)} AND ${upTo}) OR ${column} IS NULL`,
    whole: false,
    // when the source's clock went back, what it says now is below what was read before: the mark stays
    upper: back === "1" ? since : top,
  };
}

async function readRows(
  connection: Connection,
  context: ExtractContext,
  source: MysqlSource,
  columns: readonly MysqlColumn[],
  sql: string,
): Promise<{ rows: number; bytes: number }> {
  await createRawTable(context, columns);
  const bad = await openBadRows(context);
  const writer = await openChunkWriter(context.connection, SCRATCH, rawTable(context.job));
  const setters = columns.map((column, i) => mysqlSetter(column.kind, column.raw, writer.columns[i]!));
  const stream = connection.query({ sql, rowsAsArray: true, typeCast: false }).stream({ highWaterMark: 512 });
  const idle = (source.idleTimeout ?? IDLE_SECONDS) * 1000;
  let [rows, bytes, stalled] = [0, 0, false];
  let timer = setTimeout(() => undefined, 0);
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      connection.destroy();
      stream.destroy(new Error("stalled"));
    }, idle);
  };
  const abort = (): void => {
    connection.destroy();
    stream.destroy(new Error("aborted"));
  };
  // a connection that is lost between two rows does not end the stream by itself
  const lost = (error: Error): void => void stream.destroy(error);
  connection.on("error", lost);
  context.signal.addEventListener("abort", abort, { once: true });
  try {
    watch();
    for await (const row of stream as AsyncIterable<readonly (Buffer | null)[]>) {
      let misfit = -1;
      for (let i = 0; i < setters.length; i++) {
        const value = row[i]!;
        bytes += value?.length ?? 0;
        if (!setters[i]!(writer.row, value) && misfit < 0) misfit = i;
      }
      rows++;
      if (misfit < 0) writer.next();
      else {
        writer.drop();
        const column = columns[misfit]!;
        bad.add({
          line: rows,
          column: column.name,
          reason: `${row[misfit]!.toString()} is not a ${column.raw.toLowerCase()}: a job that wants the number names the column as smallint`,
          row: JSON.stringify(
            Object.fromEntries(columns.map((each, i) => [each.name, printable(each, row[i] ?? null)])),
          ),
        });
      }
      if ((rows & 1023) === 0) watch();
      if (rows % 50_000 === 0) context.onRows(rows);
    }
  } catch (error) {
    if (stalled)
      throw new TesseraError("source-unavailable", phrase`MySQL sent nothing for ${idle / 1000} s`, {
        place: `source ${source.name}`,
      });
    throw error;
  } finally {
    clearTimeout(timer);
    connection.removeListener("error", lost);
    context.signal.removeEventListener("abort", abort);
    writer.close();
    await bad.close();
  }
  context.onRows(rows, rows);
  return { rows, bytes };
}

const printable = (column: MysqlColumn, value: Buffer | null): string | null =>
  value === null
    ? null
    : column.kind === "bytes" || column.kind === "bits"
      ? `0x${value.toString("hex")}`
      : value.toString();
