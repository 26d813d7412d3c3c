/** Sets of days, as ranges that are sorted and apart from each other. */
import { first, last } from "../../lookup.ts";
import type { DayRange } from "./date-range.ts";

/** Sorted ranges, none of which touch. */
export type DaySet = readonly DayRange[];

/** Every day. */
export const ALL: DaySet = [{ from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }];

/** The days of any of the ranges; ranges that touch become one. */
export function unite(ranges: readonly DayRange[]): DaySet {
  const apart: { from: number; until: number }[] = [];
  for (const { from, until } of [...ranges].sort((a, b) => a.from - b.from)) {
    if (until < from) continue;
    const before = apart.at(-1);
    if (before && from <= before.until + 1) before.until = Math.max(before.until, until);
    else apart.push({ from, until });
  }
  return apart;
}

/** The days in both. */
export function intersect(a: DaySet, b: DaySet): DaySet {
  return unite(a.flatMap((x) => b.map((y) => ({ from: Math.max(x.from, y.from), until: Math.min(x.until, y.until) }))));
}

/** The days outside. */
export function complement(days: DaySet): DaySet {
  let from = Number.NEGATIVE_INFINITY;
  const rest: DayRange[] = [];
  for (const range of days) {
    rest.push({ from, until: range.from - 1 });
    from = range.until + 1;
  }
  return unite([...rest, { from, until: Number.POSITIVE_INFINITY }]);
}

/** First and last day; null for an empty set. */
export const hull = (days: DaySet): DayRange | null =>
  days.length === 0 ? null : { from: first(days).from, until: last(days).until };
/** Whether a set has a first and a last day; the empty set counts as bounded. */
export const isBounded = (days: DaySet): boolean => {
  const range = hull(days);
  return range === null || (Number.isFinite(range.from) && Number.isFinite(range.until));
};
/** How many days a set has. */
export const daysIn = (days: DaySet): number => days.reduce((n, { from, until }) => n + until - from + 1, 0);
