/** One COPY of PostgreSQL, decoded row by row into a sink. */
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { RowSink } from "./packed-chunk.ts";
import { fieldDecoder, TupleReader } from "./pg-binary.ts";
import type { PgColumn } from "./pg-types.ts";

export interface CopyRequest {
  readonly columns: readonly PgColumn[];
  readonly select: string;
  readonly place: string;
  /** seconds without any data before the read is given up */
  readonly idle: number;
  readonly signal: AbortSignal;
  readonly onBad: (row: BadTuple) => void;
  /** after each piece of the stream; a promise holds the stream back until it is kept */
  readonly onPiece: (rows: number) => Promise<void> | undefined;
}

export interface BadTuple {
  readonly line: number;
  readonly column: string;
  readonly reason: string;
  readonly row: string;
}

/** Reads to the end. Throws `source-unavailable` when the stream stalls or breaks off. */
export async function copyRows(
  client: pg.Client,
  sink: RowSink,
  request: CopyRequest,
): Promise<{ rows: number; bytes: number }> {
  const { columns, idle, place } = request;
  const decoders = columns.map((column, i) =>
    fieldDecoder(column.pgType, sink.columns[i]!, column.scale, column.precision),
  );
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
      if (length < 0) sink.columns[i]!.setNull(sink.row);
      else {
        if (!decoders[i]!(sink.row, buffer, at, length) && misfit < 0) misfit = i;
        at += length;
      }
    }
    rows++;
    if (misfit < 0) return sink.next();
    sink.drop();
    const column = columns[misfit]!;
    request.onBad({
      line: rows,
      column: column.name,
      reason: `the value does not fit ${column.raw.toLowerCase()}: infinite, not a number, or with more digits`,
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
  // the stream only ends by itself: an aborted load must tear it down
  const abort = (): void => void stream.destroy(new Error("aborted"));
  request.signal.addEventListener("abort", abort, { once: true });
  try {
    watch();
    for await (const piece of stream as AsyncIterable<Buffer>) {
      bytes += piece.length;
      reader.push(piece, width, onTuple);
      const held = request.onPiece(rows);
      if (held !== undefined) {
        // waiting for the writer is no stall of the source
        clearTimeout(timer);
        await held;
      }
      watch();
    }
    if (!reader.ended)
      throw new TesseraError("source-unavailable", "PostgreSQL's stream ended in the middle", { place });
  } catch (error) {
    if (stalled) throw new TesseraError("source-unavailable", phrase`PostgreSQL sent nothing for ${idle} s`, { place });
    throw error;
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", abort);
  }
  return { rows, bytes };
}

/** The row in hexadecimal: what does not fit a type has no better form. */
function printable(columns: readonly PgColumn[], buffer: Buffer, start: number): string {
  let at = start;
  const row: Record<string, string | null> = {};
  for (const column of columns) {
    const length = buffer.readInt32BE(at);
    at += 4;
    row[column.name] =
      length < 0
        ? null
        : column.pgType === "text"
          ? buffer.toString("utf8", at, at + length)
          : `0x${buffer.toString("hex", at, at + length)}`;
    if (length > 0) at += length;
  }
  return JSON.stringify(row);
}
