/** The types of columns, whatever database holds them. */

/** What a column or an expression holds. */
export type ColumnType =
  | { readonly t: "integer"; readonly bits: number; readonly unsigned?: true }
  | { readonly t: "decimal"; readonly precision: number; readonly scale: number }
  /** `local`: a time of day on a day, in no zone; `instant`: a moment, the same everywhere */
  | { readonly t: "double" | "text" | "boolean" | "date" | "local" | "instant" }
  /** anything else, by the database's name in lower case: `uuid`, `time`, `interval`, … */
  | { readonly t: "other"; readonly name: string };

const WORDS = {
  integer: "a whole number",
  decimal: "a decimal number",
  double: "a number",
  text: "text",
  boolean: "a truth value",
  date: "a date",
  local: "a date with a time",
  instant: "a moment",
} as const;

/** A type in words, for errors. */
export const typeInWords = (type: ColumnType): string => (type.t === "other" ? `of type ${type.name}` : WORDS[type.t]);

/** Whether a column holds days with a time, local or not. */
export const hasTime = (type: ColumnType | undefined): boolean => type?.t === "local" || type?.t === "instant";
