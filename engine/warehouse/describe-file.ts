/** What a finished database file holds, for the manifest. */
import { DuckDBInstance } from "duckdb";
import type { VersionTable } from "./version.ts";

/** Tables of a closed database file with their rows and columns. Opens it read-only in an instance of its own. */
export async function describeFile(path: string): Promise<VersionTable[]> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY", autoinstall_known_extensions: "false", autoload_known_extensions: "false", threads: "1" });
  try {
    const connection = await instance.connect();
    const columns = await connection.runAndReadAll(
      "SELECT table_name, list(struct_pack(name := column_name, type := data_type) ORDER BY column_index) FROM duckdb_columns() WHERE NOT internal AND database_name = current_database() GROUP BY table_name ORDER BY table_name",
    );
    const tables: VersionTable[] = [];
    for (const [name, list] of columns.getRowsJson()) {
      const counted = await connection.runAndReadAll(`SELECT count(*) FROM "${String(name).replaceAll('"', '""')}"`);
      tables.push({ name: String(name), rows: Number(counted.getRowsJson()[0]![0]), columns: list as unknown as VersionTable["columns"] });
    }
    connection.closeSync();
    return tables;
  } finally {
    instance.closeSync();
  }
}
