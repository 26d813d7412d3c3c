/** Windows of whole hours: the moments that a measure reads for each cell, in zones whose days have 23, 24 or 25 hours. */
import { TesseraError } from "../errors.ts";
import { isClock, isPeriod, parseDay, type Calendar, type Day } from "../model/calendar.ts";
import type { DateLevel } from "../model/dimension.ts";
import type { TimeChange } from "../model/measure.ts";
import { dayLiteral, literal, type Expr } from "../sql/tree.ts";
import type { DayRange } from "./date-range.ts";
import type { Frame, Leaf } from "./leaf.ts";
import { timeCells } from "./windows.ts";

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
const DAY = 24 * HOUR;
/** Cells of one question: the hours of a year and some days. */
const MOST = 9_000;

/** Milliseconds since 1970, `until` not included; the wall clock's own where there is no zone. */
export interface HourCell { readonly values: readonly (string | number | boolean | null)[]; readonly from: number; readonly until: number }

export type HourChange = Extract<TimeChange, { readonly type: "rolling" | "shift" }>;
/** The change that counts in hours; null where none does. @throws TesseraError where it stands with others */
export function hourChange(leaf: Leaf): HourChange | null {
  const inHours = (frame: Frame): boolean => (frame.change.type === "rolling" || frame.change.type === "shift") && frame.change.span.hours !== undefined;
  if (!leaf.frames.some(inHours)) return null;
  if (leaf.frames.length > 1) throw new TesseraError("query-invalid", `${leaf.member} is moved by hours, and cannot be moved or compared otherwise too`, { place: leaf.member, remedy: "count in days" });
  if (leaf.measure.kind === "semi_additive") throw new TesseraError("query-invalid", `${leaf.member} is taken at days, and has no hours`, { place: leaf.member, remedy: "count in days" });
  return leaf.frames[0]!.change as HourChange;
}

/** The windows of the cells of `levels` in a range of days. @param zone null: the column holds wall-clock times */
export function hourCells(change: HourChange, levels: readonly DateLevel[], range: DayRange, calendar: Calendar, zone: string | null, member: string): readonly HourCell[] {
  const odd = levels.find((level) => level !== "hour" && !isPeriod(level));
  if (odd !== undefined) throw new TesseraError("query-invalid", `${member} cannot be taken by ${odd}, which is no period of whole hours`, { place: member, remedy: "group by hour, day, week, month, quarter or year" });
  const cells = levels.includes("hour") ? hoursOf(levels, range, calendar, zone) : timeCells(calendar, levels, range).map(({ values, days }) => ({ values, from: midnight(zone, days.from), until: midnight(zone, days.until + 1) }));
  if (cells.length > MOST) throw new TesseraError("too-large", `${member} would be taken at ${cells.length} hours`, { place: member, remedy: `ask for a range of at most ${MOST} hours` });
  const by = change.span.hours! * HOUR;
  return cells.map(({ values, from, until }) => (change.type === "rolling" ? { values, from: until - by, until } : { values, from: from + by, until: until + by }));
}

/** Each local hour of the range with its first and last moment; an hour that the clock shows twice is one cell of two hours. */
function hoursOf(levels: readonly DateLevel[], range: DayRange, calendar: Calendar, zone: string | null): HourCell[] {
  const periods = levels.filter((level) => level !== "hour");
  const cells: { values: HourCell["values"]; from: number; until: number }[] = [];
  for (let day = range.from; day <= range.until; day++) {
    if (cells.length > MOST) return cells.concat(Array.from({ length: (range.until - day + 1) * 24 }, () => cells[0]!));
    const [start, end] = [midnight(zone, day), midnight(zone, day + 1)];
    const step = end - start === DAY && offset(zone, start) === offset(zone, end - 1) && offset(zone, start) === offset(zone, start + DAY / 2) ? HOUR : QUARTER;
    const coarse = timeCells(calendar, periods, { from: day, until: day })[0]!.values;
    let last: (typeof cells)[number] | null = null;
    for (let at = start; at < end; at += step) {
      const hour = `${new Date(at + offset(zone, at)).toISOString().slice(0, 13).replace("T", " ")}:00:00`;
      let p = 0;
      const values = levels.map((level) => (level === "hour" ? hour : coarse[p++]!));
      if (last && last.values[levels.indexOf("hour")] === hour) last.until = at + step;
      else cells.push((last = { values, from: at, until: at + step }));
    }
  }
  return cells;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** How far a zone's clock is ahead, in milliseconds. */
function offset(zone: string | null, moment: number): number {
  if (zone === null || zone === "UTC") return 0;
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat("en-u-hc-h23", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" })));
  const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part["year"]!, part["month"]! - 1, part["day"], part["hour"], part["minute"]) - Math.floor(moment / 60_000) * 60_000;
}

/** The first moment of a day: midnight, or where the clock leaps over it the first after it. */
function midnight(zone: string | null, day: Day): number {
  const wall = day * DAY;
  const [early, late] = [wall - offset(zone, wall - DAY / 2), wall - offset(zone, wall + DAY / 2)];
  for (const at of [Math.min(early, late), Math.max(early, late)]) if (at + offset(zone, at) === wall) return at;
  return Math.max(early, late);
}

/** A moment as the column holds it, and a time key as the spine holds it. */
export const momentLiteral = (moment: number, zone: string | null): Expr => (zone === null ? literal(new Date(moment).toISOString().slice(0, 19).replace("T", " "), "timestamp") : literal(new Date(moment).toISOString(), "timestamptz"));
export function cellLiteral(value: HourCell["values"][number], level: DateLevel): Expr {
  return isClock(level) ? literal(value, "timestamp") : dayLiteral(parseDay(String(value))!);
}
