/** From the explorer's state to a query, and from a dashboard's query to the explorer's state. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Filter, FilterValue } from "../../../engine/model/filter.ts";
import type { Query } from "../../../engine/model/query.ts";
import { dateRoleOf, membersIn } from "../../services/catalog-index.ts";
import { EMPTY_STATE, type Condition, type ExploreState, type MoreOfQuery } from "./state.ts";

/** A value as the attribute's type has it; what does not fit stays text, and the engine says what is wrong with it. */
const typed = (value: string | null, type: string): FilterValue => {
  if (value === null) return null;
  if ((type === "integer" || type === "number") && value.trim() !== "" && Number.isFinite(Number(value)))
    return Number(value);
  if (type === "boolean" && (value === "true" || value === "yes")) return true;
  if (type === "boolean" && (value === "false" || value === "no")) return false;
  return value;
};

/** A condition as a filter; the unknown member among values becomes its own test. */
export const conditionFilter = (condition: Condition, catalog: CatalogView): Filter => {
  const { attributes, measures } = membersIn(catalog);
  const type = measures.has(condition.member) ? "number" : (attributes.get(condition.member)?.type ?? "string");
  const { member, operator } = condition;
  if (operator === "is_null" || operator === "not_null") return { member, operator };
  const known = condition.values.filter((v) => v !== null).map((v) => typed(v, type));
  const unknown = condition.values.includes(null);
  if (!unknown) return { member, operator, values: known };
  if (operator === "not_equals")
    return known.length > 0
      ? {
          and: [
            { member, operator, values: known },
            { member, operator: "not_null" },
          ],
        }
      : { member, operator: "not_null" };
  return known.length > 0
    ? {
        or: [
          { member, operator, values: known },
          { member, operator: "is_null" },
        ],
      }
    : { member, operator: "is_null" };
};

/** The date role of period and comparison: the one chosen, else that of the first measure. */
export const stateDate = (state: ExploreState, catalog: CatalogView): string | undefined =>
  state.on ?? (state.measures[0] ? dateRoleOf(catalog, state.measures[0]) : undefined);

export const periodFilter = (period: string, role: string): Filter => {
  const range = /^(.*?)\.\.(.*)$/.exec(period);
  if (!range) return { member: role, operator: "in_range", values: [period] };
  const [from, until] = [(range[1] ?? "").trim(), (range[2] ?? "").trim()];
  if (from && until) return { member: role, operator: "in_range", values: [from, until] };
  return from
    ? { and: [{ member: `${role}.day`, operator: "gte", values: [from] }] }
    : { and: [{ member: `${role}.day`, operator: "lte", values: [until] }] };
};

export const stateFilters = (state: ExploreState, catalog: CatalogView): Filter[] => {
  const date = stateDate(state, catalog);
  return [
    ...state.where.map((c) => conditionFilter(c, catalog)),
    ...state.segments.map((segment) => ({ segment })),
    ...state.filters,
    ...(state.period && date ? [periodFilter(state.period, date)] : []),
  ];
};

const totalsOf = (state: ExploreState): Query["totals"] => {
  if (!state.totals || state.by.length + (state.across ? 1 : 0) === 0) return undefined;
  if (!state.across) return true;
  const prefixes = Array.from({ length: state.by.length + 1 }, (_, i) => state.by.slice(0, i));
  return prefixes.flatMap((p) => (p.length === state.by.length ? [p] : [p, [...p, state.across!]]));
};

/** What the reader has chosen since comes before what the query had. */
const moreOf = ({ more, sort, compare, totals }: ExploreState, dimensions: readonly string[]): MoreOfQuery => {
  const [first] = more.order ?? [];
  const isOrdered = sort === null || (first?.member === sort.member && (first.direction ?? "asc") === sort.direction);
  // a dimension that was removed takes what was asked of it along
  const suits = (members: readonly string[]): boolean => members.every((member) => dimensions.includes(member));
  const top = more.top?.filter((each) => suits([each.dimension, ...(each.within ?? [])])) ?? [];
  const isTotalled = totals && Array.isArray(more.totals) && more.totals.every(suits);
  const dropped = new Set([
    "top",
    ...(isOrdered ? [] : ["order"]),
    ...(compare === null ? [] : ["compare"]),
    ...(isTotalled ? [] : ["totals"]),
  ]);
  const kept = Object.fromEntries(Object.entries(more).filter(([name]) => !dropped.has(name)));
  return top.length > 0 ? { ...kept, top } : kept;
};

/** Periods, stages, tiers and bands come in their own order; all else by the first measure. */
export const hasOrder = (member: string, catalog: CatalogView): boolean => {
  const attribute = membersIn(catalog).attributes.get(member);
  return attribute?.level !== undefined || attribute?.isOrdered === true;
};

/** The query of a state. @param limit rows at most, where the state says nothing */
export const stateQuery = (state: ExploreState, catalog: CatalogView, limit?: number): Query => {
  const date = stateDate(state, catalog);
  const filters = stateFilters(state, catalog);
  const dimensions = [...state.by, ...(state.across && !state.by.includes(state.across) ? [state.across] : [])];
  const totals = totalsOf(state);
  const first = dimensions[0];
  const measure = state.measures[0] ?? state.calculations[0]?.name;
  const sort =
    state.sort ??
    (first !== undefined && !hasOrder(first, catalog) && measure !== undefined
      ? { member: measure, direction: "desc" as const }
      : null);
  const most = state.limit ?? limit;
  return {
    measures: [...state.measures, ...state.calculations],
    ...(dimensions.length > 0 && { dimensions }),
    ...(filters.length > 0 && { filters }),
    ...(state.compare && date && { compare: { dimension: date, to: state.compare } }),
    ...(totals !== undefined && { totals }),
    ...(sort && { order: [sort] }),
    ...(most !== undefined && { limit: most }),
    ...moreOf(state, dimensions),
  };
};

const isTest = (operator: string): boolean => operator === "is_null" || operator === "not_null";

/** A condition that the address says in words; one without values, or with a null in a range, it cannot. */
const simple = (filter: Filter): Condition | null =>
  "member" in filter &&
  Object.keys(filter).every((name) => name === "member" || name === "operator" || name === "values") &&
  (isTest(filter.operator) || (filter.values ?? []).length > 0)
    ? {
        member: filter.member,
        operator: filter.operator,
        values: (filter.values ?? []).map((v) => (v === null ? null : String(v))),
      }
    : null;

/** A period on a whole date role. */
const periodOf = ({ member, operator, values }: Condition): string | null => {
  if (operator !== "in_range" || member.includes(".") || values.includes(null)) return null;
  return values.length === 2 ? values.join("..") : (values[0] ?? null);
};

/** Parts of a query that have no place of their own in the state. */
const restOf = (query: Query): MoreOfQuery => {
  const { compare, order, totals } = query;
  return {
    ...(query.top && query.top.length > 0 && { top: query.top }),
    ...(query.history !== undefined && { history: query.history }),
    ...(query.fillDates !== undefined && { fillDates: query.fillDates }),
    ...(query.timeZone !== undefined && { timeZone: query.timeZone }),
    ...(query.now !== undefined && { now: query.now }),
    ...(query.exact !== undefined && { exact: query.exact }),
    ...(compare && typeof compare.to !== "string" && { compare }),
    ...(order && order.length > 1 && { order }),
    ...(Array.isArray(totals) && { totals }),
  };
};

/** The explorer's state that asks the same as a query. */
export const stateOfQuery = (query: Query, more: Partial<ExploreState> = {}): ExploreState => {
  const across = query.pivot?.columns.length === 1 ? query.pivot.columns[0] : undefined;
  let state: ExploreState = {
    ...EMPTY_STATE,
    more: restOf(query),
    measures: query.measures.filter((m) => typeof m === "string"),
    calculations: query.measures.flatMap((m) => (typeof m === "string" ? [] : [{ name: m.name, formula: m.formula }])),
    by: (query.dimensions ?? []).filter((each) => each !== across),
    across: across ?? null,
    totals: query.totals !== false,
    ...(query.limit !== undefined && { limit: query.limit }),
    ...(query.order?.[0] && { sort: { member: query.order[0].member, direction: query.order[0].direction ?? "asc" } }),
    ...(query.compare &&
      typeof query.compare.to === "string" && { compare: query.compare.to, on: query.compare.dimension }),
  };
  const compared = state.compare === null ? null : state.on;
  const fits = (condition: Condition): boolean =>
    periodOf(condition) !== null && (compared === null || compared === condition.member);
  for (const filter of query.filters ?? []) {
    const condition = simple(filter);
    if ("segment" in filter) state = { ...state, segments: [...state.segments, filter.segment] };
    else if (condition && state.period === null && fits(condition))
      state = { ...state, on: condition.member, period: periodOf(condition) };
    else if (condition && !condition.member.includes(".") && condition.operator === "in_range")
      // a second date role, or one that is not the comparison's
      state = { ...state, filters: [...state.filters, filter] };
    else if (condition) state = { ...state, where: [...state.where, condition] };
    else state = { ...state, filters: [...state.filters, filter] };
  }
  return { ...state, ...more };
};
