/** Filters with every name and value resolved; still a tree, not yet SQL. */
import { TesseraError, phrase, type Message } from "../../errors/index.ts";
import type { Filter, FilterValue, MemberFilter } from "../../model/filter.ts";
import { binLabels } from "../binding/bins.ts";
import { resolveAttribute, type AttributeRef } from "../binding/member.ts";
import { keyNamed } from "../binding/named-members.ts";
import { typed } from "../binding/typed-value.ts";
import type { ConditionContext } from "./condition-context.ts";
import { refsIn } from "./condition-parts.ts";
import { dayFilter } from "./day-filter.ts";
import { measureFilter } from "./measure-filter.ts";
import type { Condition } from "./nodes.ts";
import { numberFilter } from "./number-filter.ts";

/** A filter as a condition. @throws TesseraError `unknown-member`, `filter-invalid` with the JSON path */
export function resolveFilter(context: ConditionContext, filter: Filter, place: string): Condition {
  if ("and" in filter)
    return { t: "and", of: filter.and.map((f, i) => resolveFilter(context, f, `${place}.and[${i}]`)) };
  if ("or" in filter) return { t: "or", of: filter.or.map((f, i) => resolveFilter(context, f, `${place}.or[${i}]`)) };
  if ("not" in filter) return { t: "not", of: resolveFilter(context, filter.not, `${place}.not`) };
  if ("segment" in filter) {
    const known = (context.catalog.project.segments ?? []).map((s) => s.name);
    if (!known.includes(filter.segment))
      throw new TesseraError("unknown-member", phrase`segment "${filter.segment}" not found`, {
        place,
        remedy:
          known.length > 0 ? phrase`known segments: ${known.join(", ")}` : "declare it under the project's `segments`",
      });
    return { t: "segment", segment: filter.segment };
  }
  const measure = measureFilter(context, filter, place);
  if (measure) return measure;
  const condition = memberFilter(context, filter, place);
  if (filter.scope !== "entity") return condition;
  const ref = refsIn(condition)[0];
  if (ref?.t !== "fact")
    throw new TesseraError(
      "filter-invalid",
      phrase`"${filter.member}" is not a fact's own attribute: it restricts every fact anyway`,
      { place: `${place}.scope`, remedy: "leave `scope` out" },
    );
  return { t: "entity", cube: ref.cube, entity: filter.entity ?? null, of: condition, place };
}

const invalid = (message: Message, place: string, remedy: string): TesseraError =>
  new TesseraError("filter-invalid", message, { place, remedy });

function memberFilter(context: ConditionContext, filter: MemberFilter, place: string): Condition {
  const ref = resolveAttribute(context.catalog, context.binding, filter.member, `${place}.member`);
  if (ref.t !== "segment" && ref.attribute.source.t === "masked")
    throw new TesseraError(
      "filter-invalid",
      phrase`"${ref.member}" is masked for your role and cannot be filtered by`,
      {
        place: `${place}.member`,
        remedy: "leave the filter out",
      },
    );
  const hierarchy = ref.t === "role" && ref.attribute.source.t === "closure" ? ref.dimension : null;
  const values = hierarchy
    ? (filter.values ?? []).map((v) =>
        keyNamed(context.binding.named?.get(hierarchy.name), hierarchy, v, ref.member, place),
      )
    : (filter.values ?? []);
  const { operator } = filter;
  if (operator === "is_null" || operator === "not_null") {
    if (values.length > 0) throw invalid(phrase`${operator} takes no values`, place, "leave `values` out");
    return { t: "attribute", ref, operator, values: [] };
  }
  if (filter.values === undefined) throw invalid(phrase`${operator} needs values`, place, '"values": [ … ]');
  if (ref.type === "date" || ref.type === "timestamp")
    return dayFilter(context, ref, { operator, values: filter.values }, place);
  return valueFilter(ref, operator, values, place);
}

/** A filter of an attribute that is not a date. */
function valueFilter(
  ref: AttributeRef,
  operator: Exclude<MemberFilter["operator"], "is_null" | "not_null">,
  values: readonly FilterValue[],
  place: string,
): Condition {
  const bins = ref.t === "segment" ? undefined : ref.attribute.bins;
  const compared = (
    op: "equals" | "not_equals" | "gt" | "gte" | "lt" | "lte",
    given: readonly FilterValue[],
  ): Condition => {
    const of = given.map((v) => typed(v, ref, place));
    return (ref.type === "integer" || ref.type === "number") && !bins
      ? numberFilter(ref, op, of, place)
      : { t: "attribute", ref, operator: op, values: of };
  };
  switch (operator) {
    case "equals":
    case "in":
      return compared("equals", values);
    case "not_equals":
    case "not_in":
      return compared("not_equals", values);
    case "between":
    case "in_range": {
      const [from, to, more] = values;
      if (from === undefined || to === undefined || more !== undefined)
        throw invalid(phrase`${operator} on ${ref.member} takes two values`, place, '"values": [from, to]');
      return { t: "and", of: [compared("gte", [from]), compared("lte", [to])] };
    }
    case "before":
    case "after":
      throw invalid(phrase`${operator} needs a date; ${ref.member} is of type ${ref.type}`, place, "use lt or gt");
    case "contains":
    case "not_contains":
    case "starts_with":
    case "ends_with": {
      if (ref.type !== "string")
        throw invalid(
          phrase`${operator} needs a text; ${ref.member} is of type ${ref.type}`,
          place,
          "use equals, gt, lt or between",
        );
      const parts = values.map((v) => typed(v, { member: ref.member, type: "string" }, place));
      return bins ? labelFilter(ref, operator, bins, parts) : { t: "attribute", ref, operator, values: parts };
    }
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      if (values.length !== 1 || values[0] === null)
        throw invalid(phrase`${operator} takes one value`, place, '"values": [ value ]');
      return compared(operator, values);
    case "descends_from":
      if (ref.t !== "role" || ref.attribute.source.t !== "closure")
        throw invalid(phrase`"${ref.member}" is not a parent-child hierarchy`, place, "use equals");
      return compared("equals", values);
  }
}

type TextOperator = "contains" | "not_contains" | "starts_with" | "ends_with";

/** A text filter of a binned attribute looks into the bins' labels. */
function labelFilter(
  ref: AttributeRef,
  operator: TextOperator,
  bins: readonly number[],
  parts: readonly FilterValue[],
): Condition {
  return {
    t: "attribute",
    ref,
    operator: operator === "not_contains" ? "not_equals" : "equals",
    values: binLabels(bins).filter((label) =>
      parts.some((part) => part !== null && inText(operator, label, String(part))),
    ),
  };
}

function inText(operator: TextOperator, text: string, part: string): boolean {
  const [of, wanted] = [text.toLowerCase(), part.toLowerCase()];
  if (operator === "starts_with") return of.startsWith(wanted);
  return operator === "ends_with" ? of.endsWith(wanted) : of.includes(wanted);
}
