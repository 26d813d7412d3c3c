/** A chunk on its way from the thread that decoded it to the one that writes it: buffers that change owners without a copy. */
import { CHUNK_ROWS, ColumnBuffer, HEAVY, type Waiting, type Width } from "./column-buffer.ts";

/** Where a column's parts begin in the chunk's buffer. */
export interface PackedColumn {
  readonly data: number;
  /** -1 where nothing is null */
  readonly validity: number;
  /** rows with long texts; where each of these ends, counted from `longBytes` */
  readonly longTexts: number;
  readonly longRows: number;
  readonly longEnds: number;
  readonly longBytes: number;
}

export interface PackedChunk {
  readonly rows: number;
  /** goes to the thread that writes it, and comes back empty: one that is made anew each time waits for a collection of garbage */
  readonly buffer: ArrayBuffer;
  /** bytes of long texts */
  readonly long: number;
  readonly columns: readonly PackedColumn[];
}

/** Where decoders put their values, a row at a time. */
export interface RowSink {
  readonly columns: readonly ColumnBuffer[];
  readonly row: number;
  next(): void;
  /** the row is not to be: what was written of it is forgotten */
  drop(): void;
}

/** A sink that hands over whole chunks; `make` answers a buffer of at least so many bytes. */
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
    const at = size;
    size += Math.ceil(bytes / ALIGNED) * ALIGNED;
    return at;
  };
  let long = 0;
  const packed = columns.map((column, i): PackedColumn => {
    const bytes = texts[i]!.reduce((sum, text) => sum + text.length, 0);
    long += bytes;
    const count = texts[i]!.length;
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
    const column = columns[i]!;
    all.set(column.bytes.subarray(0, rows * column.width), data);
    if (validity >= 0) all.set(new Uint8Array(column.validity.buffer), validity);
    new Uint32Array(buffer, longRows, texts[i]!.length).set(column.longRows);
    const ends = new Uint32Array(buffer, longEnds, texts[i]!.length);
    let at = 0;
    for (const [n, text] of texts[i]!.entries()) {
      all.set(text, longBytes + at);
      ends[n] = at += text.length;
    }
  }
  return { rows, buffer, long, columns: packed };
}
