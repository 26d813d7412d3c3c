/** Which day it is. The clock comes in as an argument: nothing below the callers reads the machine's own. */
import { dayOf, type Day } from "./calendar.ts";
import { dayAt } from "./zone.ts";

/**
 * The day at a moment.
 * @param zone IANA zone; undefined: the zone of this machine
 */
export function today(zone: string | undefined, now: Date): Day {
  return zone === undefined ? dayOf(now.getFullYear(), now.getMonth() + 1, now.getDate()) : dayAt(zone, now.getTime());
}
