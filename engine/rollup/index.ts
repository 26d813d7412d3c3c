export { advise, type Advice, type Asked } from "./advise.ts";
export { buildRollups, type Built, type BuildOptions } from "./build.ts";
export { UNKNOWN } from "./tables-behind.ts";
export { rollupDefinitions, type RollupDefinition } from "../query/rollup/definition.ts";
export { whyNot, type BuiltRollup, type RollupNeed } from "../query/rollup/fit.ts";
