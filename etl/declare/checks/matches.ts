import type { Check, CheckOptions } from "./check.ts";

/** Every value that is not null matches the whole regular expression (RE2 syntax). */
export const matches = (column: string, pattern: string | RegExp, options: CheckOptions = {}): Check =>
  Object.freeze({
    ...options,
    kind: "matches" as const,
    column,
    pattern: typeof pattern === "string" ? pattern : pattern.source,
  });
