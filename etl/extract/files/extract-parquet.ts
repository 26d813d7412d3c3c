/** Parquet files, which have types of their own. */
import { required } from "../../../engine/lookup.ts";
import { quoteIdentifier, quoteText } from "../../../engine/warehouse/index.ts";
import type { DelimitedRows } from "./extract-csv.ts";
import { inScratch, rawTable, type ExtractContext, type RawColumn, FILE_COLUMN, LINE_COLUMN } from "../extracted.ts";
import { wantedColumns } from "../wanted.ts";
import { readNumber, readRows } from "../read-sql.ts";

/** Reads Parquet files into the raw table. */
export async function extractParquet(
  context: ExtractContext,
  files: readonly { readonly path: string }[],
): Promise<DelimitedRows> {
  const { connection, job } = context;
  const list = files.map((file) => quoteText(file.path)).join(", ");
  const source = `read_parquet(
    [${list}], union_by_name = true, filename = '${FILE_COLUMN}', file_row_number = true
  )`;
  const described = await readRows(
    connection,
    `DESCRIBE SELECT * EXCLUDE (${FILE_COLUMN}, file_row_number) FROM ${source}`,
  );
  const types = new Map(described.map(([name, type]) => [String(name), String(type)]));
  const wanted = wantedColumns(job, [...types.keys()]);
  const columns: RawColumn[] = wanted.read.map((name) => {
    const type = plainType(required(types, name, "type of column"));
    return { name, raw: type, declared: type };
  });
  const picked = columns.map((column) => {
    const name = quoteIdentifier(column.name);
    const type = required(types, column.name, "type of column");
    const isNested = /[[(]|STRUCT|MAP|UNION/.test(type) && !/^DECIMAL|^ENUM/.test(type);
    return `${isNested ? `to_json(${name})` : name}::${column.raw} AS ${name}`;
  });
  await connection.run(
    `CREATE OR REPLACE TABLE ${inScratch(rawTable(job))} AS
     SELECT ${picked.map((each) => `${each}, `).join("")}${FILE_COLUMN}, file_row_number + 1 AS ${LINE_COLUMN}
     FROM ${source}`,
  );
  const counted = await readNumber(connection, `SELECT count(*) FROM ${inScratch(rawTable(job))}`);
  return { columns, extra: wanted.extra, rows: counted, warnings: [] };
}

/** The warehouse type for any DuckDB type. */
export function plainType(type: string): string {
  if (type.startsWith("DECIMAL")) return type;
  if (/[[(]|STRUCT|MAP|UNION/.test(type) && !type.startsWith("ENUM")) return "JSON";
  switch (type) {
    case "TINYINT":
    case "UTINYINT":
      return "SMALLINT";
    case "USMALLINT":
      return "INTEGER";
    case "UINTEGER":
      return "BIGINT";
    case "UBIGINT":
      return "DECIMAL(20,0)";
    case "HUGEINT":
    case "UHUGEINT":
      return "DECIMAL(38,0)";
    case "FLOAT":
      return "DOUBLE";
    case "TIMESTAMP_S":
    case "TIMESTAMP_MS":
    case "TIMESTAMP_NS":
      return "TIMESTAMP";
    case "TIMESTAMP WITH TIME ZONE":
      return "TIMESTAMPTZ";
    case "BOOLEAN":
    case "SMALLINT":
    case "INTEGER":
    case "BIGINT":
    case "DOUBLE":
    case "VARCHAR":
    case "DATE":
    case "TIME":
    case "TIMESTAMP":
    case "UUID":
    case "BLOB":
    case "JSON":
      return type;
    default:
      return "VARCHAR";
  }
}
