/**
 * When a schedule is due, in its own zone. Over a change of clocks: a time that does not exist (the gap) is due at the first moment
 * after it, a time that comes twice (the repeat) is due once, the first time; steps such as every half hour go on in real time.
 */
import type { Schedule } from "../declare/job.ts";
import { cronOf } from "../declare/schedule.ts";

/** The next instant after `now`; null where the schedule has none or is wrong (which `tessera check` says). */
export const nextRun = (schedule: Schedule | null, now: Date, projectZone: string | undefined): Date | null => {
  if (!schedule) return null;
  try {
    return cronOf(schedule, projectZone).nextRun(now);
  } catch {
    return null;
  }
};

const HOUR = 3_600_000;
/** Looked through one after the other, so that a schedule of minutes and a year's absence do not take minutes together. */
const WINDOWS = [2 * HOUR, 48 * HOUR, 40 * 24 * HOUR, Number.POSITIVE_INFINITY];

/** Instants in (after, until], oldest first; of more than `most` the latest. */
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
