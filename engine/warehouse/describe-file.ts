/** The contents of a finished database file, for the manifest. */
import { first } from "../lookup.ts";
import { DuckDBInstance, type DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "./sql-text.ts";
import type { SegmentRange, VersionSegment, VersionTable } from "./version.ts";

/** Tables of a closed database file with their rows and columns. */
export const describeFile = async (path: string): Promise<VersionTable[]> => (await describePublished(path)).tables;

export interface Described {
  readonly tables: VersionTable[];
  /** of a segment: the span of its rows */
  readonly segment?: VersionSegment;
  /** the share of the file's blocks that are free */
  readonly free: number;
}

/** The tables of a file, its segment and its free share. Opens the file read-only in an instance of its own. */
export async function describePublished(path: string, range?: SegmentRange): Promise<Described> {
  const instance = await DuckDBInstance.create(path, {
    access_mode: "READ_ONLY",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    threads: "1",
  });
  try {
    const connection = await instance.connect();
    const columns = await connection.runAndReadAll(
      `SELECT table_name, column_name, data_type FROM duckdb_columns()
       WHERE NOT internal AND database_name = current_database() ORDER BY table_name, column_index`,
    );
    const columnsOf = new Map<string, { name: string; type: string }[]>();
    for (const [table = "", name = "", type = ""] of columns.getRowsJson().map((row) => row.map(textOf)))
      columnsOf.set(table, [...(columnsOf.get(table) ?? []), { name, type }]);
    const tables: VersionTable[] = [];
    for (const [name, list] of columnsOf) {
      const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${quoteIdentifier(name)}`);
      tables.push({ name, rows: Number(first(counted.getRowsJson())[0]), columns: list });
    }
    const segment = range && (await spanOf(connection, range));
    const sizes = await connection.runAndReadAll(
      `SELECT free_blocks / greatest(total_blocks, 1) FROM pragma_database_size()
       WHERE database_name = current_database()`,
    );
    connection.closeSync();
    return { tables, free: Number(first(sizes.getRowsJson())[0]), ...(segment && { segment }) };
  } finally {
    instance.closeSync();
  }
}

async function spanOf(connection: DuckDBConnection, { table, by, from, until }: SegmentRange): Promise<VersionSegment> {
  await connection.run("SET TimeZone = 'UTC'");
  const date = quoteIdentifier(by);
  const found = await connection.runAndReadAll(
    `SELECT min(${date})::VARCHAR, max(${date})::VARCHAR FROM ${quoteIdentifier(table)}`,
  );
  const bounds = first(found.getRowsJson()).map((bound) => (typeof bound === "string" ? bound : null));
  const [min = null, max = null] = bounds;
  return { table, by, from, until, min, max };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
