import type { Check, CheckOptions } from "./check.ts";

/** Every value that is not null is found in the other table, in `key` or else in the column of the same name. */
export const references = (
  column: string,
  table: string,
  options: CheckOptions & { readonly key?: string } = {},
): Check => Object.freeze({ ...options, kind: "references" as const, column, table });
