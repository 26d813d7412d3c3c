/** JSON objects that stand in a scratch table, as columns of text. */
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import type { ExtractContext, RawColumn } from "./extracted.ts";
import { badTable, inScratch, rawTable } from "./extracted.ts";
import { contractOf, wantedColumns } from "./wanted.ts";

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
  const structure = await connection.runAndReadAll(`SELECT json_group_structure(json), count(*) FROM ${objects} WHERE json_type(json) = 'OBJECT'`);
  const [text, good] = structure.getRowsJson()[0]! as [string | null, string];
  const found = text === null ? {} : (JSON.parse(text) as { readonly [name: string]: unknown });
  // a service leaves out what is empty: the contract's names count as found, as long as there is no object to say otherwise
  const contract = contractOf(job);
  const names = Object.keys(found);
  for (const [name, spec] of contract ?? []) if (!names.includes(spec.from ?? name)) names.push(spec.from ?? name);
  for (const name of ["cursor" in job.extract ? job.extract.cursor : undefined, typeof job.deletes === "object" ? job.deletes.column : undefined]) {
    if (name !== undefined && !names.includes(name)) names.push(name);
  }
  const wanted = wantedColumns(job, names);
  const columns: RawColumn[] = wanted.read.map((name) => {
    const kind = found[name];
    const nested = typeof kind === "object" && kind !== null;
    return { name, raw: "VARCHAR", ...(nested ? { declared: "JSON" } : kind === "BOOLEAN" ? { declared: "BOOLEAN" } : {}), ...(kind === "VARCHAR" || kind === "JSON" ? { texts: "json" as const } : {}) };
  });
  const shape = JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, "VARCHAR"])));
  const picked = columns.map((column) => `${quoteIdentifier("__o")}[${quoteText(column.name)}] AS ${quoteIdentifier(column.name)}`);
  await connection.run(
    columns.length === 0
      ? `CREATE OR REPLACE TABLE ${inScratch(rawTable(job))} AS SELECT ${FILE_COLUMN}, ${LINE_COLUMN} FROM ${objects} WHERE false`
      : `CREATE OR REPLACE TABLE ${inScratch(rawTable(job))} AS SELECT ${picked.join(", ")}, ${FILE_COLUMN}, ${LINE_COLUMN}
         FROM (SELECT json_transform(json, ${quoteText(shape)}) AS __o, ${FILE_COLUMN}, ${LINE_COLUMN} FROM ${objects} WHERE json_type(json) = 'OBJECT')`,
  );
  await connection.run(
    `INSERT INTO ${inScratch(badTable(job))} SELECT ${FILE_COLUMN}, ${LINE_COLUMN}, NULL, 'the record is no JSON object', coalesce(json::VARCHAR, '') FROM ${objects} WHERE json IS NULL OR json_type(json) <> 'OBJECT'`,
  );
  const bad = await connection.runAndReadAll(`SELECT count(*) FROM ${inScratch(badTable(job))}`);
  return { columns, extra: wanted.extra, rows: Number(good) + Number(bad.getRowsJson()[0]![0]) };
}
