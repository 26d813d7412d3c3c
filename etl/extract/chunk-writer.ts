/** Fills a DuckDB table from typed arrays, a chunk at a time: never a row object, never a statement a row. */
import {
  DuckDBDataChunk,
  DuckDBDecimalType,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
} from "duckdb";
import { DuckDBTypeId } from "duckdb";
import { CHUNK_ROWS, ColumnBuffer, HEAVY, type Waiting, type Width } from "./column-buffer.ts";
import type { PackedChunk, RowSink } from "./packed-chunk.ts";
import { writePacked, writeVector } from "./write-vector.ts";

export interface ChunkWriter extends RowSink {
  /** bytes of a value of each column */
  readonly widths: readonly Width[];
  readonly rows: number;
  /** writes a chunk that another thread has filled */
  append(packed: PackedChunk): void;
  /** writes out what is left and closes the table */
  close(): void;
}

/** Bytes that wait in the appender at most. */
const BUFFERED = 16 << 20;

/** Opens an existing table, named by its catalog and name, for writing. */
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

  // the appender keeps 200,000 rows outside of the engine's memory limit, however large they are
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
    for (let i = 0; i < columns.length; i++) {
      writeVector(chunk.chunk, i, row, columns[i]!);
      columns[i]!.reset();
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
      for (let i = 0; i < packed.columns.length; i++) writePacked(chunk.chunk, i, widths[i]!, packed);
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
    case DuckDBTypeId.DECIMAL: {
      const { width } = type as DuckDBDecimalType;
      return width <= 4 ? 2 : width <= 9 ? 4 : width <= 18 ? 8 : 16;
    }
    default:
      throw new Error(`no vector layout for ${type.toString()}`);
  }
}
