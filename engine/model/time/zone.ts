/**
 * Local times: how far a zone is ahead of UTC at a moment, and when its days begin. Moments are milliseconds since
 * 1970.
 */
import { LRUCache } from "lru-cache";
import { required } from "../../lookup.ts";
import { dayOf, type Day } from "./calendar.ts";

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function wallClock(zone: string, moment: number): { readonly day: Day; readonly minutes: number } {
  const format = formats.get(zone) ?? localFormat(zone);
  formats.set(zone, format);
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => required(parts, type, "part");
  return { day: dayOf(part("year"), part("month"), part("day")), minutes: part("hour") * 60 + part("minute") };
}

const localFormat = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-u-ca-iso8601-hc-h23", {
    timeZone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });

/** How far a zone is ahead of UTC, in milliseconds. @param zone null: moments are local times, and 0 ahead */
export function offset(zone: string | null, moment: number): number {
  if (zone === null || zone === "UTC") return 0;
  const { day, minutes } = wallClock(zone, moment);
  return day * DAY + minutes * 60_000 - Math.floor(moment / 60_000) * 60_000;
}

/**
 * The first moment of a day: midnight, the earlier one where the clock shows it twice, the next moment where it skips
 * it.
 */
export function midnight(zone: string | null, day: Day): number {
  if (zone === null || zone === "UTC") return day * DAY;
  const known = midnights.get(zone) ?? new LRUCache<Day, number>({ max: MIDNIGHTS_KEPT });
  midnights.set(zone, known);
  const moment = known.get(day) ?? midnightIn(zone, day);
  known.set(day, moment);
  return moment;
}

/** Those last asked for, since formatting a moment takes as long as planning a small question. */
const MIDNIGHTS_KEPT = 10_000;
const midnights = new Map<string, LRUCache<Day, number>>();

function midnightIn(zone: string, day: Day): number {
  const wall = day * DAY;
  const [early, late] = [wall - offset(zone, wall - DAY / 2), wall - offset(zone, wall + DAY / 2)];
  for (const at of [Math.min(early, late), Math.max(early, late)]) if (at + offset(zone, at) === wall) return at;
  return Math.max(early, late);
}

/** The day that a zone's calendar shows at a moment. */
export const dayAt = (zone: string, moment: number): Day =>
  zone === "UTC" ? Math.floor(moment / DAY) : wallClock(zone, moment).day;
