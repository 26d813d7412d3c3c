/** What of a PostgreSQL table or query a load reads. */
import type pg from "pg";
import type { DatabaseExtract } from "../declare/job.ts";
import type { Duration } from "../declare/duration.ts";
import { keyOf, modeOf } from "../declare/load-mode.ts";
import { milliseconds } from "./cursor.ts";
import type { ExtractContext } from "./extracted.ts";
import { snapshotBounds } from "./pg-snapshot.ts";
import { cursorOf } from "./wanted.ts";

export interface PgBounds {
  /** a WHERE clause with a blank before it, or nothing */
  readonly where: string;
  readonly whole: boolean;
  readonly upper?: string | null;
  /** for the next load's `mark` */
  readonly mark?: string;
  readonly warnings: readonly string[];
}

/** Fixes the bounds within the read's snapshot. Rows without a cursor value, or with an infinite one, are always read. */
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
  const type = (await client.query(`SELECT pg_typeof(${column})::text AS type FROM ${from} LIMIT 1`)).rows[0] as
    | { readonly type: string }
    | undefined;
  const snapshot = await snapshotBounds(client, extract, context.mark);
  const mark = snapshot === undefined ? {} : { mark: snapshot.mark };
  if (type === undefined)
    return { where: "", whole: context.since === null, upper: context.since, ...mark, warnings: [] };
  const typed = (text: string): string => `${client.escapeLiteral(text)}::${type.type}`;
  if (backfill !== undefined) {
    // the marks stay: a backfill reads what lies behind them
    return {
      where: ` WHERE ${column} >= ${typed(backfill.from)} AND ${column} < ${typed(backfill.until)}`,
      whole: false,
      upper: context.since,
      ...(context.mark !== null && { mark: context.mark }),
      warnings: [],
    };
  }
  const finite = /^(date|timestamp)/.test(type.type) ? `isfinite(${column})` : `${column} IS NOT NULL`;
  const [row] = (
    await client.query(
      `SELECT max(${column})::text AS upper, max(${column}) < ${context.since === null ? "NULL" : client.escapeLiteral(context.since)} AS back FROM ${from} WHERE ${finite}`,
    )
  ).rows as [{ upper: string | null; back: boolean | null }];
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
  // when the source's clock went back, what it says now is below what was read before: the mark stays
  const upper = row.back ? context.since : row.upper;
  const late = snapshot?.writtenSince;
  // without a key, a row that is read twice would be there twice
  if (appends)
    return {
      where: ` WHERE ${column} > ${lag} AND ${column} <= ${typed(row.upper)}${late === undefined || keyOf(context.job).length === 0 ? "" : ` OR ${late}`}`,
      whole: false,
      upper,
      ...mark,
      warnings: [],
    };
  return {
    where: ` WHERE (${column} >= ${lag} AND ${column} <= ${typed(row.upper)}) OR NOT ${finite} OR ${column} IS NULL${late === undefined ? "" : ` OR ${late}`}`,
    whole: false,
    upper,
    ...mark,
    warnings: [],
  };
}

const interval = (lag: Duration): string => `make_interval(secs => ${milliseconds(lag) / 1000})`;
