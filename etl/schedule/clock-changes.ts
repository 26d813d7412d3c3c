/** Clock changes of a schedule's zone, and its runs on those days. */
import type { Schedule } from "../declare/job.ts";
import { dueBetween } from "./due.ts";
import { zoneOf } from "../declare/schedule.ts";

/** A change of the clock. */
export interface ClockChange {
  /** first moment of the new time */
  readonly at: Date;
  /** how far the clock moves: forward (a gap) above 0, back (a repetition) below */
  readonly minutes: number;
  /** runs of the schedule on that day, in local time */
  readonly runs: readonly string[];
}

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment in a zone, for example `2026-03-29 03:00 +02:00`. */
export const localTime = (at: Date, zone: string): string => {
  const parts = new Map<string, string>(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const offset = part("timeZoneName").replace("GMT", "") || "+00:00";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")} ${offset}`;
};

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
  formats.set(zone, format);
  return format;
}

/** Minutes ahead of UTC. */
const offset = (at: Date, zone: string): number => {
  const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})$/.exec(localTime(at, zone)) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};

/** The clock changes within a year after `now`. */
export const clockChanges = (schedule: Schedule, now: Date, projectZone: string | undefined): ClockChange[] => {
  const zone = zoneOf(schedule, projectZone);
  const found: ClockChange[] = [];
  for (let day = now.getTime(); day < now.getTime() + 366 * DAY; day += DAY) {
    let before = day;
    let after = day + DAY;
    const from = offset(new Date(before), zone);
    const to = offset(new Date(after), zone);
    if (from === to) continue;
    while (after - before > 60_000) {
      const middle = Math.floor((before + after) / 120_000) * 60_000;
      if (offset(new Date(middle), zone) === from) before = middle;
      else after = middle;
    }
    const at = new Date(after);
    const local = localTime(at, zone).slice(0, 10);
    const runs = dueBetween(schedule, new Date(after - DAY), new Date(after + DAY), projectZone)
      .map((run) => localTime(run, zone))
      .filter((run) => run.startsWith(local));
    found.push({ at, minutes: to - from, runs });
  }
  return found;
};
