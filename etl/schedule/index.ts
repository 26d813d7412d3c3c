export { backoff, milliseconds, worthRetrying } from "./backoff.ts";
export { LATE, loadsDue, MOST_MISSED, type Scheduled } from "./catch-up.ts";
export { clockChanges, localTime, type ClockChange } from "./clock-changes.ts";
export { dueBetween, nextRun, scheduleProblem, zoneOf } from "./due.ts";
export {
  openScheduler,
  schedulerHolder,
  startScheduler,
  type Scheduler,
  type SchedulerEvent,
  type SchedulerOptions,
} from "./scheduler.ts";
