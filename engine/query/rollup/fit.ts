/** Whether a rollup answers a part of a query with the same numbers as the facts; if not, why. */
import { isMonthEnd, monthStart, type Calendar } from "../../model/time/calendar.ts";
import type { CubeNode } from "../../model/catalog.ts";
import { isFiscal } from "../../model/time/fiscal-weeks.ts";
import type { Condition } from "../resolve/nodes.ts";
import { conjuncts, refsIn } from "../resolve/condition-parts.ts";
import type { DayRange } from "../time/date-range.ts";
import type { GroupingSet } from "../language/grouping.ts";
import { isAdditive } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import { hourChange } from "../windows/hour-windows.ts";
import { isApproximate } from "../scan/registers.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { WindowContext } from "../windows/window-context.ts";
import { withoutDays } from "../resolve/asked-days.ts";
import type { RollupDefinition } from "./definition.ts";

/** A rollup that is built in the served version. */
export interface BuiltRollup extends RollupDefinition {
  readonly rows: number;
  /** how many members each of its keys has */
  readonly members: readonly number[];
}

/** The most rows that some attributes of a rollup can have: days brought to months are no more than the days. */
export function mostMembers(rollup: BuiltRollup, refs: readonly AttributeRef[]): number {
  const keys = new Set(refs.map((ref) => keyFor(rollup, ref)));
  return [...keys].reduce((n, at) => n * (rollup.members[at] ?? rollup.rows), 1);
}

/** A part of a query that a rollup may answer. */
export interface RollupNeed {
  readonly cube: CubeNode;
  readonly leaves: readonly Leaf[];
  readonly keys: readonly AttributeRef[];
  readonly sets: readonly GroupingSet[];
  readonly rows: readonly Condition[];
  /** the caller's row rules on the fact; a rollup must be able to apply them, whatever the query's dates */
  readonly rules: readonly Condition[];
  /** the days that a leaf reads along its date role, for each cell of the result */
  windows(leaf: Leaf): readonly DayRange[];
}

/** Date levels that a stored level can be brought to. */
const FROM_MONTH = new Set([
  "month",
  "quarter",
  "half",
  "year",
  "fiscal_year",
  "fiscal_quarter",
  "fiscal_period",
  "month_of_year",
  "quarter_of_year",
]);
const FROM_DAY = new Set([
  ...FROM_MONTH,
  "week",
  "day",
  "day_of_week",
  "day_of_month",
  "week_of_year",
  "is_weekend",
  "is_holiday",
  "holiday",
]);
const FROM: Readonly<Record<string, ReadonlySet<string>>> = {
  day: FROM_DAY,
  month: FROM_MONTH,
  fiscal_period: FROM_MONTH,
  week: new Set(["week"]),
  quarter: new Set(["quarter", "half", "year", "quarter_of_year"]),
  year: new Set(["year"]),
};

/** Fiscal periods of weeks and months cut each other. */
const apart = (calendar: Calendar, stored: string, asked: string): boolean =>
  calendar.fiscalWeeks !== null && stored !== "day" && isFiscal(stored) !== isFiscal(asked);

/** The position of the key that gives an attribute; -1 for none. */
export function keyFor(rollup: RollupDefinition, ref: AttributeRef): number {
  if (ref.t !== "segment" && ref.attribute.source.t === "masked") return -1; // it holds the true value
  const exact = rollup.keys.findIndex((key) => key.member === ref.member);
  if (exact >= 0 || ref.t !== "role" || !ref.dimension.calendar) return exact;
  return rollup.keys.findIndex(
    (key) =>
      key.t === "role" &&
      key.role === ref.role &&
      (FROM[key.attribute.name]?.has(ref.attribute.name) ?? false) &&
      (ref.dimension.calendar === null || !apart(ref.dimension.calendar, key.attribute.name, ref.attribute.name)),
  );
}

/** Why a rollup does not give the same answer; null where it does. */
export function whyNot(rollup: RollupDefinition, need: RollupNeed, context: WindowContext): string | null {
  if (rollup.cube !== need.cube.name) return `it holds facts of ${rollup.cube}`;
  if (context.history !== "as_is") return "it holds the dimensions as they are, and the query asks for another time";
  const missing = need.leaves.find((leaf) => !rollup.measures.includes(leaf.member));
  if (missing) return `it lacks the measure ${missing.member}`;
  for (const ref of need.keys) if (keyFor(rollup, ref) < 0) return `it lacks the dimension ${ref.member}`;
  const hourly = need.leaves.find((leaf) => hourChange(leaf) !== null);
  if (hourly) return `${hourly.member} moves by hours, and the rollup holds days`;
  for (const leaf of need.leaves) {
    const reason = whyNotMoved(rollup, leaf, need, context);
    if (reason) return reason;
  }
  const moving = need.leaves[0]?.frames[0]?.role;
  for (const condition of [...(moving === undefined ? need.rows : withoutDays(need.rows, moving)), ...need.rules]) {
    const reason = whyNotFiltered(rollup, condition, context);
    if (reason) return reason;
  }
  if (context.timeZone !== null && readsMoments(need, context))
    return "its days are those of the calendar's own time zone";
  const fixed = need.leaves.find((leaf) => !isAdditive(leaf) && !isApproximate(leaf));
  return fixed && !hasSameGrain(rollup, need) ? `${fixed.member} does not add up, and the grains differ` : null;
}

/** Whether the rows of a rollup are the cells of the query. */
function hasSameGrain(rollup: RollupDefinition, { sets, keys, leaves }: RollupNeed): boolean {
  const [set, another] = sets;
  return (
    set?.length === rollup.keys.length &&
    another === undefined &&
    keys.length === rollup.keys.length &&
    keys.every((ref) => rollup.keys.some((key) => key.member === ref.member)) &&
    leaves.every((leaf) => leaf.frames.length === 0)
  );
}

/** Whether a query asks for the days of moments, which differ by zone. */
function readsMoments({ cube, keys, leaves, rows, rules }: RollupNeed, context: WindowContext): boolean {
  const isTimed = (ref: AttributeRef): boolean =>
    ref.t === "role" && ref.dimension.calendar !== null && timed(cube, ref.role, context);
  return (
    keys.some(isTimed) ||
    leaves.some((leaf) => leaf.frames.some((frame) => timed(cube, frame.role, context))) ||
    [...rows, ...rules].some((condition) => refsIn(condition).some(isTimed))
  );
}

const timed = (cube: CubeNode, role: string, context: WindowContext): boolean => {
  const on = cube.roles.get(role);
  return on !== undefined && "on" in on && context.binding.factColumn(cube, on.on)?.t === "instant";
};

/** Stored days can be moved along, and stored months where every window is made of months. */
function whyNotMoved(rollup: RollupDefinition, leaf: Leaf, need: RollupNeed, context: WindowContext): string | null {
  const role = leaf.frames[0]?.role;
  if (role === undefined) return null;
  const stored = storedDays(rollup, role);
  if (stored === "day") return null;
  if (stored === null) return `a measure moves along the days of ${role}, which it does not hold`;
  return need.windows(leaf).every((window) => wholeMonths(window, context.spanOf(rollup.cube, role)))
    ? null
    : `the windows of ${leaf.member} cut its months`;
}

/** How finely a rollup keeps the days of a role: by day, by month, or not at all. */
export function storedDays(rollup: RollupDefinition, role: string): "day" | "month" | null {
  const stored = rollup.keys.flatMap((key) => (key.t === "role" && key.role === role ? [key.attribute.name] : []));
  if (stored.includes("day")) return "day";
  return stored.includes("month") ? "month" : null;
}

function whyNotFiltered(rollup: RollupDefinition, condition: Condition, context: WindowContext): string | null {
  for (const part of conjuncts(condition)) {
    if (namesMembers(part)) return "the filter names single members, which it does not hold";
    for (const ref of refsIn(part)) {
      if (ref.t === "role" && ref.dimension.calendar) continue;
      if (keyFor(rollup, ref) < 0) return `it lacks the filter's ${ref.member}`;
    }
    const reason = whyNotDays(rollup, part, context);
    if (reason) return reason;
  }
  return null;
}

function namesMembers(condition: Condition): boolean {
  if (condition.t === "and" || condition.t === "or") return condition.of.some(namesMembers);
  return condition.t === "not"
    ? namesMembers(condition.of)
    : condition.t === "segment" || condition.t === "members" || condition.t === "entity";
}

/** Days can be told apart by a stored day; by a stored month only where the ranges are whole months. */
function whyNotDays(rollup: RollupDefinition, condition: Condition, context: WindowContext): string | null {
  switch (condition.t) {
    case "and":
    case "or":
      return condition.of.map((c) => whyNotDays(rollup, c, context)).find((r) => r !== null) ?? null;
    case "not":
      return whyNotDays(rollup, condition.of, context);
    case "days": {
      const { ref } = condition;
      if (ref.t !== "role" || !ref.dimension.calendar) return null;
      const stored = storedDays(rollup, ref.role);
      if (
        stored === "day" ||
        (stored === "month" &&
          condition.ranges.every((range) => wholeMonths(range, context.spanOf(rollup.cube, ref.role))))
      )
        return null;
      return stored === null ? `it lacks the filter's ${ref.role}` : "the filter's days cut its months";
    }
    case "attribute":
      return condition.ref.t === "role" && condition.ref.dimension.calendar && keyFor(rollup, condition.ref) < 0
        ? `it lacks the filter's ${condition.ref.member}`
        : null;
    default:
      return null;
  }
}

/** Whether a range cuts no month of the facts. One that ends after the facts cuts nothing off their last month. */
export const wholeMonths = ({ from, until }: DayRange, span: DayRange | null): boolean =>
  span === null || ((from <= span.from || monthStart(from) === from) && (until >= span.until || isMonthEnd(until)));
