/** When a job runs next, by its schedule. */
import { Cron } from "croner";
import type { Schedule } from "../../etl/index.ts";

/** The next instant after `now`; null where the schedule has none or is wrong (which `tessera check` says). */
export const nextRun = (schedule: Schedule | null, now: Date, timeZone: string | undefined): Date | null => {
  if (!schedule) return null;
  try {
    const zone = schedule.timeZone ?? timeZone;
    return new Cron(schedule.cron, { paused: true, ...(zone && { timezone: zone }) }).nextRun(now);
  } catch {
    return null;
  }
};
