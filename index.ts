/** The door: what `import … from "tessera"` gives, all that a project declares, and `openProject` to ask it. */
import { lazy } from "./engine/lazy.ts";

export * from "./engine/index.ts";
export * from "./etl/declare/index.ts";
export type {
  DrillthroughRequest,
  Explanation,
  OpenOptions,
  OpenProject,
  QueryOptions,
} from "./etl/project/open-project.ts";
export type { RunSummary } from "./etl/runs/run.ts";
export const openProject = lazy(async () => (await import("./etl/project/open-project.ts")).openProject);
