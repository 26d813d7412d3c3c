/** Whether a rollup can answer a part of a query with the same numbers as the facts; if not, why. */
import { addMonths, isMonthEnd, parseDay, toIso, type Calendar } from "../model/calendar.ts";
import type { CubeNode } from "../model/catalog.ts";
import { isFiscal } from "../model/fiscal-weeks.ts";
import type { Condition } from "../query/condition.ts";
import { conjuncts, refsIn } from "../query/condition-parts.ts";
import type { DayRange } from "../query/date-range.ts";
import type { GroupingSet } from "../query/grouping.ts";
import { isAdditive, type Leaf } from "../query/leaf.ts";
import { hourChange } from "../query/hour-windows.ts";
import { isApproximate } from "../query/registers.ts";
import type { AttributeRef } from "../query/member.ts";
import type { CompileContext } from "../query/role-join.ts";
import type { RollupDefinition } from "./definition.ts";

/** A rollup that is built in the version that is served. */
export interface BuiltRollup extends RollupDefinition { readonly rows: number }

export interface RollupNeed {
  readonly cube: CubeNode;
  readonly leaves: readonly Leaf[];
  readonly keys: readonly AttributeRef[];
  readonly sets: readonly GroupingSet[];
  readonly rows: readonly Condition[];
}

/** Date levels that a stored level can be brought to. */
const FROM_MONTH = new Set(["month", "quarter", "half", "year", "fiscal_year", "fiscal_quarter", "fiscal_period", "month_of_year", "quarter_of_year"]);
const FROM_DAY = new Set([...FROM_MONTH, "week", "day", "day_of_week", "day_of_month", "week_of_year", "is_weekend", "is_holiday", "holiday"]);
const FROM: Readonly<Record<string, ReadonlySet<string>>> = { day: FROM_DAY, month: FROM_MONTH, fiscal_period: FROM_MONTH, week: new Set(["week"]), quarter: new Set(["quarter", "half", "year", "quarter_of_year"]), year: new Set(["year"]) };

/** Fiscal periods of weeks are cut from no month, and no month from them. */
const apart = (calendar: Calendar, stored: string, asked: string): boolean => calendar.fiscalWeeks !== null && stored !== "day" && isFiscal(stored) !== isFiscal(asked);

/** The position of the key that gives an attribute; -1 where none does. */
export function keyFor(rollup: RollupDefinition, ref: AttributeRef): number {
  if (ref.t !== "segment" && ref.attribute.source.t === "masked") return -1;      // it holds the true value
  const exact = rollup.keys.findIndex((key) => key.member === ref.member);
  if (exact >= 0 || ref.t !== "role" || !ref.dimension.calendar) return exact;
  return rollup.keys.findIndex((key) => key.t === "role" && key.role === ref.role && (FROM[key.attribute.name]?.has(ref.attribute.name) ?? false) && !apart(ref.dimension.calendar!, key.attribute.name, ref.attribute.name));
}

/** Null where the rollup gives the same answer, else the reason why not, in words. */
export function whyNot(rollup: RollupDefinition, need: RollupNeed, context: CompileContext): string | null {
  if (rollup.cube !== need.cube.name) return `it is of ${rollup.cube}`;
  if (context.history !== "as_is") return "it holds the dimensions as they are, and the query asks for another time";
  const missing = need.leaves.find((leaf) => !rollup.measures.includes(leaf.member));
  if (missing) return `it lacks the measure ${missing.member}`;
  for (const ref of need.keys) if (keyFor(rollup, ref) < 0) return `it lacks the dimension ${ref.member}`;
  for (const role of new Set(need.leaves.flatMap((leaf) => leaf.frames.map((f) => f.role)))) if (!rollup.keys.some((key) => key.t === "role" && key.role === role && key.attribute.name === "day")) return `a measure moves along the days of ${role}, which it does not hold`;
  const hourly = need.leaves.find((leaf) => hourChange(leaf) !== null);
  if (hourly) return `${hourly.member} moves by hours, and it holds days`;
  for (const condition of need.rows) {
    const reason = whyNotFiltered(rollup, condition);
    if (reason) return reason;
  }
  if (context.timeZone !== null) {
    const moved = need.keys.find((ref) => ref.t === "role" && ref.dimension.calendar && timed(need.cube, ref.role, context));
    if (moved || need.leaves.some((leaf) => leaf.frames.some((frame) => timed(need.cube, frame.role, context))) || need.rows.some((c) => refsIn(c).some((ref) => ref.t === "role" && ref.dimension.calendar !== null && timed(need.cube, ref.role, context)))) return "its days are those of the calendar's own time zone";
  }
  const odd = need.leaves.find((leaf) => !isAdditive(leaf) && !isApproximate(leaf));
  if (odd) {
    const same = need.sets.length === 1 && need.sets[0]!.length === rollup.keys.length && need.keys.length === rollup.keys.length && need.keys.every((ref) => rollup.keys.some((key) => key.member === ref.member)) && need.leaves.every((leaf) => leaf.frames.length === 0);
    if (!same) return `${odd.member} does not add up, and the grains differ`;
  }
  return null;
}

const timed = (cube: CubeNode, role: string, context: CompileContext): boolean => {
  const on = cube.roles.get(role);
  return on !== undefined && "on" in on && context.binding.factColumn(cube, on.on) === "TIMESTAMP WITH TIME ZONE";
};

function whyNotFiltered(rollup: RollupDefinition, condition: Condition): string | null {
  for (const part of conjuncts(condition)) {
    if (namesMembers(part)) return "the filter names single members, which it does not hold";
    for (const ref of refsIn(part)) {
      if (ref.t === "role" && ref.dimension.calendar) continue;
      if (keyFor(rollup, ref) < 0) return `it lacks the filter's ${ref.member}`;
    }
    const reason = whyNotDays(rollup, part);
    if (reason) return reason;
  }
  return null;
}

function namesMembers(condition: Condition): boolean {
  if (condition.t === "and" || condition.t === "or") return condition.of.some(namesMembers);
  return condition.t === "not" ? namesMembers(condition.of) : condition.t === "segment" || condition.t === "keys" || condition.t === "entity";
}

/** Days can be told apart by a stored day; by a stored month only where the ranges are whole months. */
function whyNotDays(rollup: RollupDefinition, condition: Condition): string | null {
  switch (condition.t) {
    case "and": case "or": return condition.of.map((c) => whyNotDays(rollup, c)).find((r) => r !== null) ?? null;
    case "not": return whyNotDays(rollup, condition.of);
    case "days": {
      const { ref } = condition;
      if (ref.t !== "role" || !ref.dimension.calendar) return null;
      const stored = rollup.keys.filter((key) => key.t === "role" && key.role === ref.role).map((key) => (key as Extract<AttributeRef, { t: "role" }>).attribute.name);
      if (stored.includes("day") || (stored.includes("month") && condition.ranges.every(wholeMonths))) return null;
      return stored.length === 0 ? `it lacks the filter's ${ref.role}` : `the filter's days cut its ${stored.join(", ")}`;
    }
    case "attribute": return condition.ref.t === "role" && condition.ref.dimension.calendar && keyFor(rollup, condition.ref) < 0 ? `it lacks the filter's ${condition.ref.member}` : null;
    default: return null;
  }
}

const wholeMonths = (range: DayRange): boolean =>
  (!Number.isFinite(range.from) || addMonths(parseDay(`${toIso(range.from).slice(0, 7)}-01`)!, 0) === range.from) && (!Number.isFinite(range.until) || isMonthEnd(range.until));
