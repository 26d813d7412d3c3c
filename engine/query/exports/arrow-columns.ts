/** DuckDB's vectors as Arrow columns, by type. */
import { present } from "../../lookup.ts";
import {
  Bool,
  DateDay,
  Decimal,
  Dictionary,
  Float64,
  Int32,
  Int64,
  TimestampMicrosecond,
  Utf8,
  makeData,
  vectorFromArray,
  type DataType,
  type Data,
} from "apache-arrow";
import { DuckDBDecimalType, DuckDBEnumType, DuckDBTypeId, type DuckDBDataChunk, type DuckDBType } from "duckdb";
import { vectorBytes, widthOf } from "../../warehouse/columns.ts";

/** Reads one column of a chunk. */
interface ColumnBuilder {
  readonly type: DataType;
  read(chunk: DuckDBDataChunk, column: number): Data;
}

/** How a column of a DuckDB type becomes an Arrow column. @param id of its dictionary, where it has one */
export function columnBuilder(type: DuckDBType, id: number): ColumnBuilder {
  const fixed = (
    arrowType: DataType,
    convert: (bytes: Uint8Array, rows: number) => ArrayBufferView,
  ): ColumnBuilder => ({
    type: arrowType,
    read(chunk, column) {
      const rows = chunk.rowCount;
      const { bytes, validity } = vectorBytes(chunk, column, present(widthOf(type), `the width of ${String(type)}`));
      const nullBitmap = validity === null ? null : validity.slice(0, Math.ceil(rows / 8));
      return makeData({
        type: arrowType,
        length: rows,
        nullCount: nullBitmap ? -1 : 0,
        nullBitmap,
        data: convert(bytes, rows),
      } as never);
    },
  });
  const copy = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer;
  switch (type.typeId) {
    case DuckDBTypeId.ENUM: {
      const { values } = instance(type, DuckDBEnumType);
      const width = codeWidth(values.length);
      const dictionary = vectorFromArray([...values], new Utf8());
      const arrowType = new Dictionary(new Utf8(), new Int32(), id);
      return {
        type: arrowType,
        read(chunk, column) {
          const rows = chunk.rowCount;
          const { bytes, validity } = vectorBytes(chunk, column, width);
          const copied = copy(bytes);
          const codes = Int32Array.from(codesOf(copied, width));
          const nullBitmap = validity === null ? null : validity.slice(0, Math.ceil(rows / 8));
          return makeData({
            type: arrowType,
            length: rows,
            nullCount: nullBitmap ? -1 : 0,
            nullBitmap,
            data: codes,
            dictionary,
          });
        },
      };
    }
    case DuckDBTypeId.BOOLEAN:
      return fixed(new Bool(), (bytes, rows) => {
        const bits = new Uint8Array(Math.ceil(rows / 8));
        for (let i = 0; i < rows; i++) if (bytes[i]) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
        return bits;
      });
    case DuckDBTypeId.TINYINT:
      return fixed(new Int32(), (bytes) => Int32Array.from(new Int8Array(copy(bytes))));
    case DuckDBTypeId.UTINYINT:
      return fixed(new Int32(), (bytes) => Int32Array.from(bytes));
    case DuckDBTypeId.SMALLINT:
      return fixed(new Int32(), (bytes) => Int32Array.from(new Int16Array(copy(bytes))));
    case DuckDBTypeId.USMALLINT:
      return fixed(new Int32(), (bytes) => Int32Array.from(new Uint16Array(copy(bytes))));
    case DuckDBTypeId.INTEGER:
      return fixed(new Int32(), (bytes) => new Int32Array(copy(bytes)));
    case DuckDBTypeId.UINTEGER:
      return fixed(new Int64(), (bytes) => BigInt64Array.from(Array.from(new Uint32Array(copy(bytes)), BigInt)));
    case DuckDBTypeId.BIGINT:
      return fixed(new Int64(), (bytes) => new BigInt64Array(copy(bytes)));
    case DuckDBTypeId.DOUBLE:
      return fixed(new Float64(), (bytes) => new Float64Array(copy(bytes)));
    case DuckDBTypeId.FLOAT:
      return fixed(new Float64(), (bytes) => Float64Array.from(new Float32Array(copy(bytes))));
    case DuckDBTypeId.DATE:
      return fixed(new DateDay(), (bytes) => new Int32Array(copy(bytes)));
    case DuckDBTypeId.TIMESTAMP:
      return fixed(new TimestampMicrosecond(), (bytes) => new BigInt64Array(copy(bytes)));
    case DuckDBTypeId.TIMESTAMP_TZ:
      return fixed(new TimestampMicrosecond("UTC"), (bytes) => new BigInt64Array(copy(bytes)));
    case DuckDBTypeId.DECIMAL: {
      const { scale } = instance(type, DuckDBDecimalType);
      const width = present(widthOf(type), `the width of ${String(type)}`);
      return fixed(new Decimal(scale, 38, 128), (bytes, rows) =>
        width === 16 ? new Uint32Array(copy(bytes)) : widen(copy(bytes), width, rows),
      );
    }
    default:
      throw new Error(`no Arrow type for ${String(type)}`);
  }
}

/** Bytes of a dictionary's codes. */
function codeWidth(values: number): 1 | 2 | 4 {
  if (values <= 0xff) return 1;
  return values <= 0xffff ? 2 : 4;
}

function codesOf(buffer: ArrayBuffer, width: 1 | 2 | 4): Uint8Array | Uint16Array | Uint32Array {
  if (width === 1) return new Uint8Array(buffer);
  return width === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer);
}

/** A type that is known by its id. */
function instance<T extends DuckDBType>(type: DuckDBType, of: abstract new (...args: never[]) => T): T {
  if (!(type instanceof of)) throw new Error(`unexpected type ${String(type)}`);
  return type;
}

/** Decimals as Arrow's words of 128 bits, sign extended. */
function widen(buffer: ArrayBuffer, width: number, rows: number): Uint32Array {
  const words = new Uint32Array(rows * 4);
  const wide = width === 8;
  const from = width === 2 ? new Int16Array(buffer) : new Int32Array(buffer);
  for (let row = 0; row < rows; row++) {
    const low = (wide ? from[2 * row] : from[row]) ?? 0;
    const high = wide ? (from[2 * row + 1] ?? 0) : low >> 31;
    words[4 * row] = low;
    words[4 * row + 1] = high;
    words[4 * row + 2] = words[4 * row + 3] = high >> 31;
  }
  return words;
}
