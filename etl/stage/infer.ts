/**
 * Types of text columns, from all their values: integers; decimals by their longest fraction, as long as 18 digits hold them;
 * doubles where there is an exponent or more digits; booleans, dates and timestamps; else text. Leading zeros make text.
 */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";

const DECIMAL = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?";
const DOUBLE = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?";
const DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const STAMP = `${DATE}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?`;
const ZONE = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)";
const SAMPLE_ROWS = 20_000;

/** Kinds from the narrowest to the widest; a column takes the first that holds for every value. */
const KINDS = ["boolean", "integer", "decimal", "double", "date", "timestamp", "timestamptz"] as const;
type Kind = (typeof KINDS)[number];

/** DuckDB type of each column; `texts` are columns whose values stood in quotes, which no numeral makes a number. */
export async function inferTypes(
  connection: DuckDBConnection,
  table: string,
  columns: readonly { readonly name: string; readonly texts?: boolean }[],
): Promise<Map<string, string>> {
  const types = new Map<string, string>();
  if (columns.length === 0) return types;
  // what no sample holds need not be looked for in all rows
  const sample = await holding(
    connection,
    `(SELECT * FROM ${table} LIMIT ${SAMPLE_ROWS})`,
    columns.map((column) => ({
      ...column,
      kinds: KINDS.filter((kind) => !column.texts || /date|timestamp/.test(kind)),
    })),
  );
  const whole = await holding(
    connection,
    table,
    columns.map((column) => ({ ...column, kinds: sample.get(column.name)!.kinds })),
  );
  for (const { name } of columns) {
    const { kinds, whole: digits, fraction, values } = whole.get(name)!;
    types.set(name, values === 0 ? "VARCHAR" : typeOf(kinds, digits, fraction));
  }
  return types;
}

function typeOf(kinds: readonly Kind[], digits: number, fraction: number): string {
  switch (kinds[0]) {
    case "boolean":
      return "BOOLEAN";
    case "integer":
      return "BIGINT";
    case "decimal": {
      const width = digits + fraction;
      // a hundredfold of room, so that the next load's larger numbers fit without a change of type
      if (width <= 18) return `DECIMAL(${Math.min(18, Math.max(width + 2, 10))},${fraction})`;
      return width <= 38 ? `DECIMAL(38,${fraction})` : "VARCHAR";
    }
    case "double":
      return "DOUBLE";
    case "date":
      return "DATE";
    case "timestamp":
      return "TIMESTAMP";
    case "timestamptz":
      return "TIMESTAMPTZ";
    default:
      return "VARCHAR";
  }
}

interface Held {
  readonly kinds: readonly Kind[];
  /** digits before the point, and after it, at most */
  readonly whole: number;
  readonly fraction: number;
  readonly values: number;
}

async function holding(
  connection: DuckDBConnection,
  table: string,
  columns: readonly { readonly name: string; readonly kinds: readonly Kind[] }[],
): Promise<Map<string, Held>> {
  const parts: string[] = [];
  for (const { name, kinds } of columns) {
    const value = quoteIdentifier(name);
    parts.push(`count(${value})`);
    for (const kind of kinds) parts.push(`bool_and(${testOf(kind, value)})`);
    if (kinds.includes("decimal")) {
      parts.push(
        `max(CASE WHEN contains(${value}, '.') THEN strpos(ltrim(${value}, '-'), '.') - 1 ELSE length(ltrim(${value}, '-')) END)`,
      );
      parts.push(`max(CASE WHEN contains(${value}, '.') THEN length(${value}) - strpos(${value}, '.') ELSE 0 END)`);
    }
  }
  const row = (await connection.runAndReadAll(`SELECT ${parts.join(", ")} FROM ${table}`)).getRowsJson()[0]! as (
    | string
    | number
    | boolean
    | null
  )[];
  const held = new Map<string, Held>();
  let at = 0;
  for (const { name, kinds } of columns) {
    const values = Number(row[at++]);
    const kept = kinds.filter(() => row[at++] !== false);
    const digits = kinds.includes("decimal") ? [Number(row[at++] ?? 0), Number(row[at++] ?? 0)] : [0, 0];
    held.set(name, { kinds: kept, whole: digits[0]!, fraction: digits[1]!, values });
  }
  return held;
}

function testOf(kind: Kind, value: string): string {
  const matches = (pattern: string): string => `regexp_full_match(${value}, ${quoteText(pattern)})`;
  switch (kind) {
    case "boolean":
      return `lower(${value}) IN ('true', 'false')`;
    // the way there and back is the same only for plain numerals: no zeros before, no point, no exponent, no more than 64 bits
    case "integer":
      return `coalesce(TRY_CAST(${value} AS BIGINT)::VARCHAR = ${value}, ${value} IS NULL)`;
    case "decimal":
      return matches(DECIMAL);
    case "double":
      return `(${matches(DOUBLE)} AND isfinite(TRY_CAST(${value} AS DOUBLE)))`;
    case "date":
      return `(${matches(DATE)} AND (${value} IS NULL OR TRY_CAST(${value} AS DATE) IS NOT NULL))`;
    case "timestamp":
      return `(${matches(STAMP)} AND (${value} IS NULL OR TRY_CAST(${value} AS TIMESTAMP) IS NOT NULL))`;
    case "timestamptz":
      return `(${matches(STAMP + ZONE)} AND (${value} IS NULL OR TRY_CAST(${value} AS TIMESTAMPTZ) IS NOT NULL))`;
  }
}
