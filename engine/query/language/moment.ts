/** Moments as ISO writes them. Anything looser means another moment in another place ("5/1/2024"), or fails in the engine below. */
import { parseDay } from "../../model/time/calendar.ts";

const MOMENT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** A day of the calendar, with a time of day or without. */
export function isMoment(text: string): boolean {
  const match = MOMENT.exec(text);
  return match !== null && parseDay(match[1]!) !== null;
}

/** The offset from Greenwich that a moment is written with; null: the clock of the place. */
export const offsetOf = (text: string): string | null => MOMENT.exec(text)?.[5] ?? null;

/** As every engine reads it: `2025-07-31 10:00:00+02:00`. */
export function momentText(text: string): string {
  const [, day, hour = "00", minute = "00"] = MOMENT.exec(text)!;
  const seconds = /:\d{2}:(\d{2}(?:\.\d{1,6})?)/.exec(text)?.[1] ?? "00";
  const offset = offsetOf(text);
  const zone =
    offset === null
      ? ""
      : offset === "Z"
        ? "+00:00"
        : offset.length === 3
          ? `${offset}:00`
          : offset.includes(":")
            ? offset
            : `${offset.slice(0, 3)}:${offset.slice(3)}`;
  return `${day} ${hour}:${minute}:${seconds}${zone}`;
}

/** The hour or minute that a moment lies in. */
export const cutTo = (text: string, level: "hour" | "minute"): string =>
  level === "hour" ? `${text.slice(0, 13)}:00:00` : `${text.slice(0, 16)}:00`;
