/** A query's comparison: the range of its rows, and the range that they are compared with. */
import type { ResolvedQuery } from "./resolved-query.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Day } from "../../model/time/calendar.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Span } from "../../model/measure.ts";
import type { Condition } from "./nodes.ts";
import { withinYears, rangeOf } from "../time/date-range.ts";
import { hull, isBounded } from "../time/day-set.ts";
import { daysOfRole } from "./asked-days.ts";
import type { Query } from "../../model/query.ts";
import { comparedRange, type ComparisonTarget } from "../time/comparison.ts";

/** The ranges of a comparison. @throws TesseraError `query-invalid` where the filters leave no single bounded range */
export function resolveCompare(
  compare: NonNullable<Query["compare"]>,
  rows: readonly Condition[],
  catalog: Catalog,
  now: Day,
): ResolvedQuery["compare"] {
  const [role = ""] = compare.dimension.split(".");
  const calendar = catalog.roles.get(role)?.dimension.calendar;
  if (!calendar)
    throw new TesseraError("query-invalid", phrase`"${compare.dimension}" is not a date dimension`, {
      place: "$.compare.dimension",
      remedy: phrase`use one of ${[...catalog.roles.values()]
        .filter((r) => r.dimension.calendar)
        .map((r) => r.name)
        .join(", ")}`,
    });
  const days = daysOfRole(rows, role);
  const range = days && hull(days);
  if (days && days.length > 1)
    throw new TesseraError(
      "query-invalid",
      "a comparison needs one date range, and the filters leave several with gaps between them",
      { place: "$.compare", remedy: "ask for one range, or for one after the other" },
    );
  if (!days || !range || !isBounded(days))
    throw new TesseraError("query-invalid", "a comparison needs a date range with both ends", {
      place: "$.compare",
      remedy: phrase`add a filter such as { "member": "${role}", "operator": "in_range", "values": ["last 12 months"] }`,
    });
  const { to } = compare;
  let target: ComparisonTarget;
  let years: number | null = null;
  if (to === "previous_period") target = { type: "previous_period" };
  else if (to === "previous_year") {
    target = { type: "span", span: { years: -1 } };
    years = -1;
  } else if ("range" in to) target = { type: "range", range: rangeOf(to.range, calendar, now, "$.compare.to.range") };
  else if (typeof to.by !== "string" && to.by.hours !== undefined)
    throw new TesseraError("query-invalid", "a comparison moves by days or longer", {
      place: "$.compare.to.by",
      remedy: 'write { "days": -1 }',
    });
  else {
    const span = typeof to.by === "string" ? parseSpan(to.by) : to.by;
    target = { type: "span", span };
    if (span.years !== undefined && Object.keys(span).length === 1) years = span.years;
  }
  const compared = comparedRange(target, range, now, calendar);
  withinYears(compared.previous, "the other side of the comparison", "$.compare.to");
  return { role, ...compared, years };
}

function parseSpan(text: string): Span {
  const match = /^([+-]?\d{1,4}) (day|week|month|quarter|year)s?$/.exec(text.trim());
  if (!match)
    throw new TesseraError("query-invalid", phrase`${JSON.stringify(text)} is not a span`, {
      place: "$.compare.to.by",
      remedy: 'write "-3 months" or { "months": -3 }',
    });
  return { [`${match[2]}s`]: Number(match[1]) };
}
