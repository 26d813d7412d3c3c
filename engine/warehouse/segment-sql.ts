/** Segments as SQL: which rows are in one, their stamp, and the view that unites them. */
import { at, present } from "../lookup.ts";
import type { DuckDBConnection } from "duckdb";
import { monthNumber } from "./segment-layout.ts";
import { quoteIdentifier } from "./sql-text.ts";
import type { SegmentRange } from "./version.ts";

/**
 * The month's number of a date; null for a missing or infinite date, and outside the years 1 to 9999.
 */
export const monthOf = (date: string): string =>
  `CASE WHEN isfinite(${date}) AND year(${date}) BETWEEN 1 AND 9999 THEN year(${date}) * 12 + month(${date}) - 1 END`;

/**
 * Whether a row belongs to the segment. `type`: of the column, so that blocks are skipped by their least and greatest
 * value.
 */
export function isWithin({ by, from, until }: Pick<SegmentRange, "by" | "from" | "until">, type: string): string {
  const date = quoteIdentifier(by);
  if (from === null || until === null) return `(${monthOf(date)}) IS NULL`;
  const first = (month: number): string => `make_date(${Math.floor(month / 12)}, ${(month % 12) + 1}, 1)::${type}`;
  return `(${date} >= ${first(monthNumber(from))} AND ${date} < ${first(monthNumber(until))})`;
}

/** A stamp of rows: their order does not matter, and equal rows do not cancel out. */
export const stampOf = (columns: readonly string[]): string =>
  `coalesce(sum(hash(${columns.map(quoteIdentifier).join(", ")})), 0)::VARCHAR`;

/** The select that unites a table's segments. `catalogs`: where each is attached. */
export const united = (table: string, columns: readonly string[], catalogs: readonly string[]): string =>
  catalogs
    .map(
      (catalog) =>
        `SELECT ${columns.map(quoteIdentifier).join(", ")} FROM ${quoteIdentifier(catalog)}.main.${quoteIdentifier(table)}`,
    )
    .join(" UNION ALL ");

/** The views of a version's segmented tables, made in the catalog of the connection that attached its files. */
export async function uniteSegments(
  connection: DuckDBConnection,
  files: readonly {
    readonly catalog: string;
    readonly segment?: SegmentRange;
    readonly tables: readonly { readonly name: string; readonly columns: readonly { readonly name: string }[] }[];
  }[],
): Promise<void> {
  const tables = new Map<string, typeof files>();
  for (const file of files)
    if (file.segment) tables.set(file.segment.table, [...(tables.get(file.segment.table) ?? []), file]);
  for (const [table, parts] of tables) {
    const columns = present(
      at(parts, 0).tables.find((each) => each.name === table),
      "table",
    ).columns.map((column) => column.name);
    await connection.run(
      `CREATE VIEW memory.main.${quoteIdentifier(table)} AS ${united(
        table,
        columns,
        parts.map((part) => part.catalog),
      )}`,
    );
  }
}
