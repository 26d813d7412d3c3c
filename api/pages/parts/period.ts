/** Periods of pages: phrases such as `last 30 days`, and ranges such as `2025-01-01..2025-03-31`. */
import type { Filter } from "../../../engine/model/filter.ts";
import { formatRange } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
const RANGE = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/;
const DAY_MS = 86_400_000;

/** First and last day of a range; null for phrases. */
export const rangeOf = (period: string): readonly [string, string] | null => {
  const [, from, until] = RANGE.exec(period) ?? [];
  return from !== undefined && until !== undefined ? [from, until] : null;
};

/** The period of an address: `?from=&until=`, else `?period=`; null for all time. */
export const periodOf = (parameters: URLSearchParams): string | null => {
  const from = parameters.get("from") ?? "";
  const until = parameters.get("until") ?? "";
  if (ISO_DAY.test(from) && ISO_DAY.test(until)) return `${from}..${until}`;
  return parameters.get("period")?.trim().slice(0, 80) || null;
};

/** The filter of a period on a date role's days; none for all time or without a role. */
export const periodFilters = (period: string | null, role: string | undefined): Filter[] =>
  period === null || role === undefined ? [] : [{ member: `${role}.day`, operator: "in_range", values: [period] }];

/** A period in words. */
export const periodWords = (period: string | null, words: Catalogue["shared"]["period"]): string => {
  if (period === null) return words.allTime;
  const range = rangeOf(period);
  if (range) return formatRange(...range);
  const [, from] = /^(\d{4}-\d{2}-\d{2})\.\.$/.exec(period) ?? [];
  if (from !== undefined) return words.from(from);
  const [, until] = /^\.\.(\d{4}-\d{2}-\d{2})$/.exec(period) ?? [];
  if (until !== undefined) return words.until(until);
  const phrases: { readonly [phrase: string]: string } = words.phrases;
  return phrases[period] ?? period;
};

const UNIT_DAYS: { readonly [unit: string]: number } = { day: 1, week: 7, month: 30, quarter: 91, year: 365 };
const FIXED_DAYS: { readonly [phrase: string]: number } = {
  today: 1,
  yesterday: 1,
  "month to date": 30,
  "year to date": 365,
};

/** The approximate number of days of a period; null when its phrase does not say. */
export const periodDays = (period: string | null): number | null => {
  if (period === null) return null;
  const range = rangeOf(period);
  if (range) return (Date.parse(range[1]) - Date.parse(range[0])) / DAY_MS + 1;
  if (/^\d{4}$/.test(period)) return 365;
  if (/^\d{4}-Q\d$/.test(period)) return 91;
  if (/^\d{4}-\d{2}$/.test(period)) return 30;
  const [, count, unit] = /^(?:last|next|this) (?:(\d+) )?(day|week|month|quarter|year)s?$/.exec(period) ?? [];
  const days = UNIT_DAYS[unit ?? ""];
  return days === undefined ? (FIXED_DAYS[period] ?? null) : Number(count ?? 1) * days;
};
