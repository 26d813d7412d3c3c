/** What mining finds out, as functions: `import … from "tessera/mining"`. */
import { lazy } from "./engine/lazy.ts";

export * from "./engine/mining/index.ts";
export type { RunMineOptions } from "./etl/mine/run-mine.ts";
export const runMine = lazy(async () => (await import("./etl/mine/run-mine.ts")).runMine);
export type { MineProgress, MineSummary } from "./etl/mine/mine-in-process.ts";
export const mineInProcess = lazy(async () => (await import("./etl/mine/mine-in-process.ts")).mineInProcess);
export { modelReport, type ModelReport } from "./etl/project/reports.ts";
