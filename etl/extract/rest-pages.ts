/** From page to page of a JSON service, to the end and never twice to the same. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { RestExtract } from "../declare/job.ts";
import type { Pagination } from "../declare/sources/rest.ts";
import { lowerBound } from "./cursor.ts";
import type { ExtractContext } from "./extracted.ts";
import { atPath, parsePath } from "./json-path.ts";
import type { RestAnswer, RestClient } from "./rest-client.ts";
import { fillBody, fillText, type Words } from "./rest-template.ts";

const MOST_PAGES = 1_000_000;

export interface Page extends RestAnswer {
  readonly records: number;
}

/** The list changed while it was read page by page: what was read may lack rows, and is to be read anew. */
export class ListChanged extends Error {}

interface Position {
  /** of numbered pages and offsets */
  readonly number: number;
  readonly cursor: string | undefined;
  /** the whole address of the next page, where the service gives it */
  readonly address: URL | undefined;
  /** the key that the search window begins behind, and the records read in it */
  readonly last: string | undefined;
  readonly inWindow: number;
}

export async function* readPages(
  client: RestClient,
  context: Pick<ExtractContext, "since" | "job" | "backfill">,
  extract: RestExtract,
  pagination: Pagination,
  place: string,
): AsyncGenerator<Page> {
  const records = parsePath(extract.records ?? "$", place);
  const window = pagination.kind === "cursor" ? pagination.window : undefined;
  const total =
    (pagination.kind === "page" || pagination.kind === "offset") && pagination.total !== undefined
      ? parsePath(pagination.total, place)
      : undefined;
  const since =
    context.backfill?.from ?? (context.since === null ? undefined : lowerBound(context.since, extract.lag, place));
  const seen = new Set<string>();
  let at: Position = {
    number: pagination.kind === "page" ? (pagination.first ?? 1) : 0,
    cursor: undefined,
    address: undefined,
    last: window?.first,
    inWindow: 0,
  };
  let announced: number | undefined;
  let count = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const words: Words = {
      since: since ?? extract.begin ?? "1970-01-01T00:00:00Z",
      until: context.backfill?.until,
      last: at.last,
      cursor: at.cursor,
    };
    const address = at.address ?? addressOf(client.base, extract, pagination, since, at, words);
    const body =
      extract.body === undefined || at.address !== undefined
        ? undefined
        : JSON.stringify(fillBody(extract.body, words));
    const here = `${address.href} ${body ?? ""}`;
    if (seen.has(here))
      throw new TesseraError(
        "source-refused",
        phrase`the service's cursor does not advance: it leads to ${address.pathname} twice`,
        { place, remedy: "nothing was changed; tell the service's owner" },
      );
    seen.add(here);
    const answer = await client.get(address, body);
    const found = atPath(answer.json, records);
    if (!Array.isArray(found)) {
      throw new TesseraError(
        "source-refused",
        phrase`the service's answer for ${address.pathname} has no list at ${extract.records ?? "$"}`,
        { place, remedy: "check extract.records; an error page may have come with status 200" },
      );
    }
    if (total !== undefined) {
      const says = Number(atPath(answer.json, total));
      if (announced !== undefined && says !== announced)
        throw new ListChanged(`the number of records went from ${announced} to ${says}`);
      announced = Number.isFinite(says) ? says : undefined;
    }
    count += found.length;
    yield { ...answer, records: found.length };
    const next = following(answer, address, client.base, pagination, found, at, place);
    if (next === undefined) {
      if (announced !== undefined && count !== announced)
        throw new ListChanged(`${announced} records were announced and ${count} sent`);
      return;
    }
    at = next;
  }
  throw new TesseraError("source-refused", phrase`the service sent ${MOST_PAGES} pages and no end`, { place });
}

function addressOf(
  base: URL,
  extract: RestExtract,
  pagination: Pagination,
  since: string | undefined,
  at: Position,
  words: Words,
): URL {
  const address = new URL(extract.path.replace(/^\//, ""), base.href.endsWith("/") ? base : `${base.href}/`);
  for (const [name, value] of Object.entries(extract.query ?? {})) {
    const filled = typeof value === "string" ? fillText(value, words) : String(value);
    if (filled !== undefined) address.searchParams.set(name, filled);
  }
  if (extract.since !== undefined && since !== undefined) address.searchParams.set(extract.since, since);
  const size = "size" in pagination ? pagination.size : undefined;
  if (size !== undefined && "sizeParameter" in pagination && pagination.sizeParameter !== undefined)
    address.searchParams.set(pagination.sizeParameter, String(size));
  if (pagination.kind === "offset") {
    address.searchParams.set(pagination.sizeParameter ?? "limit", String(pagination.size));
    address.searchParams.set(pagination.parameter ?? "offset", String(at.number));
  }
  if (pagination.kind === "page") address.searchParams.set(pagination.parameter ?? "page", String(at.number));
  // a body says itself where its cursor goes
  if (pagination.kind === "cursor" && at.cursor !== undefined && extract.body === undefined)
    address.searchParams.set(pagination.parameter ?? "cursor", at.cursor);
  return address;
}

function following(
  answer: RestAnswer,
  address: URL,
  base: URL,
  pagination: Pagination,
  found: readonly unknown[],
  at: Position,
  place: string,
): Position | undefined {
  const records = found.length;
  switch (pagination.kind) {
    case "none":
      return undefined;
    case "page":
      return records === 0 || (pagination.size !== undefined && records < pagination.size)
        ? undefined
        : { ...at, number: at.number + 1 };
    case "offset":
      return records === 0 ? undefined : { ...at, number: at.number + records };
    case "link": {
      const next =
        pagination.next === undefined ? nextLink(answer.link) : atPath(answer.json, parsePath(pagination.next, place));
      return typeof next === "string" && next !== ""
        ? { ...at, address: sameOrigin(next, address, base, place) }
        : undefined;
    }
    case "cursor": {
      const next = atPath(answer.json, parsePath(pagination.next, place));
      if (next === null || next === undefined || next === "" || next === false) return undefined;
      const inWindow = at.inWindow + records;
      if (pagination.window !== undefined && inWindow >= pagination.window.size)
        return nextWindow(pagination.window.key, found, at, place);
      const text = String(next);
      return /^https?:\/\//.test(text)
        ? { ...at, inWindow, address: sameOrigin(text, address, base, place) }
        : { ...at, inWindow, cursor: text };
    }
  }
}

/** The search is asked anew for what lies behind the last record. */
function nextWindow(key: string, found: readonly unknown[], at: Position, place: string): Position {
  const last = atPath(found.at(-1), parsePath(key, place));
  if ((typeof last !== "string" && typeof last !== "number") || String(last) === at.last) {
    throw new TesseraError("source-refused", phrase`the last record of a full search window has no new key at ${key}`, {
      place,
      remedy: "check pagination.window.key, and that the search is sorted by it",
    });
  }
  return { ...at, cursor: undefined, address: undefined, last: String(last), inWindow: 0 };
}

const nextLink = (header: string | null): string | undefined =>
  /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(header ?? "")?.[1];

/** A page may not lead to another host: the token would go with it. */
function sameOrigin(next: string, address: URL, base: URL, place: string): URL {
  const url = new URL(next, address);
  if (url.origin !== base.origin)
    throw new TesseraError("source-refused", phrase`the service's next page is on another host (${url.host})`, {
      place,
    });
  return url;
}
