/** Moves a cursor back by the lag, in the cursor's own notation. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { milliseconds, type Duration } from "../declare/duration.ts";

const STAMP = /^(\d{4}-\d\d-\d\d)(?:([ T])(\d\d:\d\d(?::\d\d(?:\.(\d+))?)?))?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * The lower bound of the next read. A cursor is a date or timestamp as text, or seconds or milliseconds since 1970.
 * Sources compare texts as texts, so the bound has the cursor's notation.
 * @throws TesseraError `job-invalid` for a lag with a cursor that is not a time
 */
export function lowerBound(cursor: string, lag: Duration | undefined, place: string): string {
  const back = lag === undefined ? 0 : milliseconds(lag);
  if (back === 0) return cursor;
  if (/^\d{9,10}(\.\d+)?$/.test(cursor)) return String(Number(cursor) - back / 1000);
  if (/^\d{12,13}$/.test(cursor)) return String(Number(cursor) - back);
  const match = STAMP.exec(cursor);
  if (match === null) {
    throw new TesseraError("job-invalid", phrase`a lag needs a cursor of dates or times; got "${cursor}"`, {
      place,
      remedy: "use a date or timestamp column as the cursor, or remove the lag",
    });
  }
  const [, date, separator, time, fraction, zone] = match;
  const moved = new Date(Date.parse(`${date}T${(time ?? "00:00:00").slice(0, 8).padEnd(8, ":00")}Z`) - back);
  const text = moved.toISOString();
  if (separator === undefined) return `${text.slice(0, 10)}${zone ?? ""}`;
  // the zone stays as written; a fraction becomes zero, which moves the bound a little further back
  const seconds = (time ?? "").length >= 8 || back % 60_000 !== 0 ? text.slice(11, 19) : text.slice(11, 16);
  const zeros = fraction === undefined ? "" : `.${"0".repeat(fraction.length)}`;
  return `${text.slice(0, 10)}${separator}${seconds}${zeros}${zone ?? ""}`;
}
