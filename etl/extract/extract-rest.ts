/** Reading a JSON service: pages are spooled as they came, one a line, and taken apart by DuckDB, so that no number passes through JavaScript. */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TesseraError } from "../../engine/errors.ts";
import { quoteText } from "../../engine/warehouse/index.ts";
import type { RestExtract } from "../job.ts";
import type { Pagination, RestSource } from "../sources/rest.ts";
import { lowerBound } from "./cursor.ts";
import { inScratch, openBadRows, type ExtractContext, type Extracted } from "./extracted.ts";
import { atPath, duckPath, parsePath } from "./json-path.ts";
import { FILE_COLUMN, jsonToRaw, LINE_COLUMN } from "./json-rows.ts";
import { restClient, type RestAnswer, type RestClient } from "./rest-client.ts";

const MOST_PAGES = 1_000_000;

export interface Spooled {
  readonly path: string;
  readonly pages: number;
  readonly records: number;
  readonly bytes: number;
  /** bytes of the longest page */
  readonly longest: number;
}

/** Fetches all pages into a file of one answer a line. */
export async function spoolRest(context: Omit<ExtractContext, "connection" | "loadedFiles">, source: RestSource, extract: RestExtract): Promise<Spooled> {
  const place = `job ${context.job.name}`;
  const client = restClient(source, context.environment, context.signal);
  const records = parsePath(extract.records ?? "$", place);
  const pagination = extract.pagination ?? source.pagination ?? { kind: "none" };
  mkdirSync(context.work, { recursive: true });
  const path = join(context.work, `${context.job.name}.pages.ndjson`);
  const spool = openSync(path, "w");
  let pages = 0;
  let count = 0;
  let bytes = 0;
  let longest = 0;
  try {
    for await (const answer of readPages(client, context, extract, pagination, records, place)) {
      // in valid JSON a line end is white space between tokens, never part of a value
      const line = Buffer.from(`${answer.text.replace(/[\r\n]+/g, " ")}\n`, "utf8");
      writeSync(spool, line);
      bytes += line.length;
      longest = Math.max(longest, line.length);
      count += answer.records;
      pages++;
      context.onRows(count);
    }
  } finally {
    closeSync(spool);
  }
  return { path, pages, records: count, bytes, longest };
}

export async function extractRest(context: ExtractContext, source: RestSource, extract: RestExtract): Promise<Extracted> {
  const spooled = await spoolRest(context, source, extract);
  const steps = parsePath(extract.records ?? "$", `job ${context.job.name}`);
  const objects = inScratch(`json_${context.job.name}`);
  await (await openBadRows(context)).close();
  const list = steps.length === 0 ? "json" : `json_extract(json, ${quoteText(duckPath(steps))})`;
  // DuckDB sets two buffers of the largest object aside for each thread, so it is told the pages' own size
  await context.connection.run(
    spooled.records === 0
      ? `CREATE OR REPLACE TABLE ${objects} (json JSON, ${FILE_COLUMN} VARCHAR, ${LINE_COLUMN} BIGINT)`
      : `CREATE OR REPLACE TABLE ${objects} AS SELECT unnest(json_extract(${list}, '$[*]')) AS json, NULL::VARCHAR AS ${FILE_COLUMN}, NULL::BIGINT AS ${LINE_COLUMN}
         FROM read_ndjson_objects(${quoteText(spooled.path)}, maximum_object_size = ${Math.max(1 << 20, spooled.longest + 1)})`,
  );
  const rows = await jsonToRaw(context, objects);
  await context.connection.run(`DROP TABLE ${objects}`);
  const whole = context.since === null || extract.since === undefined;
  return {
    columns: rows.columns, rows: rows.rows, bytes: spooled.bytes, whole,
    warnings: rows.extra.length > 0 && context.job.columns ? [`the service sends fields that the contract does not name: ${rows.extra.join(", ")}`] : [],
  };
}

interface Page extends RestAnswer {
  readonly records: number;
}

async function* readPages(client: RestClient, context: Pick<ExtractContext, "since" | "job">, extract: RestExtract, pagination: Pagination, records: readonly string[], place: string): AsyncGenerator<Page> {
  const first = new URL(extract.path.replace(/^\//, ""), client.base.href.endsWith("/") ? client.base : `${client.base.href}/`);
  for (const [name, value] of Object.entries(extract.query ?? {})) first.searchParams.set(name, String(value));
  if (extract.since !== undefined && context.since !== null) first.searchParams.set(extract.since, lowerBound(context.since, extract.lag, place));
  const size = "size" in pagination ? pagination.size : undefined;
  if (size !== undefined && "sizeParameter" in pagination && pagination.sizeParameter !== undefined) first.searchParams.set(pagination.sizeParameter, String(size));
  if (pagination.kind === "offset") first.searchParams.set(pagination.sizeParameter ?? "limit", String(pagination.size));

  const seen = new Set<string>();
  let number = pagination.kind === "page" ? pagination.first ?? 1 : 0;
  let address = withPosition(first, pagination, number);
  for (let page = 0; page < MOST_PAGES; page++) {
    if (seen.has(address.href)) {
      throw new TesseraError("source-refused", `the service's cursor does not advance: it leads to ${address.pathname} twice`, { place, remedy: "nothing was changed; tell the service's owner" });
    }
    seen.add(address.href);
    const answer = await client.get(address);
    const found = atPath(answer.json, records);
    if (!Array.isArray(found)) {
      throw new TesseraError("source-refused", `the service's answer for ${address.pathname} has no list at ${extract.records ?? "$"}`, { place, remedy: "check extract.records; an error page may have come with status 200" });
    }
    yield { ...answer, records: found.length };
    const next = nextAddress(answer, address, first, client.base, pagination, found.length, number, place);
    if (next === undefined) return;
    number = next.number;
    address = next.address;
  }
  throw new TesseraError("source-refused", `the service sent ${MOST_PAGES} pages and no end`, { place });
}

function withPosition(first: URL, pagination: Pagination, number: number): URL {
  const address = new URL(first);
  if (pagination.kind === "page") address.searchParams.set(pagination.parameter ?? "page", String(number));
  if (pagination.kind === "offset") address.searchParams.set(pagination.parameter ?? "offset", String(number));
  return address;
}

function nextAddress(answer: RestAnswer, address: URL, first: URL, base: URL, pagination: Pagination, records: number, number: number, place: string): { address: URL; number: number } | undefined {
  switch (pagination.kind) {
    case "none": return undefined;
    case "page": {
      if (records === 0 || (pagination.size !== undefined && records < pagination.size)) return undefined;
      return { address: withPosition(first, pagination, number + 1), number: number + 1 };
    }
    case "offset": {
      if (records === 0) return undefined;
      return { address: withPosition(first, pagination, number + records), number: number + records };
    }
    case "link": {
      const next = pagination.next === undefined ? nextLink(answer.link) : atPath(answer.json, parsePath(pagination.next, place));
      return typeof next === "string" && next !== "" ? { address: sameOrigin(next, address, base, place), number: 0 } : undefined;
    }
    case "cursor": {
      const next = atPath(answer.json, parsePath(pagination.next, place));
      if (next === null || next === undefined || next === "" || next === false) return undefined;
      const text = String(next);
      if (/^https?:\/\//.test(text)) return { address: sameOrigin(text, address, base, place), number: 0 };
      const following = new URL(first);
      following.searchParams.set(pagination.parameter ?? "cursor", text);
      return { address: following, number: 0 };
    }
  }
}

const nextLink = (header: string | null): string | undefined => /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(header ?? "")?.[1];

/** A page may not lead to another host: the token would go with it. */
function sameOrigin(next: string, address: URL, base: URL, place: string): URL {
  const url = new URL(next, address);
  if (url.origin !== base.origin) throw new TesseraError("source-refused", `the service's next page is on another host (${url.host})`, { place });
  return url;
}
