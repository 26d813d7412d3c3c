/** Moments in ISO form. A looser form ("5/1/2024") means different moments in different places, or fails in DuckDB. */
import { parseDay } from "../../model/time/calendar.ts";

const MOMENT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Whether a text is a day of the calendar, with or without a time of day. */
export function isMoment(text: string): boolean {
  const match = MOMENT.exec(text);
  return match?.[1] !== undefined && parseDay(match[1]) !== null;
}

/** The UTC offset that a moment is written with; null: a local time. */
export const offsetOf = (text: string): string | null => MOMENT.exec(text)?.[5] ?? null;

/**
 * The form that every warehouse reads: `2025-07-31 10:00:00+02:00`.
 * @throws Error for a text that `isMoment` refuses
 */
export function momentText(text: string): string {
  const match = MOMENT.exec(text);
  if (!match) throw new Error(`not a moment: ${text}`);
  const [, day, hour = "00", minute = "00"] = match;
  const seconds = /:\d{2}:(\d{2}(?:\.\d{1,6})?)/.exec(text)?.[1] ?? "00";
  const offset = offsetOf(text);
  return `${day} ${hour}:${minute}:${seconds}${offset === null ? "" : offsetText(offset)}`;
}

/** `Z`, `+02`, `+0200` and `+02:00` as `+02:00`. */
function offsetText(offset: string): string {
  if (offset === "Z") return "+00:00";
  if (offset.length === 3) return `${offset}:00`;
  return offset.includes(":") ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

/** The hour or minute that holds a moment. */
export const cutTo = (text: string, level: "hour" | "minute"): string =>
  level === "hour" ? `${text.slice(0, 13)}:00:00` : `${text.slice(0, 16)}:00`;
