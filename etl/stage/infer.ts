/**
 * Types of text columns, from all their values: integers; decimals by their longest fraction up to 18 digits; doubles
 * for an exponent or more digits; booleans, dates and timestamps; else text. Leading zeros make text.
 */
import type { DuckDBConnection } from "duckdb";
import { readRows } from "../extract/read-sql.ts";
import { required } from "../../engine/lookup.ts";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";

const DECIMAL = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?";
const DOUBLE = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?";
const DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const STAMP = `${DATE}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?`;
/** A moment at midnight is often written as its day. */
const DAY_OR_STAMP = `${DATE}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?)?`;
const ZONE = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)";
const SAMPLE_ROWS = 20_000;

/** Kinds from the narrowest to the widest; a column gets the first that fits every value. */
const KINDS = ["boolean", "integer", "decimal", "double", "date", "timestamp", "timestamptz"] as const;
type Kind = (typeof KINDS)[number];

/**
 * DuckDB type of each column.
 * @param columns with `texts` for values that were JSON strings, which are never numbers
 */
export async function inferTypes(
  connection: DuckDBConnection,
  table: string,
  columns: readonly { readonly name: string; readonly texts?: boolean }[],
): Promise<Map<string, string>> {
  const types = new Map<string, string>();
  if (columns.length === 0) return types;
  // a kind that does not fit the sample need not be tested on all rows
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
    columns.map((column) => ({ ...column, kinds: required(sample, column.name, "column").kinds })),
  );
  for (const { name } of columns) {
    const { kinds, whole: digits, fraction, values } = required(whole, name, "column");
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
      // two more digits, so that larger numbers of the next load fit without a change of type
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

/** What the values of a column show. */
interface Held {
  /** kinds that fit every value */
  readonly kinds: readonly Kind[];
  /** most digits before the point */
  readonly whole: number;
  /** most digits after the point */
  readonly fraction: number;
  /** values that are not null */
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
      const unsigned = `ltrim(${value}, '-')`;
      parts.push(
        `max(CASE WHEN contains(${value}, '.') THEN strpos(${unsigned}, '.') - 1 ELSE length(${unsigned}) END)`,
      );
      parts.push(`max(CASE WHEN contains(${value}, '.') THEN length(${value}) - strpos(${value}, '.') ELSE 0 END)`);
    }
  }
  const [row = []] = await readRows(connection, `SELECT ${parts.join(", ")} FROM ${table}`);
  const held = new Map<string, Held>();
  let at = 0;
  for (const { name, kinds } of columns) {
    const values = Number(row[at++]);
    const kept = kinds.filter(() => row[at++] !== false);
    const isMeasured = kinds.includes("decimal");
    const whole = isMeasured ? Number(row[at++] ?? 0) : 0;
    const fraction = isMeasured ? Number(row[at++] ?? 0) : 0;
    held.set(name, { kinds: kept, whole, fraction, values });
  }
  return held;
}

function testOf(kind: Kind, value: string): string {
  const matches = (pattern: string): string => `regexp_full_match(${value}, ${quoteText(pattern)})`;
  switch (kind) {
    case "boolean":
      return `lower(${value}) IN ('true', 'false')`;
    // equal after both casts: no leading zeros, no point, no exponent, at most 64 bits
    case "integer":
      return `coalesce(TRY_CAST(${value} AS BIGINT)::VARCHAR = ${value}, ${value} IS NULL)`;
    case "decimal":
      return matches(DECIMAL);
    case "double":
      return `(${matches(DOUBLE)} AND isfinite(TRY_CAST(${value} AS DOUBLE)))`;
    case "date":
      return `(${matches(DATE)} AND (${value} IS NULL OR TRY_CAST(${value} AS DATE) IS NOT NULL))`;
    case "timestamp":
      return `(${matches(DAY_OR_STAMP)} AND (${value} IS NULL OR TRY_CAST(${value} AS TIMESTAMP) IS NOT NULL))`;
    case "timestamptz":
      return `(${matches(STAMP + ZONE)} AND (${value} IS NULL OR TRY_CAST(${value} AS TIMESTAMPTZ) IS NOT NULL))`;
  }
}
