/** Reads a source written in the project: its rows are spooled as JSON lines, which DuckDB takes apart. */
import { createWriteStream, mkdirSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { quoteText } from "../../../engine/warehouse/index.ts";
import type { CustomExtract } from "../../declare/job.ts";
import type { CustomRow, CustomSource } from "../../declare/sources/custom.ts";
import {
  inScratch,
  openBadRows,
  type BadRows,
  type ExtractContext,
  type Extracted,
  FILE_COLUMN,
  LINE_COLUMN,
} from "../extracted.ts";
import { jsonToRaw } from "../json-rows.ts";
import { extraColumns } from "../wanted.ts";
import { NoJson, rowText } from "./json-text.ts";
import { rowsRequest } from "./rows-request.ts";
import { sourceFailed } from "./source-failed.ts";

/** Rows between two reports of progress. */
const REPORT_ROWS = 1_000;

/** Rows that were written to a file. */
interface Spooled {
  readonly path: string;
  readonly good: number;
  readonly bytes: number;
  /** bytes of the longest row */
  readonly longest: number;
}

/** Reads the rows into the raw table. @throws TesseraError `source-unavailable` for an error of the source's code */
export async function extractCustom(
  context: ExtractContext,
  source: CustomSource,
  extract: CustomExtract,
): Promise<Extracted> {
  const bad = await openBadRows(context);
  const spooled = await spool(context, source, extract, bad);
  await bad.close();
  const objects = inScratch(`json_${context.job.name}`);
  const columns = `json JSON, ${FILE_COLUMN} VARCHAR, ${LINE_COLUMN} BIGINT`;
  // DuckDB reserves two buffers of the largest object for each thread
  const largest = Math.max(1 << 20, spooled.longest + 1);
  await context.connection.run(
    spooled.good === 0
      ? `CREATE OR REPLACE TABLE ${objects} (${columns})`
      : `CREATE OR REPLACE TABLE ${objects} AS SELECT json, NULL::VARCHAR AS ${FILE_COLUMN}, NULL::BIGINT AS ${LINE_COLUMN}
         FROM read_ndjson_objects(${quoteText(spooled.path)}, maximum_object_size = ${largest})`,
  );
  const rows = await jsonToRaw(context, objects);
  await context.connection.run(`DROP TABLE ${objects}`);
  return {
    columns: rows.columns,
    rows: rows.rows,
    bytes: spooled.bytes,
    whole: context.backfill === undefined && (context.since === null || extract.cursor === undefined),
    ...(context.backfill !== undefined && { upper: context.since }),
    warnings: extraColumns(context.job, rows.extra),
  };
}

async function spool(
  context: ExtractContext,
  source: CustomSource,
  extract: CustomExtract,
  bad: BadRows,
): Promise<Spooled> {
  mkdirSync(context.work, { recursive: true });
  const path = join(context.work, `${context.job.name}.rows.ndjson`);
  const file = createWriteStream(path);
  let [good, bytes, longest] = [0, 0, 0];
  const write = async (row: CustomRow): Promise<void> => {
    const line = lineOf(row, bad);
    if (line === null) return;
    const length = Buffer.byteLength(line);
    longest = Math.max(longest, length);
    bytes += length;
    good++;
    if (!file.write(line)) await once(file, "drain", { signal: context.signal });
    if (good % REPORT_ROWS === 0) context.onRows(good);
  };
  try {
    for await (const each of source.rows(rowsRequest(context, source, extract))) {
      context.signal.throwIfAborted();
      if (isList(each)) for (const row of each) await write(row);
      else await write(each);
    }
  } catch (error) {
    context.signal.throwIfAborted();
    throw sourceFailed(error, source.name);
  } finally {
    file.end();
    await finished(file);
  }
  context.onRows(good);
  return { path, good, bytes, longest };
}

const isList = (rows: CustomRow | readonly CustomRow[]): rows is readonly CustomRow[] => Array.isArray(rows);

/** The row as a line; null for one that JSON cannot hold, which becomes a bad row. */
function lineOf(row: CustomRow, bad: BadRows): string | null {
  try {
    if (typeof row !== "object" || row === null) throw new NoJson("", "the row is not an object");
    return `${rowText(row)}\n`;
  } catch (error) {
    if (!(error instanceof NoJson)) throw error;
    bad.add({ ...(error.column !== "" && { column: error.column }), reason: error.message, row: shown(row) });
    return null;
  }
}

const shown = (row: unknown): string =>
  JSON.stringify(row, (_key, value: unknown) =>
    typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value)) ? String(value) : value,
  ) ?? String(row);
