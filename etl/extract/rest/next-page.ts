/** Where the next page of a list is. */
import { phrase, TesseraError } from "../../../engine/errors/index.ts";
import type { RestExtract } from "../../declare/job.ts";
import type { Pagination } from "../../declare/sources/rest.ts";
import { atPath, parsePath } from "../json-path.ts";
import type { RestAnswer } from "./rest-client.ts";
import { fillText, type Placeholders } from "./rest-template.ts";

/** A page within the list. */
export interface Position {
  /** of numbered pages and offsets */
  readonly number: number;
  readonly cursor: string | undefined;
  /** the page's address, where the service gives it */
  readonly address: URL | undefined;
  /** the key behind which the search window begins */
  readonly last: string | undefined;
  /** records read in the search window */
  readonly inWindow: number;
}

/** The address of a page, from the parameters of the extract and its pagination. */
export function addressOf(
  base: URL,
  extract: RestExtract,
  pagination: Pagination,
  since: string | undefined,
  at: Position,
  values: Placeholders,
): URL {
  const address = new URL(extract.path.replace(/^\//, ""), base.href.endsWith("/") ? base : `${base.href}/`);
  for (const [name, value] of Object.entries(extract.query ?? {})) {
    const filled = typeof value === "string" ? fillText(value, values) : String(value);
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
  // a body has a placeholder for its cursor
  if (pagination.kind === "cursor" && at.cursor !== undefined && extract.body === undefined)
    address.searchParams.set(pagination.parameter ?? "cursor", at.cursor);
  return address;
}

/** The position after a page; undefined after the last one. @throws TesseraError `source-refused` */
export function following(
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

/** The search is repeated for the keys behind the last record. */
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

/** Pages must stay on one host: requests carry the token. */
function sameOrigin(next: string, address: URL, base: URL, place: string): URL {
  const url = new URL(next, address);
  if (url.origin !== base.origin)
    throw new TesseraError("source-refused", phrase`the service's next page is on another host (${url.host})`, {
      place,
      remedy: "set baseUrl to the host that the pages are on",
    });
  return url;
}
