/**
 * A result as an Arrow IPC stream, built from DuckDB's vectors column by column. Text travels as dictionaries: reading a
 * million strings one by one costs a native call each, reading their codes does not.
 */
import {
  Bool,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  Schema,
  Table,
  TimestampMicrosecond,
  Utf8,
  makeData,
  tableToIPC,
  vectorFromArray,
  RecordBatch,
  Struct,
  type DataType,
  type Data,
} from "apache-arrow";
import {
  DuckDBEnumType,
  DuckDBTypeId,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBDecimalType,
  type DuckDBType,
} from "duckdb";
import { quote } from "../../sql/print-duckdb.ts";
import { vectorBytes, widthOf } from "../../warehouse/columns.ts";
import { bindAll, type RunOptions } from "../../warehouse/serving.ts";
import type { Engine } from "../answer/engine.ts";
import { detailRows } from "./detail-rows.ts";
import { asText, finite, isWide, widthsOf } from "./exported-columns.ts";
import { overflowed } from "../binding/overflow.ts";
import { resultColumns } from "../answer/result.ts";

let serial = 0;

/** The detail rows of a query. The answer is a whole table before its first byte is sent, so an error can never look like an end. */
export async function arrow(engine: Engine, query: unknown, options: RunOptions = {}): Promise<Uint8Array> {
  const { resolved, compiled, printed } = await engine.plan(query, options);
  const columns = resultColumns(resolved, compiled, engine.catalog.project.currency);
  return engine.serving.using(async (connection) => {
    const name = `arrow_${process.pid}_${serial++}`;
    const statement = await connection.prepare(`CREATE TEMP TABLE ${quote(name)} AS ${detailRows(resolved, printed)}`);
    try {
      bindAll(statement, printed.parameters);
      await statement.run();
      return await encode(
        connection,
        name,
        [...resolved.keys.map((_k, i) => `k${i}`), ...compiled.values.map((v) => v.column)],
        columns.map((c) => c.name),
      );
    } catch (error) {
      throw await overflowed(
        error,
        resolved.measures.map((m) => m.name),
      );
    } finally {
      statement.destroySync();
      await connection.run(`DROP TABLE IF EXISTS ${quote(name)}`);
      await dropEnums(connection, name);
    }
  }, options);
}

/** Of the instance itself: the first place on the path holds functions, the others are read-only. */
const enumType = (table: string, n: number): string => `memory.main.${quote(`${table}_${n}`)}`;

async function dropEnums(connection: DuckDBConnection, name: string): Promise<void> {
  for (let i = 0; i < 64; i++) {
    try {
      await connection.run(`DROP TYPE ${enumType(name, i)}`);
    } catch {
      return;
    }
  }
}

/** Reads a table's columns, one record batch a chunk; the dictionaries are the same in all of them. */
async function encode(
  connection: DuckDBConnection,
  table: string,
  sources: readonly string[],
  names: readonly string[],
): Promise<Uint8Array> {
  const described = await connection.run(`SELECT ${sources.map(quote).join(", ")} FROM ${quote(table)} LIMIT 0`);
  const types = described.columnTypes();
  const wide = sources.filter((_, i) => isWide(types[i]!)).map(quote);
  const widths = new Map((await widthsOf(connection, quote(table), wide)).map((width, i) => [wide[i]!, width]));
  let enums = 0;
  const selected: string[] = [];
  for (const [i, type] of types.entries()) {
    const of = quote(sources[i]!);
    const width = widths.get(of);
    const text =
      type.typeId === DuckDBTypeId.VARCHAR ? of : width === "text" ? `CAST(${of} AS VARCHAR)` : asText(type, of);
    if (text !== null) {
      const made = enumType(table, enums++);
      await connection.run(
        `CREATE TYPE ${made} AS ENUM (SELECT DISTINCT ${text} AS t FROM ${quote(table)} WHERE ${of} IS NOT NULL ORDER BY 1)`,
      );
      selected.push(`CAST(${text} AS ${made}) AS ${of}`);
    } else if (width) selected.push(`CAST(${of} AS ${width === "int64" ? "BIGINT" : "DECIMAL(38, 0)"}) AS ${of}`);
    else selected.push(`${finite(type, of)} AS ${of}`);
  }
  const result = await connection.run(`SELECT ${selected.join(", ")} FROM ${quote(table)}`);
  const physical = result.columnTypes();
  const builders = physical.map(columnBuilder);
  const batches: RecordBatch[] = [];
  const schema = new Schema(builders.map((b, i) => new Field(names[i]!, b.type, true)));
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    batches.push(
      new RecordBatch(
        schema,
        makeData({
          type: new Struct(schema.fields),
          length: chunk.rowCount,
          nullCount: 0,
          children: builders.map((b, i) => b.read(chunk, i)),
        }),
      ),
    );
  }
  return tableToIPC(batches.length > 0 ? new Table(schema, batches) : new Table(schema), "stream");
}

interface ColumnBuilder {
  readonly type: DataType;
  read(chunk: DuckDBDataChunk, column: number): Data;
}

function columnBuilder(type: DuckDBType, id: number): ColumnBuilder {
  const fixed = (
    arrowType: DataType,
    convert: (bytes: Uint8Array, rows: number) => ArrayBufferView,
  ): ColumnBuilder => ({
    type: arrowType,
    read(chunk, column) {
      const rows = chunk.rowCount;
      const { bytes, validity } = vectorBytes(chunk, column, widthOf(type)!);
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
      const values = (type as DuckDBEnumType).values;
      const width = values.length <= 0xff ? 1 : values.length <= 0xffff ? 2 : 4;
      const dictionary = vectorFromArray(values as string[], new Utf8());
      const arrowType = new Dictionary(new Utf8(), new Int32(), id);
      return {
        type: arrowType,
        read(chunk, column) {
          const rows = chunk.rowCount;
          const { bytes, validity } = vectorBytes(chunk, column, width);
          const copied = copy(bytes);
          const codes = Int32Array.from(
            width === 1 ? new Uint8Array(copied) : width === 2 ? new Uint16Array(copied) : new Uint32Array(copied),
          );
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
        for (let i = 0; i < rows; i++) if (bytes[i]) bits[i >> 3]! |= 1 << (i & 7);
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
      const { scale } = type as DuckDBDecimalType;
      const width = widthOf(type)!;
      return fixed(new Decimal(scale, 38, 128), (bytes, rows) =>
        width === 16 ? new Uint32Array(copy(bytes)) : widen(copy(bytes), width, rows),
      );
    }
    default:
      throw new Error(`no Arrow type for ${String(type)}`);
  }
}

/** Narrow decimals as the 128-bit words of Arrow's, sign extended. */
function widen(buffer: ArrayBuffer, width: number, rows: number): Uint32Array {
  const words = new Uint32Array(rows * 4);
  if (width === 8) {
    const from = new Int32Array(buffer);
    for (let i = 0; i < rows; i++) {
      const high = from[2 * i + 1]!;
      words[4 * i] = from[2 * i]!;
      words[4 * i + 1] = high;
      words[4 * i + 2] = words[4 * i + 3] = high >> 31;
    }
  } else {
    const from = width === 4 ? new Int32Array(buffer) : new Int16Array(buffer);
    for (let i = 0; i < rows; i++) {
      const value = from[i]!;
      words[4 * i] = value;
      words[4 * i + 1] = words[4 * i + 2] = words[4 * i + 3] = value >> 31;
    }
  }
  return words;
}
