/** The filter tree of queries, segments, filtered measures and roles. */

/** The operators of a filter. */
export const OPERATORS = [
  "equals",
  "not_equals",
  "in",
  "not_in",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "gt",
  "gte",
  "lt",
  "lte",
  "between",
  "is_null",
  "not_null",
  "in_range",
  "before",
  "after",
  "descends_from",
] as const;
/** One of the operators. */
export type Operator = (typeof OPERATORS)[number];

/** A value that a filter compares with. */
export type FilterValue = string | number | boolean | null;

/** A filter on one member. */
export interface MemberFilter<M extends string = string> {
  readonly member: M;
  readonly operator: Operator;
  readonly values?: readonly FilterValue[];
  /** on a fact's own attribute: `fact` (default) restricts that fact alone; `entity` restricts the shared members */
  readonly scope?: "fact" | "entity";
  /** with `scope: "entity"`: the shared dimension, where the facts share several */
  readonly entity?: string;
}

/** A filter, or a combination of filters. */
export type Filter<M extends string = string, S extends string = string> =
  | MemberFilter<M>
  | { readonly and: readonly Filter<M, S>[] }
  | { readonly or: readonly Filter<M, S>[] }
  | { readonly not: Filter<M, S> }
  | { readonly segment: S };
