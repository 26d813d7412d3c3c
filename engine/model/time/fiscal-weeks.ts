/**
 * Fiscal years of whole weeks: 52, and 53 where the end of the year would otherwise drift; quarters of 4-4-5 weeks or
 * another pattern.
 */
import { present } from "../../lookup.ts";
import type { DateDimension, FiscalWeeks } from "../dimension.ts";

/** A fiscal period level. */
export type FiscalLevel = "fiscal_year" | "fiscal_quarter" | "fiscal_period";
/** Whether a level is fiscal. */
export const isFiscal = (level: string): level is FiscalLevel =>
  level === "fiscal_year" || level === "fiscal_quarter" || level === "fiscal_period";

/** How fiscal years of weeks are cut. */
export interface FiscalWeekYears {
  /** days from the start of a fiscal year to each of its periods; the last one has all weeks that are left */
  readonly starts: readonly number[];
  /** the year begins in the week that holds this many days after the first of its month */
  readonly reach: 0 | 3;
}

/** The fiscal years of a date dimension; null where they are made of months. */
export function fiscalWeekYears(spec: DateDimension): FiscalWeekYears | null {
  const { fiscalWeeks } = spec;
  if (fiscalWeeks === undefined) return null;
  const pattern = fiscalWeeks.pattern.split("-").map(Number);
  const starts: number[] = [];
  for (let period = 0, at = 0; period < 12; period++) {
    starts.push(at);
    at += 7 * present(pattern[period % 3], "the weeks of a period");
  }
  return { starts, reach: REACH[fiscalWeeks.yearEnds ?? "last"] };
}
const REACH: Readonly<Record<NonNullable<FiscalWeeks["yearEnds"]>, 0 | 3>> = { last: 0, nearest: 3 };

/** How many fiscal periods a level has. */
export const PERIODS_IN: Readonly<Record<FiscalLevel, number>> = {
  fiscal_period: 1,
  fiscal_quarter: 3,
  fiscal_year: 12,
};

/** Days from the start of a fiscal year to each period of a level. */
export const startsOf = (years: FiscalWeekYears, level: FiscalLevel): readonly number[] =>
  years.starts.filter((_, i) => i % PERIODS_IN[level] === 0);
