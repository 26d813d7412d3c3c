/** The contract of one column: where it comes from, how it is cleaned, what type it has. */

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
 * Steps taken in order on the text as it came:
 * `trim`; `collapse` (inner white space to one blank); `lowercase`; `uppercase`; `name` (trimmed, collapsed, in Unicode's composed form);
 * `email` (lower case; what is no address is rejected); `phone:CC` (E.164, numbers without a country belong to CC; what is no number is rejected);
 * `empty` (an empty text becomes null).
 */
export type Clean = "trim" | "collapse" | "lowercase" | "uppercase" | "name" | "email" | "empty" | `phone:${string}`;

export interface ColumnSpec {
  readonly type: ColumnType;
  /** the source's name of it; by default the same */
  readonly from?: string;
  readonly clean?: readonly Clean[];
  /** of a date or timestamp in text, in DuckDB's strptime words, tried in order: `"%d.%m.%Y"` */
  readonly format?: string | readonly string[];
  /** `","` for numbers as 1.234,56 */
  readonly decimal?: "," | ".";
  /** texts that mean null, for example `["N/A", "-"]` */
  readonly nullIf?: readonly string[];
  /** numbers with more digits after the point than the type has are rounded; without it their rows are rejected */
  readonly round?: boolean;
  /** a row without a value is rejected */
  readonly required?: boolean;
}

export type Columns = { readonly [name: string]: ColumnType | ColumnSpec };
