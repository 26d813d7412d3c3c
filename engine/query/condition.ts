/** Filters with every name and value resolved; still a tree, not yet SQL. */
import { TesseraError } from "../errors.ts";
import { isPeriod, parseDay, periodEnd, periodStart, type Calendar, type Day, type PeriodLevel } from "../model/calendar.ts";
import type { Catalog, MeasureNode } from "../model/catalog.ts";
import type { AttributeType } from "../model/dimension.ts";
import type { Filter, FilterValue, MemberFilter } from "../model/filter.ts";
import { refsIn } from "./condition-parts.ts";
import type { Select } from "../sql/tree.ts";
import type { Binding } from "./binding.ts";
import { parseRange, rangeOf, type DayRange } from "./date-range.ts";
import { keyNamed } from "./named-members.ts";
import { isMeasure, resolveAttribute, resolveMeasure, type AttributeRef } from "./member.ts";

export type Comparison = "equals" | "not_equals" | "contains" | "not_contains" | "starts_with" | "ends_with" | "gt" | "gte" | "lt" | "lte" | "is_null" | "not_null" | "descends_from";

export type Condition =
  | { readonly t: "attribute"; readonly ref: AttributeRef; readonly operator: Comparison; readonly values: readonly FilterValue[] }
  /** the day of a date lies in one of the ranges; an open end is infinite */
  | { readonly t: "days"; readonly ref: AttributeRef; readonly ranges: readonly DayRange[]; readonly negated: boolean }
  | { readonly t: "measure"; readonly measure: MeasureNode; readonly operator: Comparison; readonly values: readonly number[] }
  /** a calculation that the query names itself */
  | { readonly t: "calculation"; readonly name: string; readonly operator: Comparison; readonly values: readonly number[] }
  /** the other side of a measure that the query compares, or what became of it: `sales.revenue.change_rate` */
  | { readonly t: "compared"; readonly name: string; readonly operator: Comparison; readonly values: readonly number[] }
  | { readonly t: "segment"; readonly segment: string }
  /** a rule about one fact that restricts the members of a dimension, and so every fact */
  | { readonly t: "entity"; readonly cube: string; readonly entity: string | null; readonly of: Condition; readonly place: string }
  /** the role's key is one of those selected */
  | { readonly t: "keys"; readonly role: string; readonly select: Select }
  | { readonly t: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly t: "not"; readonly of: Condition };

export interface ConditionContext {
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly now: Day;
  readonly calendarOf: (ref: AttributeRef) => Calendar;
  /** names of the query's own calculations */
  readonly calculations?: ReadonlySet<string>;
  /** the measures that the query compares */
  readonly compared?: ReadonlySet<string>;
}

export const FOREVER: DayRange = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** @throws TesseraError `unknown-member`, `filter-invalid` with the JSON path */
export function resolveFilter(context: ConditionContext, filter: Filter, place: string): Condition {
  if ("and" in filter) return { t: "and", of: filter.and.map((f, i) => resolveFilter(context, f, `${place}.and[${i}]`)) };
  if ("or" in filter) return { t: "or", of: filter.or.map((f, i) => resolveFilter(context, f, `${place}.or[${i}]`)) };
  if ("not" in filter) return { t: "not", of: resolveFilter(context, filter.not, `${place}.not`) };
  if ("segment" in filter) {
    const known = (context.catalog.project.segments ?? []).map((s) => s.name);
    if (!known.includes(filter.segment)) throw new TesseraError("unknown-member", `unknown segment ${filter.segment}`, { place, remedy: known.length > 0 ? `known segments: ${known.join(", ")}` : "the project declares no segments" });
    return { t: "segment", segment: filter.segment };
  }
  const measure = measureFilter(context, filter, place);
  if (measure) return measure;
  const condition = memberFilter(context, filter, place);
  if (filter.scope !== "entity") return condition;
  const ref = refsIn(condition)[0];
  if (ref?.t !== "fact") throw new TesseraError("filter-invalid", `${filter.member} is no fact's own attribute: it restricts every fact anyway`, { place: `${place}.scope`, remedy: "leave `scope` out" });
  return { t: "entity", cube: ref.cube, entity: filter.entity ?? null, of: condition, place };
}

/** A filter on what is computed of whole cells; null for one on members. */
function measureFilter(context: ConditionContext, filter: MemberFilter, place: string): Condition | null {
  const { member } = filter;
  const base = /^(.+)\.(?:previous|change|change_rate)$/.exec(member)?.[1];
  const side = base !== undefined && !isMeasure(context.catalog, member) && (isMeasure(context.catalog, base) || (context.calculations?.has(base) ?? false));
  const named = context.calculations?.has(member) ?? false;
  if (!side && !named && !isMeasure(context.catalog, member)) return null;
  if (side && !context.compared?.has(base)) throw new TesseraError("filter-invalid", context.compared ? `${base} is not among the measures that are compared` : `${member} is there only beside a comparison`, { place: `${place}.member`, remedy: context.compared ? `add ${base} to the measures` : "add `compare` to the query" });
  if (filter.operator === "between") {
    if (filter.values?.length !== 2) throw new TesseraError("filter-invalid", `between on ${member} takes two values`, { place, remedy: '"values": [from, to]' });
    const [from, to] = filter.values as [FilterValue, FilterValue];
    return { t: "and", of: [measureFilter(context, { ...filter, operator: "gte", values: [from] }, place)!, measureFilter(context, { ...filter, operator: "lte", values: [to] }, place)!] };
  }
  const rest = { operator: comparison(filter, place), values: numbers(filter, place) };
  if (side) return { t: "compared", name: member, ...rest };
  return named ? { t: "calculation", name: member, ...rest } : { t: "measure", measure: resolveMeasure(context.catalog, member, `${place}.member`), ...rest };
}

function memberFilter(context: ConditionContext, filter: MemberFilter, place: string): Condition {
  const ref = resolveAttribute(context.catalog, context.binding, filter.member, `${place}.member`);
  if (ref.t !== "segment" && ref.attribute.source.t === "masked") throw new TesseraError("filter-invalid", `${ref.member} is masked for your role: it can be shown, and not filtered by`, { place: `${place}.member`, remedy: "leave the filter out" });
  const hierarchy = ref.t === "role" && ref.attribute.source.t === "closure" ? ref.dimension : null;
  const values = hierarchy ? (filter.values ?? []).map((v) => keyNamed(context.binding.named?.get(hierarchy.name), hierarchy, v, ref.member, place)) : filter.values ?? [];
  const { operator } = filter;
  if (operator === "is_null" || operator === "not_null") {
    if (values.length > 0) throw new TesseraError("filter-invalid", `${operator} takes no values`, { place, remedy: "leave `values` out" });
    return { t: "attribute", ref, operator, values: [] };
  }
  if (filter.values === undefined) throw new TesseraError("filter-invalid", `${operator} needs values`, { place, remedy: '"values": [ … ]' });
  if (ref.type === "date" || (ref.type === "timestamp" && (ref.t !== "role" || isPeriod(ref.attribute.name)))) return dayFilter(context, ref, filter, place);
  switch (operator) {
    case "equals": case "in": return { t: "attribute", ref, operator: "equals", values: values.map((v) => typed(v, ref.type, ref.member, place)) };
    case "not_equals": case "not_in": return { t: "attribute", ref, operator: "not_equals", values: values.map((v) => typed(v, ref.type, ref.member, place)) };
    case "between": case "in_range": {
      if (values.length !== 2) throw new TesseraError("filter-invalid", `${operator} on ${ref.member} takes two values`, { place, remedy: '"values": [from, to]' });
      const [from, to] = values.map((v) => typed(v, ref.type, ref.member, place));
      return { t: "and", of: [{ t: "attribute", ref, operator: "gte", values: [from!] }, { t: "attribute", ref, operator: "lte", values: [to!] }] };
    }
    case "before": case "after": throw new TesseraError("filter-invalid", `${operator} needs a date, and ${ref.member} is a ${ref.type}`, { place, remedy: "use lt or gt" });
    case "contains": case "not_contains": case "starts_with": case "ends_with":
      if (ref.type !== "string") throw new TesseraError("filter-invalid", `${operator} needs a text, and ${ref.member} is a ${ref.type}`, { place, remedy: "use equals, gt, lt or between" });
      return { t: "attribute", ref, operator, values: values.map((v) => typed(v, "string", ref.member, place)) };
    case "gt": case "gte": case "lt": case "lte":
      if (values.length !== 1) throw new TesseraError("filter-invalid", `${operator} takes one value`, { place, remedy: '"values": [ value ]' });
      return { t: "attribute", ref, operator, values: [typed(values[0]!, ref.type, ref.member, place)] };
    case "descends_from":
      if (ref.t !== "role" || ref.attribute.source.t !== "closure") throw new TesseraError("filter-invalid", `${ref.member} is no parent-child hierarchy`, { place, remedy: "use equals" });
      return { t: "attribute", ref, operator: "equals", values: values.map((v) => typed(v, ref.type, ref.member, place)) };
  }
}

/** Dates are compared by days: a value may be a day or a whole period, and means all its days. */
function dayFilter(context: ConditionContext, ref: AttributeRef, filter: MemberFilter, place: string): Condition {
  const calendar = context.calendarOf(ref);
  const values = filter.values!;
  const one = (v: FilterValue): DayRange => {
    if (typeof v !== "string") throw new TesseraError("filter-invalid", `${JSON.stringify(v)} is no date`, { place, remedy: 'write "2025-07-31", "2025-07" or "2025"' });
    const day = parseDay(v.slice(0, 10));
    // 2025-07-01 as a value of the month level is all of July
    if (day !== null && ref.t === "role" && isPeriod(ref.attribute.name) && ref.attribute.name !== "day" && filter.operator !== "in_range" && filter.operator !== "between") {
      return periodOf(calendar, ref.attribute.name, day);
    }
    return day !== null && v.length > 10 ? { from: day, until: day } : parseRange(v, calendar, context.now, place);
  };
  const days = (ranges: readonly DayRange[], negated = false): Condition => ({ t: "days", ref, ranges, negated });
  switch (filter.operator) {
    case "equals": case "in": case "not_equals": case "not_in": {
      const negated = filter.operator.startsWith("not");
      const nulls = values.includes(null);
      const ranges = days(values.filter((v) => v !== null).map(one), negated);
      if (!nulls) return ranges;
      const empty: Condition = { t: "attribute", ref, operator: negated ? "not_null" : "is_null", values: [] };
      return { t: negated ? "and" : "or", of: [empty, ranges] };
    }
    case "in_range": case "between": return days([rangeOf(values, calendar, context.now, place)]);
    case "before": case "lt": return days([{ from: FOREVER.from, until: one(single(values, filter.operator, place)).from - 1 }]);
    case "lte": return days([{ from: FOREVER.from, until: one(single(values, filter.operator, place)).until }]);
    case "after": case "gt": return days([{ from: one(single(values, filter.operator, place)).until + 1, until: FOREVER.until }]);
    case "gte": return days([{ from: one(single(values, filter.operator, place)).from, until: FOREVER.until }]);
    default: throw new TesseraError("filter-invalid", `${filter.operator} needs a text, and ${ref.member} is a date`, { place, remedy: "use in_range, equals, before or after" });
  }
}

const periodOf = (calendar: Calendar, level: PeriodLevel, day: Day): DayRange => ({ from: periodStart(calendar, level, day), until: periodEnd(calendar, level, day) });

function single(values: readonly FilterValue[], operator: string, place: string): FilterValue {
  if (values.length !== 1) throw new TesseraError("filter-invalid", `${operator} takes one value`, { place, remedy: '"values": [ value ]' });
  return values[0]!;
}

/** A value as its attribute's type; a value of another type is an error, not an empty result. */
function typed(value: FilterValue, type: AttributeType, member: string, place: string): FilterValue {
  const refuse = (): never => { throw new TesseraError("filter-invalid", `${JSON.stringify(value)} is no ${type}, which ${member} is`, { place, remedy: `give ${type === "integer" ? "whole numbers" : `${type}s`}` }); };
  if (value === null) return null;
  switch (type) {
    case "string": return typeof value === "string" ? value : refuse();
    case "boolean": return typeof value === "boolean" ? value : value === "true" ? true : value === "false" ? false : refuse();
    case "integer": case "number": {
      const number = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
      return Number.isFinite(number) ? number : refuse();
    }
    case "timestamp": case "date": return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : refuse();
  }
}

function comparison(filter: MemberFilter, place: string): Comparison {
  switch (filter.operator) {
    case "equals": case "in": return "equals";
    case "not_equals": case "not_in": return "not_equals";
    case "gt": case "gte": case "lt": case "lte": case "is_null": case "not_null": return filter.operator;
    default: throw new TesseraError("filter-invalid", `${filter.operator} cannot be used on the measure ${filter.member}`, { place, remedy: "use equals, gt, gte, lt, lte, between, is_null or not_null" });
  }
}

function numbers(filter: MemberFilter, place: string): number[] {
  const values = (filter.values ?? []).map((v) => typed(v, "number", filter.member, place) as number);
  const needs = filter.operator === "is_null" || filter.operator === "not_null" ? 0 : ["gt", "gte", "lt", "lte"].includes(filter.operator) ? 1 : null;
  if (needs !== null && values.length !== needs) throw new TesseraError("filter-invalid", `${filter.operator} takes ${needs === 0 ? "no value" : "one value"}`, { place, remedy: '"values": [ number ]' });
  return values;
}

/** Whether a condition names a measure anywhere, and whether it names an attribute or segment anywhere. */
export function mentions(condition: Condition): { readonly measures: boolean; readonly attributes: boolean } {
  switch (condition.t) {
    case "measure": case "calculation": case "compared": return { measures: true, attributes: false };
    case "attribute": case "days": case "segment": return { measures: false, attributes: true };
    case "entity": case "keys": return { measures: false, attributes: true };
    case "not": return mentions(condition.of);
    default: {
      const found = condition.of.map(mentions);
      return { measures: found.some((f) => f.measures), attributes: found.some((f) => f.attributes) };
    }
  }
}

/** Whether the condition holds for a row in which all its attributes are null: such a filter must not turn a left join into an inner one. */
export function acceptsNull(condition: Condition): boolean {
  switch (condition.t) {
    case "attribute": return condition.operator === "is_null" || (condition.operator === "equals" && condition.values.includes(null)) || ((condition.operator === "not_equals" || condition.operator === "not_contains") && !condition.values.includes(null));
    case "days": return condition.negated;
    case "and": return condition.of.every(acceptsNull);
    case "or": return condition.of.some(acceptsNull);
    case "not": return !acceptsNull(condition.of);
    default: return false;
  }
}
