/** Days as ranges apart from each other, in time order: what the date filters of a query leave, with gaps or without. */
import type { Condition } from "../resolve/condition.ts";
import type { DayRange } from "./date-range.ts";

export type DaySet = readonly DayRange[];

const ALL: DaySet = [{ from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }];

/** The days of any of the ranges; ranges that touch become one. */
export function unite(ranges: readonly DayRange[]): DaySet {
  const apart: { from: number; until: number }[] = [];
  for (const { from, until } of [...ranges].sort((a, b) => a.from - b.from)) {
    if (until < from) continue;
    const last = apart.at(-1);
    if (last && from <= last.until + 1) last.until = Math.max(last.until, until);
    else apart.push({ from, until });
  }
  return apart;
}

/** The days of both. */
export function intersect(a: DaySet, b: DaySet): DaySet {
  return unite(a.flatMap((x) => b.map((y) => ({ from: Math.max(x.from, y.from), until: Math.min(x.until, y.until) }))));
}

/** The days of neither. */
function complement(days: DaySet): DaySet {
  let from = Number.NEGATIVE_INFINITY;
  const rest: DayRange[] = [];
  for (const range of days) {
    rest.push({ from, until: range.from - 1 });
    from = range.until + 1;
  }
  return unite([...rest, { from, until: Number.POSITIVE_INFINITY }]);
}

/** First and last day; null of no days. */
export const hull = (days: DaySet): DayRange | null =>
  days.length === 0 ? null : { from: days[0]!.from, until: days.at(-1)!.until };
export const isBounded = (days: DaySet): boolean =>
  days.length === 0 || (Number.isFinite(days[0]!.from) && Number.isFinite(days.at(-1)!.until));
export const daysIn = (days: DaySet): number => days.reduce((n, { from, until }) => n + until - from + 1, 0);

/** The days of a role that a condition asks for; null where it is about anything else too. */
function daysAsked(condition: Condition, role: string): DaySet | null {
  switch (condition.t) {
    case "days": {
      if (condition.ref.t !== "role" || condition.ref.role !== role || !condition.ref.dimension.calendar) return null;
      const days = unite(condition.ranges);
      return condition.negated ? complement(days) : days;
    }
    case "and":
    case "or": {
      const parts = condition.of.map((part) => daysAsked(part, role));
      if (parts.some((part) => part === null) || parts.length === 0) return null;
      return condition.t === "or" ? unite((parts as DaySet[]).flat()) : (parts as DaySet[]).reduce(intersect);
    }
    case "not": {
      const days = daysAsked(condition.of, role);
      return days && complement(days);
    }
    default:
      return null;
  }
}

/** The days that the query's top-level filters leave of a date role; null where none is about it alone. */
export function daysOfRole(rows: readonly Condition[], role: string): DaySet | null {
  const parts = rows.map((row) => daysAsked(row, role)).filter((days) => days !== null);
  return parts.length === 0 ? null : parts.reduce(intersect, ALL);
}

/** The filters that a time measure along `role` still obeys. */
export const withoutDays = (rows: readonly Condition[], role: string): readonly Condition[] =>
  rows.filter((row) => daysAsked(row, role) === null);
