/** Filters of what is computed for whole cells. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { FilterValue, MemberFilter } from "../../model/filter.ts";
import { isMeasure, resolveMeasure } from "../binding/member.ts";
import { typed } from "../binding/typed-value.ts";
import { comparedBase } from "../language/about-measures.ts";
import type { ConditionContext } from "./condition-context.ts";
import type { Condition, Comparison } from "./nodes.ts";

/** A filter of a measure, a calculation or one side of a comparison; null for a filter of members. */
export function measureFilter(context: ConditionContext, filter: MemberFilter, place: string): Condition | null {
  const { member } = filter;
  const base = comparedBase(member);
  const side =
    base !== undefined &&
    !isMeasure(context.catalog, member) &&
    (isMeasure(context.catalog, base) || (context.calculations?.has(base) ?? false));
  const named = context.calculations?.has(member) ?? false;
  if (!side && !named && !isMeasure(context.catalog, member)) return null;
  if (side && !context.compared?.has(base)) throw notCompared(context, member, base, `${place}.member`);
  if (filter.operator === "between") {
    const [from, to, more] = filter.values ?? [];
    if (from === undefined || to === undefined || more !== undefined)
      throw new TesseraError("filter-invalid", phrase`between on ${member} takes two values`, {
        place,
        remedy: '"values": [from, to]',
      });
    const of = [
      measureFilter(context, { ...filter, operator: "gte", values: [from] }, place),
      measureFilter(context, { ...filter, operator: "lte", values: [to] }, place),
    ];
    return { t: "and", of: of.filter((condition) => condition !== null) };
  }
  const type = side ? "number" : (context.calculations?.get(member) ?? context.binding.measureType(member));
  const rest = { type, operator: comparison(filter, place), values: measured(filter, type, place) };
  if (side) return { t: "compared", name: member, ...rest };
  return named
    ? { t: "calculation", name: member, ...rest }
    : { t: "measure", measure: resolveMeasure(context.catalog, member, `${place}.member`), ...rest };
}

function notCompared(context: ConditionContext, member: string, base: string, place: string): TesseraError {
  return context.compared
    ? new TesseraError("filter-invalid", phrase`"${base}" is not among the compared measures`, {
        place,
        remedy: phrase`add ${base} to the measures`,
      })
    : new TesseraError("filter-invalid", phrase`"${member}" needs a comparison`, {
        place,
        remedy: "add `compare` to the query",
      });
}

function comparison(filter: MemberFilter, place: string): Comparison {
  switch (filter.operator) {
    case "equals":
    case "in":
      return "equals";
    case "not_equals":
    case "not_in":
      return "not_equals";
    case "gt":
    case "gte":
    case "lt":
    case "lte":
    case "is_null":
    case "not_null":
      return filter.operator;
    default:
      throw new TesseraError(
        "filter-invalid",
        phrase`${filter.operator} cannot be used on the measure ${filter.member}`,
        {
          place,
          remedy: "use equals, gt, gte, lt, lte, between, is_null or not_null",
        },
      );
  }
}

/** The values that a measure is compared with, as the measure's type. */
function measured(filter: MemberFilter, type: AttributeType, place: string): FilterValue[] {
  const { operator } = filter;
  const values = (filter.values ?? []).map((v) => {
    const value = typed(v, { member: filter.member, type }, place);
    const digits = typeof value === "string" && (type === "number" || type === "integer");
    return digits && !/^[+-]?\d{16,}$/.test(value) ? Number(value) : value;
  });
  if ((operator === "is_null" || operator === "not_null") && values.length > 0)
    throw new TesseraError("filter-invalid", phrase`${operator} takes no value`, {
      place,
      remedy: "leave `values` out",
    });
  if (["gt", "gte", "lt", "lte"].includes(operator) && (values.length !== 1 || values[0] === null))
    throw new TesseraError("filter-invalid", phrase`${operator} takes one value`, {
      place,
      remedy: phrase`"values": [ ${type} ]`,
    });
  return values;
}
