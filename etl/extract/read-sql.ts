/** Short ways to read the answer of a statement. */
import type { DuckDBConnection, DuckDBValue, Json } from "duckdb";

/** All rows, with values as JSON: big integers and decimals are texts. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[] = [],
): Promise<Json[][]> {
  const found =
    parameters.length === 0
      ? await connection.runAndReadAll(sql)
      : await connection.runAndReadAll(sql, [...parameters]);
  return found.getRowsJson();
}

/** The first column as texts. */
export async function readTexts(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[] = [],
): Promise<string[]> {
  return (await readRows(connection, sql, parameters)).map(([value]) => String(value));
}

/** The first row as numbers; null and missing values are 0. */
export async function readNumbers(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[] = [],
): Promise<number[]> {
  const [row = []] = await readRows(connection, sql, parameters);
  return row.map((value) => Number(value ?? 0));
}

/** The first value of the first row as a number; 0 for no row. */
export async function readNumber(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[] = [],
): Promise<number> {
  const [value = 0] = await readNumbers(connection, sql, parameters);
  return value;
}
