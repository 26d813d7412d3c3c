/** The filter tree, as it stands in queries, segments, filtered measures and roles. */
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
export type Operator = (typeof OPERATORS)[number];

export type FilterValue = string | number | boolean | null;

export interface MemberFilter<M extends string = string> {
  readonly member: M;
  readonly operator: Operator;
  readonly values?: readonly FilterValue[];
  /** `fact` (default): a filter on a fact's own attribute restricts that fact alone; `entity`: the shared dimension's members. */
  readonly scope?: "fact" | "entity";
  /** with `scope: "entity"`: the shared dimension, where the facts share several */
  readonly entity?: string;
}

export type Filter<M extends string = string, S extends string = string> =
  | MemberFilter<M>
  | { readonly and: readonly Filter<M, S>[] }
  | { readonly or: readonly Filter<M, S>[] }
  | { readonly not: Filter<M, S> }
  | { readonly segment: S };
