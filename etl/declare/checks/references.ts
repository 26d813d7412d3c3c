import type { Check, CheckOptions } from "./check.ts";

/**
 * Every value that is not null exists in the other table: in its column `key`, by default the column of the same name.
 */
export const references = (
  column: string,
  table: string,
  options: CheckOptions & { readonly key?: string } = {},
): Check => Object.freeze({ ...options, kind: "references" as const, column, table });
