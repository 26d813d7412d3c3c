/** Mode merge: rows are added, changed and deleted by key. */
import type { DuckDBConnection } from "duckdb";
import { first } from "../../engine/lookup.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { keyOf } from "../declare/load-mode.ts";
import { inScratch } from "../extract/extracted.ts";
import { readNumbers } from "../extract/read-sql.ts";
import { inWarehouse } from "../extract/warehouse-tables.ts";
import { stagedTable } from "../stage/stage.ts";
import type { Accounting } from "./accounting.ts";
import type { LoadRequest } from "./load-request.ts";
import { columnList, isEmpty, namesOf, sameKey } from "./staged-sql.ts";

/** What the merge does with a row of the delta. */
const KEEP = 0;
const ADD = 1;
const UPDATE = 2;
const DELETE = 3;

/**
 * Merges the staged rows into the target.
 * @param superseded rows that a later one with the same key replaced
 * @param marked rows that the source marks as deleted
 */
export async function mergeRows(
  connection: DuckDBConnection,
  request: LoadRequest,
  superseded: number,
  marked: number,
): Promise<Accounting> {
  const { job, read, rejected, tables, columns } = request;
  const staged = inScratch(stagedTable(job));
  const { table } = job.into;
  if (await isEmpty(connection, table)) {
    const { added } = await tables.change(table, {
      add: {
        sql: `SELECT ${columnList(columns)} FROM ${staged} WHERE NOT __deleted`,
        columns: namesOf(columns),
      },
    });
    return { read, added, updated: 0, unchanged: superseded + marked, deleted: 0, rejected, removed: 0 };
  }
  const key = keyOf(job);
  const delta = inScratch(`delta_${job.name}`);
  await writeDelta(connection, request, delta);
  const [added = 0, updated = 0, deleted = 0, same = 0] = await readNumbers(
    connection,
    `SELECT count(*) FILTER (__what = ${ADD}), count(*) FILTER (__what = ${UPDATE}),
       count(*) FILTER (__what = ${DELETE}), count(*) FILTER (__what = ${KEEP}) FROM ${delta}`,
  );
  await tables.change(table, {
    ...(updated + deleted > 0 && {
      remove: { using: `${delta} AS d`, sql: `d.__what IN (${UPDATE}, ${DELETE}) AND ${sameKey(key, "t", "d")}` },
    }),
    ...(added + updated > 0 && {
      add: {
        sql: `SELECT ${columnList(columns)} FROM ${delta} WHERE __what IN (${ADD}, ${UPDATE})`,
        columns: namesOf(columns),
      },
    }),
  });
  const { removed } =
    request.presentKeys === undefined
      ? { removed: 0 }
      : await tables.change(table, {
          remove: { sql: `NOT EXISTS (SELECT 1 FROM ${request.presentKeys} AS k WHERE ${sameKey(key, "k", "t")})` },
        });
  await connection.run(`DROP TABLE ${delta}`);
  return { read, added, updated, unchanged: superseded + same, deleted, rejected, removed };
}

/** The staged rows with what the merge does with each. All columns are compared as they are: a hash could collide. */
async function writeDelta(connection: DuckDBConnection, { job, columns }: LoadRequest, delta: string): Promise<void> {
  const key = keyOf(job);
  const others = columns.filter((column) => !key.includes(column.name));
  const differs =
    others.length === 0
      ? "false"
      : others.map(({ name }) => `s.${quoteIdentifier(name)} IS DISTINCT FROM t.${quoteIdentifier(name)}`).join(" OR ");
  // a key that was found is not null
  const isNew = `t.${quoteIdentifier(first(key))} IS NULL`;
  await connection.run(
    `CREATE OR REPLACE TABLE ${delta} AS
     SELECT s.*, CASE
       WHEN s.__deleted THEN (CASE WHEN ${isNew} THEN ${KEEP} ELSE ${DELETE} END)
       WHEN ${isNew} THEN ${ADD} WHEN ${differs} THEN ${UPDATE} ELSE ${KEEP} END AS __what
     FROM ${inScratch(stagedTable(job))} AS s
       LEFT JOIN ${inWarehouse(job.into.table)} AS t ON ${sameKey(key, "s", "t")}`,
  );
}
