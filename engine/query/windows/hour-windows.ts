/** Windows of whole hours: the moments that a measure reads for each cell, in zones whose days have 23, 24 or 25 hours. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { isClock, isPeriod, parseDay, type Calendar } from "../../model/time/calendar.ts";
import { midnight, offset } from "../../model/time/zone.ts";
import type { DateLevel } from "../../model/dimension.ts";
import type { TimeChange } from "../../model/measure.ts";
import { dayLiteral, literal, type Expr } from "../../sql/tree.ts";
import { daysIn, type DaySet } from "../time/day-set.ts";
import type { Frame, Leaf } from "../resolve/nodes.ts";
import { timeCells } from "../time/time-cells.ts";

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
const DAY = 24 * HOUR;
/** Cells of one question: the hours of a year and some days. */
const MOST = 9_000;

/** Milliseconds since 1970, `until` not included; the wall clock's own where there is no zone. */
export interface HourCell {
  readonly values: readonly (string | number | boolean | null)[];
  readonly from: number;
  readonly until: number;
}

export type HourChange = Extract<TimeChange, { readonly type: "rolling" | "shift" }>;
/** The change that counts in hours; null where none does. @throws TesseraError where it stands with others */
export function hourChange(leaf: Leaf): HourChange | null {
  const inHours = (frame: Frame): boolean =>
    (frame.change.type === "rolling" || frame.change.type === "shift") && frame.change.span.hours !== undefined;
  if (!leaf.frames.some(inHours)) return null;
  if (leaf.frames.length > 1)
    throw new TesseraError(
      "query-invalid",
      phrase`${leaf.member} is moved by hours, and cannot be moved or compared otherwise too`,
      { place: leaf.member, remedy: "count in days" },
    );
  if (leaf.measure.kind === "semi_additive")
    throw new TesseraError("query-invalid", phrase`${leaf.member} is taken at days, and has no hours`, {
      place: leaf.member,
      remedy: "count in days",
    });
  return leaf.frames[0]!.change as HourChange;
}

/** The windows of the cells of `levels` in some days. @param zone null: the column holds wall-clock times */
export function hourCells(
  change: HourChange,
  levels: readonly DateLevel[],
  days: DaySet,
  calendar: Calendar,
  zone: string | null,
  member: string,
): readonly HourCell[] {
  const odd = levels.find((level) => level !== "hour" && !isPeriod(level));
  if (odd !== undefined)
    throw new TesseraError(
      "query-invalid",
      phrase`${member} cannot be taken by ${odd}, which is no period of whole hours`,
      {
        place: member,
        remedy: "group by hour, day, week, month, quarter or year",
      },
    );
  if (levels.includes("hour") && daysIn(days) * 24 > MOST)
    throw new TesseraError("too-large", phrase`${member} would be taken at ${daysIn(days) * 24} hours`, {
      place: member,
      remedy: phrase`ask for a range of at most ${MOST} hours`,
    });
  const cells = levels.includes("hour")
    ? hoursOf(levels, days, calendar, zone)
    : timeCells(calendar, levels, days).map(
        ({ values, days: own }): Moments => ({
          values,
          spans: own.map(({ from, until }) => ({ from: midnight(zone, from), until: midnight(zone, until + 1) })),
        }),
      );
  if (cells.length > MOST)
    throw new TesseraError("too-large", phrase`${member} would be taken at ${cells.length} periods`, {
      place: member,
      remedy: phrase`ask for at most ${MOST}`,
    });
  const by = change.span.hours! * HOUR;
  return cells.flatMap(({ values, spans }) => {
    const last = spans.at(-1)!.until;
    return change.type === "rolling"
      ? [{ values, from: last - by, until: last }]
      : spans.map(({ from, until }) => ({ values, from: from + by, until: until + by }));
  });
}

/** A cell's moments, in time order: an hour that the clock shows twice may have another between its two. */
interface Moments {
  readonly values: HourCell["values"];
  readonly spans: readonly { readonly from: number; readonly until: number }[];
}

/** Each local hour of the days with its moments; an hour that the clock shows twice is one cell of two hours. */
function hoursOf(levels: readonly DateLevel[], days: DaySet, calendar: Calendar, zone: string | null): Moments[] {
  const periods = levels.filter((level) => level !== "hour");
  const cells: Moments[] = [];
  for (const range of days) {
    for (let day = range.from; day <= range.until; day++) {
      const [start, end] = [midnight(zone, day), midnight(zone, day + 1)];
      const step =
        end - start === DAY &&
        offset(zone, start) === offset(zone, end - 1) &&
        offset(zone, start) === offset(zone, start + DAY / 2)
          ? HOUR
          : QUARTER;
      const coarse = timeCells(calendar, periods, [{ from: day, until: day }])[0]!.values;
      const hours = new Map<string, { from: number; until: number }[]>();
      for (let at = start; at < end; at += step) {
        const hour = `${new Date(at + offset(zone, at)).toISOString().slice(0, 13).replace("T", " ")}:00:00`;
        const spans = hours.get(hour) ?? [];
        hours.set(hour, spans);
        const last = spans.at(-1);
        if (last?.until === at) last.until = at + step;
        else spans.push({ from: at, until: at + step });
      }
      for (const [hour, spans] of hours) {
        let p = 0;
        cells.push({ values: levels.map((level) => (level === "hour" ? hour : coarse[p++]!)), spans });
      }
    }
  }
  return cells;
}

/** A time key as the spine holds it. */
export function cellLiteral(value: HourCell["values"][number], level: DateLevel): Expr {
  return isClock(level) ? literal(value, "timestamp") : dayLiteral(parseDay(String(value))!);
}
