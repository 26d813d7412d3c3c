/** The thread of one range: reads, decodes and hands over chunks, no faster than they are written. */
import { present } from "../../../engine/lookup.ts";
import { parentPort, workerData } from "node:worker_threads";
import { packingSink, type PackedChunk } from "../packed-chunk.ts";
import { copyRows, type BadTuple } from "./pg-copy.ts";
import type { RangeMessage, RangeOrder, RangeReceipt } from "./pg-ranges.ts";
import { asSourceError, openSession } from "./pg-session.ts";

/** Chunks in one message. */
const BATCH = 4;
/** Messages that may wait for an acknowledgement. */
const AHEAD = 3;
/**
 * Buffers have a multiple of these bytes, so that a returned one fits the next chunk; one that is far too large is
 * dropped.
 */
const STEP = 1 << 16;
const MOST_SPARE = 4;

/** Runs the thread. */
export async function main(): Promise<void> {
  const port = present(parentPort, "parent port");
  const order: RangeOrder = workerData;
  const say = (message: RangeMessage, buffers: ArrayBuffer[] = []): void => port.postMessage(message, buffers);
  let chunks: PackedChunk[] = [];
  /** buffers that the writer returned */
  const free: ArrayBuffer[] = [];
  let bad: BadTuple[] = [];
  let underway = 0;
  let go: (() => void) | undefined;
  port.on("message", (message: RangeReceipt) => {
    free.push(...message.taken);
    underway--;
    go?.();
    go = undefined;
  });
  const send = (): void => {
    if (chunks.length === 0 && bad.length === 0) return;
    underway++;
    say(
      { kind: "chunks", chunks, bad },
      chunks.map((chunk) => chunk.buffer),
    );
    [chunks, bad] = [[], []];
  };
  const make = (bytes: number): ArrayBuffer => {
    for (let buffer = free.pop(); buffer !== undefined; buffer = free.pop())
      if (buffer.byteLength >= bytes && buffer.byteLength <= bytes * MOST_SPARE + STEP) return buffer;
    return new ArrayBuffer(Math.ceil(bytes / STEP) * STEP);
  };
  const sink = packingSink(order.widths, make, (chunk) => {
    chunks.push(chunk);
    if (chunks.length === BATCH) send();
  });
  let lost: (() => Error | undefined) | undefined;
  try {
    const session = await openSession(order.url, order.place, order.snapshot);
    lost = session.lost;
    const { rows, bytes } = await copyRows(session.client, sink, {
      ...order,
      signal: new AbortController().signal,
      onBad: (row) => void bad.push(row),
      onPiece: () =>
        underway < AHEAD
          ? undefined
          : new Promise<void>((done) => {
              go = done;
            }),
    });
    sink.flush();
    send();
    say({ kind: "done", rows, bytes });
    await session.client.end().catch(() => undefined);
  } catch (error) {
    const known = asSourceError(error, order.place, lost?.());
    say({ kind: "failed", code: known.code, message: known.message });
  } finally {
    port.close();
  }
}
