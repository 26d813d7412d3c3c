/** Cron expressions and their time zones. */
import { Cron } from "croner";
import { phrase, type Sentence } from "../../engine/errors/index.ts";
import type { Schedule } from "./job.ts";

/** The zone a schedule runs in: its own, else the project's, else UTC. */
export const zoneOf = (schedule: Pick<Schedule, "timeZone">, projectZone: string | undefined): string =>
  schedule.timeZone ?? projectZone ?? "UTC";

/** The schedule's cron expression in its zone. @throws Error for an invalid expression or zone */
export const cronOf = (schedule: Schedule, projectZone: string | undefined): Cron =>
  new Cron(schedule.cron, { paused: true, timezone: zoneOf(schedule, projectZone) });

/** What is wrong with a schedule; null for a valid one. */
export function scheduleProblem(schedule: Schedule, projectZone: string | undefined): Sentence | null {
  const zone = zoneOf(schedule, projectZone);
  if (!isZone(zone)) return phrase`time zone "${zone}" not found`;
  try {
    cronOf(schedule, projectZone).nextRun(new Date(0));
    return null;
  } catch {
    return phrase`invalid cron expression "${schedule.cron}"`;
  }
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
