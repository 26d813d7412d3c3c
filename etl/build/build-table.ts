/** Builds one table of the star from loaded ones. */
import type { DuckDBConnection, DuckDBValue } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier, type SegmentedTables } from "../../engine/warehouse/index.ts";
import { inScratch } from "../extract/extracted.ts";
import { compileQuery, postgresDialect, type CompiledText } from "../extract/kysely-dialects.ts";
import { mergeVersions, type VersionsResult } from "../load/scd2.ts";
import { columnsIn, columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import type { TargetColumn } from "../stage/stage.ts";
import { buildMatch } from "../match/build-match.ts";
import type { IdentityDecision } from "../match/decisions.ts";
import { describeDuckdb } from "../declare/duckdb-message.ts";
import type { Table, TableChanges } from "../declare/table.ts";
import { fillPlaceholders, keyOfTable, withLateMembers } from "./late-members.ts";
import { readNumber } from "../extract/read-sql.ts";

/** What building a table did to its rows. */
export interface Built {
  readonly rows: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** SQL of the table's select. DuckDB accepts PostgreSQL's quotes and `$1`. */
export const compileTable = (table: Table): CompiledText => {
  const query = table.sql ?? table.select;
  if (query === undefined) throw new Error(`table ${table.name} has no select`);
  return compileQuery(query, postgresDialect);
};

/** Name of the version's key of a dimension with `changes`. */
export const versionColumn = (table: Table): string =>
  table.changes?.version ?? `${table.name.replace(/^dim_/, "")}_version`;

/**
 * Builds a table again, or merges its rows into its versions.
 * @throws TesseraError `load-failed` for a select that fails, `check-failed` for a key that is not unique
 */
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
    const values = parameters.map(asValue);
    const { entries } = await buildMatch(connection, table.name, table.match, select, values, decisions);
    return { rows: entries, added: entries, updated: 0, unchanged: 0 };
  }
  const order =
    table.sort === undefined || table.sort.length === 0
      ? ""
      : ` ORDER BY ${table.sort.map(quoteIdentifier).join(", ")}`;
  // segments and versions are compared with what is there before anything is written
  const isDirect = table.changes === undefined && table.segments === undefined;
  const into = isDirect ? inWarehouse(table.name) : inScratch(`build_${table.name}`);
  await runSelect(connection, table, select, parameters, into, table.segments === undefined ? order : "");
  const rows = await readNumber(connection, `SELECT count(*) FROM ${into}`);
  if (table.segments !== undefined) {
    await tables.replace(table.name, table.segments, `SELECT * FROM ${into}`, order);
    await connection.run(`DROP TABLE ${into}`);
  }
  if (table.changes === undefined) return { rows, added: rows, updated: 0, unchanged: 0 };
  const { added, updated, unchanged } = await mergeBuilt(connection, table, table.changes, into, at);
  await connection.run(`DROP TABLE ${into}`);
  return { rows, added, updated, unchanged };
}

async function runSelect(
  connection: DuckDBConnection,
  table: Table,
  select: string,
  parameters: readonly unknown[],
  into: string,
  order: string,
): Promise<void> {
  try {
    await connection.run(
      `CREATE OR REPLACE TABLE ${into} AS SELECT * FROM (${withLateMembers(table, select)})${order}`,
      parameters.map(asValue),
    );
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const meaning = describeDuckdb(text);
    throw new TesseraError(
      "load-failed",
      meaning === undefined
        ? phrase`the select of table ${table.name} failed`
        : phrase`the select of table ${table.name} failed: ${meaning}`,
      { place: `table ${table.name}`, remedy: "correct the select, or load the tables it reads", cause },
    );
  }
}

/** Merges the rows of `into` into the table's versions. */
async function mergeBuilt(
  connection: DuckDBConnection,
  table: Table,
  { track, validFrom }: TableChanges,
  into: string,
  at: Date,
): Promise<VersionsResult> {
  const place = `table ${table.name}`;
  const key = keyOfTable(table);
  if (key.length === 0)
    throw new TesseraError("project-invalid", phrase`table ${table.name} has \`changes\` and needs a key`, { place });
  const identity = [...key, ...(validFrom === undefined ? [] : [validFrom])].map(quoteIdentifier).join(", ");
  const twice = await readNumber(connection, `SELECT count(*) - count(DISTINCT (${identity})) FROM ${into}`);
  if (twice > 0)
    throw new TesseraError("check-failed", phrase`${twice} rows of table ${table.name} repeat a key (${identity})`, {
      place,
      remedy: "select one row for each key",
    });
  const columns = await scratchColumns(connection, `build_${table.name}`);
  const names = columns.map((column) => column.name);
  const stale = [...(await columnsOf(connection, table.name)).keys()].filter(
    (name) => !names.includes(name) && !OWN.has(name) && name !== versionColumn(table),
  );
  for (const name of stale)
    await connection.run(`ALTER TABLE ${inWarehouse(table.name)} DROP COLUMN ${quoteIdentifier(name)}`);
  if (table.lateMembers !== undefined) await fillPlaceholders(connection, table, into, names);
  return mergeVersions(connection, {
    table: table.name,
    rows: into,
    key,
    tracked: track,
    columns,
    version: versionColumn(table),
    at,
    ...(validFrom !== undefined && { validFrom }),
  });
}

/** Columns that versions add. */
const OWN = new Set(["valid_from", "valid_until", "stated_from"]);

async function scratchColumns(connection: DuckDBConnection, table: string): Promise<TargetColumn[]> {
  const found = await columnsIn(connection, "scratch", table);
  return [...found].map(([name, type]) => ({ name, type, declared: true }));
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
