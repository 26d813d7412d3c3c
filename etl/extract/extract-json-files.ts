/** JSON files: one object a line, or an array of objects. */
import { TesseraError } from "../../engine/errors.ts";
import { quoteText } from "../../engine/warehouse/index.ts";
import type { DelimitedRows } from "./extract-csv.ts";
import { inScratch, type ExtractContext } from "./extracted.ts";
import { FILE_COLUMN, jsonToRaw, LINE_COLUMN } from "./json-rows.ts";

/** DuckDB sets two buffers of this size aside for each thread. */
const LARGEST_OBJECT = 16 << 20;

export async function extractJsonFiles(context: ExtractContext, files: readonly { readonly name: string; readonly path: string }[], lines: boolean): Promise<DelimitedRows> {
  const objects = inScratch(`json_${context.job.name}`);
  const list = `[${files.map((file) => quoteText(file.path)).join(", ")}]`;
  const options = `maximum_object_size = ${LARGEST_OBJECT}, filename = true`;
  // a broken line is null here, and so a bad row; within an array nobody can tell where the next object begins
  const source = lines ? `read_ndjson_objects(${list}, ignore_errors = true, ${options})` : `read_json_objects(${list}, ${options})`;
  try {
    await context.connection.run(`CREATE OR REPLACE TABLE ${objects} AS SELECT json, filename AS ${FILE_COLUMN}, NULL::BIGINT AS ${LINE_COLUMN} FROM ${source}`);
  } catch (cause) {
    throw new TesseraError("source-refused", `the JSON files cannot be read: ${(cause instanceof Error ? cause.message : String(cause)).split("\n")[0]}`, { place: `job ${context.job.name}`, cause });
  }
  const rows = await jsonToRaw(context, objects);
  await context.connection.run(`DROP TABLE ${objects}`);
  return { ...rows, warnings: [] };
}
