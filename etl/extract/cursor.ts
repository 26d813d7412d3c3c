/** Moving a cursor back by the lag, in the cursor's own notation. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { Duration } from "../declare/duration.ts";

export const milliseconds = (duration: Duration): number =>
  (((duration.days ?? 0) * 24 + (duration.hours ?? 0)) * 60 + (duration.minutes ?? 0)) * 60_000 +
  (duration.seconds ?? 0) * 1000;

const STAMP = /^(\d{4}-\d\d-\d\d)(?:([ T])(\d\d:\d\d(?::\d\d(?:\.(\d+))?)?))?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * The lower bound of the next read. A cursor is a date or timestamp in text, or seconds or milliseconds since 1970; texts are
 * compared as texts by the source, so the bound is written the way the cursor is.
 */
export function lowerBound(cursor: string, lag: Duration | undefined, place: string): string {
  const back = lag === undefined ? 0 : milliseconds(lag);
  if (back === 0) return cursor;
  if (/^\d{9,10}(\.\d+)?$/.test(cursor)) return String(Number(cursor) - back / 1000);
  if (/^\d{12,13}$/.test(cursor)) return String(Number(cursor) - back);
  const match = STAMP.exec(cursor);
  if (match === null) {
    throw new TesseraError("job-invalid", phrase`a lag needs a cursor of time, and "${cursor}" is none`, {
      place,
      remedy: "take a date or timestamp column as the cursor, or leave the lag out",
    });
  }
  const [, date, separator, time, fraction, zone] = match;
  const moved = new Date(Date.parse(`${date}T${(time ?? "00:00:00").slice(0, 8).padEnd(8, ":00")}Z`) - back);
  const text = moved.toISOString();
  if (separator === undefined) return `${text.slice(0, 10)}${zone ?? ""}`;
  // a zone is kept as written: the clock moves, the zone stays; a fraction is cut, which moves the bound further back
  const seconds = time!.length >= 8 || back % 60_000 !== 0 ? text.slice(11, 19) : text.slice(11, 16);
  return `${text.slice(0, 10)}${separator}${seconds}${fraction === undefined ? "" : `.${"0".repeat(fraction.length)}`}${zone ?? ""}`;
}
