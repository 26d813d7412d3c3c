/** Decodes one COPY of PostgreSQL row by row into a sink. */
import { at } from "../../../engine/lookup.ts";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import type { RowSink } from "../packed-chunk.ts";
import { fieldDecoder, TupleReader } from "./pg-binary.ts";
import type { PgColumn } from "./pg-types.ts";

/** What to read. */
export interface CopyRequest {
  readonly columns: readonly PgColumn[];
  readonly select: string;
  readonly place: string;
  /** seconds without data before the read is cancelled */
  readonly idle: number;
  readonly signal: AbortSignal;
  readonly onBad: (row: BadTuple) => void;
  /** called after each piece of the stream; a promise pauses the stream until it is fulfilled */
  readonly onPiece: (rows: number) => Promise<void> | undefined;
}

/** A row whose value does not fit its column. */
export interface BadTuple {
  readonly line: number;
  readonly column: string;
  readonly reason: string;
  readonly row: string;
}

/** Reads to the end. @throws TesseraError `source-unavailable` when the stream stalls or breaks off */
export async function copyRows(
  client: pg.Client,
  sink: RowSink,
  request: CopyRequest,
): Promise<{ rows: number; bytes: number }> {
  const { columns, idle, place } = request;
  const fields = columns.map((column, i) => {
    const target = at(sink.columns, i);
    return { column, target, decode: fieldDecoder(column.pgType, target, column.scale, column.precision) };
  });
  const width = columns.length;
  const reader = new TupleReader();
  let rows = 0;
  let bytes = 0;
  const onTuple = (buffer: Buffer, start: number): void => {
    let position = start;
    let misfit: PgColumn | undefined;
    for (const { column, target, decode } of fields) {
      const length = buffer.readInt32BE(position);
      position += 4;
      if (length < 0) target.setNull(sink.row);
      else {
        if (!decode(sink.row, buffer, position, length)) misfit ??= column;
        position += length;
      }
    }
    rows++;
    if (misfit === undefined) return sink.next();
    sink.drop();
    request.onBad({
      line: rows,
      column: misfit.name,
      reason: `the value does not fit ${misfit.raw.toLowerCase()}: infinite, not a number, or too many digits`,
      row: printable(columns, buffer, start),
    });
  };
  const stream = client.query(copyTo(`COPY (${request.select}) TO STDOUT (FORMAT binary)`));
  let stalled = false;
  let timer = setTimeout(() => undefined, 0);
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      stream.destroy(new Error("stalled"));
    }, idle * 1000);
  };
  // an aborted load must destroy the stream, which otherwise reads to its end
  const abort = (): void => void stream.destroy(new Error("aborted"));
  request.signal.addEventListener("abort", abort, { once: true });
  try {
    watch();
    for await (const piece of stream as AsyncIterable<Buffer>) {
      bytes += piece.length;
      reader.push(piece, width, onTuple);
      const held = request.onPiece(rows);
      if (held !== undefined) {
        // waiting for the writer is not a stall of the source
        clearTimeout(timer);
        await held;
      }
      watch();
    }
    if (!reader.ended)
      throw new TesseraError("source-unavailable", "the PostgreSQL stream ended early", {
        place,
        remedy: "try again later: nothing was changed",
      });
  } catch (error) {
    if (stalled)
      throw new TesseraError("source-unavailable", phrase`the PostgreSQL server sent nothing for ${idle} s`, {
        place,
        remedy: "try again later, or raise the source's idleTimeout: nothing was changed",
      });
    throw error;
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", abort);
  }
  return { rows, bytes };
}

/** The row for its reject: texts as they are, other values in hexadecimal. */
function printable(columns: readonly PgColumn[], buffer: Buffer, start: number): string {
  let position = start;
  const row: Record<string, string | null> = {};
  for (const { name, pgType } of columns) {
    const length = buffer.readInt32BE(position);
    position += 4;
    const end = position + Math.max(0, length);
    if (length < 0) row[name] = null;
    else if (pgType === "text") row[name] = buffer.toString("utf8", position, end);
    else row[name] = `0x${buffer.toString("hex", position, end)}`;
    position = end;
  }
  return JSON.stringify(row);
}
