/** Moments as SQL literals. */
import type { Day } from "../../model/time/calendar.ts";
import { midnight } from "../../model/time/zone.ts";
import { literal, type Expr } from "../../sql/tree.ts";

/** A moment as a column holds it. @param moment milliseconds since 1970 @param zone null: a column of local times */
export const momentLiteral = (moment: number, zone: string | null): Expr =>
  zone === null
    ? literal(new Date(moment).toISOString().slice(0, 19).replace("T", " "), "timestamp")
    : literal(new Date(moment).toISOString(), "timestamptz");
/** The first moment of a day in a zone. */
export const midnightLiteral = (day: Day, zone: string): Expr => momentLiteral(midnight(zone, day), zone);
