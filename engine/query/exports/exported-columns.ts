/** Columns for machines hold what the JSON answer says: every digit of large integers, text for what other tools read otherwise, and no number that is none. */
import { DuckDBTypeId, type DuckDBConnection, type DuckDBType } from "duckdb";
import { widthOf } from "../../warehouse/columns.ts";

/** The text of a value, as JSON has it; null for types that machines read as they are. */
export const asText = (type: DuckDBType, of: string): string | null =>
  widthOf(type) === null && type.typeId !== DuckDBTypeId.VARCHAR ? `CAST(${of} AS VARCHAR)` : null;

/** Neither infinity nor "not a number": JSON has no word for them, and null in their place. */
export const finite = (type: DuckDBType, of: string): string =>
  type.typeId === DuckDBTypeId.DOUBLE || type.typeId === DuckDBTypeId.FLOAT
    ? `CASE WHEN isfinite(${of}) THEN ${of} END`
    : of;

/** How wide the integers of a column are: 64 bits, the 38 digits of a decimal, or more than any number type holds. */
export type Width = "int64" | "decimal" | "text";

export const isWide = (type: DuckDBType): boolean =>
  type.typeId === DuckDBTypeId.HUGEINT || type.typeId === DuckDBTypeId.UBIGINT;

const DIGITS = 10n ** 38n;
const LONG = 2n ** 63n;

/** @param from a relation with the columns */
export async function widthsOf(
  connection: DuckDBConnection,
  from: string,
  columns: readonly string[],
): Promise<readonly Width[]> {
  if (columns.length === 0) return [];
  const read = await connection.runAndReadAll(
    `SELECT ${columns.map((of) => `CAST(min(${of}) AS VARCHAR), CAST(max(${of}) AS VARCHAR)`).join(", ")} FROM ${from}`,
  );
  const bounds = read.getRows()[0]! as (string | null)[];
  return columns.map((_, i) => {
    const [least, most] = [BigInt(bounds[2 * i] ?? "0"), BigInt(bounds[2 * i + 1] ?? "0")];
    return least >= -LONG && most < LONG ? "int64" : least > -DIGITS && most < DIGITS ? "decimal" : "text";
  });
}
