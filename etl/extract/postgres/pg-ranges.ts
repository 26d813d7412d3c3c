/** Reads several ranges of one table in one exported snapshot, each decoded in its own thread. */
import type pg from "pg";
import { Worker } from "node:worker_threads";
import { TesseraError, type ErrorCode } from "../../../engine/errors/index.ts";
import { ownProgram } from "../../../engine/package.ts";
import type { ChunkWriter } from "../chunk-writer.ts";
import type { PackedChunk } from "../packed-chunk.ts";
import type { BadTuple } from "./pg-copy.ts";
import { quoted } from "./pg-session.ts";
import type { PgColumn } from "./pg-types.ts";
import type { Width } from "../column-buffer.ts";

const PROGRAM = ownProgram("pg-range-program", import.meta.url);

/** The order to a thread. */
export interface RangeOrder {
  readonly url: string;
  readonly place: string;
  readonly snapshot: string;
  readonly select: string;
  readonly columns: readonly PgColumn[];
  readonly widths: readonly Width[];
  readonly idle: number;
}

/** The acknowledgement of written chunks: their buffers, to be filled again. */
export interface RangeReceipt {
  readonly taken: readonly ArrayBuffer[];
}

/** A message of a thread; each `chunks` is acknowledged. */
export type RangeMessage =
  | { readonly kind: "chunks"; readonly chunks: readonly PackedChunk[]; readonly bad: readonly BadTuple[] }
  | { readonly kind: "done"; readonly rows: number; readonly bytes: number }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

/**
 * Conditions that split a table into ranges of its blocks; empty for anything but a plain table, and for a small one.
 */
export async function blockRanges(client: pg.Client, table: string, parts: number): Promise<string[]> {
  const found = await client.query<{ readonly kind: string; readonly blocks: number }>(
    `SELECT c.relkind::text AS kind, pg_relation_size(c.oid)::float8 / current_setting('block_size')::int AS blocks
     FROM pg_class AS c WHERE c.oid = to_regclass($1)`,
    [quoted(client, table)],
  );
  const [relation] = found.rows;
  if (relation === undefined || (relation.kind !== "r" && relation.kind !== "m") || relation.blocks < parts * 16)
    return [];
  const edges = Array.from(
    { length: parts - 1 },
    (_, i) => `'(${Math.floor((relation.blocks * (i + 1)) / parts)},0)'::tid`,
  );
  // the first and the last range are open, so that every block is in one
  return Array.from({ length: parts }, (_, i) =>
    [i > 0 ? `ctid >= ${edges[i - 1]}` : "", i < parts - 1 ? `ctid < ${edges[i]}` : ""]
      .filter((part) => part !== "")
      .join(" AND "),
  );
}

/** What to read. */
export interface RangesRequest extends Omit<RangeOrder, "select" | "widths"> {
  readonly selects: readonly string[];
  readonly signal: AbortSignal;
  readonly onBad: (row: BadTuple) => void;
  readonly onRows: (rows: number) => void;
}

/** Reads all ranges at once into the writer; the first failure ends the others. */
export async function copyRanges(
  writer: ChunkWriter,
  request: RangesRequest,
): Promise<{ rows: number; bytes: number }> {
  const { selects, signal, onBad, onRows, ...common } = request;
  const workers: Worker[] = [];
  let rows = 0;
  const stop = (): void => {
    for (const worker of workers) void worker.terminate();
  };
  signal.addEventListener("abort", stop, { once: true });
  const read = (select: string): Promise<{ rows: number; bytes: number }> =>
    new Promise((resolve, reject) => {
      const order: RangeOrder = { ...common, select, widths: writer.widths };
      const worker = new Worker(PROGRAM.url, {
        workerData: order,
        execArgv: [...PROGRAM.execArgv],
        resourceLimits: { maxYoungGenerationSizeMb: 8 },
      });
      workers.push(worker);
      worker.on("message", (message: RangeMessage) => {
        if (message.kind === "done") return resolve({ rows: message.rows, bytes: message.bytes });
        if (message.kind === "failed")
          return reject(new TesseraError(message.code, message.message, { place: request.place }));
        try {
          for (const chunk of message.chunks) {
            writer.append(chunk);
            rows += chunk.rows;
          }
          for (const bad of message.bad) onBad(bad);
          onRows(rows);
          const taken = message.chunks.map((chunk) => chunk.buffer);
          worker.postMessage({ taken } satisfies RangeReceipt, taken);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      worker.once("error", reject);
      worker.once("exit", () =>
        reject(
          new TesseraError(
            signal.aborted ? "cancelled" : "source-unavailable",
            signal.aborted ? "the read was cancelled" : "a reading thread ended early",
            { place: request.place },
          ),
        ),
      );
    });
  try {
    const parts = await Promise.all(selects.map(read));
    return {
      rows: parts.reduce((sum, part) => sum + part.rows, 0),
      bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    };
  } finally {
    signal.removeEventListener("abort", stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
