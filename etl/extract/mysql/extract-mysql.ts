/** Reads MySQL and MariaDB: rows are streamed as the server's bytes in one consistent snapshot. */
import { at } from "../../../engine/lookup.ts";
import { sourceName } from "../../declare/column.ts";
import mysql, { type Connection } from "mysql2";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import type { DatabaseExtract } from "../../declare/job.ts";
import { modeOf } from "../../declare/load-mode.ts";
import { resolveSetting } from "../../declare/secret.ts";
import type { MysqlSource } from "../../declare/sources/mysql.ts";
import { openChunkWriter } from "../chunk-writer.ts";
import { lowerBound } from "../cursor.ts";
import { createRawTable, openBadRows, rawTable, SCRATCH, type ExtractContext, type Extracted } from "../extracted.ts";
import { compileQuery, mysqlDialect } from "../kysely-dialects.ts";
import { ask, asMysqlError, openMysql } from "./mysql-session.ts";
import { mysqlColumn, mysqlSetter, type MysqlColumn } from "./mysql-types.ts";
import { retryRead } from "../retry-read.ts";
import { contractOf, cursorOf, extraColumns, wantedColumns } from "../wanted.ts";

const IDLE_SECONDS = 120;

/**
 * Reads a table or query into the raw table.
 * @throws TesseraError `source-unavailable`, `source-refused`, `cancelled`
 */
export const extractMysql = (
  context: ExtractContext,
  source: MysqlSource,
  extract: DatabaseExtract,
): Promise<Extracted> => retryRead(context.signal, () => readOnce(context, source, extract));

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
    const contract = new Map<string, string>(
      [...(contractOf(context.job) ?? [])].map(([name, spec]) => [sourceName(name, spec), spec.type]),
    );
    const json = "table" in extract ? await jsonColumns(connection, extract.table) : new Set<string>();
    const columns = fields
      .filter((field) => wanted.read.includes(field.name))
      .map((field) =>
        mysqlColumn({ ...field, flags: Number(field.flags) }, contract.get(field.name), json.has(field.name)),
      );
    const bounds = await readBounds(connection, context, extract, from);
    const list = columns.map((column) => column.select(mysql.escapeId(column.name, true))).join(", ");
    const sql = `SELECT ${list} FROM ${from}${bounds.where}`;
    const read = await readRows(connection, context, source, columns, sql);
    await ask(connection, "COMMIT");
    return {
      columns,
      ...read,
      whole: bounds.whole,
      ...(bounds.upper !== undefined && { upper: bounds.upper }),
      warnings: extraColumns(context.job, wanted.extra),
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
  const { sql, parameters } = compileQuery(extract.query, mysqlDialect);
  return `(${mysql.format(sql, [...parameters].map(sqlValue))}) AS q`;
}

/** A parameter of a query as the driver writes it. */
function sqlValue(value: unknown): string | number | boolean | bigint | Date | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return value;
  return value instanceof Date ? value : String(value);
}

/** Names of JSON columns: MariaDB stores JSON as text with a check. */
async function jsonColumns(connection: Connection, table: string): Promise<Set<string>> {
  const [name, schema] = table.split(".").reverse();
  const { rows } = await ask(
    connection,
    `SELECT check_clause FROM information_schema.check_constraints
     WHERE constraint_schema = coalesce(?, database()) AND check_clause LIKE 'json_valid(%' AND constraint_name IN (
       SELECT constraint_name FROM information_schema.table_constraints
       WHERE table_schema = coalesce(?, database()) AND table_name = ?
     )`,
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
  const { rows } = await ask(connection, `SELECT CAST(max(${column}) AS CHAR), max(${column}) < ? FROM ${from}`, [
    since,
  ]);
  const [top = null, back = null] = (rows[0] ?? []).map((value) => value?.toString() ?? null);
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
    // the source's clock went back: the watermark stays
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
  const fields = columns.map((column, i) => ({
    column,
    set: mysqlSetter(column.kind, column.raw, at(writer.columns, i)),
  }));
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
  // a connection lost between two rows does not end the stream
  const lost = (error: Error): void => void stream.destroy(error);
  connection.on("error", lost);
  context.signal.addEventListener("abort", abort, { once: true });
  try {
    watch();
    for await (const row of stream as AsyncIterable<readonly (Buffer | null)[]>) {
      let misfit: { readonly column: MysqlColumn; readonly value: Buffer | null } | undefined;
      let i = 0;
      for (const { column, set } of fields) {
        const value = row[i++] ?? null;
        bytes += value?.length ?? 0;
        if (!set(writer.row, value)) misfit ??= { column, value };
      }
      rows++;
      if (misfit === undefined) writer.next();
      else {
        writer.drop();
        const { column, value } = misfit;
        bad.add({
          line: rows,
          column: column.name,
          reason: `invalid ${column.raw.toLowerCase()} ${value?.toString()}: the type smallint loads numbers`,
          row: JSON.stringify(
            Object.fromEntries(columns.map((each, n) => [each.name, printable(each, row[n] ?? null)])),
          ),
        });
      }
      if ((rows & 1023) === 0) watch();
      if (rows % 50_000 === 0) context.onRows(rows);
    }
  } catch (error) {
    if (stalled)
      throw new TesseraError("source-unavailable", phrase`the MySQL server sent nothing for ${idle / 1000} s`, {
        place: `source ${source.name}`,
        remedy: "try again later, or raise the source's idleTimeout: nothing was changed",
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

function printable(column: MysqlColumn, value: Buffer | null): string | null {
  if (value === null) return null;
  return column.kind === "bytes" || column.kind === "bits" ? `0x${value.toString("hex")}` : value.toString();
}
