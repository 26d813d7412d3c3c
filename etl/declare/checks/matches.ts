import type { Check, CheckOptions } from "./check.ts";

/**
 * Every value that is not null matches the regular expression as a whole (RE2 syntax).
 * @example matches("sku", "[A-Z]{2}[0-9]{6}")
 */
export const matches = (column: string, pattern: string | RegExp, options: CheckOptions = {}): Check =>
  Object.freeze({
    ...options,
    kind: "matches" as const,
    column,
    pattern: typeof pattern === "string" ? pattern : pattern.source,
  });
