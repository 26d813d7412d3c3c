/** The cells that the time keys of a result make, and the window of days that a measure reads for each. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { first } from "../../lookup.ts";
import { calendarOf } from "../../model/catalog.ts";
import type { DateLevel } from "../../model/dimension.ts";
import { isClock, isPeriod, type Calendar, type Day } from "../../model/time/calendar.ts";
import { levelOf, type AttributeRef } from "../binding/member.ts";
import type { GroupingSet } from "../language/grouping.ts";
import type { Leaf, Rest } from "../resolve/nodes.ts";
import { memberKey } from "../resolve/rest.ts";
import { changeWindow } from "../time/change-window.ts";
import { comparedCells } from "../time/comparison.ts";
import type { DayRange } from "../time/date-range.ts";
import { unite, type DaySet } from "../time/day-set.ts";
import { grainOf, timeCells, type TimeCell } from "../time/time-cells.ts";
import type { Along } from "./along.ts";
import { timeKeysOf, timePositions, type TimeKey } from "./time-keys.ts";
import type { CellWindow, WindowContext } from "./window-context.ts";

/** The cells of some time keys, with the window that a leaf reads for each. */
export function cellWindows(
  leaf: Leaf,
  keys: readonly TimeKey[],
  along: Along,
  context: WindowContext,
): readonly CellWindow[] {
  const members = keys.map(({ member }) => member);
  const identity = JSON.stringify([
    leaf.cube,
    along,
    leaf.frames,
    leaf.rest?.id,
    leaf.rest?.cells.map(keptIn),
    members,
  ]);
  const found = context.cells.get(identity) ?? computeWindows(leaf, keys, along, context);
  context.cells.set(identity, found);
  return found;
}

const keptIn = ({ role, refs, members }: Rest["cells"][number]): unknown => [
  role,
  refs.map((ref) => ref.member),
  [...members],
];

/** The days that a leaf reads for the cells of some sets. */
export function windowRanges(
  leaf: Leaf,
  sets: readonly GroupingSet[],
  query: { readonly keys: readonly AttributeRef[] },
  along: Along,
  context: WindowContext,
): readonly DayRange[] {
  const apart = new Map(sets.map((set) => [timePositions(query, set, along.role).join(), set]));
  return [...apart.values()].flatMap((set) =>
    cellWindows(leaf, timeKeysOf(query, set, along.role), along, context).flatMap((cell) => cell.days),
  );
}

function computeWindows(leaf: Leaf, keys: readonly TimeKey[], along: Along, context: WindowContext): CellWindow[] {
  const { frames, fact } = leaf;
  const calendar = calendarOf(context.catalog, along.role);
  const levels = keys.map((key) => key.level);
  // shift moves the whole range; what is taken at a last day is taken at the last day with facts
  const atLastDay =
    levels.length === 0 && frames.some(({ change }) => change.type !== "shift" && change.type !== "compare");
  const asked = atLastDay ? along.reached : along.days;
  if (asked.length === 0) return [];
  if (levels.some(isClock))
    throw new TesseraError(
      "query-invalid",
      phrase`${leaf.member} moves along days, and the query asks for ${levels.join(", ")}`,
      { place: leaf.member, remedy: "use day or a longer period" },
    );
  const compare = frames[0]?.change.type === "compare" ? along.compare : null;
  const cells = withRest(leaf, keys, along.role, (all) =>
    compare
      ? comparedCells(calendar, all, compare.current, compare.previous, compare.years)
      : timeCells(calendar, all, asked),
  );
  const firstDay = calendar.from ?? context.spanOf(fact.name, along.role)?.from ?? first(asked).from;
  return cells.flatMap((cell) => {
    const days = changedDays(leaf, cell, levels, calendar, compare ? [compare.previous] : asked);
    if (days === null) return [];
    const length = days.reduce((n, range) => n + daysUpTo(bounded(range, firstDay), along.now), 0);
    return [{ values: cell.values, days, length: Math.max(1, length) }];
  });
}

/** The days of a cell under all changes of a leaf; null where the cell has no window. */
function changedDays(
  leaf: Leaf,
  cell: TimeCell,
  levels: readonly DateLevel[],
  calendar: Calendar,
  asked: DaySet,
): DaySet | null {
  const grain = grainOf(levels);
  const repeating = levels.find((level) => !isPeriod(level));
  let { days } = cell;
  for (const { change } of leaf.frames) {
    if (change.type === "compare") continue;
    if (change.type !== "shift" && repeating !== undefined)
      throw new TesseraError(
        "query-invalid",
        phrase`${leaf.member} cannot be taken by ${repeating}, which is not a period`,
        { place: leaf.member, remedy: "group by day, week, month, quarter or year" },
      );
    days = changeWindow(change, days, grain, calendar, asked);
    // the other month may lack the day: there is nowhere to look
    if (days.length === 0 && change.type === "shift") return null;
    // a range that begins after the window's last day leaves nothing of it
    if (days.length === 0) break;
  }
  return days;
}

const bounded = ({ from, until }: DayRange, firstDay: Day): DayRange => ({
  from: Number.isFinite(from) ? from : firstDay,
  until,
});

/** The days of a range that are not after now; a range that begins later counts whole. */
const daysUpTo = (days: DayRange, now: Day): number =>
  Math.min(days.until, now >= days.from ? now : days.until) - days.from + 1;

/**
 * The cells of some levels. Of what tops leave out, only the cells outside; those that differ in a ranked level alone
 * are brought together.
 */
function withRest(
  leaf: Leaf,
  keys: readonly TimeKey[],
  role: string,
  cellsOf: (levels: readonly DateLevel[]) => readonly TimeCell[],
): readonly TimeCell[] {
  const levels = keys.map((key) => key.level);
  const out = (leaf.rest?.cells ?? []).filter((cells) => cells.role === role);
  if (out.length === 0) return cellsOf(levels);
  const shown = keys.map((key) => key.member);
  const ranked = new Map(out.flatMap(({ refs }) => refs).map((ref): [string, AttributeRef] => [ref.member, ref]));
  const more = [...ranked.values()].filter((ref) => !shown.includes(ref.member));
  const members = [...shown, ...more.map((ref) => ref.member)];
  const found = new Map<string, { readonly values: TimeCell["values"]; days: DaySet }>();
  for (const { values, days } of cellsOf([...levels, ...more.map(levelOf)])) {
    const isKept = out.some(({ refs, members: kept }) =>
      kept.has(memberKey(refs.map((ref) => values[members.indexOf(ref.member)]))),
    );
    if (isKept) continue;
    const own = values.slice(0, levels.length);
    const known = found.get(memberKey(own));
    if (known) known.days = unite([...known.days, ...days]);
    else found.set(memberKey(own), { values: own, days });
  }
  return [...found.values()];
}
