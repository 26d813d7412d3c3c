/** Names and columns of the tables in the working copy. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";

/** The catalog under which the working copy is attached. */
export const WAREHOUSE = "warehouse";

/** The quoted name of a table of the working copy. */
export const inWarehouse = (table: string): string => `${WAREHOUSE}.${quoteIdentifier(table)}`;

/** Column names and types of a warehouse table, in order; empty when the table does not exist. */
export async function columnsOf(connection: DuckDBConnection, table: string): Promise<Map<string, string>> {
  const found = await connection.runAndReadAll(
    `SELECT column_name, data_type FROM duckdb_columns()
     WHERE database_name = $1 AND table_name = $2 ORDER BY column_index`,
    [WAREHOUSE, table],
  );
  return new Map(found.getRowsJson().map(([name, type]) => [String(name), shortType(String(type))]));
}

const shortType = (type: string): string => (type === "TIMESTAMP WITH TIME ZONE" ? "TIMESTAMPTZ" : type);
