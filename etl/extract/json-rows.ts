/** JSON objects that stand in a scratch table, as columns of text. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import type { ExtractContext, RawColumn } from "./extracted.ts";
import { badTable, inScratch, rawTable } from "./extracted.ts";
import { contractOf, schemaPolicy, wantedColumns } from "./wanted.ts";

/** Where a row stood: of every raw table that comes from files. */
export const FILE_COLUMN = "__file";
export const LINE_COLUMN = "__line";

export interface JsonRows {
  readonly columns: readonly RawColumn[];
  readonly extra: readonly string[];
  /** good rows and bad ones */
  readonly rows: number;
}

/**
 * Makes the raw table out of a table `(json JSON, __file VARCHAR, __line BIGINT)`. What is no object becomes a bad row.
 * Names come from the contract and from all objects; texts that stand in quotes are known as texts.
 */
export async function jsonToRaw(context: ExtractContext, objects: string): Promise<JsonRows> {
  const { connection, job } = context;
  const found = await structureOf(connection, objects, contractOf(job) === undefined || schemaPolicy(job) !== "ignore");
  // a service leaves out what is empty: the contract's names count as found, as long as there is no object to say otherwise
  const contract = contractOf(job);
  const names = Object.keys(found);
  for (const [name, spec] of contract ?? []) if (!names.includes(spec.from ?? name)) names.push(spec.from ?? name);
  for (const name of [
    "cursor" in job.extract ? job.extract.cursor : undefined,
    typeof job.deletes === "object" ? job.deletes.column : undefined,
  ]) {
    if (name !== undefined && !names.includes(name)) names.push(name);
  }
  const wanted = wantedColumns(job, names);
  const columns: RawColumn[] = wanted.read.map((name) => {
    const kind = found[name];
    const nested = typeof kind === "object" && kind !== null;
    return {
      name,
      raw: "VARCHAR",
      ...(nested ? { declared: "JSON" } : kind === "BOOLEAN" ? { declared: "BOOLEAN" } : {}),
      ...(kind === "VARCHAR" || kind === "JSON" ? { texts: "json" as const } : {}),
    };
  });
  const shape = JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, "VARCHAR"])));
  const picked = columns.map(
    (column) => `${quoteIdentifier("__o")}[${quoteText(column.name)}] AS ${quoteIdentifier(column.name)}`,
  );
  await connection.run(
    columns.length === 0
      ? `CREATE OR REPLACE TABLE ${inScratch(rawTable(job))} AS SELECT ${FILE_COLUMN}, ${LINE_COLUMN} FROM ${objects} WHERE false`
      : `CREATE OR REPLACE TABLE ${inScratch(rawTable(job))} AS SELECT ${picked.join(", ")}, ${FILE_COLUMN}, ${LINE_COLUMN}
         FROM (SELECT json_transform(json, ${quoteText(shape)}) AS __o, ${FILE_COLUMN}, ${LINE_COLUMN} FROM ${objects} WHERE json_type(json) = 'OBJECT')`,
  );
  await connection.run(
    `INSERT INTO ${inScratch(badTable(job))} SELECT ${FILE_COLUMN}, ${LINE_COLUMN}, NULL, 'the record is no JSON object', coalesce(json::VARCHAR, '') FROM ${objects} WHERE json IS NULL OR json_type(json) <> 'OBJECT'`,
  );
  const counted = await connection.runAndReadAll(
    `SELECT (SELECT count(*) FROM ${inScratch(rawTable(job))}) + (SELECT count(*) FROM ${inScratch(badTable(job))})`,
  );
  return { columns, extra: wanted.extra, rows: Number(counted.getRowsJson()[0]![0]) };
}

const SAMPLE_ROWS = 20_000;

/** Names with their JSON types in the order they first come, of all objects or of a sample; a name that has several types has the type JSON, numbers aside. */
async function structureOf(
  connection: DuckDBConnection,
  objects: string,
  all: boolean,
): Promise<{ readonly [name: string]: unknown }> {
  // DuckDB's own grouping of structures takes a gigabyte for a million objects
  const found = await connection.runAndReadAll(
    `SELECT json_structure(json) AS s FROM (SELECT json, rowid AS n FROM ${objects} ${all ? "" : `LIMIT ${SAMPLE_ROWS}`}) WHERE json_type(json) = 'OBJECT' GROUP BY s ORDER BY min(n)`,
  );
  const merged: Record<string, unknown> = {};
  for (const [text] of found.getRowsJson()) {
    for (const [name, type] of Object.entries(JSON.parse(String(text)) as { readonly [name: string]: unknown })) {
      const before = merged[name];
      if (before === undefined || before === "NULL") merged[name] = type;
      else if (type !== "NULL" && JSON.stringify(before) !== JSON.stringify(type))
        merged[name] =
          isNested(before) || isNested(type)
            ? {}
            : NUMBERS.has(String(before)) && NUMBERS.has(String(type))
              ? "DOUBLE"
              : "JSON";
    }
  }
  return merged;
}

const NUMBERS = new Set(["UBIGINT", "BIGINT", "DOUBLE", "HUGEINT"]);
const isNested = (type: unknown): boolean => typeof type === "object" && type !== null;
