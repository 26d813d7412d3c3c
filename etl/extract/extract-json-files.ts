/** JSON files: one object a line, or an array of objects. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteText } from "../../engine/warehouse/index.ts";
import { brokenJsonLines } from "./broken-json-lines.ts";
import type { DelimitedRows } from "./extract-csv.ts";
import { badTable, inScratch, type ExtractContext } from "./extracted.ts";
import { FILE_COLUMN, jsonToRaw, LINE_COLUMN } from "./json-rows.ts";

/** DuckDB sets two buffers of this size aside for each thread. */
const LARGEST_OBJECT = 16 << 20;

export async function extractJsonFiles(
  context: ExtractContext,
  files: readonly { readonly name: string; readonly path: string }[],
  lines: boolean,
): Promise<DelimitedRows> {
  const objects = inScratch(`json_${context.job.name}`);
  const list = `[${files.map((file) => quoteText(file.path)).join(", ")}]`;
  const options = `maximum_object_size = ${LARGEST_OBJECT}, filename = true`;
  // a broken line is null here, and so a bad row; within an array nobody can tell where the next object begins
  const source = lines
    ? `read_ndjson_objects(${list}, ignore_errors = true, ${options})`
    : `read_json_objects(${list}, ${options})`;
  try {
    await context.connection.run(
      `CREATE OR REPLACE TABLE ${objects} AS SELECT json, filename AS ${FILE_COLUMN}, NULL::BIGINT AS ${LINE_COLUMN} FROM ${source}`,
    );
  } catch (cause) {
    throw new TesseraError(
      "source-refused",
      phrase`the JSON files cannot be read: ${(cause instanceof Error ? cause.message : String(cause)).split("\n")[0]}`,
      { place: `job ${context.job.name}`, cause },
    );
  }
  if (lines) await tellBroken(context, objects);
  const rows = await jsonToRaw(context, objects);
  await context.connection.run(`DROP TABLE ${objects}`);
  return { ...rows, warnings: [] };
}

/** Puts lines that DuckDB could not read among the bad rows, with their number and text. */
async function tellBroken({ connection, job }: ExtractContext, objects: string): Promise<void> {
  const found = await connection.runAndReadAll(
    `SELECT ${FILE_COLUMN}, count(*) FROM ${objects} WHERE json IS NULL GROUP BY ALL`,
  );
  for (const [path, count] of found.getRowsJson() as [string, string][]) {
    let told = 0;
    const insert = await connection.prepare(`INSERT INTO ${inScratch(badTable(job))} VALUES ($1, $2, NULL, $3, $4)`);
    for await (const { line, reason, row } of brokenJsonLines(path)) {
      if (told === Number(count)) break;
      insert.bind([path, BigInt(line), reason, row]);
      await insert.run();
      told++;
    }
    // where two readers do not agree on what JSON is, the rest stay as rows without a text
    await connection.run(
      `DELETE FROM ${objects} WHERE rowid IN (SELECT rowid FROM ${objects} WHERE json IS NULL AND ${FILE_COLUMN} = $1 LIMIT ${told})`,
      [path],
    );
  }
}
