/** The door: what `import … from "tessera"` gives. */
import { late } from "./engine/late.ts";

export * from "./engine/index.ts";
export * from "./etl/index.ts";
export type { DrillthroughRequest, Explanation, OpenOptions, OpenProject, QueryOptions } from "./etl/project.ts";
export const openProject = late(async () => (await import("./etl/project.ts")).openProject);
