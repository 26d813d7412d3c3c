/** Checks that concern one row at a time. */
import { quoteText } from "../../engine/warehouse/index.ts";
import type { Check } from "../declare/checks/check.ts";

/** A check of one row. */
export type RowCheck = Extract<Check, { readonly kind: "notNull" | "between" | "matches" }>;

/** Whether the check concerns one row at a time. */
export const isRowCheck = (check: Check): check is RowCheck =>
  check.kind === "notNull" || check.kind === "between" || check.kind === "matches";

/**
 * SQL that is true for a row that breaks the check; a null breaks only `notNull`.
 * @param type DuckDB type of the column
 */
export function rowBreaks(check: RowCheck, column: string, type: string): string {
  const literal = (value: number | string): string =>
    typeof value === "number" ? String(value) : `CAST(${quoteText(value)} AS ${type})`;
  switch (check.kind) {
    case "notNull":
      return `${column} IS NULL`;
    case "between":
      return `NOT (${column} BETWEEN ${literal(check.min)} AND ${literal(check.max)})`;
    case "matches":
      return `NOT regexp_full_match(${column}::VARCHAR, ${quoteText(check.pattern)})`;
  }
}

/** Why a row that breaks the check is rejected. */
export function rowReason(check: RowCheck): string {
  switch (check.kind) {
    case "notNull":
      return "empty";
    case "between":
      return `not between ${check.min} and ${check.max}`;
    case "matches":
      return `does not match ${check.pattern}`;
  }
}
