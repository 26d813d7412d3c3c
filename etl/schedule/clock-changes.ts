/** When a zone's clocks change, and what a schedule does on that day. */
import type { Schedule } from "../declare/job.ts";
import { dueBetween } from "./due.ts";
import { zoneOf } from "../declare/schedule.ts";

export interface ClockChange {
  /** the first moment of the new time */
  readonly at: Date;
  /** minutes: above zero the clock goes forward (a gap), below zero back (a repeat) */
  readonly minutes: number;
  /** what the schedule does on that day, local time first */
  readonly runs: readonly string[];
}

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-03-29 03:00 +02:00` */
export const localTime = (at: Date, zone: string): string => {
  let format = formats.get(zone);
  if (!format)
    formats.set(
      zone,
      (format = new Intl.DateTimeFormat("en-CA", {
        timeZone: zone,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
        timeZoneName: "longOffset",
      })),
    );
  const part = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value])) as {
    readonly [type: string]: string;
  };
  return `${part["year"]}-${part["month"]}-${part["day"]} ${part["hour"]}:${part["minute"]} ${part["timeZoneName"]!.replace("GMT", "") || "+00:00"}`;
};

/** Minutes ahead of UTC. */
const offset = (at: Date, zone: string): number => {
  const [sign, hours, minutes] = /([+-])(\d{2}):(\d{2})$/.exec(localTime(at, zone))!.slice(1);
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};

/** Changes within a year after `now`. */
export const clockChanges = (schedule: Schedule, now: Date, projectZone: string | undefined): ClockChange[] => {
  const zone = zoneOf(schedule, projectZone);
  const found: ClockChange[] = [];
  for (let day = now.getTime(); day < now.getTime() + 366 * DAY; day += DAY) {
    let before = day,
      after = day + DAY;
    const from = offset(new Date(before), zone),
      to = offset(new Date(after), zone);
    if (from === to) continue;
    while (after - before > 60_000) {
      const middle = Math.floor((before + after) / 120_000) * 60_000;
      if (offset(new Date(middle), zone) === from) before = middle;
      else after = middle;
    }
    const at = new Date(after);
    const local = localTime(at, zone).slice(0, 10);
    const runs = dueBetween(schedule, new Date(after - DAY), new Date(after + DAY), projectZone)
      .map((r) => localTime(r, zone))
      .filter((r) => r.startsWith(local));
    found.push({ at, minutes: to - from, runs });
  }
  return found;
};
