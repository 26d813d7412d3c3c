/** Loads, runs, schedules and lists: `import … from "tessera/etl"`. */
import { lazy } from "../engine/lazy.ts";

export * from "./declare/index.ts";
export * from "./destinations/index.ts";
export * from "./notices/index.ts";
export type { RunLoadOptions } from "./run/run-load.ts";
export const runLoad = lazy(async () => (await import("./run/run-load.ts")).runLoad);
export type { InProcessOptions, LoadOptions } from "./run/load-options.ts";
export const loadInProcess = lazy(async () => (await import("./run/load-in-process.ts")).loadInProcess);
export type { Backup, BackupOptions } from "./backup/backup.ts";
export const backupWarehouse = lazy(async () => (await import("./backup/backup.ts")).backupWarehouse);
export type { Restored, RestoreOptions } from "./backup/restore.ts";
export const restoreWarehouse = lazy(async () => (await import("./backup/restore.ts")).restoreWarehouse);
export { keptVersions, pinKept, unpinKept, type KeptVersion } from "./backup/versions.ts";
export const eraseAgain = lazy(async () => (await import("./erase/erase-again.ts")).eraseAgain);
export type { Erased, EraseOptions } from "./erase/erase-person.ts";
export const erasePerson = lazy(async () => (await import("./erase/erase-person.ts")).erasePerson);
export { parsePlan, planOf, type LoadPlan, type PlannedJob } from "./run/plan.ts";
export { cancelRun, pausedJobs, pauseJob, resumeJob } from "./runs/control.ts";
export { rollbackLoad } from "./run/rollback.ts";
export { getRejects, getRun, listRuns } from "./runs/read-runs.ts";
export { listJobs, type JobView } from "./runs/list-jobs.ts";
export type { Progress, RunError, RunStatus, RunSummary, Stage, StepStatus, StepSummary } from "./runs/run.ts";
export type { Reject } from "./stage/rejects.ts";
export const testSource = lazy(async () => (await import("./project/test-source.ts")).testSource);
export { validateLoads } from "./declare/validate.ts";
export {
  clockChanges,
  localTime,
  MOST_MISSED,
  nextRun,
  schedulerHolder,
  startScheduler,
  zoneOf,
  type Scheduler,
  type SchedulerEvent,
} from "./schedule/index.ts";
export type { RunMineOptions } from "./mine/run-mine.ts";
export const runMine = lazy(async () => (await import("./mine/run-mine.ts")).runMine);
export type { MineProgress, MineSummary } from "./mine/mine-in-process.ts";
export const mineInProcess = lazy(async () => (await import("./mine/mine-in-process.ts")).mineInProcess);
export { modelReport, type ModelReport } from "./project/reports.ts";
export {
  assignmentsOf,
  getCampaign,
  listCampaigns,
  recordDraw,
  saveCampaign,
  withState,
  type Assignment,
  type Campaign,
} from "./campaigns/campaigns.ts";
export {
  addJudgement,
  JUDGED_VERDICTS,
  listJudgements,
  type JudgedVerdict,
  type Judgement,
} from "./programme/judgements.ts";
export { usageByWeek, type UsageWeek } from "./programme/usage.ts";
