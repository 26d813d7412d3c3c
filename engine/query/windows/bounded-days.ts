/** The days that cells are cut from. */
import { first, last } from "../../lookup.ts";
import type { CubeNode } from "../../model/catalog.ts";
import type { Calendar } from "../../model/time/calendar.ts";
import { daysOfRole } from "../resolve/asked-days.ts";
import type { Condition } from "../resolve/nodes.ts";
import { hull, intersect, isBounded, unite, type DaySet } from "../time/day-set.ts";
import type { WindowContext } from "./window-context.ts";

/** The query's days of a role, else the calendar's, else the span of the facts: always bounded. */
export function boundedDays(
  cube: CubeNode,
  role: string,
  rows: readonly Condition[],
  context: WindowContext,
  calendar: Calendar,
): DaySet {
  const asked = daysOfRole(rows, role);
  if (asked && isBounded(asked)) return asked;
  const span = context.spanOf(cube.name, role);
  const whole = asked && hull(asked);
  const from = whole && Number.isFinite(whole.from) ? whole.from : (calendar.from ?? span?.from);
  const until = whole && Number.isFinite(whole.until) ? whole.until : (calendar.until ?? span?.until);
  if (from === undefined || until === undefined) return [];
  return asked ? intersect(asked, [{ from, until }]) : unite([{ from, until }]);
}

/**
 * The query's days of a role, else those of the facts. Without time keys, a window is taken at the last day with facts,
 * not at the calendar's last.
 */
export function factsDays(
  cube: CubeNode,
  role: string,
  rows: readonly Condition[],
  context: WindowContext,
  calendar: Calendar,
): DaySet {
  const days = boundedDays(cube, role, rows, context, calendar);
  const span = context.spanOf(cube.name, role);
  const within = span && intersect(days, [span]);
  if (!within || within.length === 0) return days;
  const asked = hull(daysOfRole(rows, role) ?? []);
  const from = asked && Number.isFinite(asked.from) ? asked.from : first(within).from;
  const until = asked && Number.isFinite(asked.until) ? asked.until : last(within).until;
  return intersect(days, [{ from, until }]);
}
