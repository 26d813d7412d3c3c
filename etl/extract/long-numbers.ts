/**
 * Numbers of JSON that have more digits than a double. DuckDB reads a number with a fraction as a double, so the few
 * objects that have such a number are written again with it as a text, which keeps every digit.
 */
import type { DuckDBConnection } from "duckdb";
import { at } from "../../engine/lookup.ts";
import { openChunkWriter } from "./chunk-writer.ts";
import { SCRATCH, inScratch } from "./extracted.ts";
import { readRows } from "./read-sql.ts";

/** What a long number looks like at least: sixteen digits and a point, or seventeen digits. */
const SUSPECT = "[0-9.]{17,}";
/** Objects that are held in memory at once. */
const BATCH = 5_000;

/**
 * Fills a table `(id, json)` with the objects that have long numbers, by their row.
 * @returns whether there are any
 */
export async function exactNumbers(connection: DuckDBConnection, objects: string, table: string): Promise<boolean> {
  const suspects = `FROM ${objects} WHERE regexp_matches(json::VARCHAR, '${SUSPECT}') AND json_type(json) = 'OBJECT'`;
  const [first] = await readRows(connection, `SELECT 1 ${suspects} LIMIT 1`);
  if (first === undefined) return false;
  await connection.run(`CREATE OR REPLACE TABLE ${inScratch(table)} (id BIGINT, json VARCHAR)`);
  const writer = await openChunkWriter(connection, SCRATCH, table);
  for (let from = -1; ; ) {
    const rows = await readRows(
      connection,
      `SELECT rowid, json::VARCHAR ${suspects} AND rowid > ${from} ORDER BY rowid LIMIT ${BATCH}`,
    );
    for (const [id, json] of rows) {
      const text = String(json);
      const exact = withLongNumbersAsTexts(text);
      from = Number(id);
      if (exact === text) continue;
      at(writer.columns, 0).setInteger(writer.row, from);
      at(writer.columns, 1).setText(writer.row, exact);
      writer.next();
    }
    if (rows.length < BATCH) break;
  }
  writer.close();
  return writer.rows > 0;
}

const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/** The JSON with numbers as texts where a double, or an integer of 64 bits, cannot hold them. */
export const withLongNumbersAsTexts = (json: string): string =>
  json.replace(TEXT_OR_NUMBER, (found) => (found.startsWith('"') || !isLong(found) ? found : `"${found}"`));

/** Digits that every double keeps. */
const DOUBLE_DIGITS = 15;
/** Digits that every integer of 64 bits keeps. */
const INTEGER_DIGITS = 18;

function isLong(number: string): boolean {
  const digits = number
    .replace(/[eE].*$/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+/, "").length;
  return digits > (/[.eE]/.test(number) ? DOUBLE_DIGITS : INTEGER_DIGITS);
}
