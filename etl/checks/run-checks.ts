/** Checks as SQL over a warehouse table; each answers how many rows break it. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import type { Check } from "../declare/checks/check.ts";
import { isRowCheck, rowBreaks } from "../stage/row-check.ts";
import { readNumber } from "../extract/read-sql.ts";

export interface CheckResult {
  readonly check: string;
  readonly passed: boolean;
  readonly warn: boolean;
  /** rows that break the rule; of `rowCount` the rows there are */
  readonly found: number;
  /** some of the values that break it */
  readonly examples: readonly string[];
  /** the check could not be run at all */
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

/** Runs all checks of a table. A check that cannot run has failed: that is a result, not an exception. */
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
        error: (error instanceof Error ? error.message : String(error)).split("\n")[0]!,
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
  const number = async (sql: string): Promise<number> => await readNumber(connection, sql);
  if (check.kind === "rowCount") {
    const found = await number(`SELECT count(*) FROM ${target}`);
    return {
      found,
      passed: found >= (check.min ?? 0) && found <= (check.max ?? Number.POSITIVE_INFINITY),
      examples: [],
    };
  }
  if (check.kind === "unique") {
    const columns = check.columns.map(quoteIdentifier).join(", ");
    const filter = check.columns.map((column) => `${quoteIdentifier(column)} IS NOT NULL`).join(" AND ");
    const found = await number(`SELECT count(*) - count(DISTINCT (${columns})) FROM ${target} WHERE ${filter}`);
    const examples =
      found === 0
        ? []
        : await sample(
            connection,
            `SELECT concat_ws(', ', ${columns}) FROM ${target} WHERE ${filter} GROUP BY ${columns} HAVING count(*) > 1 LIMIT 5`,
          );
    return { found, passed: found === 0, examples };
  }
  const column = quoteIdentifier(check.column);
  const breaks = condition(check, types.get(check.column) ?? "VARCHAR");
  const found = await number(`SELECT count(*) FROM ${target} AS t WHERE ${breaks}`);
  const examples =
    found === 0 || check.kind === "notNull"
      ? []
      : await sample(connection, `SELECT DISTINCT t.${column}::VARCHAR FROM ${target} AS t WHERE ${breaks} LIMIT 5`);
  return { found, passed: found === 0, examples };
}

/** SQL that is true for a row `t` that breaks the check. */
function condition(check: Exclude<Check, { kind: "rowCount" | "unique" }>, type: string): string {
  const column = `t.${quoteIdentifier(check.column)}`;
  if (isRowCheck(check)) return rowBreaks(check, column, type);
  const key = quoteIdentifier(check.key ?? check.column);
  return `${column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${inWarehouse(check.table)} AS o WHERE o.${key} = ${column})`;
}

const sample = async (connection: DuckDBConnection, sql: string): Promise<string[]> =>
  (await connection.runAndReadAll(sql)).getRowsJson().map(([value]) => String(value));
