/** Cursors: where the next page begins. They carry the data version and the question as it was planned for its asker, so that a page is never of another answer. */
import { createHash } from "node:crypto";
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Printed } from "../../sql/print-duckdb.ts";
import type { Query } from "../../model/query.ts";

/** Of the question, of the model behind it (its statement), and of who asks. */
export function fingerprint(
  { cursor: _, limit: __, ...query }: Query,
  { sql, parameters }: Printed,
  role: string | null,
): string {
  return createHash("sha256")
    .update(JSON.stringify([query, sql.replace(/ limit \d+/g, ""), parameters, role]))
    .digest("base64url")
    .slice(0, 16);
}

export const writeCursor = (mark: string, offset: number, version: number | null): string =>
  Buffer.from(JSON.stringify([offset, version, mark])).toString("base64url");

/** @returns the rows of earlier pages @throws TesseraError `version-gone` when the data or the model has changed since, `query-invalid` for another query's or role's cursor */
export function readCursor(cursor: string, mark: string, version: number | null): number {
  let found: unknown;
  try {
    found = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    found = null;
  }
  if (!Array.isArray(found) || found.length !== 3 || !Number.isSafeInteger(found[0]) || (found[0] as number) < 0)
    throw new TesseraError("query-invalid", "this is no cursor", {
      place: "$.cursor",
      remedy: "take it from meta.next of the page before",
    });
  if (found[1] !== version)
    throw new TesseraError(
      "version-gone",
      phrase`the cursor is of data version ${String(found[1])}, and ${String(version)} is served`,
      { place: "$.cursor", remedy: "begin at the first page" },
    );
  if (found[2] !== mark)
    throw new TesseraError("query-invalid", "the cursor is of another query, model or role", {
      place: "$.cursor",
      remedy: "send it with the query that it came from",
    });
  return found[0] as number;
}
