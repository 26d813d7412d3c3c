/** Checks as SQL over a warehouse table; each counts the rows that break it. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import type { Check } from "../declare/checks/check.ts";
import { isRowCheck, rowBreaks } from "../stage/row-check.ts";
import { describeDuckdb } from "../declare/duckdb-message.ts";
import { readNumber, readTexts } from "../extract/read-sql.ts";

/** The result of a check. */
export interface CheckResult {
  /** the check in words: `between(amount, 0, 100)` */
  readonly check: string;
  readonly passed: boolean;
  /** a failure does not stop the load */
  readonly warn: boolean;
  /** rows that break the check; for `rowCount` the rows of the table */
  readonly found: number;
  /** up to five values that break it */
  readonly examples: readonly string[];
  /** why the check could not run */
  readonly error?: string;
}

/** A check in words: `between(amount, 0, 100)`. */
export function describeCheck(check: Check): string {
  switch (check.kind) {
    case "notNull":
      return `notNull(${check.column})`;
    case "unique":
      return `unique(${check.columns.join(", ")})`;
    case "between":
      return `between(${check.column}, ${check.min}, ${check.max})`;
    case "matches":
      return `matches(${check.column}, ${check.pattern})`;
    case "references":
      return `references(${check.column}, ${check.table}${check.key === undefined ? "" : `.${check.key}`})`;
    case "rowCount":
      return `rowCount(${check.min ?? 0}, ${check.max ?? "∞"})`;
  }
}

/** Runs all checks of a table. A check that cannot run is a failed result, not an exception. */
export async function runChecks(
  connection: DuckDBConnection,
  table: string,
  checks: readonly Check[],
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const types = await columnsOf(connection, table);
  for (const check of checks) {
    const base = { check: describeCheck(check), warn: check.warn ?? false };
    try {
      const { found, passed, examples } = await runCheck(connection, table, check, types);
      results.push({ ...base, passed, found, examples });
    } catch (error) {
      results.push({
        ...base,
        passed: false,
        found: 0,
        examples: [],
        error: whyNot(error),
      });
    }
  }
  return results;
}

async function runCheck(
  connection: DuckDBConnection,
  table: string,
  check: Check,
  types: ReadonlyMap<string, string>,
): Promise<{ found: number; passed: boolean; examples: string[] }> {
  const target = inWarehouse(table);
  if (check.kind === "rowCount") {
    const found = await readNumber(connection, `SELECT count(*) FROM ${target}`);
    return {
      found,
      passed: found >= (check.min ?? 0) && found <= (check.max ?? Number.POSITIVE_INFINITY),
      examples: [],
    };
  }
  if (check.kind === "unique") {
    const columns = check.columns.map(quoteIdentifier).join(", ");
    const filter = check.columns.map((column) => `${quoteIdentifier(column)} IS NOT NULL`).join(" AND ");
    const found = await readNumber(
      connection,
      `SELECT count(*) - count(DISTINCT (${columns})) FROM ${target} WHERE ${filter}`,
    );
    const examples =
      found === 0
        ? []
        : await readTexts(
            connection,
            `SELECT concat_ws(', ', ${columns}) FROM ${target}
             WHERE ${filter} GROUP BY ${columns} HAVING count(*) > 1 LIMIT 5`,
          );
    return { found, passed: found === 0, examples };
  }
  const column = quoteIdentifier(check.column);
  const breaks = condition(check, types.get(check.column) ?? "VARCHAR");
  const found = await readNumber(connection, `SELECT count(*) FROM ${target} AS t WHERE ${breaks}`);
  const examples =
    found === 0 || check.kind === "notNull"
      ? []
      : await readTexts(connection, `SELECT DISTINCT t.${column}::VARCHAR FROM ${target} AS t WHERE ${breaks} LIMIT 5`);
  return { found, passed: found === 0, examples };
}

/** SQL that is true for a row `t` that breaks the check. */
function condition(check: Exclude<Check, { kind: "rowCount" | "unique" }>, type: string): string {
  const column = `t.${quoteIdentifier(check.column)}`;
  if (isRowCheck(check)) return rowBreaks(check, column, type);
  const key = quoteIdentifier(check.key ?? check.column);
  const exists = `EXISTS (SELECT 1 FROM ${inWarehouse(check.table)} AS o WHERE o.${key} = ${column})`;
  return `${column} IS NOT NULL AND NOT ${exists}`;
}

/** Why a check could not run, without DuckDB's position marks. */
function whyNot(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ""] = text.split("\n");
  return String(describeDuckdb(text) ?? line.replace(/^\w+( \w+)* Error: /, ""));
}
