export type { Check, CheckOptions } from "./check.ts";
export { between } from "./between.ts";
export { matches } from "./matches.ts";
export { notNull } from "./not-null.ts";
export { references } from "./references.ts";
export { rowCount } from "./row-count.ts";
export { unique } from "./unique.ts";
