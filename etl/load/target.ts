/** The target table's schema, and what happens to it when the source's changes. */
import type { DuckDBConnection } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { schemaPolicy } from "../extract/wanted.ts";
import type { Job } from "../declare/job.ts";
import type { TargetColumn } from "../stage/stage.ts";

export interface SchemaChange {
  readonly table: string;
  readonly column: string;
  /** `recased`: the source writes the name in other cases, which are one to the engine: the table keeps its own */
  readonly change: "added" | "missing" | "retyped" | "dropped" | "recased";
  readonly from?: string;
  readonly to?: string;
}

export const describeChange = ({ table, column, change, from, to }: SchemaChange): string =>
  change === "added"
    ? `${table}.${column} is new (${to})`
    : change === "missing"
      ? `${table}.${column} no longer comes from the source: empty in new rows`
      : change === "dropped"
        ? `${table}.${column} is gone`
        : change === "recased"
          ? `${table}.${from} is written ${column} by the source now`
          : `${table}.${column} was ${from} and is ${to} now`;

/** What the staged columns would change in the table; `replaces`: the table is made anew, so what is missing is gone. */
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
      const to = replaces || column.declared ? column.type : commonType(before, column.type);
      if (to !== before) changes.push({ table, column: column.name, change: "retyped", from: before, to });
    }
  }
  for (const name of existing.keys()) {
    if (names.has(name.toLowerCase()) || KEPT.has(name)) continue;
    changes.push({ table, column: name, change: replaces ? "dropped" : "missing" });
  }
  return changes;
}

/** Columns that loads themselves keep. */
const KEPT = new Set(["snapshot_date", "valid_from", "valid_until", "stated_from"]);

/** Alters a table: `ADD COLUMN …`. */
export type Alter = (table: string, what: string) => Promise<void>;

/** Makes a job's table fit, or throws `schema-changed` where the job does not want that. */
export async function fitTarget(
  connection: DuckDBConnection,
  job: Job,
  staged: readonly TargetColumn[],
  alter: Alter,
): Promise<SchemaChange[]> {
  refuseChanges(job, await schemaChanges(connection, job.into.table, staged, false));
  return fitTable(connection, job.into.table, staged, `job ${job.name}`, alter);
}

/** Adds and widens columns of the table until the staged ones fit; what is missing stays. */
export async function fitTable(
  connection: DuckDBConnection,
  table: string,
  staged: readonly TargetColumn[],
  place: string,
  alter: Alter = async (name, what) => void (await connection.run(`ALTER TABLE ${inWarehouse(name)} ${what}`)),
): Promise<SchemaChange[]> {
  const existing = await columnsOf(connection, table);
  if (existing.size === 0) {
    await connection.run(
      `CREATE TABLE ${inWarehouse(table)} (${staged.map((column) => `${quoteIdentifier(column.name)} ${column.type}`).join(", ")})`,
    );
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
      throw new TesseraError(
        "schema-changed",
        phrase`${describeChange(change)}, and what is loaded already cannot be changed to it`,
        {
          place: `${place} › ${change.column}`,
          remedy: "`tessera load --full` loads it again from the start",
          cause,
        },
      );
    }
  }
  return changes;
}

export function refuseChanges(job: Job, changes: readonly SchemaChange[]): void {
  if (changes.length === 0 || schemaPolicy(job) !== "fail") return;
  throw new TesseraError(
    "schema-changed",
    phrase`the source's columns have changed: ${changes.map(describeChange).join("; ")}`,
    {
      place: `job ${job.name}`,
      remedy: "change the job's columns, or set onSchemaChange to add_columns or ignore",
    },
  );
}

/** The narrowest type that holds the values of both. */
export function commonType(a: string, b: string): string {
  if (a === b) return a;
  const widths = [a, b].map(digitsOf);
  const [one, two] = widths;
  if (one !== undefined && two !== undefined) {
    if (one.scale === 0 && two.scale === 0 && one.integer && two.integer) return one.whole >= two.whole ? a : b;
    const scale = Math.max(one.scale, two.scale);
    const width = Math.max(one.whole, two.whole) + scale;
    return width <= 38 ? `DECIMAL(${width},${scale})` : "DOUBLE";
  }
  const numbers = [a, b].filter((type) => digitsOf(type) !== undefined || type === "DOUBLE");
  if (numbers.length === 2) return "DOUBLE";
  const times = ["DATE", "TIMESTAMP", "TIMESTAMPTZ"];
  if (times.includes(a) && times.includes(b)) return times[Math.max(times.indexOf(a), times.indexOf(b))]!;
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
