/** The door: what `import … from "tessera"` gives. */
export * from "./engine/index.ts";
export * from "./etl/index.ts";
export { openProject, type DrillthroughRequest, type Explanation, type OpenOptions, type OpenProject, type QueryOptions } from "./etl/project.ts";
