/** Fiscal years of whole weeks: 52, and 53 where the year's end would otherwise drift away; quarters of 4-4-5 weeks or another pattern. */
import type { DateDimension, FiscalWeeks } from "../dimension.ts";

export type FiscalLevel = "fiscal_year" | "fiscal_quarter" | "fiscal_period";
export const isFiscal = (level: string): level is FiscalLevel =>
  level === "fiscal_year" || level === "fiscal_quarter" || level === "fiscal_period";

export interface FiscalWeekYears {
  /** days from a fiscal year's first to the first of each of its periods; the last period has whatever weeks are left, the 53rd too */
  readonly starts: readonly number[];
  /** the year begins in the week that holds this many days after the first of its month */
  readonly reach: 0 | 3;
}

export function fiscalWeekYears(spec: DateDimension): FiscalWeekYears | null {
  const { fiscalWeeks } = spec;
  if (fiscalWeeks === undefined) return null;
  const pattern = fiscalWeeks.pattern.split("-").map(Number);
  const starts: number[] = [];
  for (let period = 0, at = 0; period < 12; period++) {
    starts.push(at);
    at += 7 * pattern[period % 3]!;
  }
  return { starts, reach: REACH[fiscalWeeks.yearEnds ?? "last"] };
}
const REACH: Readonly<Record<NonNullable<FiscalWeeks["yearEnds"]>, 0 | 3>> = { last: 0, nearest: 3 };

/** How many periods a level is; where in a year each of its own begins. */
export const PERIODS_IN: Readonly<Record<FiscalLevel, number>> = {
  fiscal_period: 1,
  fiscal_quarter: 3,
  fiscal_year: 12,
};
export const startsOf = (years: FiscalWeekYears, level: FiscalLevel): readonly number[] =>
  years.starts.filter((_, i) => i % PERIODS_IN[level] === 0);
