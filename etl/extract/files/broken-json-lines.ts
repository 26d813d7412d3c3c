/** Finds the broken lines of an NDJSON file: DuckDB reports that there are some, but not which. */
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** A line that is not JSON. */
export interface BrokenLine {
  /** from 1 */
  readonly line: number;
  readonly reason: string;
  /** the line's text; in hexadecimal when it is not UTF-8 */
  readonly row: string;
}

const LINE_FEED = 10;

/** The broken lines in order; the file (optionally gzipped) is read again, a line at a time. */
export async function* brokenJsonLines(path: string): AsyncGenerator<BrokenLine> {
  let number = 0;
  for await (const line of linesOf(
    /\.gz$/i.test(path) ? createReadStream(path).pipe(createGunzip()) : createReadStream(path),
  )) {
    number++;
    if (!isUtf8(line)) {
      yield { line: number, reason: "the line is not UTF-8", row: `0x${line.toString("hex")}` };
      continue;
    }
    const text = line.toString("utf8").trim();
    if (text === "") continue;
    try {
      JSON.parse(text);
    } catch {
      yield { line: number, reason: "the line is not JSON", row: text };
    }
  }
}

async function* linesOf(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const piece of stream as AsyncIterable<Buffer>) {
    let at = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, at)) {
      yield Buffer.concat([...rest, piece.subarray(at, end)]);
      rest = [];
      at = end + 1;
    }
    if (at < piece.length) rest.push(piece.subarray(at));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}
