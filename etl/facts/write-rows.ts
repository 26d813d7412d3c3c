/** Writes rows of the state into tables of the working copy. */
import type { DuckDBConnection } from "duckdb";
import { at } from "../../engine/lookup.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { openChunkWriter } from "../extract/chunk-writer.ts";
import { inScratch, SCRATCH } from "../extract/extracted.ts";

/** A column of the rows. */
export interface FactColumn {
  readonly name: string;
  readonly type: "BIGINT" | "VARCHAR" | "DOUBLE";
  /** SQL of the column in the warehouse, from the written one; default its quoted name */
  readonly as?: string;
}

/** Fills a scratch table. @param rows values in the order of the columns */
export async function writeRows(
  connection: DuckDBConnection,
  table: string,
  columns: readonly FactColumn[],
  rows: Iterable<readonly unknown[]>,
): Promise<void> {
  const list = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(", ");
  await connection.run(`CREATE OR REPLACE TABLE ${inScratch(table)} (${list})`);
  const writer = await openChunkWriter(connection, SCRATCH, table);
  for (const row of rows) {
    for (const [i, { type }] of columns.entries()) {
      const column = at(writer.columns, i);
      const value = row[i];
      if (value === null || value === undefined) column.setNull(writer.row);
      else if (type === "DOUBLE") column.float64[writer.row] = Number(value);
      else if (type === "BIGINT") column.setInteger(writer.row, Number(value));
      else column.setText(writer.row, String(value));
    }
    writer.next();
  }
  writer.close();
}

/** Replaces a warehouse table by rows of the state. @param target qualified name of the table */
export async function replaceByRows(
  connection: DuckDBConnection,
  table: string,
  target: string,
  columns: readonly FactColumn[],
  rows: Iterable<readonly unknown[]>,
): Promise<void> {
  await writeRows(connection, table, columns, rows);
  const list = columns.map(({ name, as }) =>
    as === undefined ? quoteIdentifier(name) : `${as} AS ${quoteIdentifier(name)}`,
  );
  await connection.run(`CREATE OR REPLACE TABLE ${target} AS SELECT ${list.join(", ")} FROM ${inScratch(table)}`);
}

/** A column of moments, which are ISO texts in the state. */
export const stamp = (name: string): FactColumn => ({
  name,
  type: "VARCHAR",
  as: `CAST(${quoteIdentifier(name)} AS TIMESTAMPTZ)`,
});

/** Columns of one type. */
export const columnsOfType = (type: FactColumn["type"], ...names: readonly string[]): FactColumn[] =>
  names.map((name) => ({ name, type }));
