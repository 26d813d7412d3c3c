/** The days along a date role that the cells of measures are cut from. */
import type { CubeNode } from "../../model/catalog.ts";
import { calendarOf } from "../../model/catalog.ts";
import type { Day } from "../../model/time/calendar.ts";
import { daysOfRole } from "../resolve/asked-days.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { isBounded, type DaySet } from "../time/day-set.ts";
import { boundedDays, factsDays } from "./bounded-days.ts";
import type { WindowContext } from "./window-context.ts";

/** What the windows of a fact's measures are taken along. */
export interface Along {
  readonly role: string;
  /** the query's days, else the calendar's, else those of the facts */
  readonly days: DaySet;
  /** the same as far as the facts reach, for what is taken at a range's last day */
  readonly reached: DaySet;
  /** whether the query bounds the days itself, so that every row has a date among them */
  readonly bounded: boolean;
  readonly compare: ResolvedQuery["compare"];
  readonly now: Day;
}

/** The days of a fact along one of its date roles, as a query asks for them. */
export function alongOf(
  cube: CubeNode,
  role: string,
  query: Pick<ResolvedQuery, "rows" | "compare" | "now">,
  context: WindowContext,
): Along {
  const calendar = calendarOf(context.catalog, role);
  const asked = daysOfRole(query.rows, role);
  return {
    role,
    days: boundedDays(cube, role, query.rows, context, calendar),
    reached: factsDays(cube, role, query.rows, context, calendar),
    bounded: asked !== null && isBounded(asked),
    compare: query.compare,
    now: query.now,
  };
}
