/** A statement's columns as typed arrays, copied vector by vector: for the millions of rows that a technique reads. */
import { DuckDBTypeId, type DuckDBConnection, type DuckDBValue } from "duckdb";
import { isValid, vectorBytes } from "../warehouse/columns.ts";
import { at } from "../lookup.ts";

/** A column as `readTyped` returns it: whole numbers and days, or doubles. */
export type TypedColumn = Int32Array | Float64Array;

/**
 * Runs a statement whose columns are INTEGER, DATE (days since 1970) or DOUBLE.
 * @returns one array a column; null is NaN among doubles and -1 among whole numbers
 * @throws Error for columns of another type
 */
export async function readTyped(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[] = [],
): Promise<TypedColumn[]> {
  const result = await connection.run(sql, [...parameters]);
  const whole = result.columnTypes().map((type) => {
    if (type.typeId === DuckDBTypeId.INTEGER || type.typeId === DuckDBTypeId.DATE) return true;
    if (type.typeId === DuckDBTypeId.DOUBLE) return false;
    throw new Error(`column type ${String(type)}: expected INTEGER, DATE or DOUBLE`);
  });
  const parts: TypedColumn[][] = whole.map(() => []);
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    for (const [c, isWhole] of whole.entries()) {
      const { bytes, validity } = vectorBytes(chunk, c, isWhole ? 4 : 8);
      const copy = bytes.slice();
      const values = isWhole
        ? new Int32Array(copy.buffer, 0, chunk.rowCount)
        : new Float64Array(copy.buffer, 0, chunk.rowCount);
      if (validity !== null)
        for (let i = 0; i < chunk.rowCount; i++) if (!isValid(validity, i)) values[i] = isWhole ? -1 : Number.NaN;
      at(parts, c).push(values);
    }
    rows += chunk.rowCount;
  }
  return parts.map((list, c) => joined(list, whole[c] ? new Int32Array(rows) : new Float64Array(rows)));
}

/** The columns of a statement that reads doubles alone. @throws Error for a column of another type */
export async function readDoubles(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[] = [],
): Promise<Float64Array[]> {
  return (await readTyped(connection, sql, parameters)).map((column, c) => doubles(column, c));
}

/** The columns of a statement that reads whole numbers alone. @throws Error for a column of another type */
export async function readIntegers(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[] = [],
): Promise<Int32Array[]> {
  return (await readTyped(connection, sql, parameters)).map((column, c) => integers(column, c));
}

/** The column as doubles. @throws Error where it has whole numbers */
export function doubles(column: TypedColumn | undefined, position: number): Float64Array {
  if (column instanceof Float64Array) return column;
  throw new Error(`column ${position} does not hold doubles`);
}

/** The column as whole numbers. @throws Error where it has doubles */
export function integers(column: TypedColumn | undefined, position: number): Int32Array {
  if (column instanceof Int32Array) return column;
  throw new Error(`column ${position} does not hold whole numbers`);
}

function joined(list: readonly TypedColumn[], whole: TypedColumn): TypedColumn {
  let offset = 0;
  for (const values of list) {
    whole.set(values, offset);
    offset += values.length;
  }
  return whole;
}
