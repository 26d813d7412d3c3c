/** JSON files: one object on each line, or an array of objects. */
import { statSync } from "node:fs";
import { readRows, readTexts } from "../read-sql.ts";
import type { FileExtract } from "../../declare/job.ts";
import { duckPath, parsePath } from "../json-path.ts";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import { quoteText } from "../../../engine/warehouse/index.ts";
import { brokenJsonLines } from "./broken-json-lines.ts";
import type { DelimitedRows } from "./extract-csv.ts";
import { badTable, inScratch, type ExtractContext, FILE_COLUMN, LINE_COLUMN } from "../extracted.ts";
import { jsonToRaw } from "../json-rows.ts";

/** DuckDB reserves two buffers of this size for each thread. */
const LARGEST_OBJECT = 16 << 20;

/** Reads JSON files into the raw table. @param lines one object on each line @throws TesseraError `source-refused` */
export async function extractJsonFiles(
  context: ExtractContext,
  files: readonly { readonly name: string; readonly path: string }[],
  extract: FileExtract,
  lines: boolean,
): Promise<DelimitedRows> {
  const { records, nullWords = [] } = extract;
  if (nullWords.length > 0)
    throw new TesseraError("job-invalid", "`nullWords` is for CSV, TSV and Excel", {
      place: `job ${context.job.name}`,
      remedy: "name the texts in the columns' `nullIf`: JSON has null",
    });
  const objects = inScratch(`json_${context.job.name}`);
  const list = `[${files.map((file) => quoteText(file.path)).join(", ")}]`;
  // with a path to the records, a whole file is one object
  const largest = records === undefined ? LARGEST_OBJECT : Math.max(LARGEST_OBJECT, ...files.map(sizeOf));
  const options = `maximum_object_size = ${largest}, filename = true`;
  // a broken line becomes null, and so a bad row; within an array the next object cannot be found
  const source = lines
    ? `read_ndjson_objects(${list}, ignore_errors = true, ${options})`
    : `read_json_objects(${list}, ${options})`;
  const path = records === undefined ? null : duckPath(parsePath(records, `job ${context.job.name}`));
  const record = path === null ? "json" : `unnest(json_extract(json, ${quoteText(`${path}[*]`)})) AS json`;
  try {
    await context.connection.run(
      `CREATE OR REPLACE TABLE ${objects} AS
       SELECT ${record}, filename AS ${FILE_COLUMN}, NULL::BIGINT AS ${LINE_COLUMN} FROM ${source}`,
    );
    if (path !== null) await refuseMissing(context, source, path, files, records ?? "");
  } catch (cause) {
    if (cause instanceof TesseraError) throw cause;
    throw unreadable(cause, files, `job ${context.job.name}`);
  }
  if (lines) await rejectBroken(context, objects);
  const rows = await jsonToRaw(context, objects);
  await context.connection.run(`DROP TABLE ${objects}`);
  return { ...rows, warnings: [] };
}

const sizeOf = ({ path }: { readonly path: string }): number => statSync(path).size + 1;

/** @throws TesseraError `source-refused` for a file without the list of records */
async function refuseMissing(
  { connection, job }: ExtractContext,
  source: string,
  path: string,
  files: readonly { readonly name: string; readonly path: string }[],
  records: string,
): Promise<void> {
  const [without] = await readTexts(
    connection,
    `SELECT DISTINCT filename FROM ${source} WHERE coalesce(json_type(json, ${quoteText(path)}), '') <> 'ARRAY'`,
  );
  if (without === undefined) return;
  const name = files.find((file) => file.path === without)?.name ?? without;
  throw new TesseraError("source-refused", phrase`list "${records}" not found in ${name}`, {
    place: `job ${job.name}`,
    remedy: "name the path to the list of records with `extract.records`",
  });
}

function unreadable(cause: unknown, files: readonly { readonly name: string; readonly path: string }[], place: string) {
  const text = cause instanceof Error ? cause.message : String(cause);
  const file = files.find(({ path }) => text.includes(path))?.name ?? files.map(({ name }) => name).join(", ");
  const [, size] = /maximum_object_size of (\d+)/.exec(text) ?? [];
  return size === undefined
    ? new TesseraError("source-refused", phrase`${file} is not valid JSON`, {
        place,
        remedy: "fix the file, or write one object on each line (NDJSON): then only broken lines are rejected",
        cause,
      })
    : new TesseraError("source-refused", phrase`${file} has an object of more than ${LARGEST_OBJECT >> 20} MB`, {
        place,
        remedy: "split the file into smaller objects",
        cause,
      });
}

/** Moves lines that DuckDB could not read to the bad rows, with their number and text. */
async function rejectBroken({ connection, job }: ExtractContext, objects: string): Promise<void> {
  const broken = await readRows(
    connection,
    `SELECT ${FILE_COLUMN}, count(*) FROM ${objects} WHERE json IS NULL GROUP BY ALL`,
  );
  for (const [file, count] of broken) {
    const path = String(file);
    let moved = 0;
    const insert = await connection.prepare(`INSERT INTO ${inScratch(badTable(job))} VALUES ($1, $2, NULL, $3, $4)`);
    for await (const { line, reason, row } of brokenJsonLines(path)) {
      if (moved === Number(count)) break;
      insert.bind([path, BigInt(line), reason, row]);
      await insert.run();
      moved++;
    }
    // what only DuckDB takes for broken stays a row without a text
    await connection.run(
      `DELETE FROM ${objects} WHERE rowid IN (
         SELECT rowid FROM ${objects} WHERE json IS NULL AND ${FILE_COLUMN} = $1 LIMIT ${moved}
       )`,
      [path],
    );
  }
}
