/** Which loads are to run now: what is due, and what was missed while nobody looked. */
import type { Schedule } from "../declare/job.ts";
import { dueBetween } from "./due.ts";

export interface Scheduled {
  readonly name: string;
  readonly schedule: Schedule;
}

/** A due time that is looked at later than this was missed: the machine slept, or no scheduler ran. */
export const LATE = 2 * 60_000;
/** Missed times that `catchUp: "all"` makes good for at most, the latest ones. */
export const MOST_MISSED = 10;

/** Names of jobs that run as one load, oldest load first. What is due together is one load, and so is what is made good for once. */
export const loadsDue = (
  jobs: readonly Scheduled[],
  since: (job: string) => Date,
  now: Date,
  projectZone: string | undefined,
): string[][] => {
  const last = new Set<string>();
  const earlier = new Map<number, string[]>();
  for (const { name, schedule } of jobs) {
    const times = dueBetween(schedule, since(name), now, projectZone, MOST_MISSED);
    const latest = times.at(-1);
    if (latest === undefined) continue;
    const policy = schedule.catchUp ?? "latest";
    if (now.getTime() - latest.getTime() <= LATE || policy !== "none") last.add(name);
    if (policy === "all")
      for (const time of times.slice(0, -1))
        earlier.set(time.getTime(), [...(earlier.get(time.getTime()) ?? []), name]);
  }
  return [...[...earlier].sort(([a], [b]) => a - b).map(([, names]) => names), ...(last.size > 0 ? [[...last]] : [])];
};
