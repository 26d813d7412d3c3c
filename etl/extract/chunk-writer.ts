/**
 * Fills a DuckDB table from typed arrays, a chunk at a time, without row objects and without a statement for each row.
 */
import {
  DuckDBDataChunk,
  DuckDBDecimalType,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBTypeId,
  type DuckDBType,
} from "duckdb";
import { CHUNK_ROWS, ColumnBuffer, decimalWidth, HEAVY, type Waiting, type Width } from "./column-buffer.ts";
import type { PackedChunk, RowSink } from "./packed-chunk.ts";
import { writePacked, writeVector } from "./write-vector.ts";

/** Writes rows into a table: fill `columns` at `row`, then call `next`. */
export interface ChunkWriter extends RowSink {
  /** bytes of a value of each column */
  readonly widths: readonly Width[];
  /** rows written so far */
  readonly rows: number;
  /** writes a chunk that another thread filled */
  append(packed: PackedChunk): void;
  /** writes the remaining rows and closes the table */
  close(): void;
}

/** The appender is flushed when it holds this many bytes. */
const BUFFERED = 16 << 20;

/** Opens an existing table for writing. @param catalog name of the attached database */
export async function openChunkWriter(
  connection: DuckDBConnection,
  catalog: string,
  table: string,
): Promise<ChunkWriter> {
  const appender: DuckDBAppender = await connection.createAppender(table, "main", catalog);
  const types: DuckDBType[] = Array.from({ length: appender.columnCount }, (_, i) => appender.columnType(i));
  const widths = types.map(widthOf);
  const rowBytes = widths.reduce((sum, width) => sum + width, 0);
  const waiting: Waiting = { bytes: 0 };
  const columns = widths.map((width) => new ColumnBuffer(width, waiting));
  const chunk = DuckDBDataChunk.create(types);
  let row = 0;
  let flushed = 0;
  let buffered = 0;

  // the appender keeps up to 200,000 rows of any size outside DuckDB's memory limit
  const hand = (rows: number, long: number): void => {
    appender.appendDataChunk(chunk);
    chunk.reset();
    flushed += rows;
    buffered += rows * rowBytes + long;
    if (buffered < BUFFERED) return;
    appender.flushSync();
    buffered = 0;
  };
  const flush = (): void => {
    if (row === 0) return;
    chunk.rowCount = row;
    for (const [i, column] of columns.entries()) {
      writeVector(chunk.chunk, i, row, column);
      column.reset();
    }
    hand(row, waiting.bytes);
    row = 0;
    waiting.bytes = 0;
  };
  return {
    columns,
    widths,
    get row() {
      return row;
    },
    get rows() {
      return flushed + row;
    },
    next() {
      if (++row === CHUNK_ROWS || waiting.bytes > HEAVY) flush();
    },
    drop() {
      for (const column of columns) column.clearRow(row);
    },
    append(packed) {
      chunk.rowCount = packed.rows;
      for (const [i, width] of widths.entries()) writePacked(chunk.chunk, i, width, packed);
      hand(packed.rows, packed.long);
    },
    close() {
      flush();
      appender.closeSync();
    },
  };
}

function widthOf(type: DuckDBType): Width {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return 1;
    case DuckDBTypeId.SMALLINT:
      return 2;
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.DATE:
    case DuckDBTypeId.FLOAT:
      return 4;
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.TIME:
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return 8;
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.BLOB:
    case DuckDBTypeId.UUID:
      return 16;
    default:
      if (type instanceof DuckDBDecimalType) return decimalWidth(type.width);
      throw new Error(`no vector layout for ${type.toString()}`);
  }
}
