/**
 * The small SQL tree that the planner makes: what star queries need and nothing more, in no particular dialect; a
 * printer (`print-duckdb.ts`) turns it into text and collects the parameters.
 */
import type { Aggregate } from "../model/aggregates.ts";
import type { DateLevel } from "../model/dimension.ts";
import type { Calendar, Day } from "../model/time/calendar.ts";
import type { Span } from "../model/measure.ts";
import type { FilterValue } from "../model/filter.ts";

/** `whole`: an integer of any size; `exact`: a number given as text, with all its digits */
export type SqlType =
  | "text"
  | "integer"
  | "double"
  | "boolean"
  | "date"
  | "timestamp"
  | "timestamptz"
  | "decimal"
  | "whole"
  | "exact";
export type ScalarFunction =
  | "coalesce"
  | "nullif"
  | "abs"
  | "round"
  | "least"
  | "greatest"
  | "ln"
  | "exp"
  | "sqrt"
  | "power"
  | "lower"
  | "contains"
  | "starts_with"
  | "ends_with"
  | "divide"
  /**
   * the HyperLogLog register of a value (0 to 4095), and its rank there: the position of the first one among the hash's
   * other bits
   */
  | "hash_register"
  | "hash_rank"
  /** years, quarters and months since the year 0, and the first day of such a month */
  | "year_number"
  | "quarter_number"
  | "month_number"
  | "month_start";
/** The aggregate functions. `texts`: the distinct texts, sorted and separated by commas. */
export type AggregateFunction = Aggregate | "texts";

export type Expr =
  | { readonly t: "column"; readonly of: string | null; readonly name: string }
  /** the model author's own text, only inside a scan of its own table */
  | { readonly t: "fragment"; readonly sql: string }
  | { readonly t: "literal"; readonly value: string | number | boolean | null; readonly type: SqlType }
  /** a null of the type that its union needs */
  | { readonly t: "null" }
  /** every column of the scan, or of one relation */
  | { readonly t: "star"; readonly of?: string }
  /** a number exactly as written in a formula */
  | { readonly t: "numeral"; readonly text: string }
  | { readonly t: "day"; readonly day: Day }
  | { readonly t: "parameter"; readonly value: FilterValue; readonly type: SqlType }
  | {
      readonly t: "binary";
      readonly op: "+" | "-" | "*" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "and" | "or";
      readonly left: Expr;
      readonly right: Expr;
    }
  | { readonly t: "not"; readonly of: Expr }
  | { readonly t: "negate"; readonly of: Expr }
  | { readonly t: "is_null"; readonly of: Expr; readonly negated: boolean }
  /** true where `of` is true, false where it is false or null */
  | { readonly t: "is_true"; readonly of: Expr; readonly negated: boolean }
  /** equal, and null equals null */
  | { readonly t: "same"; readonly left: Expr; readonly right: Expr }
  | { readonly t: "in"; readonly of: Expr; readonly values: readonly Expr[] }
  | { readonly t: "in_select"; readonly of: Expr; readonly select: Select }
  | {
      readonly t: "case";
      readonly whens: readonly { readonly when: Expr; readonly then: Expr }[];
      readonly otherwise: Expr | null;
    }
  | { readonly t: "cast"; readonly of: Expr; readonly type: SqlType }
  | { readonly t: "call"; readonly name: ScalarFunction; readonly args: readonly Expr[] }
  | {
      readonly t: "aggregate";
      readonly name: AggregateFunction;
      readonly of: Expr | null;
      readonly quantile?: number;
      readonly filter: Expr | null;
    }
  | { readonly t: "grouping"; readonly keys: readonly Expr[] }
  | {
      readonly t: "window";
      readonly name: "max" | "min" | "rank";
      readonly of: Expr | null;
      readonly filter: Expr | null;
      readonly partitionBy: readonly Expr[];
      readonly orderBy: readonly Order[];
    }
  /** a date level of a DATE, or of a local TIMESTAMP */
  | { readonly t: "level"; readonly level: DateLevel; readonly of: Expr; readonly calendar: Calendar }
  /** a date or moment, a span of the calendar later */
  | { readonly t: "later"; readonly of: Expr; readonly by: Span }
  /** the local TIMESTAMP of a moment in a zone */
  | { readonly t: "local"; readonly of: Expr; readonly zone: string };

export interface Order {
  readonly by: Expr;
  readonly direction: "asc" | "desc";
}

export type Relation =
  | { readonly t: "table"; readonly name: string; readonly as: string }
  | { readonly t: "fragment"; readonly sql: string; readonly as: string }
  | { readonly t: "select"; readonly select: SelectLike; readonly as: string }
  /** pairs of a member and each member above it, itself included: columns `k` and `a` */
  | {
      readonly t: "closure";
      readonly table: string;
      readonly key: string;
      readonly parent: string;
      readonly root: string | number | null;
      readonly current: string | null;
      readonly as: string;
    }
  | {
      readonly t: "values";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Expr[])[];
      readonly as: string;
    };

export interface Join {
  readonly kind: "inner" | "left" | "cross";
  readonly to: Relation;
  readonly on: Expr | null;
}

export interface Select {
  readonly t: "select";
  readonly with?: readonly { readonly name: string; readonly select: SelectLike; readonly materialized?: boolean }[];
  readonly distinct?: boolean;
  readonly columns: readonly { readonly expr: Expr; readonly as: string }[];
  readonly from?: Relation;
  readonly joins?: readonly Join[];
  readonly where?: Expr | null;
  /** `sets`: grouping sets, each a list of positions in `keys`; without it all keys */
  readonly groupBy?: { readonly keys: readonly Expr[]; readonly sets?: readonly (readonly number[])[] };
  readonly orderBy?: readonly Order[];
  readonly limit?: number;
  readonly offset?: number;
}

export type SelectLike = Select | { readonly t: "union_all"; readonly of: readonly SelectLike[] };

export const column = (of: string | null, name: string): Expr => ({ t: "column", of, name });
export const fragment = (sql: string): Expr => ({ t: "fragment", sql });
export const literal = (value: string | number | boolean | null, type: SqlType): Expr => ({
  t: "literal",
  value,
  type,
});
export const integer = (value: number): Expr => literal(value, "integer");
export const dayLiteral = (day: Day): Expr => ({ t: "day", day });
export const parameter = (value: FilterValue, type: SqlType): Expr => ({ t: "parameter", value, type });
export const binary = (op: Extract<Expr, { t: "binary" }>["op"], left: Expr, right: Expr): Expr => ({
  t: "binary",
  op,
  left,
  right,
});
export const equals = (left: Expr, right: Expr): Expr => binary("=", left, right);
export const call = (name: ScalarFunction, ...args: Expr[]): Expr => ({ t: "call", name, args });
export const cast = (of: Expr, type: SqlType): Expr => ({ t: "cast", of, type });
export const isNull = (of: Expr): Expr => ({ t: "is_null", of, negated: false });
export const notNull = (of: Expr): Expr => ({ t: "is_null", of, negated: true });
export const TRUE = literal(true, "boolean");
export const FALSE = literal(false, "boolean");

/** An untyped null. */
export const NULL: Expr = { t: "null" };

/** Whether a value is among those of a SELECT of one column; false for null, and true for null where negated. */
export const inSelect = (of: Expr, select: Select, negated = false): Expr => ({
  t: "is_true",
  of: { t: "in_select", of, select },
  negated,
});

/** All of `parts` hold; null for none. */
export function all(parts: readonly (Expr | null | undefined)[]): Expr | null {
  const given = parts.filter((p): p is Expr => p !== null && p !== undefined);
  return given.length === 0 ? null : given.reduce((left, right) => binary("and", left, right));
}
export function any(parts: readonly Expr[]): Expr {
  return parts.length === 0 ? FALSE : parts.reduce((left, right) => binary("or", left, right));
}
