/** Making one table of the star out of loaded ones. */
import type { DuckDBConnection, DuckDBValue } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier, type SegmentedTables } from "../../engine/warehouse/index.ts";
import { inScratch } from "../extract/extracted.ts";
import { compileQuery, postgresDialect, type CompiledText } from "../extract/kysely-dialects.ts";
import { mergeHistory } from "../load/scd2.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import type { TargetColumn } from "../stage/stage.ts";
import { buildMatch } from "../match/build-match.ts";
import type { IdentityDecision } from "../match/decisions.ts";
import type { Table } from "../declare/table.ts";
import { fillPlaceholders, withLateMembers } from "./late-members.ts";
import { readNumber } from "../extract/read-sql.ts";

export interface Built {
  readonly rows: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** SQL of the table's select. DuckDB takes PostgreSQL's quotes and `$1`. */
export const compileTable = (table: Table): CompiledText => compileQuery(table.sql ?? table.select!, postgresDialect);

export const keyOfTable = (table: Table): readonly string[] =>
  table.key === undefined ? [] : typeof table.key === "string" ? [table.key] : table.key;
export const versionColumn = (table: Table): string =>
  table.changes?.version ?? `${table.name.replace(/^dim_/, "")}_version`;

/** Makes the table anew, or adds to its history where it keeps one. Throws `load-failed` with DuckDB's words when the select fails. */
export async function buildTable(
  connection: DuckDBConnection,
  tables: SegmentedTables,
  table: Table,
  at: Date,
  decisions: readonly IdentityDecision[] = [],
): Promise<Built> {
  const { sql: select, parameters } = compileTable(table);
  if (table.segments === undefined) await tables.settle(table.name, undefined);
  if (table.match !== undefined) {
    const { entries } = await buildMatch(
      connection,
      table.name,
      table.match,
      select,
      parameters.map(asValue),
      decisions,
    );
    return { rows: entries, added: entries, updated: 0, unchanged: 0 };
  }
  const sql = withLateMembers(table, select);
  const place = `table ${table.name}`;
  const target = inWarehouse(table.name);
  const order =
    table.sort === undefined || table.sort.length === 0
      ? ""
      : ` ORDER BY ${table.sort.map(quoteIdentifier).join(", ")}`;
  // what may be cut is looked at first: how many rows, and which segments are others than before
  const into = table.changes === undefined && table.segments === undefined ? target : inScratch(`build_${table.name}`);
  try {
    await connection.run(
      `CREATE OR REPLACE TABLE ${into} AS SELECT * FROM (${sql})${table.segments === undefined ? order : ""}`,
      parameters.map(asValue),
    );
  } catch (cause) {
    throw new TesseraError(
      "load-failed",
      phrase`${table.name} cannot be built: ${cause instanceof Error ? cause.message : String(cause)}`,
      { place, cause },
    );
  }
  const rows = await readNumber(connection, `SELECT count(*) FROM ${into}`);
  if (table.segments !== undefined) {
    await tables.replace(table.name, table.segments, `SELECT * FROM ${into}`, order);
    await connection.run(`DROP TABLE ${into}`);
  }
  if (table.changes === undefined) return { rows, added: rows, updated: 0, unchanged: 0 };

  const key = keyOfTable(table);
  if (key.length === 0)
    throw new TesseraError("project-invalid", phrase`${table.name} keeps history and so needs a key`, { place });
  const names = [...key, ...(table.changes.validFrom === undefined ? [] : [table.changes.validFrom])]
    .map(quoteIdentifier)
    .join(", ");
  const twice = await readNumber(connection, `SELECT count(*) - count(DISTINCT (${names})) FROM ${into}`);
  if (twice > 0)
    throw new TesseraError("check-failed", phrase`${table.name} has ${twice} rows more than keys (${names})`, {
      place,
      remedy: "make the select answer one row a key",
    });
  const columns = await scratchColumns(connection, `build_${table.name}`);
  const stale = [...(await columnsOf(connection, table.name)).keys()].filter(
    (name) => !columns.some((column) => column.name === name) && !OWN.has(name) && name !== versionColumn(table),
  );
  for (const name of stale) await connection.run(`ALTER TABLE ${target} DROP COLUMN ${quoteIdentifier(name)}`);
  if (table.lateMembers !== undefined)
    await fillPlaceholders(
      connection,
      table,
      into,
      columns.map((column) => column.name),
    );
  const history = await mergeHistory(connection, {
    table: table.name,
    rows: into,
    key,
    tracked: table.changes.track,
    columns,
    version: versionColumn(table),
    at,
    ...(table.changes.validFrom !== undefined && { validFrom: table.changes.validFrom }),
  });
  await connection.run(`DROP TABLE ${into}`);
  return { rows, added: history.added, updated: history.updated, unchanged: history.unchanged };
}

const OWN = new Set(["valid_from", "valid_until", "stated_from"]);

async function scratchColumns(connection: DuckDBConnection, table: string): Promise<TargetColumn[]> {
  const found = await connection.runAndReadAll(
    "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'scratch' AND table_name = $1 ORDER BY column_index",
    [table],
  );
  return found.getRowsJson().map(([name, type]) => ({
    name: String(name),
    type: type === "TIMESTAMP WITH TIME ZONE" ? "TIMESTAMPTZ" : String(type),
    declared: true,
  }));
}

function asValue(value: unknown): DuckDBValue {
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean" ||
    typeof value === "bigint"
  )
    return value;
  return String(value);
}
