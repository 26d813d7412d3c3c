import type { Check, CheckOptions } from "./check.ts";

/** The column has a value in every row. @example notNull("order_id") */
export const notNull = (column: string, options: CheckOptions = {}): Check =>
  Object.freeze({ ...options, kind: "notNull" as const, column });
