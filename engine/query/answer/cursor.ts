/**
 * Cursors: where the next page begins. A cursor carries the data version and the query as it was planned for its
 * caller, so that a page never belongs to another answer.
 */
import { createHash } from "node:crypto";
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Printed } from "../../sql/printer.ts";
import type { Query } from "../../model/query.ts";

/** The identity of a query, of the model behind it (its statement), and of the caller's role. */
export function fingerprint(
  { cursor: _cursor, limit: _limit, ...query }: Query,
  { sql, parameters }: Printed,
  role: string | null,
): string {
  return createHash("sha256")
    .update(JSON.stringify([query, sql.replace(/ limit \d+/g, ""), parameters, role]))
    .digest("base64url")
    .slice(0, 16);
}

/** A cursor. @param offset rows of earlier pages @param mark the query's fingerprint */
export const writeCursor = (mark: string, offset: number, version: number | null): string =>
  Buffer.from(JSON.stringify([offset, version, mark])).toString("base64url");

/**
 * The rows of earlier pages.
 * @throws TesseraError `version-gone` when the data has changed since, `query-invalid` for the cursor of another query,
 *   model or role
 */
export function readCursor(cursor: string, mark: string, version: number | null): number {
  const found = decode(cursor);
  if (!Array.isArray(found) || found.length !== 3 || !Number.isSafeInteger(found[0]) || found[0] < 0)
    throw new TesseraError("query-invalid", "the cursor is not valid", {
      place: "$.cursor",
      remedy: "take it from meta.next of the previous page",
    });
  if (found[1] !== version)
    throw new TesseraError(
      "version-gone",
      phrase`the cursor belongs to data version ${String(found[1])}; version ${String(version)} is served`,
      { place: "$.cursor", remedy: "start from the first page" },
    );
  if (found[2] !== mark)
    throw new TesseraError("query-invalid", "the cursor belongs to another query, model or role", {
      place: "$.cursor",
      remedy: "send it with the query that it came from",
    });
  return Number(found[0]);
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
