/** Cron expressions and their time zones. */
import { Cron } from "croner";
import type { Schedule } from "./job.ts";

/** The zone a schedule runs in: its own, else the project's, else UTC. */
export const zoneOf = (schedule: Pick<Schedule, "timeZone">, projectZone: string | undefined): string =>
  schedule.timeZone ?? projectZone ?? "UTC";

/** The schedule's cron expression in its zone. @throws Error for an invalid expression or zone */
export const cronOf = (schedule: Schedule, projectZone: string | undefined): Cron =>
  new Cron(schedule.cron, { paused: true, timezone: zoneOf(schedule, projectZone) });

/** What is wrong with a schedule; null for a valid one. */
export const scheduleProblem = (schedule: Schedule, projectZone: string | undefined): string | null => {
  try {
    cronOf(schedule, projectZone).nextRun(new Date(0));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
