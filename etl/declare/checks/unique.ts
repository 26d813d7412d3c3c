import type { Check, CheckOptions } from "./check.ts";

/**
 * No two rows have the same value in the column, or in all of several columns; rows with a null among them are not
 * compared.
 */
export const unique = (column: string | readonly string[], options: CheckOptions = {}): Check =>
  Object.freeze({ ...options, kind: "unique" as const, columns: typeof column === "string" ? [column] : [...column] });
