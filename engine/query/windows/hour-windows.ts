/**
 * Windows of whole hours: the moments that a measure reads for each cell, in zones whose days have 23, 24 or 25 hours.
 */
import { first, last } from "../../lookup.ts";
import { dayFrom } from "./time-keys.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { isClock, isPeriod, type Calendar } from "../../model/time/calendar.ts";
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
/** The most cells of one query: the hours of a year and some days. */
const MOST = 9_000;

/**
 * The moments of a cell, in milliseconds since 1970, `until` excluded; of a column of local times, local milliseconds.
 */
export interface HourCell {
  readonly values: readonly (string | number | boolean | null)[];
  readonly from: number;
  readonly until: number;
}

/** A change that may count in hours. */
export type HourChange = Extract<TimeChange, { readonly type: "rolling" | "shift" }>;

const countsHours = (change: Frame["change"]): change is HourChange =>
  (change.type === "rolling" || change.type === "shift") && change.span.hours !== undefined;

/**
 * The change of a leaf that counts in hours; null without one.
 * @throws TesseraError `query-invalid` where it has others too
 */
export function hourChange(leaf: Leaf): HourChange | null {
  const change = leaf.frames.map((frame) => frame.change).find(countsHours);
  if (!change) return null;
  if (leaf.frames.length > 1)
    throw new TesseraError(
      "query-invalid",
      phrase`${leaf.member} moves by hours, and cannot move or be compared in any other way`,
      { place: leaf.member, remedy: "count in days" },
    );
  if (leaf.measure.kind === "semi_additive")
    throw new TesseraError("query-invalid", phrase`${leaf.member} is taken at days, which have no hours`, {
      place: leaf.member,
      remedy: "count in days",
    });
  return change;
}

/** The windows of the cells of `levels` in some days. @param zone null: the column holds local times */
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
      phrase`${member} cannot be taken by ${odd}, which is not a period of whole hours`,
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
  const by = (change.span.hours ?? 0) * HOUR;
  return cells.flatMap(({ values, spans }) => {
    const { until: end } = last(spans);
    return change.type === "rolling"
      ? [{ values, from: end - by, until: end }]
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
      const coarse = first(timeCells(calendar, periods, [{ from: day, until: day }])).values;
      const hours = new Map<string, { from: number; until: number }[]>();
      for (let at = start; at < end; at += step) {
        const hour = `${new Date(at + offset(zone, at)).toISOString().slice(0, 13).replace("T", " ")}:00:00`;
        const spans = hours.get(hour) ?? [];
        hours.set(hour, spans);
        const before = spans.at(-1);
        if (before?.until === at) before.until = at + step;
        else spans.push({ from: at, until: at + step });
      }
      for (const [hour, spans] of hours) {
        const values = levels.map((level) => (level === "hour" ? hour : (coarse[periods.indexOf(level)] ?? null)));
        cells.push({ values, spans });
      }
    }
  }
  return cells;
}

/** A time key in a list of cells. */
export const cellLiteral = (value: HourCell["values"][number], level: DateLevel): Expr =>
  isClock(level) ? literal(value, "timestamp") : dayLiteral(dayFrom(String(value)));
