/** Checks that a row passes or breaks by itself. */
import { quoteText } from "../../engine/warehouse/index.ts";
import type { Check } from "../declare/checks/check.ts";

export type RowCheck = Extract<Check, { readonly kind: "notNull" | "between" | "matches" }>;

export const isRowCheck = (check: Check): check is RowCheck =>
  check.kind === "notNull" || check.kind === "between" || check.kind === "matches";

/** SQL that is true for a row that breaks the check; `column` is SQL, `type` its DuckDB type. A null breaks `notNull` alone. */
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

/** What a row that breaks the check is told. */
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
