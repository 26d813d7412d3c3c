/**
 * When a schedule is due, in its own zone. On a clock change, a time that does not exist (the gap) is due at the first
 * moment after it; a time that occurs twice (the repetition) is due the first time only; steps such as every half hour
 * go on.
 */
import type { Schedule } from "../declare/job.ts";
import { cronOf } from "../declare/schedule.ts";

/** The next run after `now`; null for a schedule without one, or an invalid one. */
export const nextRun = (schedule: Schedule | null, now: Date, projectZone: string | undefined): Date | null => {
  if (!schedule) return null;
  try {
    return cronOf(schedule, projectZone).nextRun(now);
  } catch {
    return null;
  }
};

const HOUR = 3_600_000;
/** Searched one after another: a schedule of minutes after a year's absence would otherwise take minutes. */
const WINDOWS = [2 * HOUR, 48 * HOUR, 40 * 24 * HOUR, Number.POSITIVE_INFINITY];

/** Runs after `after` up to `until`, oldest first. @param most only the latest so many; default 100 */
export const dueBetween = (
  schedule: Schedule,
  after: Date,
  until: Date,
  projectZone: string | undefined,
  most = 100,
): Date[] => {
  const cron = cronOf(schedule, projectZone);
  let found: Date[] = [];
  for (const window of WINDOWS) {
    const from = new Date(Math.max(after.getTime(), until.getTime() - window));
    found = [];
    for (let at = cron.nextRun(from); at !== null && at <= until; at = cron.nextRun(at)) found.push(at);
    if (found.length >= most || from.getTime() === after.getTime()) break;
  }
  return found.slice(-most);
};
