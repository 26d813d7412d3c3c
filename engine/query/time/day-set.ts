import type { DayRange } from "./date-range.ts";

export type DaySet = readonly DayRange[];

export const ALL: DaySet = [{ from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }];

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
export function complement(days: DaySet): DaySet {
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
