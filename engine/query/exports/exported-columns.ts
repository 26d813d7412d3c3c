/**
 * Columns for machines hold what the JSON answer holds: every digit of large integers, text for types that other tools
 * read differently, and finite numbers only.
 */
import { at, first } from "../../lookup.ts";
import { DuckDBTypeId, type DuckDBConnection, type DuckDBType } from "duckdb";
import { widthOf } from "../../warehouse/columns.ts";

/** The text of a value, as JSON has it; null for types that machines read as they are. */
export const asText = (type: DuckDBType, of: string): string | null =>
  widthOf(type) === null && type.typeId !== DuckDBTypeId.VARCHAR ? `CAST(${of} AS VARCHAR)` : null;

/** The value, or null for infinity and "not a number", which JSON cannot hold. */
export const finite = (type: DuckDBType, of: string): string =>
  type.typeId === DuckDBTypeId.DOUBLE || type.typeId === DuckDBTypeId.FLOAT
    ? `CASE WHEN isfinite(${of}) THEN ${of} END`
    : of;

/** How wide the integers of a column are: 64 bits, the 38 digits of a decimal, or more than any number type holds. */
export type Width = "int64" | "decimal" | "text";

/** Whether integers of a type may exceed 64 bits. */
export const isWide = (type: DuckDBType): boolean =>
  type.typeId === DuckDBTypeId.HUGEINT || type.typeId === DuckDBTypeId.UBIGINT;

const DIGITS = 10n ** 38n;
const LONG = 2n ** 63n;

/** The widths of some columns. @param from a relation that has them */
export async function widthsOf(
  connection: DuckDBConnection,
  from: string,
  columns: readonly string[],
): Promise<readonly Width[]> {
  if (columns.length === 0) return [];
  const read = await connection.runAndReadAll(
    `SELECT ${columns.map((of) => `CAST(min(${of}) AS VARCHAR), CAST(max(${of}) AS VARCHAR)`).join(", ")} FROM ${from}`,
  );
  const bounds = first(read.getRows()).map((bound) => BigInt(typeof bound === "string" ? bound : "0"));
  return columns.map((_, i) => {
    const [least, most] = [at(bounds, 2 * i), at(bounds, 2 * i + 1)];
    if (least >= -LONG && most < LONG) return "int64";
    return least > -DIGITS && most < DIGITS ? "decimal" : "text";
  });
}
