/** Levels of fiscal years of whole weeks, by day numbers within the year: the same SQL in every dialect. */
import type { Calendar } from "../model/time/calendar.ts";
import { startsOf, type FiscalLevel, type FiscalWeekYears } from "../model/time/fiscal-weeks.ts";
import type { Dialect } from "./dialect.ts";

export function fiscalWeeksLevel(
  level: FiscalLevel,
  of: string,
  calendar: Calendar,
  years: FiscalWeekYears,
  dialect: Pick<Dialect, "level" | "later" | "types">,
): string {
  const day = `cast(${of} as ${dialect.types.date})`;
  const first = (year: number): string => {
    const month = dialect.later(dialect.level("year", day, calendar), calendar.fiscalStart - 1 + 12 * year, "months");
    return dialect.level(
      "week",
      `cast(${dialect.later(month, years.reach, "days")} as ${dialect.types.date})`,
      calendar,
    );
  };
  const start = `(case when ${day} >= ${first(1)} then ${first(1)} when ${day} >= ${first(0)} then ${first(0)} else ${first(-1)} end)`;
  if (level === "fiscal_year") return start;
  const starts = startsOf(years, level);
  return `(${start} + (case ${starts
    .slice(1)
    .map((next, i) => `when ${day} - ${start} < ${next} then ${starts[i]}`)
    .join(" ")} else ${starts.at(-1)} end))`;
}
