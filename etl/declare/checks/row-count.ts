import type { Check, CheckOptions } from "./check.ts";

/** The table has at least `min` and at most `max` rows. @example rowCount({ min: 1 }) */
export const rowCount = (bounds: { readonly min?: number; readonly max?: number }, options: CheckOptions = {}): Check =>
  Object.freeze({ ...options, kind: "rowCount" as const, ...bounds });
