/**
 * Reads a JSON service. Pages are spooled unchanged, one on each line, and split by DuckDB, so that no number passes
 * through JavaScript.
 */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import { quoteText } from "../../../engine/warehouse/index.ts";
import type { RestExtract } from "../../declare/job.ts";
import type { RestSource } from "../../declare/sources/rest.ts";
import { inScratch, openBadRows, type ExtractContext, type Extracted, FILE_COLUMN, LINE_COLUMN } from "../extracted.ts";
import { duckPath, parsePath } from "../json-path.ts";
import { jsonToRaw } from "../json-rows.ts";
import { restClient } from "./rest-client.ts";
import { ListChanged, readPages } from "./rest-pages.ts";
import { hasSince } from "./rest-template.ts";
import { extraColumns } from "../wanted.ts";

/** How often a list is read that changes meanwhile. */
const READINGS = 4;

/** A file with one page on each line. */
export interface Spooled {
  readonly path: string;
  readonly pages: number;
  readonly records: number;
  /** of the file */
  readonly bytes: number;
  /** bytes of the longest page */
  readonly longest: number;
}

/** Fetches all pages into a file. @throws TesseraError `source-unavailable` for a list that changes in every reading */
export async function spoolRest(
  context: Omit<ExtractContext, "connection" | "loadedFiles">,
  source: RestSource,
  extract: RestExtract,
): Promise<Spooled> {
  const place = `job ${context.job.name}`;
  for (let reading = 1; ; reading++) {
    try {
      return await spoolOnce(context, source, extract, place);
    } catch (error) {
      if (!(error instanceof ListChanged)) throw error;
      if (reading === READINGS)
        throw new TesseraError(
          "source-unavailable",
          phrase`the list changed during each of ${READINGS} reads: ${error.message}`,
          { place, remedy: "load at a quieter time, or read by a cursor" },
        );
    }
  }
}

async function spoolOnce(
  context: Omit<ExtractContext, "connection" | "loadedFiles">,
  source: RestSource,
  extract: RestExtract,
  place: string,
): Promise<Spooled> {
  const client = restClient(source, context.environment, context.signal);
  mkdirSync(context.work, { recursive: true });
  const path = join(context.work, `${context.job.name}.pages.ndjson`);
  const spool = openSync(path, "w");
  let [pages, records, bytes, longest] = [0, 0, 0, 0];
  try {
    for await (const answer of readPages(
      client,
      context,
      extract,
      extract.pagination ?? source.pagination ?? { kind: "none" },
      place,
    )) {
      // in JSON a line end is white space between tokens, never part of a value
      const line = Buffer.from(`${answer.text.replace(/[\r\n]+/g, " ")}\n`, "utf8");
      writeSync(spool, line);
      bytes += line.length;
      longest = Math.max(longest, line.length);
      records += answer.records;
      pages++;
      context.onRows(records);
    }
  } finally {
    closeSync(spool);
  }
  return { path, pages, records, bytes, longest };
}

/** Reads a JSON service into the raw table. */
export async function extractRest(
  context: ExtractContext,
  source: RestSource,
  extract: RestExtract,
): Promise<Extracted> {
  const spooled = await spoolRest(context, source, extract);
  const steps = parsePath(extract.records ?? "$", `job ${context.job.name}`);
  const objects = inScratch(`json_${context.job.name}`);
  await (await openBadRows(context)).close();
  const list = steps.length === 0 ? "json" : `json_extract(json, ${quoteText(duckPath(steps))})`;
  // the record's own fields win over those of the flattened part
  const record =
    extract.flatten === undefined
      ? "record"
      : `CASE WHEN json_type(record) = 'OBJECT' THEN json_merge_patch(
           coalesce(json_extract(record, ${quoteText(duckPath([extract.flatten]))}), '{}'),
           json_merge_patch(record, json_object(${quoteText(extract.flatten)}, NULL))
         ) ELSE record END`;
  // DuckDB reserves two buffers of the largest object for each thread
  const largest = Math.max(1 << 20, spooled.longest + 1);
  await context.connection.run(
    spooled.records === 0
      ? `CREATE OR REPLACE TABLE ${objects} (json JSON, ${FILE_COLUMN} VARCHAR, ${LINE_COLUMN} BIGINT)`
      : `CREATE OR REPLACE TABLE ${objects} AS
         SELECT ${record} AS json, NULL::VARCHAR AS ${FILE_COLUMN}, NULL::BIGINT AS ${LINE_COLUMN}
         FROM (
           SELECT unnest(json_extract(${list}, '$[*]')) AS record
           FROM read_ndjson_objects(${quoteText(spooled.path)}, maximum_object_size = ${largest})
         )`,
  );
  const rows = await jsonToRaw(context, objects);
  await context.connection.run(`DROP TABLE ${objects}`);
  const whole =
    context.backfill === undefined &&
    (context.since === null || (extract.since === undefined && !hasSince(extract.query) && !hasSince(extract.body)));
  return {
    columns: rows.columns,
    rows: rows.rows,
    bytes: spooled.bytes,
    whole,
    ...(context.backfill !== undefined && { upper: context.since }),
    warnings: extraColumns(context.job, rows.extra),
  };
}
