/** A chunk that moves from the decoding thread to the writing one: its buffer changes owners without a copy. */
import { at } from "../../engine/lookup.ts";
import { CHUNK_ROWS, ColumnBuffer, HEAVY, type Waiting, type Width } from "./column-buffer.ts";

/** Offsets of a column's parts in the chunk's buffer. */
export interface PackedColumn {
  readonly data: number;
  /** -1 for a column without nulls */
  readonly validity: number;
  /** how many long texts there are */
  readonly longTexts: number;
  /** their rows */
  readonly longRows: number;
  /** their ends, relative to `longBytes` */
  readonly longEnds: number;
  readonly longBytes: number;
}

/** The rows of a chunk in one buffer. */
export interface PackedChunk {
  readonly rows: number;
  /** returned after writing: a new buffer for each chunk would wait for the garbage collector */
  readonly buffer: ArrayBuffer;
  /** bytes of long texts */
  readonly long: number;
  readonly columns: readonly PackedColumn[];
}

/** Takes the values of decoders, a row at a time. */
export interface RowSink {
  readonly columns: readonly ColumnBuffer[];
  /** the current row */
  readonly row: number;
  /** completes the row */
  next(): void;
  /** discards the row */
  drop(): void;
}

/** A sink that hands over whole chunks. @param make returns a buffer of at least this many bytes */
export function packingSink(
  widths: readonly Width[],
  make: (bytes: number) => ArrayBuffer,
  take: (chunk: PackedChunk) => void,
): RowSink & { flush(): void } {
  const waiting: Waiting = { bytes: 0 };
  const columns = widths.map((width) => new ColumnBuffer(width, waiting));
  let row = 0;
  const flush = (): void => {
    if (row === 0) return;
    const chunk = pack(columns, row, make);
    for (const column of columns) column.reset();
    take(chunk);
    row = 0;
    waiting.bytes = 0;
  };
  return {
    columns,
    get row() {
      return row;
    },
    next() {
      if (++row === CHUNK_ROWS || waiting.bytes > HEAVY) flush();
    },
    drop() {
      for (const column of columns) column.clearRow(row);
    },
    flush,
  };
}

const ALIGNED = 8;

function pack(columns: readonly ColumnBuffer[], rows: number, make: (bytes: number) => ArrayBuffer): PackedChunk {
  const texts = columns.map((column) =>
    column.longTexts.map((text) => (typeof text === "string" ? Buffer.from(text, "utf8") : text)),
  );
  let size = 0;
  const place = (bytes: number): number => {
    const offset = size;
    size += Math.ceil(bytes / ALIGNED) * ALIGNED;
    return offset;
  };
  let long = 0;
  const packed = columns.map((column, i): PackedColumn => {
    const own = at(texts, i);
    const bytes = own.reduce((sum, text) => sum + text.length, 0);
    long += bytes;
    const count = own.length;
    return {
      data: place(rows * column.width),
      validity: column.hasNulls ? place(column.validity.byteLength) : -1,
      longTexts: count,
      longRows: place(count * 4),
      longEnds: place(count * 4),
      longBytes: place(bytes),
    };
  });
  const buffer = make(size);
  const all = new Uint8Array(buffer);
  for (const [i, { data, validity, longRows, longEnds, longBytes }] of packed.entries()) {
    const column = at(columns, i);
    const own = at(texts, i);
    all.set(column.bytes.subarray(0, rows * column.width), data);
    if (validity >= 0) all.set(new Uint8Array(column.validity.buffer), validity);
    new Uint32Array(buffer, longRows, own.length).set(column.longRows);
    const ends = new Uint32Array(buffer, longEnds, own.length);
    let end = 0;
    for (const [n, text] of own.entries()) {
      all.set(text, longBytes + end);
      end += text.length;
      ends[n] = end;
    }
  }
  return { rows, buffer, long, columns: packed };
}
