/** The cells that the time keys of a result make, and the window of days that a measure reads for each. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { isPeriod, parseDay, type Calendar, type Day } from "../../model/time/calendar.ts";
import type { CubeNode } from "../../model/catalog.ts";
import type { DateLevel } from "../../model/dimension.ts";
import { all, any, binary, column, dayLiteral, equals, literal, notNull, FALSE, type Expr } from "../../sql/tree.ts";
import type { DayRange } from "../time/date-range.ts";
import { hull, intersect, isBounded, unite, type DaySet } from "../time/day-set.ts";
import { daysOfRole } from "../resolve/asked-days.ts";
import type { FactSpan } from "../binding/fact-spans.ts";
import type { GroupingSet } from "../language/grouping.ts";
import { hourChange } from "./hour-windows.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";
import type { CompileContext } from "../scan/compile-context.ts";
import { memberKey } from "../resolve/rest.ts";
import { changeWindow } from "../time/change-window.ts";
import { comparedCells } from "../time/comparison.ts";
import { finest, grainOf, timeCells, type TimeCell } from "../time/time-cells.ts";

export interface WindowContext extends CompileContext {
  /** first and last day of a cube's facts along a date role, in the query's zone; null where it has none */
  spanOf(cube: string, role: string): FactSpan | null;
}

const key = (i: number): string => `k${i}`;
export const isKeyOf = (ref: AttributeRef, role: string): boolean => ref.t === "role" && ref.role === role;

/** A time key's value as it stands in a spine of cells. */
export function timeLiteral(value: string | number | boolean | null, level: DateLevel): Expr {
  if (typeof value === "string" && isPeriod(level)) return dayLiteral(parseDay(value)!);
  return literal(value, typeof value === "number" ? "integer" : typeof value === "boolean" ? "boolean" : "text");
}

/** A cell of the time keys, with the days that a measure reads for it, and how many of them lie before now. */
export interface CellWindow {
  readonly values: TimeCell["values"];
  readonly days: DaySet;
  readonly length: number;
}

const known = new WeakMap<ResolvedQuery, Map<string, readonly CellWindow[]>>();

/** The cells of the time keys of a set, with the window that the leaves read for each. */
export function windowsOf(
  cube: CubeNode,
  leaf: Leaf,
  set: GroupingSet,
  role: string,
  query: ResolvedQuery,
  context: WindowContext,
): readonly CellWindow[] {
  const own = known.get(query) ?? new Map<string, readonly CellWindow[]>();
  known.set(query, own);
  const name = JSON.stringify([
    cube.name,
    role,
    leaf.frames,
    leaf.rest?.id,
    set.filter((i) => isKeyOf(query.keys[i]!, role)),
  ]);
  const found = own.get(name) ?? computeWindows(cube, leaf, set, role, query, context);
  own.set(name, found);
  return found;
}

function computeWindows(
  cube: CubeNode,
  leaf: Leaf,
  set: GroupingSet,
  role: string,
  query: ResolvedQuery,
  context: WindowContext,
): CellWindow[] {
  const calendar = context.catalog.roles.get(role)!.dimension.calendar!;
  const levels = set
    .filter((i) => isKeyOf(query.keys[i]!, role))
    .map((i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel);
  const { frames } = leaf;
  // shift moves the whole range; what is taken at a last day is taken at the last day with facts
  const standing =
    levels.length === 0 && frames.some((frame) => frame.change.type !== "shift" && frame.change.type !== "compare");
  const asked = (standing ? factsDays : boundedDays)(cube, role, query, context, calendar);
  if (asked.length === 0) return [];
  const compared = frames[0]?.change.type === "compare";
  if (levels.some((l) => l === "hour" || l === "minute" || l === "hour_of_day"))
    throw new TesseraError(
      "query-invalid",
      phrase`${leaf.member} moves along days, and the query asks for ${levels.join(", ")}`,
      { place: leaf.member, remedy: "use day or a longer period" },
    );
  const grain = grainOf(levels);
  const odd = levels.find((level) => !isPeriod(level));
  const cells = withRest(leaf, role, set, query, levels, (all) =>
    compared
      ? comparedCells(calendar, all, query.compare!.current, query.compare!.previous, query.compare!.years)
      : timeCells(calendar, all, asked),
  );
  const first = calendar.from ?? context.spanOf(cube.name, role)?.from ?? asked[0]!.from;
  return cells.flatMap((cell) => {
    let { days } = cell;
    for (const { change } of frames) {
      if (change.type === "compare") continue;
      if (change.type !== "shift" && odd !== undefined)
        throw new TesseraError("query-invalid", phrase`${leaf.member} cannot be taken by ${odd}, which is no period`, {
          place: leaf.member,
          remedy: "group by day, week, month, quarter or year",
        });
      days = changeWindow(change, days, grain, calendar, compared ? [query.compare!.previous] : asked);
      if (days.length === 0 && change.type === "shift") return []; // the other month lacks the day: there is nowhere to look
      if (days.length === 0) break; // a range that begins after the window's last day leaves nothing of it
    }
    const length = days.reduce(
      (n, { from, until }) => n + daysUpTo({ from: Number.isFinite(from) ? from : first, until }, query.now),
      0,
    );
    return [{ values: cell.values, days, length: Math.max(1, length) }];
  });
}

/** The cells of some levels; of what tops leave out, those that are outside, brought together where they differ in a ranked level alone. */
function withRest(
  leaf: Leaf,
  role: string,
  set: GroupingSet,
  query: ResolvedQuery,
  levels: readonly DateLevel[],
  cellsOf: (levels: readonly DateLevel[]) => readonly TimeCell[],
): readonly TimeCell[] {
  const out = (leaf.rest?.cells ?? []).filter((cells) => cells.role === role);
  if (out.length === 0) return cellsOf(levels);
  const levelOf = (ref: AttributeRef | undefined): DateLevel =>
    (ref as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel;
  const shown = set.filter((i) => isKeyOf(query.keys[i]!, role)).map((i) => query.keys[i]!.member);
  const more = [...new Map(out.flatMap(({ refs }) => refs).map((ref) => [ref.member, ref] as const)).values()].filter(
    (ref) => !shown.includes(ref.member),
  );
  const members = [...shown, ...more.map((ref) => ref.member)];
  const found = new Map<string, { readonly values: TimeCell["values"]; days: DaySet }>();
  for (const { values, days } of cellsOf([...levels, ...more.map(levelOf)])) {
    if (
      out.some(({ refs, members: kept }) => kept.has(memberKey(refs.map((ref) => values[members.indexOf(ref.member)]))))
    )
      continue;
    const own = values.slice(0, levels.length);
    const known = found.get(memberKey(own));
    if (known) known.days = unite([...known.days, ...days]);
    else found.set(memberKey(own), { values: own, days });
  }
  return [...found.values()];
}

/** The days that a leaf reads for each cell of the sets. */
export function windowsRead(
  leaf: Leaf,
  sets: readonly GroupingSet[],
  query: ResolvedQuery,
  context: WindowContext,
): readonly DayRange[] {
  const role = leaf.frames[0]!.role;
  const cube = context.catalog.cubes.get(leaf.cube)!;
  const apart = new Map(sets.map((set) => [set.filter((i) => isKeyOf(query.keys[i]!, role)).join(), set]));
  return [...apart.values()].flatMap((set) =>
    windowsOf(cube, leaf, set, role, query, context).flatMap((cell) => cell.days),
  );
}

/**
 * Whether a cell of the result has a window to look in, as a condition over its time keys; null: all have. There is none for the 31st
 * shifted into a month of 30, for week 53 of a year of 52, for the third month against a range of two, and for an unknown date.
 */
export function hasWindow(leaf: Leaf, set: GroupingSet, query: ResolvedQuery, context: WindowContext): Expr | null {
  const role = leaf.frames[0]?.role;
  const keys = role === undefined ? [] : set.filter((i) => isKeyOf(query.keys[i]!, role));
  if (role === undefined || keys.length === 0) return null;
  if (hourChange(leaf)) return notNull(column(null, key(keys[0]!)));
  const levels = keys.map((i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel);
  const calendar = context.catalog.roles.get(role)!.dimension.calendar!;
  const cube = context.catalog.cubes.get(leaf.cube)!;
  const days = boundedDays(cube, role, query, context, calendar);
  if (days.length === 0) return FALSE;
  const looked = new Map(
    windowsOf(cube, leaf, set, role, query, context).map((cell) => [JSON.stringify(cell.values), cell.values]),
  );
  const is = (values: TimeCell["values"]): Expr =>
    all(values.map((v, n) => equals(column(null, key(keys[n]!)), timeLiteral(v, levels[n]!))))!;
  const periods = levels.filter(isPeriod);
  if (periods.length === 0)
    return keys.length === 1
      ? {
          t: "in",
          of: column(null, key(keys[0]!)),
          values: [...looked.values()].map(([v]) => timeLiteral(v!, levels[0]!)),
        }
      : any([...looked.values()].map(is));
  const cells = timeCells(calendar, levels, days);
  const missing = cells.filter((cell) => !looked.has(JSON.stringify(cell.values)));
  const at = levels.indexOf(finest(periods));
  const finestKey = column(null, key(keys[at]!));
  const inRange = binary(
    "and",
    binary(">=", finestKey, timeLiteral(cells[0]!.values[at]!, levels[at]!)),
    binary("<=", finestKey, timeLiteral(cells.at(-1)!.values[at]!, levels[at]!)),
  );
  const asked = daysOfRole(query.rows, role);
  // within a range that was asked for every row has a date, and lies in it
  const bounds = asked && isBounded(asked) ? null : inRange;
  return missing.length === 0
    ? bounds
    : all([
        bounds,
        {
          t: "not",
          of:
            keys.length === 1
              ? { t: "in", of: finestKey, values: missing.map((cell) => timeLiteral(cell.values[0]!, levels[0]!)) }
              : any(missing.map((cell) => is(cell.values))),
        },
      ]);
}

/** Days of a range that are not after now; one that begins later is counted whole. */
const daysUpTo = (days: DayRange, now: Day): number =>
  Math.min(days.until, now >= days.from ? now : days.until) - days.from + 1;

/** The query's days of a role, else those of the facts: without dates to stand at, a window is taken at the last day with facts, not at the calendar's last. */
export function factsDays(
  cube: CubeNode,
  role: string,
  query: ResolvedQuery,
  context: WindowContext,
  calendar: Calendar,
): DaySet {
  const days = boundedDays(cube, role, query, context, calendar);
  const span = context.spanOf(cube.name, role);
  const within = span && intersect(days, [span]);
  if (!within || within.length === 0) return days;
  const asked = hull(daysOfRole(query.rows, role) ?? []);
  return intersect(days, [
    {
      from: asked && Number.isFinite(asked.from) ? asked.from : within[0]!.from,
      until: asked && Number.isFinite(asked.until) ? asked.until : within.at(-1)!.until,
    },
  ]);
}

/** The query's days of a role, else the calendar's, else the span of the facts: always with two ends. */
export function boundedDays(
  cube: CubeNode,
  role: string,
  query: ResolvedQuery,
  context: WindowContext,
  calendar: Calendar,
): DaySet {
  const asked = daysOfRole(query.rows, role);
  if (asked && isBounded(asked)) return asked;
  const span = context.spanOf(cube.name, role);
  const whole = asked && hull(asked);
  const from = whole && Number.isFinite(whole.from) ? whole.from : (calendar.from ?? span?.from);
  const until = whole && Number.isFinite(whole.until) ? whole.until : (calendar.until ?? span?.until);
  return from === undefined || until === undefined
    ? []
    : asked
      ? intersect(asked, [{ from, until }])
      : unite([{ from, until }]);
}
