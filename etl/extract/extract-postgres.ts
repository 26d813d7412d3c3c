/** Reading PostgreSQL: COPY … (FORMAT binary) within one snapshot, decoded into typed vectors; a large table in several ranges at once. */
import type pg from "pg";
import { TesseraError } from "../../engine/errors/index.ts";
import type { DatabaseExtract } from "../declare/job.ts";
import { resolveSetting } from "../declare/secret.ts";
import type { PostgresSource } from "../declare/sources/postgres.ts";
import { openChunkWriter } from "./chunk-writer.ts";
import { createRawTable, openBadRows, rawTable, SCRATCH, type ExtractContext, type Extracted } from "./extracted.ts";
import { readBounds } from "./pg-bounds.ts";
import { copyRows } from "./pg-copy.ts";
import { blockRanges, copyRanges } from "./pg-ranges.ts";
import { asSourceError, fromClause, openSession } from "./pg-session.ts";
import { describeColumns, type PgColumn } from "./pg-types.ts";
import { wantedColumns } from "./wanted.ts";

const RETRIES = 2;
const IDLE_SECONDS = 120;

export async function extractPostgres(
  context: ExtractContext,
  source: PostgresSource,
  extract: DatabaseExtract,
): Promise<Extracted> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await readOnce(context, source, extract);
    } catch (error) {
      // a server that goes away leaves nothing behind: the raw table is made anew
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
      warnings: [
        ...bounds.warnings,
        ...(wanted.extra.length > 0 && context.job.columns
          ? [`the source has columns that the contract does not name: ${wanted.extra.join(", ")}`]
          : []),
      ],
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
      const [{ id }] = (await client.query("SELECT pg_export_snapshot() AS id")).rows as [{ readonly id: string }];
      const selects = ranges.map(
        (range) => `${select} WHERE ${range}${where === "" ? "" : ` AND (${where.slice(" WHERE ".length)})`}`,
      );
      read = await copyRanges(writer, {
        ...common,
        url,
        snapshot: id,
        selects,
        onRows: (rows) => context.onRows(rows, total),
      });
    } else {
      let shown = 0;
      read = await copyRows(client, writer, {
        ...common,
        select: `${select}${where}`,
        onPiece: (rows) => {
          if (rows - shown >= 50_000) context.onRows((shown = rows), total);
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

/** The planner's guess at the number of rows: for the progress bar alone, so no row is counted for it. */
async function estimate(client: pg.Client, select: string): Promise<number> {
  const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${select}`);
  const [{ "QUERY PLAN": plan }] = rows as [
    { readonly "QUERY PLAN": readonly [{ readonly Plan: { readonly "Plan Rows": number } }] },
  ];
  return plan[0].Plan["Plan Rows"];
}
