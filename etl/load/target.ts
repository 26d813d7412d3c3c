/** The target table's schema, and how it follows changes of the source. */
import { at } from "../../engine/lookup.ts";
import type { DuckDBConnection } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { readRows } from "../extract/read-sql.ts";
import { schemaPolicy } from "../extract/wanted.ts";
import type { Job } from "../declare/job.ts";
import type { TargetColumn } from "../stage/stage.ts";

/** A change of a table's columns. */
export interface SchemaChange {
  readonly table: string;
  readonly column: string;
  /** `recased`: the source spells the name in another case; the table keeps its own */
  readonly change: "added" | "missing" | "retyped" | "dropped" | "recased";
  readonly from?: string;
  readonly to?: string;
}

/** A change in a sentence. */
export function describeChange({ table, column, change, from, to }: SchemaChange): string {
  switch (change) {
    case "added":
      return `${table}.${column} is new (${to})`;
    case "missing":
      return `${table}.${column} is gone from the source: empty in new rows`;
    case "dropped":
      return `${table}.${column} is gone`;
    case "recased":
      return `${table}.${from} is now spelled ${column} in the source`;
    case "retyped":
      return `${table}.${column} was ${from} and is now ${to}`;
  }
}

/**
 * How the staged columns would change the table.
 * @param replaces the table is replaced, so missing columns are dropped
 */
export async function schemaChanges(
  connection: DuckDBConnection,
  table: string,
  staged: readonly TargetColumn[],
  replaces: boolean,
): Promise<SchemaChange[]> {
  const existing = await columnsOf(connection, table);
  if (existing.size === 0) return [];
  const changes: SchemaChange[] = [];
  const names = new Set(staged.map((column) => column.name.toLowerCase()));
  const spelled = new Map([...existing.keys()].map((name) => [name.toLowerCase(), name]));
  for (const column of staged) {
    const spelling = spelled.get(column.name.toLowerCase());
    const before = spelling === undefined ? undefined : existing.get(spelling);
    if (spelling !== undefined && spelling !== column.name)
      changes.push({ table, column: column.name, change: "recased", from: spelling });
    if (before === undefined) changes.push({ table, column: column.name, change: "added", to: column.type });
    else if (before !== column.type) {
      const isFree =
        !replaces && !column.declared && before === "VARCHAR" && (await isEmpty(connection, table, spelling));
      const to = replaces || column.declared || isFree ? column.type : commonType(before, column.type);
      if (to !== before) changes.push({ table, column: column.name, change: "retyped", from: before, to });
    }
  }
  for (const name of existing.keys()) {
    if (names.has(name.toLowerCase()) || KEPT.has(name)) continue;
    changes.push({ table, column: name, change: replaces ? "dropped" : "missing" });
  }
  return changes;
}

/** A column without values has no type yet: it takes that of the first values that arrive. */
async function isEmpty(connection: DuckDBConnection, table: string, column = ""): Promise<boolean> {
  const found = `SELECT 1 FROM ${inWarehouse(table)} WHERE ${quoteIdentifier(column)} IS NOT NULL LIMIT 1`;
  return (await readRows(connection, found)).length === 0;
}

/** Columns that loads add themselves. */
const KEPT = new Set(["snapshot_date", "valid_from", "valid_until", "stated_from"]);

/** Alters a table. @param what for example `ADD COLUMN …` */
export type Alter = (table: string, what: string) => Promise<void>;

/**
 * Changes a job's table to fit the staged columns.
 * @throws TesseraError `schema-changed` for `onSchemaChange: "fail"`
 */
export async function fitTarget(
  connection: DuckDBConnection,
  job: Job,
  staged: readonly TargetColumn[],
  alter: Alter,
): Promise<SchemaChange[]> {
  refuseChanges(job, await schemaChanges(connection, job.into.table, staged, false));
  return fitTable(connection, job.into.table, staged, `job ${job.name}`, alter);
}

/** Creates the table, or adds and widens columns to fit the staged ones; missing columns stay. */
export async function fitTable(
  connection: DuckDBConnection,
  table: string,
  staged: readonly TargetColumn[],
  place: string,
  alter: Alter = async (name, what) => void (await connection.run(`ALTER TABLE ${inWarehouse(name)} ${what}`)),
): Promise<SchemaChange[]> {
  const existing = await columnsOf(connection, table);
  if (existing.size === 0) {
    const list = staged.map((column) => `${quoteIdentifier(column.name)} ${column.type}`).join(", ");
    await connection.run(`CREATE TABLE ${inWarehouse(table)} (${list})`);
    return [];
  }
  const changes = await schemaChanges(connection, table, staged, false);
  for (const change of changes) {
    const column = quoteIdentifier(change.column);
    if (change.change === "added") await alter(table, `ADD COLUMN ${column} ${change.to}`);
    if (change.change !== "retyped") continue;
    try {
      await alter(table, `ALTER COLUMN ${column} TYPE ${change.to}`);
    } catch (cause) {
      throw new TesseraError("schema-changed", phrase`${describeChange(change)}: loaded values cannot be converted`, {
        place: `${place} › ${change.column}`,
        remedy: "load the job in full again",
        cause,
      });
    }
  }
  return changes;
}

/** @throws TesseraError `schema-changed` for changes of a job with `onSchemaChange: "fail"` */
export function refuseChanges(job: Job, changes: readonly SchemaChange[]): void {
  if (changes.length === 0 || schemaPolicy(job) !== "fail") return;
  throw new TesseraError(
    "schema-changed",
    phrase`the source's columns changed: ${changes.map(describeChange).join("; ")}`,
    {
      place: `job ${job.name}`,
      remedy: "change the job's columns, or set onSchemaChange to add_columns or ignore",
    },
  );
}

/** The narrowest type that holds the values of both types. */
export function commonType(a: string, b: string): string {
  if (a === b) return a;
  const [one, two] = [digitsOf(a), digitsOf(b)];
  if (one !== undefined && two !== undefined) {
    if (one.scale === 0 && two.scale === 0 && one.integer && two.integer) return one.whole >= two.whole ? a : b;
    const scale = Math.max(one.scale, two.scale);
    const width = Math.max(one.whole, two.whole) + scale;
    return width <= 38 ? `DECIMAL(${width},${scale})` : "DOUBLE";
  }
  const numbers = [a, b].filter((type) => digitsOf(type) !== undefined || type === "DOUBLE");
  if (numbers.length === 2) return "DOUBLE";
  const times = ["DATE", "TIMESTAMP", "TIMESTAMPTZ"];
  if (times.includes(a) && times.includes(b)) return at(times, Math.max(times.indexOf(a), times.indexOf(b)));
  return "VARCHAR";
}

function digitsOf(
  type: string,
): { readonly whole: number; readonly scale: number; readonly integer: boolean } | undefined {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return { whole: Number(decimal[1]) - Number(decimal[2]), scale: Number(decimal[2]), integer: false };
  const whole = { SMALLINT: 5, INTEGER: 10, BIGINT: 19 }[type];
  return whole === undefined ? undefined : { whole, scale: 0, integer: true };
}
