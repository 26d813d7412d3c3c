/** Result vectors to JavaScript columns, through the vectors' own memory wherever the type has a fixed width. */
import { at } from "../lookup.ts";
import { setImmediate as turn } from "node:timers/promises";
import bindings from "@duckdb/node-bindings";
import { DuckDBDecimalType, DuckDBTypeId, type DuckDBDataChunk, type DuckDBType } from "duckdb";
import type { DuckDBMaterializedResult } from "duckdb/lib/DuckDBMaterializedResult.js";

export type Cell = string | number | boolean | null;

export interface ResultColumns {
  readonly names: readonly string[];
  /** DuckDB's names, for example `DECIMAL(14,2)` */
  readonly types: readonly string[];
  readonly rowCount: number;
  /** one array a column */
  readonly columns: readonly (readonly Cell[])[];
}

/** Reads a whole result. @param exact decimals and integers as strings, every digit kept */
export async function readColumns(result: DuckDBMaterializedResult, exact = false): Promise<ResultColumns> {
  const types = result.columnTypes();
  const columns: Cell[][] = types.map(() => []);
  let rowCount = 0;
  for (let n = 0; n < result.chunkCount; n++) {
    if (n > 0) await turn(); // others have theirs between the chunks of a long answer
    const chunk = result.getChunk(n);
    for (let c = 0; c < types.length; c++) appendColumn(at(columns, c), chunk, c, at(types, c), exact);
    rowCount += chunk.rowCount;
  }
  return { names: result.columnNames(), types: types.map(String), rowCount, columns };
}

/** The raw bytes of a column's vector and its validity bits (null: all valid). */
export function vectorBytes(
  chunk: DuckDBDataChunk,
  column: number,
  width: number,
): { readonly bytes: Uint8Array; readonly validity: Uint8Array | null } {
  const vector = bindings.data_chunk_get_vector(chunk.chunk, column);
  const validity = bindings.vector_get_validity(vector, Math.ceil(chunk.rowCount / 64) * 8) as Uint8Array | null;
  return { bytes: bindings.vector_get_data(vector, chunk.rowCount * width), validity };
}

export const isValid = (validity: Uint8Array | null, row: number): boolean =>
  validity === null || ((validity[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;

/** Bytes of one value in a vector; null where values have no fixed width. */
export function widthOf(type: DuckDBType): number | null {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.UTINYINT:
      return 1;
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.USMALLINT:
      return 2;
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DATE:
      return 4;
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return 8;
    case DuckDBTypeId.HUGEINT:
      return 16;
    case DuckDBTypeId.DECIMAL: {
      const { width } = decimalType(type);
      if (width <= 4) return 2;
      if (width <= 9) return 4;
      return width <= 18 ? 8 : 16;
    }
    default:
      return null;
  }
}

function appendColumn(into: Cell[], chunk: DuckDBDataChunk, c: number, type: DuckDBType, exact: boolean): void {
  const width = widthOf(type);
  const rows = chunk.rowCount;
  if (type.typeId === DuckDBTypeId.VARCHAR) return appendTexts(into, chunk, c);
  if (width === null) {
    const vector = chunk.getColumnVector(c);
    for (let i = 0; i < rows; i++) {
      const item = vector.getItem(i);
      const plain = typeof item === "string" || typeof item === "number" || typeof item === "boolean";
      into.push(item === null || plain ? item : String(item));
    }
    return;
  }
  const { bytes, validity } = vectorBytes(chunk, c, width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = reader(view, type, width, exact);
  for (let i = 0; i < rows; i++) into.push(isValid(validity, i) ? read(i) : null);
}

/** A text is its length in bytes and, up to 12 of them, the bytes themselves; a longer one lies elsewhere. */
function appendTexts(into: Cell[], chunk: DuckDBDataChunk, c: number): void {
  const { bytes, validity } = vectorBytes(chunk, c, 16);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let vector: ReturnType<DuckDBDataChunk["getColumnVector"]> | null = null;
  for (let i = 0; i < chunk.rowCount; i++) {
    if (!isValid(validity, i)) {
      into.push(null);
      continue;
    }
    const length = buffer.readUInt32LE(i * 16);
    into.push(
      length <= 12
        ? buffer.toString("utf8", i * 16 + 4, i * 16 + 4 + length)
        : ((vector ??= chunk.getColumnVector(c)).getItem(i) as string),
    );
  }
}

function decimalType(type: DuckDBType): DuckDBDecimalType {
  if (!(type instanceof DuckDBDecimalType)) throw new Error(`not a decimal: ${String(type)}`);
  return type;
}

/** The integers of a decimal column, by their width in bytes. */
function unscaled(view: DataView, width: number, big: (row: number) => bigint): (row: number) => number | bigint {
  switch (width) {
    case 2:
      return (i) => view.getInt16(i * 2, true);
    case 4:
      return (i) => view.getInt32(i * 4, true);
    case 8:
      return (i) => view.getBigInt64(i * 8, true);
    default:
      return big;
  }
}

function reader(view: DataView, type: DuckDBType, width: number, exact: boolean): (row: number) => Cell {
  const whole = (value: bigint): Cell =>
    !exact && value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value.toString();
  const big = (row: number): bigint =>
    (view.getBigInt64(row * 16 + 8, true) << 64n) | view.getBigUint64(row * 16, true);
  const small = (value: number): Cell => (exact ? String(value) : value);
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return (i) => view.getUint8(i) !== 0;
    case DuckDBTypeId.TINYINT:
      return (i) => small(view.getInt8(i));
    case DuckDBTypeId.UTINYINT:
      return (i) => small(view.getUint8(i));
    case DuckDBTypeId.SMALLINT:
      return (i) => small(view.getInt16(i * 2, true));
    case DuckDBTypeId.USMALLINT:
      return (i) => small(view.getUint16(i * 2, true));
    case DuckDBTypeId.INTEGER:
      return (i) => small(view.getInt32(i * 4, true));
    case DuckDBTypeId.UINTEGER:
      return (i) => small(view.getUint32(i * 4, true));
    case DuckDBTypeId.FLOAT:
      return (i) => finite(view.getFloat32(i * 4, true));
    case DuckDBTypeId.DOUBLE:
      return (i) => finite(view.getFloat64(i * 8, true));
    case DuckDBTypeId.BIGINT:
      return (i) => whole(view.getBigInt64(i * 8, true));
    case DuckDBTypeId.UBIGINT:
      return (i) => whole(view.getBigUint64(i * 8, true));
    case DuckDBTypeId.HUGEINT:
      return (i) => whole(big(i));
    case DuckDBTypeId.DATE:
      return (i) => isoDay(view.getInt32(i * 4, true));
    case DuckDBTypeId.TIMESTAMP:
      return (i) => isoInstant(view.getBigInt64(i * 8, true)).slice(0, -1);
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (i) => isoInstant(view.getBigInt64(i * 8, true));
    default: {
      const { scale } = decimalType(type);
      const raw = unscaled(view, width, big);
      const power = 10 ** scale;
      // dividing two exactly held numbers rounds once: the nearest double to the decimal
      return (i) => {
        const value = raw(i);
        if (exact) return decimalText(BigInt(value), scale);
        const number = Number(value);
        return Number.isSafeInteger(number) && scale <= 22 ? number / power : Number(decimalText(BigInt(value), scale));
      };
    }
  }
}

const finite = (value: number): Cell => (Number.isFinite(value) ? value : null);

/** Every digit of a scaled integer: 12345n at scale 2 is `123.45`. */
export function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const LATEST = 8_640_000_000_000_000n;
function isoDay(day: number): Cell {
  if (Math.abs(day) <= 100_000_000) return new Date(day * 86_400_000).toISOString().slice(0, -14);
  return day > 0 ? "infinity" : "-infinity";
}

function isoInstant(micros: bigint): string {
  // whole milliseconds before the moment; a division of bigints goes towards zero
  const millis = (micros < 0n ? micros - 999n : micros) / 1000n;
  if (millis > LATEST || millis < -LATEST) return micros > 0n ? "infinityZ" : "-infinityZ";
  const text = new Date(Number(millis)).toISOString();
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : text;
}
