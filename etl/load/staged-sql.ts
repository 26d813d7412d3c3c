/** SQL over staged rows that several modes share. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { inWarehouse } from "../extract/warehouse-tables.ts";

/** A column by its name. */
interface Named {
  readonly name: string;
}

/** Names of columns. */
export const namesOf = (columns: readonly Named[]): string[] => columns.map((column) => column.name);

/** Quoted names, separated by commas. */
export const columnList = (columns: readonly Named[]): string =>
  columns.map((column) => quoteIdentifier(column.name)).join(", ");

/** SQL of whether the rows of two aliases have the same key. */
export const sameKey = (key: readonly string[], a: string, b: string): string =>
  key.map((name) => `${a}.${quoteIdentifier(name)} = ${b}.${quoteIdentifier(name)}`).join(" AND ");

/** Whether a warehouse table has no rows. */
export const isEmpty = async (connection: DuckDBConnection, table: string): Promise<boolean> =>
  (await connection.runAndReadAll(`SELECT 1 FROM ${inWarehouse(table)} LIMIT 1`)).currentRowCount === 0;
