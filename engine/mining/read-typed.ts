/** A statement's columns as typed arrays, copied vector by vector: for the millions of rows that a technique walks through. */
import { DuckDBTypeId, type DuckDBConnection, type DuckDBValue } from "duckdb";
import { isValid, vectorBytes } from "../warehouse/columns.ts";

export type TypedColumn = Int32Array | Float64Array;

/** @throws Error for columns that are neither INTEGER, DATE (days since 1970) nor DOUBLE: a bug of ours. Nulls are NaN, or -1 among integers */
export async function readTyped(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[] = [],
): Promise<TypedColumn[]> {
  const result = await connection.run(sql, [...parameters]);
  const types = result.columnTypes();
  const whole = types.map((type) => {
    if (type.typeId === DuckDBTypeId.INTEGER || type.typeId === DuckDBTypeId.DATE) return true;
    if (type.typeId === DuckDBTypeId.DOUBLE) return false;
    throw new Error(`${String(type)} is read as no typed array`);
  });
  const parts: TypedColumn[][] = types.map(() => []);
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    for (let c = 0; c < types.length; c++) {
      const { bytes, validity } = vectorBytes(chunk, c, whole[c] ? 4 : 8);
      const copy = bytes.slice();
      const values = whole[c]
        ? new Int32Array(copy.buffer, 0, chunk.rowCount)
        : new Float64Array(copy.buffer, 0, chunk.rowCount);
      if (validity !== null)
        for (let i = 0; i < chunk.rowCount; i++) if (!isValid(validity, i)) values[i] = whole[c] ? -1 : Number.NaN;
      parts[c]!.push(values);
    }
    rows += chunk.rowCount;
  }
  return parts.map((list, c) => {
    const out = whole[c] ? new Int32Array(rows) : new Float64Array(rows);
    let at = 0;
    for (const values of list) {
      out.set(values, at);
      at += values.length;
    }
    return out;
  });
}
