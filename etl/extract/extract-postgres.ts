/** Reading PostgreSQL: COPY … (FORMAT binary) within one snapshot, decoded into typed vectors. */
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { TesseraError } from "../../engine/errors.ts";
import type { DatabaseExtract, Duration } from "../job.ts";
import { modeOf } from "../load/mode.ts";
import { resolveSetting } from "../secret.ts";
import type { PostgresSource } from "../sources/postgres.ts";
import { openChunkWriter } from "./chunk-writer.ts";
import { milliseconds } from "./cursor.ts";
import { createRawTable, openBadRows, rawTable, SCRATCH, type ExtractContext, type Extracted, type RawColumn } from "./extracted.ts";
import { compileQuery, postgresWords } from "./kysely-dialects.ts";
import { fieldDecoder, TupleReader } from "./pg-binary.ts";
import { contractOf, cursorOf, wantedColumns } from "./wanted.ts";

const RETRIES = 2;

export async function extractPostgres(context: ExtractContext, source: PostgresSource, extract: DatabaseExtract): Promise<Extracted> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await readOnce(context, source, extract);
    } catch (error) {
      // a server that goes away leaves nothing behind: the raw table is made anew
      if (!(error instanceof TesseraError) || error.code !== "source-unavailable" || attempt >= RETRIES || context.signal.aborted) throw error;
      await new Promise((done) => setTimeout(done, 500 * 2 ** attempt));
    }
  }
}

interface PgColumn extends RawColumn {
  readonly pgType: string;
  readonly scale: number;
  readonly precision: number;
  /** SQL of it in the COPY */
  readonly select: string;
}

async function readOnce(context: ExtractContext, source: PostgresSource, extract: DatabaseExtract): Promise<Extracted> {
  const place = `source ${source.name}`;
  const client = new pg.Client({ connectionString: resolveSetting(source.url, context.environment, place), connectionTimeoutMillis: 15_000, application_name: "tessera" });
  const lost: { error?: Error } = {};
  client.on("error", (error) => { lost.error = error; });
  try {
    await client.connect().catch((error: unknown) => { throw unavailable(error, place); });
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SET LOCAL TimeZone = 'UTC'");
    const from = fromClause(client, extract);
    const described = await client.query({ text: `SELECT * FROM ${from} LIMIT 0`, rowMode: "array" });
    const wanted = wantedColumns(context.job, described.fields.map((field) => field.name));
    const columns = await describeColumns(client, context, described.fields.filter((field) => wanted.read.includes(field.name)), from);
    const bounds = await readBounds(client, context, extract, from);
    const [{ n: total }] = (await client.query(`SELECT count(*)::float8 AS n FROM ${from}${bounds.where}`)).rows as [{ n: number }];
    const rows = await copyRows(client, context, source, columns, `SELECT ${columns.map((column) => column.select).join(", ")} FROM ${from}${bounds.where}`, total);
    await client.query("COMMIT");
    return {
      columns, rows: rows.rows, bytes: rows.bytes, whole: bounds.whole, ...(bounds.upper !== undefined && { upper: bounds.upper }),
      warnings: wanted.extra.length > 0 && context.job.columns ? [`the source has columns that the contract does not name: ${wanted.extra.join(", ")}`] : [],
    };
  } catch (error) {
    if (error instanceof TesseraError) throw error;
    if (context.signal.aborted) throw new TesseraError("cancelled", "the read was cancelled", { place });
    throw isConnectionLoss(error) || lost.error !== undefined ? unavailable(lost.error ?? error, place) : new TesseraError("source-refused", `PostgreSQL says: ${error instanceof Error ? error.message : String(error)}`, { place });
  } finally {
    await client.end().catch(() => undefined);
  }
}

const isConnectionLoss = (error: unknown): boolean => {
  const code = (error as { readonly code?: string }).code ?? "";
  return /^(ECONN|EPIPE|ETIMEDOUT|08|57P)/.test(code) || /terminated|closed|Connection/.test(error instanceof Error ? error.message : "");
};

/** The driver's words may hold the address; its code does not. */
const unavailable = (error: unknown, place: string): TesseraError => {
  const code = (error as { readonly code?: string }).code;
  if (code === "28P01" || code === "28000") return new TesseraError("source-refused", "PostgreSQL refused the user or the password", { place, remedy: "check the address in the environment" });
  return new TesseraError("source-unavailable", `PostgreSQL cannot be reached or went away${code === undefined ? "" : ` (${code})`}`, { place, remedy: "try again later: nothing was changed" });
};

function fromClause(client: pg.Client, extract: DatabaseExtract): string {
  if ("table" in extract) return extract.table.split(".").map((part) => client.escapeIdentifier(part)).join(".");
  const { sql, parameters } = compileQuery(extract.query, postgresWords);
  // COPY takes no parameters: the values of the project's own query are written out
  const written = sql.replace(/\$(\d+)/g, (_, n: string) => literal(client, parameters[Number(n) - 1]));
  return `(${written}) AS q`;
}

function literal(client: pg.Client, value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  return client.escapeLiteral(value instanceof Date ? value.toISOString() : String(value));
}

/** PostgreSQL's types by their numbers; what is not among them travels as text. */
const TYPES: { readonly [oid: number]: { readonly pg: string; readonly duck: string } } = {
  16: { pg: "bool", duck: "BOOLEAN" }, 21: { pg: "int2", duck: "SMALLINT" }, 23: { pg: "int4", duck: "INTEGER" }, 20: { pg: "int8", duck: "BIGINT" },
  700: { pg: "float4", duck: "DOUBLE" }, 701: { pg: "float8", duck: "DOUBLE" }, 25: { pg: "text", duck: "VARCHAR" }, 1043: { pg: "text", duck: "VARCHAR" }, 1042: { pg: "text", duck: "VARCHAR" },
  19: { pg: "text", duck: "VARCHAR" }, 1082: { pg: "date", duck: "DATE" }, 1083: { pg: "time", duck: "TIME" }, 1114: { pg: "timestamp", duck: "TIMESTAMP" }, 1184: { pg: "timestamptz", duck: "TIMESTAMPTZ" },
  2950: { pg: "uuid", duck: "UUID" }, 17: { pg: "bytea", duck: "BLOB" }, 114: { pg: "text", duck: "VARCHAR" }, 3802: { pg: "jsonb", duck: "VARCHAR" },
};
const NUMERIC = 1700;

async function describeColumns(client: pg.Client, context: ExtractContext, fields: readonly pg.FieldDef[], from: string): Promise<PgColumn[]> {
  const contract = new Map([...(contractOf(context.job) ?? [])].map(([name, spec]) => [spec.from ?? name, spec.type]));
  const columns: PgColumn[] = [];
  for (const field of fields) {
    const select = client.escapeIdentifier(field.name);
    if (field.dataTypeID === NUMERIC) {
      const { precision, scale } = numericType(field, contract.get(field.name)) ?? (await measuredNumeric(client, select, from));
      columns.push(precision <= 38
        ? { name: field.name, raw: `DECIMAL(${precision},${scale})`, declared: `DECIMAL(${precision},${scale})`, pgType: "numeric", precision, scale, select }
        : { name: field.name, raw: "VARCHAR", pgType: "text", precision: 0, scale: 0, select: `${select}::text` });
      continue;
    }
    const type = TYPES[field.dataTypeID];
    const json = field.dataTypeID === 114 || field.dataTypeID === 3802;
    columns.push(type
      ? { name: field.name, raw: type.duck, declared: json ? "JSON" : type.duck, pgType: type.pg, precision: 0, scale: 0, select }
      : { name: field.name, raw: "VARCHAR", declared: "VARCHAR", pgType: "text", precision: 0, scale: 0, select: `${select}::text` });
  }
  return columns;
}

function numericType(field: pg.FieldDef, contract: string | undefined): { precision: number; scale: number } | undefined {
  if (field.dataTypeModifier > 0) {
    const modifier = field.dataTypeModifier - 4;
    const [precision, scale] = [(modifier >> 16) & 0xffff, modifier & 0x7ff];
    return scale <= precision ? { precision, scale } : { precision: 99, scale: 0 };
  }
  const wanted = contract === undefined ? null : /^decimal\((\d+),(\d+)\)$/.exec(contract);
  return wanted ? { precision: Number(wanted[1]), scale: Number(wanted[2]) } : undefined;
}

/** A numeric without bounds has those of its values. */
async function measuredNumeric(client: pg.Client, column: string, from: string): Promise<{ precision: number; scale: number }> {
  const [row] = (await client.query(`SELECT max(scale(trim_scale(${column})))::int AS scale, max(length(trunc(abs(${column}))::text))::int AS digits FROM ${from} WHERE ${column} NOT IN ('NaN', 'Infinity', '-Infinity')`)).rows as [{ scale: number | null; digits: number | null }];
  const scale = row.scale ?? 0;
  const precision = Math.max(18, (row.digits ?? 1) + scale);
  return { precision, scale };
}

async function readBounds(client: pg.Client, context: ExtractContext, extract: DatabaseExtract, from: string): Promise<{ where: string; whole: boolean; upper?: string | null }> {
  const cursor = cursorOf(context.job);
  if (cursor === undefined) return { where: "", whole: true };
  const column = client.escapeIdentifier(cursor);
  const [row] = (await client.query(`SELECT max(${column})::text AS upper, (SELECT pg_typeof(${column})::text FROM ${from} LIMIT 1) AS type, max(${column}) < ${context.since === null ? "NULL" : client.escapeLiteral(context.since)} AS back FROM ${from}`)).rows as [{ upper: string | null; type: string | null; back: boolean | null }];
  if (row.upper === null || row.type === null) return { where: "", whole: context.since === null, upper: context.since };
  const typed = (text: string): string => `${client.escapeLiteral(text)}::${row.type}`;
  const below = `${column} <= ${typed(row.upper)}`;
  if (context.since === null) return { where: ` WHERE ${below} OR ${column} IS NULL`, whole: true, upper: row.upper };
  const lag = extract.lag === undefined || milliseconds(extract.lag) === 0 ? typed(context.since) : `(${typed(context.since)} - ${interval(extract.lag)})`;
  // when the source's clock went back, what it says now is below what was read before: the mark stays
  const upper = row.back ? context.since : row.upper;
  return {
    where: modeOf(context.job) === "append" ? ` WHERE ${column} > ${lag} AND ${below}` : ` WHERE (${column} >= ${lag} AND ${below}) OR ${column} IS NULL`,
    whole: false, upper,
  };
}

const interval = (lag: Duration): string => `make_interval(secs => ${milliseconds(lag) / 1000})`;

async function copyRows(client: pg.Client, context: ExtractContext, source: PostgresSource, columns: readonly PgColumn[], select: string, total: number): Promise<{ rows: number; bytes: number }> {
  const { job } = context;
  await createRawTable(context, columns);
  const bad = await openBadRows(context);
  const writer = await openChunkWriter(context.connection, SCRATCH, rawTable(job));
  const decoders = columns.map((column, i) => fieldDecoder(column.pgType, writer.columns[i]!, column.scale, column.precision));
  const width = columns.length;
  const reader = new TupleReader();
  let rows = 0;
  let bytes = 0;
  const onTuple = (buffer: Buffer, start: number): void => {
    let at = start;
    let misfit = -1;
    for (let i = 0; i < width; i++) {
      const length = buffer.readInt32BE(at);
      at += 4;
      if (length < 0) writer.columns[i]!.setNull(writer.row);
      else {
        if (!decoders[i]!(writer.row, buffer, at, length) && misfit < 0) misfit = i;
        at += length;
      }
    }
    rows++;
    if (misfit < 0) return writer.next();
    writer.drop();
    const column = columns[misfit]!;
    bad.add({ line: rows, column: column.name, reason: `the value does not fit ${column.raw.toLowerCase()}: infinite, not a number, or too long`, row: printable(columns, buffer, start) });
  };
  const idle = (source.idleTimeout ?? 120) * 1000;
  const stream = client.query(copyTo(`COPY (${select}) TO STDOUT (FORMAT binary)`));
  let stalled = false;
  let timer = setTimeout(() => undefined, 0);
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      stream.destroy(new Error("stalled"));
    }, idle);
  };
  // the stream only ends by itself: an aborted load must tear it down
  const abort = (): void => void stream.destroy(new Error("aborted"));
  context.signal.addEventListener("abort", abort, { once: true });
  let shown = 0;
  try {
    watch();
    for await (const piece of stream as AsyncIterable<Buffer>) {
      watch();
      bytes += piece.length;
      reader.push(piece, width, onTuple);
      if (rows - shown >= 50_000) context.onRows((shown = rows), total);
    }
    if (!reader.ended) throw new TesseraError("source-unavailable", "PostgreSQL's stream ended in the middle", { place: `source ${source.name}` });
  } catch (error) {
    if (stalled) throw new TesseraError("source-unavailable", `PostgreSQL sent nothing for ${idle / 1000} s`, { place: `source ${source.name}` });
    throw error;
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener("abort", abort);
    writer.close();
    await bad.close();
  }
  context.onRows(rows, total);
  return { rows, bytes };
}

/** The row in hexadecimal: what does not fit a type has no better form. */
function printable(columns: readonly PgColumn[], buffer: Buffer, start: number): string {
  let at = start;
  const row: Record<string, string | null> = {};
  for (const column of columns) {
    const length = buffer.readInt32BE(at);
    at += 4;
    row[column.name] = length < 0 ? null : column.pgType === "text" ? buffer.toString("utf8", at, at + length) : `0x${buffer.toString("hex", at, at + length)}`;
    if (length > 0) at += length;
  }
  return JSON.stringify(row);
}
