/** Reads a list page by page to its end, and no page twice. */
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import type { RestExtract } from "../../declare/job.ts";
import type { Pagination } from "../../declare/sources/rest.ts";
import { lowerBound } from "../cursor.ts";
import type { ExtractContext } from "../extracted.ts";
import { atPath, parsePath } from "../json-path.ts";
import { addressOf, following, type Position } from "./next-page.ts";
import type { RestAnswer, RestClient } from "./rest-client.ts";
import { fillBody, type Placeholders } from "./rest-template.ts";

const MOST_PAGES = 1_000_000;

/** A page, and how many records it has. */
export interface Page extends RestAnswer {
  readonly records: number;
}

/** The list changed while it was read: rows may be missing, so it must be read again. */
export class ListChanged extends Error {}

/** Reads all pages in order. @throws ListChanged; TesseraError `source-refused` for pages that repeat or never end */
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
    const values: Placeholders = {
      since: since ?? extract.begin ?? "1970-01-01T00:00:00Z",
      until: context.backfill?.until,
      last: at.last,
      cursor: at.cursor,
    };
    const address = at.address ?? addressOf(client.base, extract, pagination, since, at, values);
    const body =
      extract.body === undefined || at.address !== undefined
        ? undefined
        : JSON.stringify(fillBody(extract.body, values));
    const here = `${address.href} ${body ?? ""}`;
    if (seen.has(here))
      throw new TesseraError(
        "source-refused",
        phrase`the service's pages repeat: ${address.pathname} was already read`,
        { place, remedy: "report it to the owner of the service: nothing was changed" },
      );
    seen.add(here);
    const answer = await client.get(address, body);
    const found = atPath(answer.json, records);
    if (!Array.isArray(found)) {
      throw new TesseraError(
        "source-refused",
        phrase`no list at ${extract.records ?? "$"} in the service's answer for ${address.pathname}`,
        { place, remedy: "check extract.records; an error page may have status 200" },
      );
    }
    if (total !== undefined) {
      const stated = Number(atPath(answer.json, total));
      if (announced !== undefined && stated !== announced)
        throw new ListChanged(`the number of records changed from ${announced} to ${stated}`);
      announced = Number.isFinite(stated) ? stated : undefined;
    }
    count += found.length;
    yield { ...answer, records: found.length };
    const next = following(answer, address, client.base, pagination, found, at, place);
    if (next === undefined) {
      if (announced !== undefined && count !== announced)
        throw new ListChanged(`${announced} records were announced, ${count} were sent`);
      return;
    }
    at = next;
  }
  throw new TesseraError("source-refused", phrase`the service's list does not end after ${MOST_PAGES} pages`, {
    place,
  });
}
