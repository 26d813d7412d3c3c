/** Reads PostgreSQL by binary COPY in one snapshot into typed vectors; a large table in several ranges at once. */
import { first } from "../../../engine/lookup.ts";
import type pg from "pg";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { DatabaseExtract } from "../../declare/job.ts";
import { resolveSetting } from "../../declare/secret.ts";
import type { PostgresSource } from "../../declare/sources/postgres.ts";
import { openChunkWriter } from "../chunk-writer.ts";
import { createRawTable, openBadRows, rawTable, SCRATCH, type ExtractContext, type Extracted } from "../extracted.ts";
import { readBounds } from "./pg-bounds.ts";
import { copyRows } from "./pg-copy.ts";
import { blockRanges, copyRanges } from "./pg-ranges.ts";
import { asSourceError, fromClause, openSession } from "./pg-session.ts";
import { describeColumns, type PgColumn } from "./pg-types.ts";
import { retryRead } from "../retry-read.ts";
import { extraColumns, wantedColumns } from "../wanted.ts";

const IDLE_SECONDS = 120;
/** Rows between two reports of progress. */
const PROGRESS_ROWS = 50_000;

/**
 * Reads a table or query into the raw table.
 * @throws TesseraError `source-unavailable`, `source-refused`, `cancelled`
 */
export const extractPostgres = (
  context: ExtractContext,
  source: PostgresSource,
  extract: DatabaseExtract,
): Promise<Extracted> => retryRead(context.signal, () => readOnce(context, source, extract));

async function readOnce(context: ExtractContext, source: PostgresSource, extract: DatabaseExtract): Promise<Extracted> {
  const place = `source ${source.name}`;
  const url = resolveSetting(source.url, context.environment, place);
  const { client, lost } = await openSession(url, place);
  try {
    const from = fromClause(client, extract);
    const described = await client.query({ text: `SELECT * FROM ${from} LIMIT 0`, rowMode: "array" });
    const wanted = wantedColumns(
      context.job,
      described.fields.map((field) => field.name),
    );
    const columns = await describeColumns(
      client,
      context,
      described.fields.filter((field) => wanted.read.includes(field.name)),
      from,
    );
    const bounds = await readBounds(client, context, extract, from);
    const read = await readRows(
      client,
      context,
      source,
      extract,
      columns,
      `SELECT ${columns.map((column) => column.select).join(", ")} FROM ${from}`,
      bounds.where,
      url,
    );
    await client.query("COMMIT");
    return {
      columns,
      rows: read.rows,
      bytes: read.bytes,
      whole: bounds.whole,
      ...(bounds.upper !== undefined && { upper: bounds.upper }),
      ...(bounds.mark !== undefined && { mark: bounds.mark }),
      warnings: [...bounds.warnings, ...extraColumns(context.job, wanted.extra)],
    };
  } catch (error) {
    if (context.signal.aborted && !(error instanceof TesseraError))
      throw new TesseraError("cancelled", "the read was cancelled", { place });
    throw asSourceError(error, place, lost());
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function readRows(
  client: pg.Client,
  context: ExtractContext,
  source: PostgresSource,
  extract: DatabaseExtract,
  columns: readonly PgColumn[],
  select: string,
  where: string,
  url: string,
): Promise<{ rows: number; bytes: number }> {
  const place = `source ${source.name}`;
  await createRawTable(context, columns);
  const total = await estimate(client, `${select}${where}`);
  const ranges =
    extract.parallel !== undefined && extract.parallel > 1 && "table" in extract
      ? await blockRanges(client, extract.table, extract.parallel)
      : [];
  const bad = await openBadRows(context);
  const writer = await openChunkWriter(context.connection, SCRATCH, rawTable(context.job));
  const common = { columns, place, idle: source.idleTimeout ?? IDLE_SECONDS, signal: context.signal, onBad: bad.add };
  try {
    let read: { rows: number; bytes: number };
    if (ranges.length > 1) {
      const exported = await client.query<{ readonly id: string }>("SELECT pg_export_snapshot() AS id");
      const selects = ranges.map(
        (range) => `${select} WHERE ${range}${where === "" ? "" : ` AND (${where.slice(" WHERE ".length)})`}`,
      );
      read = await copyRanges(writer, {
        ...common,
        url,
        snapshot: first(exported.rows).id,
        selects,
        onRows: (rows) => context.onRows(rows, total),
      });
    } else {
      let shown = 0;
      read = await copyRows(client, writer, {
        ...common,
        select: `${select}${where}`,
        onPiece: (rows) => {
          if (rows - shown < PROGRESS_ROWS) return undefined;
          shown = rows;
          context.onRows(rows, total);
          return undefined;
        },
      });
    }
    context.onRows(read.rows, read.rows);
    return read;
  } finally {
    writer.close();
    await bad.close();
  }
}

interface PlanRow {
  readonly "QUERY PLAN": readonly { readonly Plan: { readonly "Plan Rows": number } }[];
}

/** The planner's estimate of the number of rows, for the progress bar. */
async function estimate(client: pg.Client, select: string): Promise<number> {
  const { rows } = await client.query<PlanRow>(`EXPLAIN (FORMAT JSON) ${select}`);
  return first(first(rows)["QUERY PLAN"]).Plan["Plan Rows"];
}
