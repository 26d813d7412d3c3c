import type { Check, CheckOptions } from "./check.ts";

/** No row has null in the column. */
export const notNull = (column: string, options: CheckOptions = {}): Check =>
  Object.freeze({ ...options, kind: "notNull" as const, column });
