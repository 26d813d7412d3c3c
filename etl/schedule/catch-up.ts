/** Which loads run now: those that are due, and those that were missed. */
import type { Schedule } from "../declare/job.ts";
import { dueBetween } from "./due.ts";

/** A job with a schedule. */
export interface Scheduled {
  readonly name: string;
  readonly schedule: Schedule;
}

/** Milliseconds after which a due time counts as missed: the machine slept, or no scheduler ran. */
export const LATE = 2 * 60_000;

/** Most missed times that `catchUp: "all"` runs, the latest ones. */
export const MOST_MISSED = 10;

/**
 * The jobs of each load, oldest load first. Jobs that are due together are one load, and so are jobs that catch up
 * once.
 * @param since until when the job's due times were handled
 */
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
