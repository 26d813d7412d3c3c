/** Names and columns of the tables in the working copy. */
import type { DuckDBConnection } from "duckdb";
import { duckdbFault, quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";

/** The catalog under which the working copy is attached. */
export const WAREHOUSE = "warehouse";

/** The quoted name of a table of the working copy. */
export const inWarehouse = (table: string): string => `${WAREHOUSE}.${quoteIdentifier(table)}`;

/** Column names and types of a warehouse table, in order; empty when the table does not exist. */
export const columnsOf = (connection: DuckDBConnection, table: string): Promise<Map<string, string>> =>
  columnsIn(connection, WAREHOUSE, table);

/** The same of a table of any attached catalog. Asks for one table, as listing all of them reads every system view. */
export async function columnsIn(
  connection: DuckDBConnection,
  catalog: string,
  table: string,
): Promise<Map<string, string>> {
  try {
    const found = await connection.runAndReadAll(
      `SELECT name, type FROM pragma_table_info(${quoteText(`${catalog}.main.${quoteIdentifier(table)}`)})`,
    );
    return new Map(found.getRowsJson().map(([name, type]) => [String(name), shortType(String(type))]));
  } catch (error) {
    if (duckdbFault(error)?.kind === "missing-table") return new Map();
    throw error;
  }
}

const shortType = (type: string): string => (type === "TIMESTAMP WITH TIME ZONE" ? "TIMESTAMPTZ" : type);
