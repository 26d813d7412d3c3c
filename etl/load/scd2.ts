/**
 * SCD 2: versions of a member with validity intervals that never overlap or leave gaps.
 *
 * The versions of every key that changes are laid out again from their stated dates: each lasts until the next begins,
 * the first reaches back to year 1, the last is open. Late rows find their place in between; existing versions keep
 * their number, because facts refer to it.
 */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { inScratch } from "../extract/extracted.ts";
import { readNumber, readNumbers } from "../extract/read-sql.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import type { TargetColumn } from "../stage/stage.ts";
import { fitTable, type SchemaChange } from "./target.ts";

/** Begin of every first version: before every fact. */
export const EARLIEST = "0001-01-01";

/** What merging rows into an SCD 2 table needs. */
export interface VersionsRequest {
  readonly table: string;
  /** qualified table of incoming rows: one for each key, or one for each key and date with `validFrom` */
  readonly rows: string;
  readonly key: readonly string[];
  /** a change of these begins a new version; a change of the others is written into every version */
  readonly tracked: readonly string[];
  readonly columns: readonly TargetColumn[];
  /** name of the version's key */
  readonly version: string;
  /** column with the date since which a row is valid; default `at` */
  readonly validFrom?: string;
  readonly at: Date;
}

/** The result of a merge. */
export interface VersionsResult {
  /** new versions */
  readonly added: number;
  /** incoming rows that changed versions in place */
  readonly updated: number;
  readonly unchanged: number;
  readonly changes: readonly SchemaChange[];
}

/** SQL that the steps of a merge share. */
function sqlOf({ table, key, tracked, columns, validFrom }: VersionsRequest) {
  const names = columns.map((column) => column.name);
  return {
    target: inWarehouse(table),
    incoming: inScratch(`history_in_${table}`),
    line: inScratch(`history_line_${table}`),
    /** columns that are overwritten in every version */
    others: names.filter((name) => !key.includes(name) && !tracked.includes(name) && name !== validFrom),
    keys: (alias: string): string => key.map((name) => `${alias}.${quoteIdentifier(name)}`).join(", "),
    same: (a: string, b: string): string =>
      key.map((name) => `${a}.${quoteIdentifier(name)} = ${b}.${quoteIdentifier(name)}`).join(" AND "),
    pack: (fields: readonly string[], alias: string): string => {
      if (fields.length === 0) return "0";
      const list = fields.map((name) => `${quoteIdentifier(name)} := ${alias}.${quoteIdentifier(name)}`).join(", ");
      return `struct_pack(${list})`;
    },
    list: (alias: string, fields: readonly string[] = names): string =>
      fields.map((name) => `${alias}.${quoteIdentifier(name)}`).join(", "),
  };
}

type Sql = ReturnType<typeof sqlOf>;

/** Merges rows into an SCD 2 table, which is created or altered to fit. */
export async function mergeVersions(connection: DuckDBConnection, request: VersionsRequest): Promise<VersionsResult> {
  const changes = await fitVersions(connection, request);
  const sql = sqlOf(request);
  await collectChanged(connection, request, sql);
  await layOut(connection, request, sql);
  const [incoming = 0, added = 0, updated = 0] = await count(connection, request, sql);
  await writeVersions(connection, request, sql);
  for (const table of [sql.incoming, sql.line]) await connection.run(`DROP TABLE ${table}`);
  return { added, updated, unchanged: incoming - added - updated, changes };
}

/** Incoming rows that differ from the version they belong to. */
async function collectChanged(connection: DuckDBConnection, request: VersionsRequest, sql: Sql): Promise<void> {
  const { rows, tracked, validFrom, at } = request;
  const { target, incoming, others, same, pack, list } = sql;
  // without a date of its own a change begins at the load, but after the version it ends: clocks may go back
  const from =
    validFrom === undefined
      ? "greatest($1::TIMESTAMP, c.stated_from + INTERVAL 1 MICROSECOND)"
      : `coalesce(i.${quoteIdentifier(validFrom)}::TIMESTAMP, $1::TIMESTAMP)`;
  const open = validFrom === undefined ? `LEFT JOIN ${target} AS c ON ${same("i", "c")} AND c.valid_until IS NULL` : "";
  const isSameVersion = validFrom === undefined ? "e.valid_until IS NULL" : "e.stated_from = i.__from";
  await connection.run(
    `CREATE OR REPLACE TABLE ${incoming} AS
     WITH i AS (SELECT ${list("i")}, ${from} AS __from FROM ${rows} AS i ${open})
     SELECT i.* FROM i LEFT JOIN ${target} AS e ON ${same("i", "e")} AND ${isSameVersion}
     WHERE e.stated_from IS NULL
       OR ${pack(tracked, "i")} IS DISTINCT FROM ${pack(tracked, "e")}
       OR ${pack(others, "i")} IS DISTINCT FROM ${pack(others, "e")}`,
    [at.toISOString().replace("T", " ").replace("Z", "")],
  );
}

/** All versions of the changed keys in order of their dates; `__dropped` for those that change nothing. */
async function layOut(connection: DuckDBConnection, { tracked, version }: VersionsRequest, sql: Sql): Promise<void> {
  const { target, incoming, line, others, keys, same, pack, list } = sql;
  const moment = `(PARTITION BY ${keys("l")}, l.stated_from ORDER BY l.__new)`;
  await connection.run(
    `CREATE OR REPLACE TABLE ${line} AS
     WITH line AS (
       SELECT ${list("t")}, t.stated_from, t.${quoteIdentifier(version)} AS __version, 0 AS __new
       FROM ${target} AS t WHERE EXISTS (SELECT 1 FROM ${incoming} AS i WHERE ${same("i", "t")})
       UNION ALL
       SELECT ${list("i")}, i.__from, NULL, 1 FROM ${incoming} AS i
     ), merged AS (
       SELECT l.*, ${pack(tracked, "l")} AS __tracked, ${pack(others, "l")} AS __others,
         max(l.__version) OVER (PARTITION BY ${keys("l")}, l.stated_from) AS __kept,
         lag(${pack(tracked, "l")}) OVER ${moment} AS __was,
         lead(l.__new) OVER ${moment} AS __replaced
       FROM line AS l
     ), placed AS (
       SELECT m.*, lag(__tracked) OVER w AS __before, lead(__tracked) OVER w AS __after,
         lead(__kept) OVER w AS __after_kept, row_number() OVER w AS __n,
         last_value(__others) OVER (
           PARTITION BY ${keys("m")} ORDER BY stated_from ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
         ) AS __latest,
         bool_or(__new = 0) OVER (PARTITION BY ${keys("m")}) AS __known
       FROM merged AS m WHERE __replaced IS NULL WINDOW w AS (PARTITION BY ${keys("m")} ORDER BY stated_from)
     )
     SELECT *, __kept IS NULL AND (
         (__n > 1 AND __tracked IS NOT DISTINCT FROM __before)
         OR (__n = 1 AND __after_kept IS NOT NULL AND __tracked IS NOT DISTINCT FROM __after)
       ) AS __dropped
     FROM placed`,
  );
}

/** Incoming rows, new versions, and rows that change versions in place. */
function count(connection: DuckDBConnection, { rows }: VersionsRequest, sql: Sql): Promise<number[]> {
  const { target, line, others, same, pack } = sql;
  const changesOthers =
    others.length === 0
      ? "false"
      : `EXISTS (
           SELECT 1 FROM ${target} AS t WHERE ${same("t", "l")} AND ${pack(others, "t")} IS DISTINCT FROM l.__latest
         )`;
  return readNumbers(
    connection,
    `SELECT (SELECT count(*) FROM ${rows}),
       count(*) FILTER (l.__new = 1 AND l.__kept IS NULL AND NOT l.__dropped),
       count(*) FILTER (
         l.__new = 1 AND (l.__kept IS NOT NULL OR l.__dropped)
         AND ((l.__kept IS NOT NULL AND l.__tracked IS DISTINCT FROM l.__was) OR ${changesOthers})
       )
     FROM ${line} AS l`,
  );
}

/** Replaces the versions of the changed keys, in one transaction. */
async function writeVersions(connection: DuckDBConnection, request: VersionsRequest, sql: Sql): Promise<void> {
  const { key, tracked, version, validFrom } = request;
  const { target, line, others, keys, same, list } = sql;
  const kept = new Set([...key, ...tracked, ...(validFrom === undefined ? [] : [validFrom])]);
  const latest = others.map((name) => `l.__latest.${quoteIdentifier(name)} AS ${quoteIdentifier(name)}`);
  const number = quoteIdentifier(version);
  await connection.run("BEGIN");
  try {
    const top = await readNumber(connection, `SELECT coalesce(max(${number}), 0)::BIGINT FROM ${target}`);
    await connection.run(
      `DELETE FROM ${target} AS t
       USING (SELECT DISTINCT ${keys("l")} FROM ${line} AS l) AS l WHERE ${same("t", "l")}`,
    );
    await connection.run(
      `INSERT INTO ${target} BY NAME
       SELECT ${[list("l", [...kept]), ...latest].join(", ")}, l.stated_from,
         CASE WHEN row_number() OVER w = 1 THEN TIMESTAMP '${EARLIEST}' ELSE l.stated_from END AS valid_from,
         lead(l.stated_from) OVER w AS valid_until,
         coalesce(l.__kept, $1::BIGINT + row_number() OVER (
           PARTITION BY l.__kept IS NULL ORDER BY ${keys("l")}, l.stated_from
         )) AS ${number}
       FROM ${line} AS l WHERE NOT l.__dropped WINDOW w AS (PARTITION BY ${keys("l")} ORDER BY l.stated_from)`,
      [BigInt(top)],
    );
    await connection.run("COMMIT");
  } catch (error) {
    // fails when the error ended the transaction; the first error is the one to report
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** Creates or alters the table. A new column gets its value in every version, so that its arrival changes no member. */
async function fitVersions(
  connection: DuckDBConnection,
  { table, columns, version, key, rows, validFrom }: VersionsRequest,
): Promise<SchemaChange[]> {
  const own: TargetColumn[] = ["valid_from", "valid_until", "stated_from"].map((name) => ({
    name,
    type: "TIMESTAMP",
    declared: true,
  }));
  const isNew = (await columnsOf(connection, table)).size === 0;
  const changes = await fitTable(
    connection,
    table,
    [...columns, { name: version, type: "BIGINT", declared: true }, ...own],
    `table ${table}`,
  );
  if (isNew || validFrom !== undefined) return changes;
  const same = key.map((each) => `i.${quoteIdentifier(each)} = t.${quoteIdentifier(each)}`).join(" AND ");
  for (const { column, change } of changes) {
    if (change !== "added") continue;
    const name = quoteIdentifier(column);
    await connection.run(`UPDATE ${inWarehouse(table)} AS t SET ${name} = i.${name} FROM ${rows} AS i WHERE ${same}`);
  }
  return changes;
}
