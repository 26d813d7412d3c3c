/**
 * Copies of small tables in memory, with each text as its position in a sorted list: grouped like a small number,
 * without hashing, and ordered like the text.
 */
import type { DuckDBConnection } from "duckdb";
import { readColumns } from "./columns.ts";
import { quoteIdentifier as name, quoteText as text } from "./sql-text.ts";

/** Larger tables are read where they are. */
const MOST_ROWS = 200_000;
/** The most of all copies together. */
const MOST_CELLS = 4_000_000;
/** A list with nearly as many texts as rows saves nothing. */
const MOST_TEXTS = 10_000;

/**
 * Copies the small tables of a catalog into the memory of the instance, the smallest first. A table that is copied is
 * found there before the file's own.
 */
export async function encodeTables(connection: DuckDBConnection, catalog: string): Promise<void> {
  const rows = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    const read = await readColumns(await connection.run(sql));
    return Array.from({ length: read.rowCount }, (_, r) => read.columns.map((column) => column[r]));
  };
  let left = MOST_CELLS;
  for (const [table, size, columns] of (await rows(
    `SELECT table_name, estimated_size, column_count FROM duckdb_tables() WHERE database_name = ${text(catalog)} ORDER BY estimated_size, table_name`,
  )) as [string, number, number][]) {
    if (size > MOST_ROWS || size * columns > left) break;
    left -= size * columns;
    const from = `${name(catalog)}.main.${name(table)}`;
    const all = (await rows(
      `SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ${text(catalog)} AND table_name = ${text(table)} ORDER BY column_index`,
    )) as [string, string][];
    const texts = all.flatMap(([column, type]) => (type === "VARCHAR" ? [column] : []));
    const [counts = []] =
      texts.length === 0
        ? []
        : await rows(`SELECT ${texts.map((column) => `count(DISTINCT ${name(column)})`).join(", ")} FROM ${from}`);
    const encoded = new Set(
      texts.filter((_, i) => Number(counts[i]) > 0 && Number(counts[i]) <= Math.min(MOST_TEXTS, size / 2)),
    );
    const listOf = (column: string): string => `memory.main.${name(`${table}.${column}`)}`;
    for (const column of encoded)
      await connection.run(
        `CREATE TYPE ${listOf(column)} AS ENUM (SELECT DISTINCT ${name(column)} FROM ${from} WHERE ${name(column)} IS NOT NULL ORDER BY 1)`,
      );
    await connection.run(
      `CREATE TABLE memory.main.${name(table)} AS SELECT ${all.map(([column]) => (encoded.has(column) ? `CAST(${name(column)} AS ${listOf(column)}) AS ${name(column)}` : name(column))).join(", ")} FROM ${from}`,
    );
  }
}
