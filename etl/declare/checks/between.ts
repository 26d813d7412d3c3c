import type { Check, CheckOptions } from "./check.ts";

/**
 * Every value that is not null is between `min` and `max`, both included. Texts are compared as the column's type.
 * @example between("ordered_on", "2020-01-01", "2030-01-01")
 */
export const between = (
  column: string,
  min: number | string,
  max: number | string,
  options: CheckOptions = {},
): Check => Object.freeze({ ...options, kind: "between" as const, column, min, max });
