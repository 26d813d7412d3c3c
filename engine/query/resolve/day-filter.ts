/**
 * Filters of dates and timestamps. A day or a longer period as a value means all of it; a timestamp may be a moment.
 */
import { calendarFor } from "./resolve-context.ts";
import { phrase, TesseraError } from "../../errors/index.ts";
import {
  isClock,
  isPeriod,
  parseDay,
  periodEnd,
  periodStart,
  dayOf,
  type Calendar,
} from "../../model/time/calendar.ts";
import type { FilterValue, MemberFilter } from "../../model/filter.ts";
import type { ConditionContext } from "./condition-context.ts";
import type { Condition } from "./nodes.ts";
import { parseRange, type DayRange } from "../time/date-range.ts";
import type { AttributeRef } from "../binding/member.ts";
import { cutTo, isMoment, momentText, offsetOf } from "../language/moment.ts";

const ALWAYS: DayRange = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** What a value means: whole days, or one moment. */
type When = { readonly t: "days"; readonly days: DayRange } | { readonly t: "moment"; readonly text: string };

const WRITE = 'write "2025-07-31", "2025-07" or "2025"';

/** A filter of a date or timestamp. @throws TesseraError `filter-invalid` with the JSON path */
export function dayFilter(
  context: ConditionContext,
  ref: AttributeRef,
  { operator, values }: Required<Pick<MemberFilter, "operator" | "values">>,
  place: string,
): Condition {
  const zone = context.timeZone ?? calendarFor(context.catalog, ref).timeZone;
  const days = (ranges: readonly DayRange[], negated = false): Condition => ({ t: "days", ref, ranges, negated, zone });
  const compared = (op: "equals" | "gt" | "gte" | "lt" | "lte", ...texts: readonly string[]): Condition => ({
    t: "attribute",
    ref,
    operator: op,
    values: texts,
    zone,
  });
  const at = (v: FilterValue): When => when(context, ref, v, place);
  const single = (): When => {
    const [value, another] = values;
    if (value === undefined || another !== undefined)
      throw new TesseraError("filter-invalid", phrase`${operator} takes one value`, {
        place,
        remedy: '"values": [ value ]',
      });
    return at(value);
  };
  const from = (w: When): Condition =>
    w.t === "days" ? days([{ from: w.days.from, until: ALWAYS.until }]) : compared("gte", w.text);
  const upTo = (w: When): Condition =>
    w.t === "days" ? days([{ from: ALWAYS.from, until: w.days.until }]) : compared("lte", w.text);
  switch (operator) {
    case "equals":
    case "in":
    case "not_equals":
    case "not_in": {
      const negated = operator.startsWith("not");
      const given = values.filter((v) => v !== null).map(at);
      const moments = given.flatMap((w) => (w.t === "moment" ? [w.text] : []));
      const ranges = days(
        given.flatMap((w) => (w.t === "days" ? [w.days] : [])),
        negated && moments.length === 0,
      );
      if (moments.length > 0) {
        const either: Condition = {
          t: "or",
          of: [
            ranges,
            compared("equals", ...moments),
            ...(values.includes(null) ? [{ t: "attribute", ref, operator: "is_null", values: [] } as const] : []),
          ],
        };
        return negated ? { t: "not", of: either } : either;
      }
      if (!values.includes(null)) return ranges;
      const empty: Condition = { t: "attribute", ref, operator: negated ? "not_null" : "is_null", values: [] };
      return { t: negated ? "and" : "or", of: [empty, ranges] };
    }
    case "in_range":
    case "between": {
      const [begin, end = begin, more] = values;
      if (begin === undefined || end === undefined || more !== undefined)
        throw new TesseraError("filter-invalid", "a date range is one phrase or two dates", {
          place,
          remedy: '["last 12 months"] or ["2025-01-01", "2025-03-31"]',
        });
      const [first, last] = [at(begin), at(end)];
      if (first.t === "days" && last.t === "days") {
        if (last.days.until < first.days.from)
          throw new TesseraError(
            "filter-invalid",
            phrase`the date range ends before it begins: ${values.join(" to ")}`,
            {
              place,
              remedy: "put the earlier date first",
            },
          );
        return days([{ from: first.days.from, until: last.days.until }]);
      }
      return { t: "and", of: [from(first), upTo(last)] };
    }
    case "gte":
      return from(single());
    case "lte":
      return upTo(single());
    case "before":
    case "lt": {
      const w = single();
      return w.t === "days" ? days([{ from: ALWAYS.from, until: w.days.from - 1 }]) : compared("lt", w.text);
    }
    case "after":
    case "gt": {
      const w = single();
      return w.t === "days" ? days([{ from: w.days.until + 1, until: ALWAYS.until }]) : compared("gt", w.text);
    }
    default:
      throw new TesseraError("filter-invalid", phrase`${operator} needs a text; ${ref.member} is a date`, {
        place,
        remedy: "use in_range, equals, before or after",
      });
  }
}

function when(context: ConditionContext, ref: AttributeRef, value: FilterValue, place: string): When {
  const level = ref.t === "role" && ref.attribute.source.t === "level" ? ref.attribute.source.level : null;
  const calendar = calendarFor(context.catalog, ref);
  // a year may be given as a number
  const text =
    typeof value === "number" && (level === "year" || level === "fiscal_year") && Number.isInteger(value)
      ? String(value)
      : value;
  if (typeof text !== "string")
    throw new TesseraError("filter-invalid", phrase`${JSON.stringify(value)} is not a date`, { place, remedy: WRITE });
  if (level === "fiscal_year" && /^\d{4}$/.test(text)) return { t: "days", days: fiscalYear(calendar, Number(text)) };
  const day = parseDay(text.slice(0, 10));
  // 2025-07-01 as a value of the month level is all of July
  if (day !== null && level !== null && isPeriod(level) && level !== "day")
    return { t: "days", days: { from: periodStart(calendar, level, day), until: periodEnd(calendar, level, day) } };
  if (day === null || text.length === 10) return { t: "days", days: parseRange(text, calendar, context.now, place) };
  if (!isMoment(text))
    throw new TesseraError("filter-invalid", phrase`${JSON.stringify(value)} is not a moment`, {
      place,
      remedy: 'write "2025-07-31T10:00:00"',
    });
  if (ref.type === "date") return { t: "days", days: { from: day, until: day } };
  const offset = offsetOf(text);
  if (offset !== null && ref.physical?.t !== "instant")
    throw new TesseraError(
      "filter-invalid",
      phrase`${ref.member} is a local time; ${JSON.stringify(value)} has an offset`,
      { place, remedy: phrase`leave the offset out: ${JSON.stringify(text.slice(0, text.length - offset.length))}` },
    );
  const moment = momentText(text);
  if (level === null || !isClock(level)) return { t: "moment", text: moment };
  return { t: "moment", text: momentText(cutTo(moment, level === "hour" ? "hour" : "minute")) };
}

/** The fiscal year named for the year in which it begins. One of whole weeks may begin some days before its month. */
function fiscalYear(calendar: Calendar, year: number): DayRange {
  const within = dayOf(year, calendar.fiscalStart, 1) + (calendar.fiscalWeeks === null ? 0 : 14);
  return { from: periodStart(calendar, "fiscal_year", within), until: periodEnd(calendar, "fiscal_year", within) };
}
