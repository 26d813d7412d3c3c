/** Filters with every name and value resolved; still a tree, not yet SQL. */
import type { ConditionContext } from "./condition-context.ts";
import type { Condition, Comparison } from "./nodes.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { Filter, FilterValue, MemberFilter } from "../../model/filter.ts";
import { refsIn } from "./condition-parts.ts";
import { binLabels } from "../binding/bins.ts";
import { dayFilter } from "./day-filter.ts";
import { fitted } from "../language/exact-number.ts";
import { keyNamed } from "../binding/named-members.ts";
import { isMoment, momentText } from "../language/moment.ts";
import { isMeasure, resolveAttribute, resolveMeasure, type AttributeRef } from "../binding/member.ts";
import { typed } from "../binding/typed-value.ts";

/** @throws TesseraError `unknown-member`, `filter-invalid` with the JSON path */
export function resolveFilter(context: ConditionContext, filter: Filter, place: string): Condition {
  if ("and" in filter)
    return { t: "and", of: filter.and.map((f, i) => resolveFilter(context, f, `${place}.and[${i}]`)) };
  if ("or" in filter) return { t: "or", of: filter.or.map((f, i) => resolveFilter(context, f, `${place}.or[${i}]`)) };
  if ("not" in filter) return { t: "not", of: resolveFilter(context, filter.not, `${place}.not`) };
  if ("segment" in filter) {
    const known = (context.catalog.project.segments ?? []).map((s) => s.name);
    if (!known.includes(filter.segment))
      throw new TesseraError("unknown-member", phrase`unknown segment ${filter.segment}`, {
        place,
        remedy: known.length > 0 ? `known segments: ${known.join(", ")}` : "the project declares no segments",
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
      phrase`${filter.member} is no fact's own attribute: it restricts every fact anyway`,
      { place: `${place}.scope`, remedy: "leave `scope` out" },
    );
  return { t: "entity", cube: ref.cube, entity: filter.entity ?? null, of: condition, place };
}

/** A filter on what is computed of whole cells; null for one on members. */
function measureFilter(context: ConditionContext, filter: MemberFilter, place: string): Condition | null {
  const { member } = filter;
  const base = /^(.+)\.(?:previous|change|change_rate)$/.exec(member)?.[1];
  const side =
    base !== undefined &&
    !isMeasure(context.catalog, member) &&
    (isMeasure(context.catalog, base) || (context.calculations?.has(base) ?? false));
  const named = context.calculations?.has(member) ?? false;
  if (!side && !named && !isMeasure(context.catalog, member)) return null;
  if (side && !context.compared?.has(base))
    throw new TesseraError(
      "filter-invalid",
      context.compared
        ? `${base} is not among the measures that are compared`
        : `${member} is there only beside a comparison`,
      {
        place: `${place}.member`,
        remedy: context.compared ? `add ${base} to the measures` : "add `compare` to the query",
      },
    );
  if (filter.operator === "between") {
    if (filter.values?.length !== 2)
      throw new TesseraError("filter-invalid", phrase`between on ${member} takes two values`, {
        place,
        remedy: '"values": [from, to]',
      });
    const [from, to] = filter.values as [FilterValue, FilterValue];
    return {
      t: "and",
      of: [
        measureFilter(context, { ...filter, operator: "gte", values: [from] }, place)!,
        measureFilter(context, { ...filter, operator: "lte", values: [to] }, place)!,
      ],
    };
  }
  const type = side ? "number" : (context.calculations?.get(member) ?? context.binding.measureType(member));
  const rest = { type, operator: comparison(filter, place), values: measured(filter, type, place) };
  if (side) return { t: "compared", name: member, ...rest };
  return named
    ? { t: "calculation", name: member, ...rest }
    : { t: "measure", measure: resolveMeasure(context.catalog, member, `${place}.member`), ...rest };
}

function memberFilter(context: ConditionContext, filter: MemberFilter, place: string): Condition {
  const ref = resolveAttribute(context.catalog, context.binding, filter.member, `${place}.member`);
  if (ref.t !== "segment" && ref.attribute.source.t === "masked")
    throw new TesseraError(
      "filter-invalid",
      phrase`${ref.member} is masked for your role: it can be shown, and not filtered by`,
      { place: `${place}.member`, remedy: "leave the filter out" },
    );
  const hierarchy = ref.t === "role" && ref.attribute.source.t === "closure" ? ref.dimension : null;
  const values = hierarchy
    ? (filter.values ?? []).map((v) =>
        keyNamed(context.binding.named?.get(hierarchy.name), hierarchy, v, ref.member, place),
      )
    : (filter.values ?? []);
  const { operator } = filter;
  if (operator === "is_null" || operator === "not_null") {
    if (values.length > 0)
      throw new TesseraError("filter-invalid", phrase`${operator} takes no values`, {
        place,
        remedy: "leave `values` out",
      });
    return { t: "attribute", ref, operator, values: [] };
  }
  if (filter.values === undefined)
    throw new TesseraError("filter-invalid", phrase`${operator} needs values`, { place, remedy: '"values": [ … ]' });
  if (ref.type === "date" || ref.type === "timestamp") return dayFilter(context, ref, filter, place);
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
      if (values.length !== 2)
        throw new TesseraError("filter-invalid", phrase`${operator} on ${ref.member} takes two values`, {
          place,
          remedy: '"values": [from, to]',
        });
      return { t: "and", of: [compared("gte", [values[0]!]), compared("lte", [values[1]!])] };
    }
    case "before":
    case "after":
      throw new TesseraError("filter-invalid", phrase`${operator} needs a date, and ${ref.member} is a ${ref.type}`, {
        place,
        remedy: "use lt or gt",
      });
    case "contains":
    case "not_contains":
    case "starts_with":
    case "ends_with": {
      if (ref.type !== "string")
        throw new TesseraError("filter-invalid", phrase`${operator} needs a text, and ${ref.member} is a ${ref.type}`, {
          place,
          remedy: "use equals, gt, lt or between",
        });
      const parts = values.map((v) => typed(v, { member: ref.member, type: "string" }, place));
      // a bin has no letters but those of its label
      return bins
        ? {
            t: "attribute",
            ref,
            operator: operator === "not_contains" ? "not_equals" : "equals",
            values: binLabels(bins).filter((label) =>
              parts.some((part) => part !== null && inText(operator, label, String(part))),
            ),
          }
        : { t: "attribute", ref, operator, values: parts };
    }
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      if (values.length !== 1 || values[0] === null)
        throw new TesseraError("filter-invalid", phrase`${operator} takes one value`, {
          place,
          remedy: '"values": [ value ]',
        });
      return compared(operator, values);
    case "descends_from":
      if (ref.t !== "role" || ref.attribute.source.t !== "closure")
        throw new TesseraError("filter-invalid", phrase`${ref.member} is no parent-child hierarchy`, {
          place,
          remedy: "use equals",
        });
      return compared("equals", values);
  }
}

function inText(
  operator: "contains" | "not_contains" | "starts_with" | "ends_with",
  text: string,
  part: string,
): boolean {
  const [of, wanted] = [text.toLowerCase(), part.toLowerCase()];
  return operator === "starts_with"
    ? of.startsWith(wanted)
    : operator === "ends_with"
      ? of.endsWith(wanted)
      : of.includes(wanted);
}

/** A row's own value of an attribute, as the result gives it. */
export const memberIs = (ref: AttributeRef, value: FilterValue): Condition =>
  value === null ? { t: "attribute", ref, operator: "is_null", values: [] } : membersAre(ref, [value]);
export function membersAre(ref: AttributeRef, values: readonly FilterValue[]): Condition {
  if ((ref.type === "integer" || ref.type === "number") && !ref.attribute.bins)
    return numberFilter(ref, "equals", values, ref.member);
  return {
    t: "attribute",
    ref,
    operator: "equals",
    values: values.map((v) => (typeof v === "string" && ref.type === "timestamp" && isMoment(v) ? momentText(v) : v)),
  };
}

/** A filter of numbers. What the column cannot hold is decided here: nothing equals it, and an order of it is that of the nearest it can hold. */
function numberFilter(
  ref: AttributeRef,
  operator: "equals" | "not_equals" | "gt" | "gte" | "lt" | "lte",
  values: readonly FilterValue[],
  place: string,
): Condition {
  const physical = ref.t === "segment" ? undefined : ref.physical;
  const found = (v: FilterValue): ReturnType<typeof fitted> =>
    typeof v === "string" || (typeof v === "number" && (!Number.isSafeInteger(v) || physical?.startsWith("DECIMAL")))
      ? fitted(v, physical)
      : null;
  const number = (v: FilterValue): FilterValue => (typeof v === "string" ? Number(v) : v);
  if (operator === "equals" || operator === "not_equals") {
    const lost =
      ref.type === "integer"
        ? values.find((v) => typeof v === "number" && Number.isInteger(v) && !Number.isSafeInteger(v))
        : undefined;
    if (lost !== undefined)
      throw new TesseraError(
        "filter-invalid",
        phrase`${String(lost)} is past 2^53, where numbers lose digits: another member could be meant`,
        { place, remedy: "give it as text, with every digit" },
      );
    return {
      t: "attribute",
      ref,
      operator,
      values: values.flatMap((v) => {
        const f = found(v);
        return f === null ? [number(v)] : f.t === "held" && f.whole ? [f.value] : [];
      }),
    };
  }
  const [v] = values as [FilterValue];
  const f = found(v);
  if (f === null) return { t: "attribute", ref, operator, values: [number(v)] };
  if (f.t === "held")
    return {
      t: "attribute",
      ref,
      values: [f.value],
      operator: f.whole ? operator : operator === "gt" || operator === "gte" ? "gt" : "lte",
    };
  return (f.t === "above") === (operator === "lt" || operator === "lte")
    ? { t: "attribute", ref, operator: "not_null", values: [] }
    : { t: "attribute", ref, operator: "equals", values: [] };
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

/** Values that a measure is compared with, as its own type. */
function measured(filter: MemberFilter, type: AttributeType, place: string): FilterValue[] {
  const values = (filter.values ?? []).map((v) => {
    const value = typed(v, { member: filter.member, type }, place);
    return typeof value !== "string" || (type !== "number" && type !== "integer")
      ? value
      : /^[+-]?\d{16,}$/.test(value)
        ? value
        : Number(value);
  });
  const needs =
    filter.operator === "is_null" || filter.operator === "not_null"
      ? 0
      : ["gt", "gte", "lt", "lte"].includes(filter.operator)
        ? 1
        : null;
  if (needs !== null && (values.length !== needs || (needs === 1 && values[0] === null)))
    throw new TesseraError(
      "filter-invalid",
      phrase`${filter.operator} takes ${needs === 0 ? "no value" : "one value"}`,
      {
        place,
        remedy: phrase`"values": [ ${type} ]`,
      },
    );
  return values;
}

/** Whether a condition names a measure anywhere, and whether it names an attribute or segment anywhere. */
export function mentions(condition: Condition): { readonly measures: boolean; readonly attributes: boolean } {
  switch (condition.t) {
    case "measure":
    case "calculation":
    case "compared":
      return { measures: true, attributes: false };
    case "attribute":
    case "days":
    case "segment":
      return { measures: false, attributes: true };
    case "entity":
    case "keys":
      return { measures: false, attributes: true };
    case "not":
      return mentions(condition.of);
    default: {
      const found = condition.of.map(mentions);
      return { measures: found.some((f) => f.measures), attributes: found.some((f) => f.attributes) };
    }
  }
}

/** Whether the condition holds for a row in which all its attributes are null: such a filter must not turn a left join into an inner one. */
export function acceptsNull(condition: Condition): boolean {
  switch (condition.t) {
    case "attribute":
      return (
        condition.operator === "is_null" ||
        (condition.operator === "equals" && condition.values.includes(null)) ||
        ((condition.operator === "not_equals" || condition.operator === "not_contains") &&
          !condition.values.includes(null))
      );
    case "days":
      return condition.negated;
    case "and":
      return condition.of.every(acceptsNull);
    case "or":
      return condition.of.some(acceptsNull);
    case "not":
      return !acceptsNull(condition.of);
    default:
      return false;
  }
}
