/** The door: what `import … from "tessera"` gives. */
import { lazy } from "./engine/lazy.ts";

export * from "./engine/index.ts";
export * from "./etl/index.ts";
export type {
  DrillthroughRequest,
  Explanation,
  OpenOptions,
  OpenProject,
  QueryOptions,
} from "./etl/project/open-project.ts";
export const openProject = lazy(async () => (await import("./etl/project/open-project.ts")).openProject);
