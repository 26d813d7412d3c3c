/** The contract of a column: where it comes from, how it is cleaned, which type it has. */

/** A DuckDB type in lower case, for example `bigint`, `varchar`, `decimal(14,2)`, `timestamptz`. */
export type ColumnType =
  | "boolean"
  | "smallint"
  | "integer"
  | "bigint"
  | "double"
  | `decimal(${number},${number})`
  | "varchar"
  | "date"
  | "time"
  | "timestamp"
  | "timestamptz"
  | "json"
  | "uuid"
  | "blob";

/**
 * A cleaning step on the text from the source; steps run in order.
 *
 * - `trim`; `lowercase`; `uppercase`; `collapse`: inner white space becomes one blank
 * - `empty`: an empty text becomes null
 * - `name`: trimmed, collapsed, in Unicode's composed form (NFC)
 * - `email`: lower case; rows with an invalid address are rejected
 * - `phone:CC`: E.164, where CC is the country of numbers without one; rows with an invalid number are rejected
 */
export type Clean = "trim" | "collapse" | "lowercase" | "uppercase" | "name" | "email" | "empty" | `phone:${string}`;

/** The contract of a column. */
export interface ColumnSpec {
  /** type in the warehouse */
  readonly type: ColumnType;
  /** name in the source; default the column's name. `__file` is the name of the file that a row comes from */
  readonly from?: string;
  /**
   * a regular expression; the value is what its first group matches, or the whole match, and null without one:
   * `{ type: "date", from: "__file", pattern: "sales_(.*)\\.csv" }`
   */
  readonly pattern?: string;
  /** cleaning steps, in order; default none */
  readonly clean?: readonly Clean[];
  /** formats of dates and timestamps in text, in DuckDB's strptime notation, tried in order: `"%d.%m.%Y"` */
  readonly format?: string | readonly string[];
  /** decimal separator of numbers in text; `","` for 1.234,56. Default `"."` */
  readonly decimal?: "," | ".";
  /** texts that mean null, for example `["N/A", "-"]` */
  readonly nullIf?: readonly string[];
  /** round numbers with more fraction digits than the type has; default false: their rows are rejected */
  readonly round?: boolean;
  /** reject rows without a value; default false */
  readonly required?: boolean;
}

/** Columns by their name in the warehouse: a type alone, or a full contract. */
export type Columns = { readonly [name: string]: ColumnType | ColumnSpec };

/** The name that the source has for a column. */
export const sourceName = (name: string, spec: ColumnType | ColumnSpec): string =>
  typeof spec === "string" ? name : (spec.from ?? name);
