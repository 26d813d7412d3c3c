/** The days that a query's filters ask for, along a date role. */
import type { Condition } from "./nodes.ts";
import { type DaySet, ALL, unite, intersect, complement } from "../time/day-set.ts";

/** The days of a role that a condition asks for; null where it restricts anything else. */
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
      const days = parts.filter((part) => part !== null);
      if (days.length < parts.length || days.length === 0) return null;
      return condition.t === "or" ? unite(days.flat()) : days.reduce(intersect);
    }
    case "not": {
      const days = daysAsked(condition.of, role);
      return days && complement(days);
    }
    default:
      return null;
  }
}

/** The days of a date role that the query's top-level filters leave; null where no filter restricts it alone. */
export function daysOfRole(rows: readonly Condition[], role: string): DaySet | null {
  const parts = rows.map((row) => daysAsked(row, role)).filter((days) => days !== null);
  return parts.length === 0 ? null : parts.reduce(intersect, ALL);
}

/** The filters that a measure still obeys when it moves along `role`. */
export const withoutDays = (rows: readonly Condition[], role: string): readonly Condition[] =>
  rows.filter((row) => daysAsked(row, role) === null);
