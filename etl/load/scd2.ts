/**
 * SCD 2: versions of a member with validity intervals that never overlap or leave gaps.
 *
 * The versions of every key that changes are laid out anew from the dates they state, so that the intervals come out right by
 * construction: each lasts until the next begins, the first reaches back for ever, the last is open. Rows that arrive late find
 * their place in the middle; versions that were there keep their number, because facts point to it.
 */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { inScratch } from "../extract/extracted.ts";
import type { TargetColumn } from "../stage/stage.ts";
import { fitTable, type SchemaChange } from "./target.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";

/** Before every fact. */
export const FOR_EVER = "0001-01-01";

export interface HistoryRequest {
  readonly table: string;
  /** qualified table of incoming rows, one a key, or one a key and date where there is `validFrom` */
  readonly rows: string;
  readonly key: readonly string[];
  /** a change of these makes a new version; a change of the others is written into every version */
  readonly tracked: readonly string[];
  readonly columns: readonly TargetColumn[];
  /** name of the version's key */
  readonly version: string;
  /** column that says since when the row is so; else since `at` */
  readonly validFrom?: string;
  readonly at: Date;
}

export interface HistoryResult {
  /** new versions */
  readonly added: number;
  /** incoming rows that changed versions in place */
  readonly updated: number;
  readonly unchanged: number;
  readonly changes: readonly SchemaChange[];
}

export async function mergeHistory(connection: DuckDBConnection, request: HistoryRequest): Promise<HistoryResult> {
  const { table, rows, key, tracked, columns, version, validFrom } = request;
  const target = inWarehouse(table);
  const changes = await fitHistory(connection, request);
  const names = columns.map((column) => column.name);
  const others = names.filter((name) => !key.includes(name) && !tracked.includes(name) && name !== validFrom);
  const keys = (alias: string): string => key.map((name) => `${alias}.${quoteIdentifier(name)}`).join(", ");
  const same = (a: string, b: string): string =>
    key.map((name) => `${a}.${quoteIdentifier(name)} = ${b}.${quoteIdentifier(name)}`).join(" AND ");
  const pack = (fields: readonly string[], alias: string): string =>
    fields.length === 0
      ? "0"
      : `struct_pack(${fields.map((name) => `${quoteIdentifier(name)} := ${alias}.${quoteIdentifier(name)}`).join(", ")})`;
  const list = (alias: string, fields = names): string =>
    fields.map((name) => `${alias}.${quoteIdentifier(name)}`).join(", ");
  const at = request.at.toISOString().replace("T", " ").replace("Z", "");
  const scratch = (name: string): string => inScratch(`history_${name}_${table}`);

  // without dates of its own a change begins at the load, but never before the version it ends: clocks do go back
  const from =
    validFrom === undefined
      ? `greatest($1::TIMESTAMP, c.stated_from + INTERVAL 1 MICROSECOND)`
      : `coalesce(i.${quoteIdentifier(validFrom)}::TIMESTAMP, $1::TIMESTAMP)`;
  const match = validFrom === undefined ? "e.valid_until IS NULL" : "e.stated_from = i.__from";
  await connection.run(
    `CREATE OR REPLACE TABLE ${scratch("in")} AS
     WITH i AS (SELECT ${list("i")}, ${from} AS __from FROM ${rows} AS i ${validFrom === undefined ? `LEFT JOIN ${target} AS c ON ${same("i", "c")} AND c.valid_until IS NULL` : ""})
     SELECT i.* FROM i LEFT JOIN ${target} AS e ON ${same("i", "e")} AND ${match}
     WHERE e.stated_from IS NULL OR ${pack(tracked, "i")} IS DISTINCT FROM ${pack(tracked, "e")} OR ${pack(others, "i")} IS DISTINCT FROM ${pack(others, "e")}`,
    [at],
  );
  await connection.run(
    `CREATE OR REPLACE TABLE ${scratch("line")} AS
     WITH line AS (
       SELECT ${list("t")}, t.stated_from, t.${quoteIdentifier(version)} AS __version, 0 AS __new FROM ${target} AS t WHERE EXISTS (SELECT 1 FROM ${scratch("in")} AS i WHERE ${same("i", "t")})
       UNION ALL
       SELECT ${list("i")}, i.__from, NULL, 1 FROM ${scratch("in")} AS i
     ), merged AS (
       SELECT l.*, ${pack(tracked, "l")} AS __tracked, ${pack(others, "l")} AS __others,
         max(l.__version) OVER (PARTITION BY ${keys("l")}, l.stated_from) AS __kept,
         lag(${pack(tracked, "l")}) OVER (PARTITION BY ${keys("l")}, l.stated_from ORDER BY l.__new) AS __was,
         lead(l.__new) OVER (PARTITION BY ${keys("l")}, l.stated_from ORDER BY l.__new) AS __replaced
       FROM line AS l
     ), placed AS (
       SELECT m.*, lag(__tracked) OVER w AS __before, lead(__tracked) OVER w AS __after, lead(__kept) OVER w AS __after_kept, row_number() OVER w AS __n,
         last_value(__others) OVER (PARTITION BY ${keys("m")} ORDER BY stated_from ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS __latest,
         bool_or(__new = 0) OVER (PARTITION BY ${keys("m")}) AS __known
       FROM merged AS m WHERE __replaced IS NULL WINDOW w AS (PARTITION BY ${keys("m")} ORDER BY stated_from)
     )
     SELECT *, __kept IS NULL AND ((__n > 1 AND __tracked IS NOT DISTINCT FROM __before) OR (__n = 1 AND __after_kept IS NOT NULL AND __tracked IS NOT DISTINCT FROM __after)) AS __dropped
     FROM placed`,
  );
  const old =
    others.length === 0
      ? "false"
      : `EXISTS (SELECT 1 FROM ${target} AS t WHERE ${same("t", "l")} AND ${pack(others, "t")} IS DISTINCT FROM l.__latest)`;
  const counted = await connection.runAndReadAll(
    `SELECT (SELECT count(*) FROM ${rows}), count(*) FILTER (l.__new = 1 AND l.__kept IS NULL AND NOT l.__dropped),
       count(*) FILTER (l.__new = 1 AND (l.__kept IS NOT NULL OR l.__dropped) AND ((l.__kept IS NOT NULL AND l.__tracked IS DISTINCT FROM l.__was) OR ${old})) FROM ${scratch("line")} AS l`,
  );
  const [incoming, added, updated] = counted.getRowsJson()[0]!.map(Number) as [number, number, number];

  const kept = [
    ...key,
    ...tracked,
    ...(validFrom !== undefined && !tracked.includes(validFrom) && !key.includes(validFrom) ? [validFrom] : []),
  ];
  const latest = others.map((name) => `l.__latest.${quoteIdentifier(name)} AS ${quoteIdentifier(name)}`);
  await connection.run("BEGIN");
  try {
    const [{ top }] = (
      await connection.runAndReadAll(
        `SELECT coalesce(max(${quoteIdentifier(version)}), 0)::BIGINT AS top FROM ${target}`,
      )
    ).getRowObjectsJson() as unknown as [{ top: string }];
    await connection.run(
      `DELETE FROM ${target} AS t USING (SELECT DISTINCT ${keys("l")} FROM ${scratch("line")} AS l) AS l WHERE ${same("t", "l")}`,
    );
    await connection.run(
      `INSERT INTO ${target} BY NAME
       SELECT ${[list("l", kept), ...latest].join(", ")}, l.stated_from,
         CASE WHEN row_number() OVER w = 1 THEN TIMESTAMP '${FOR_EVER}' ELSE l.stated_from END AS valid_from,
         lead(l.stated_from) OVER w AS valid_until,
         coalesce(l.__kept, $1::BIGINT + row_number() OVER (PARTITION BY l.__kept IS NULL ORDER BY ${keys("l")}, l.stated_from)) AS ${quoteIdentifier(version)}
       FROM ${scratch("line")} AS l WHERE NOT l.__dropped WINDOW w AS (PARTITION BY ${keys("l")} ORDER BY l.stated_from)`,
      [BigInt(top)],
    );
    await connection.run("COMMIT");
  } catch (error) {
    // an error that ended the transaction itself is the one to tell
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
  for (const name of ["in", "line"]) await connection.run(`DROP TABLE ${scratch(name)}`);
  return { added, updated, unchanged: incoming - added - updated, changes };
}

/** Makes or fits the table; a column that is new gets its value in every version, so that its coming is no change of the member. */
async function fitHistory(
  connection: DuckDBConnection,
  { table, columns, version, key, rows, validFrom }: HistoryRequest,
): Promise<SchemaChange[]> {
  const own: TargetColumn[] = ["valid_from", "valid_until", "stated_from"].map((name) => ({
    name,
    type: "TIMESTAMP",
    declared: true,
  }));
  const existed = (await columnsOf(connection, table)).size > 0;
  const changes = await fitTable(
    connection,
    table,
    [...columns, { name: version, type: "BIGINT", declared: true }, ...own],
    `table ${table}`,
  );
  if (existed && validFrom === undefined) {
    for (const { column, change } of changes) {
      if (change !== "added") continue;
      const name = quoteIdentifier(column);
      await connection.run(
        `UPDATE ${inWarehouse(table)} AS t SET ${name} = i.${name} FROM ${rows} AS i WHERE ${key.map((each) => `i.${quoteIdentifier(each)} = t.${quoteIdentifier(each)}`).join(" AND ")}`,
      );
    }
  }
  return changes;
}
