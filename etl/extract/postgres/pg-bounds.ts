/** Which rows of a PostgreSQL table or query a load reads. */
import { first } from "../../../engine/lookup.ts";
import type pg from "pg";
import type { DatabaseExtract } from "../../declare/job.ts";
import { milliseconds, type Duration } from "../../declare/duration.ts";
import { keyOf, modeOf } from "../../declare/load-mode.ts";
import type { ExtractContext } from "../extracted.ts";
import { snapshotBounds } from "./pg-snapshot.ts";
import { cursorOf } from "../wanted.ts";

/** The bounds of a read. */
export interface PgBounds {
  /** a WHERE clause with a leading blank, or an empty text */
  readonly where: string;
  /** whether all rows are read */
  readonly whole: boolean;
  /** highest cursor value of the read; null for a source without rows */
  readonly upper?: string | null;
  /** for the next load's `mark` */
  readonly mark?: string;
  readonly warnings: readonly string[];
}

/** Fixes the bounds within the read's snapshot. Rows with a null or infinite cursor are always read. */
export async function readBounds(
  client: pg.Client,
  context: ExtractContext,
  extract: DatabaseExtract,
  from: string,
): Promise<PgBounds> {
  const cursor = cursorOf(context.job);
  const { backfill } = context;
  if (cursor === undefined) return { where: "", whole: true, warnings: [] };
  const column = client.escapeIdentifier(cursor);
  const types = await client.query<{ readonly type: string }>(
    `SELECT pg_typeof(${column})::text AS type FROM ${from} LIMIT 1`,
  );
  const [type] = types.rows;
  const snapshot = await snapshotBounds(client, extract, context.mark);
  const mark = snapshot === undefined ? {} : { mark: snapshot.mark };
  if (type === undefined)
    return { where: "", whole: context.since === null, upper: context.since, ...mark, warnings: [] };
  const typed = (text: string): string => `${client.escapeLiteral(text)}::${type.type}`;
  if (backfill !== undefined) {
    // marks stay as they are: a backfill reads what is older
    return {
      where: ` WHERE ${column} >= ${typed(backfill.from)} AND ${column} < ${typed(backfill.until)}`,
      whole: false,
      upper: context.since,
      ...(context.mark !== null && { mark: context.mark }),
      warnings: [],
    };
  }
  const finite = /^(date|timestamp)/.test(type.type) ? `isfinite(${column})` : `${column} IS NOT NULL`;
  const before = context.since === null ? "NULL" : client.escapeLiteral(context.since);
  const highest = await client.query<{ readonly upper: string | null; readonly back: boolean | null }>(
    `SELECT max(${column})::text AS upper, max(${column}) < ${before} AS back FROM ${from} WHERE ${finite}`,
  );
  const row = first(highest.rows);
  if (row.upper === null)
    return { where: "", whole: context.since === null, upper: context.since, ...mark, warnings: [] };
  const appends = modeOf(context.job) === "append";
  if (context.since === null || (snapshot?.restart !== undefined && !appends)) {
    return {
      where: "",
      whole: true,
      upper: row.upper,
      ...mark,
      warnings: snapshot?.restart === undefined ? [] : [`${snapshot.restart}: everything was read again`],
    };
  }
  const lag =
    extract.lag === undefined || milliseconds(extract.lag) === 0
      ? typed(context.since)
      : `(${typed(context.since)} - ${interval(extract.lag)})`;
  // the source's clock went back: the watermark stays
  const upper = row.back ? context.since : row.upper;
  const late = snapshot?.writtenSince;
  const orLate = late === undefined ? "" : ` OR ${late}`;
  const upTo = `${column} <= ${typed(row.upper)}`;
  // without a key, a row that is read twice would be added twice
  const where = appends
    ? ` WHERE ${column} > ${lag} AND ${upTo}${keyOf(context.job).length === 0 ? "" : orLate}`
    : ` WHERE (${column} >= ${lag} AND ${upTo}) OR NOT ${finite} OR ${column} IS NULL${orLate}`;
  return { where, whole: false, upper, ...mark, warnings: [] };
}

const interval = (lag: Duration): string => `make_interval(secs => ${milliseconds(lag) / 1000})`;
