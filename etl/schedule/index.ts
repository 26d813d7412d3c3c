export { backoff, worthRetrying } from "./backoff.ts";
export { milliseconds } from "../declare/duration.ts";
export { LATE, loadsDue, MOST_MISSED, type Scheduled } from "./catch-up.ts";
export { clockChanges, localTime, type ClockChange } from "./clock-changes.ts";
export { dueBetween, nextRun } from "./due.ts";
export { scheduleProblem, zoneOf } from "../declare/schedule.ts";
export {
  openScheduler,
  schedulerHolder,
  startScheduler,
  type Scheduler,
  type SchedulerEvent,
  type SchedulerOptions,
} from "./scheduler.ts";
