/** A chunk on its way from the thread that decoded it to the one that writes it: buffers that change owners without a copy. */
import { CHUNK_ROWS, ColumnBuffer, HEAVY, type Waiting, type Width } from "./column-buffer.ts";

export interface PackedColumn {
  readonly data: ArrayBuffer;
  readonly validity: ArrayBuffer | undefined;
  /** rows with long texts, where each of these ends in `longBytes` */
  readonly longRows: Uint32Array;
  readonly longEnds: Uint32Array;
  readonly longBytes: Uint8Array;
}

export interface PackedChunk {
  readonly rows: number;
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

/** A sink that hands over whole chunks. */
export function packingSink(widths: readonly Width[], take: (chunk: PackedChunk, buffers: ArrayBuffer[]) => void): RowSink & { flush(): void } {
  const waiting: Waiting = { bytes: 0 };
  const columns = widths.map((width) => new ColumnBuffer(width, waiting));
  let row = 0;
  const flush = (): void => {
    if (row === 0) return;
    const buffers: ArrayBuffer[] = [];
    const packed = columns.map((column) => pack(column, row, buffers));
    for (const column of columns) column.reset();
    take({ rows: row, columns: packed }, buffers);
    row = 0;
    waiting.bytes = 0;
  };
  return {
    columns,
    get row() { return row; },
    next() { if (++row === CHUNK_ROWS || waiting.bytes > HEAVY) flush(); },
    drop() { for (const column of columns) column.clearRow(row); },
    flush,
  };
}

function pack(column: ColumnBuffer, rows: number, buffers: ArrayBuffer[]): PackedColumn {
  const texts = column.longTexts.map((text) => (typeof text === "string" ? Buffer.from(text, "utf8") : text));
  const longBytes = new Uint8Array(texts.reduce((sum, text) => sum + text.length, 0));
  const longEnds = new Uint32Array(texts.length);
  let at = 0;
  for (let i = 0; i < texts.length; i++) {
    longBytes.set(texts[i]!, at);
    longEnds[i] = at += texts[i]!.length;
  }
  const data = column.bytes.buffer.slice(0, rows * column.width) as ArrayBuffer;
  const validity = column.hasNulls ? (column.validity.buffer.slice(0) as ArrayBuffer) : undefined;
  const longRows = Uint32Array.from(column.longRows);
  buffers.push(data, longBytes.buffer as ArrayBuffer, longEnds.buffer as ArrayBuffer, longRows.buffer as ArrayBuffer);
  if (validity !== undefined) buffers.push(validity);
  return { data, validity, longRows, longEnds, longBytes };
}
