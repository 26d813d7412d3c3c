import type { Aggregate, NestedAggregate } from "./aggregates.ts";
import type { Filter } from "./filter.ts";

/** How a value is shown; it never changes how it is computed. */
export type Format =
  | "number"
  | "integer"
  | "decimal"
  | "percent"
  | "currency"
  | "days"
  | "hours"
  | "minutes"
  | "seconds";

/** A column name, or an expression over the fact table's own columns. */
export type Argument = string | { readonly sql: string };

export interface MeasureOptions {
  readonly title?: string;
  readonly description?: string;
  readonly format?: Format;
  /** up: more is better (default). down: less is better, so a rise is shown as bad. */
  readonly better?: "up" | "down";
  /** counts only the fact's rows that pass; names members of the fact or of its dimensions */
  readonly where?: readonly Filter[];
  /**
   * days after which no more is expected to be added, for a number that still grows when its period is over: returns
   * of a purchase, answers to a mailing. Pages mark younger periods as unfinished. Formulas take it over.
   */
  readonly ripens?: { readonly days: number };
  /** the value of a cell that has no rows (default null; counts are 0 in any row that the result has) */
  readonly fill?: number;
  /**
   * `repeat`: where the fact lacks a dimension of the query, its number is repeated for each member; default: refused
   */
  readonly unrelated?: "repeat";
}

export type { Aggregate, NestedAggregate } from "./aggregates.ts";

export interface AggregateMeasure extends MeasureOptions {
  readonly kind: "aggregate";
  readonly aggregate: Aggregate;
  readonly of?: Argument;
  readonly quantile?: number;
}

/** A measure in place of a column: `avg(measure("revenue"), { per: "customer" })`. */
export interface MeasureRef {
  readonly measure: string;
}
export interface NestedOptions extends MeasureOptions {
  /** the grain that the measure is taken at first: roles (their members), `role.attribute` or `cube.attribute` */
  readonly per: string | readonly string[];
}

/** A measure taken at a finer grain than the query's, and aggregated from there. */
export interface NestedMeasure extends MeasureOptions {
  readonly kind: "nested";
  readonly aggregate: NestedAggregate;
  readonly base: string;
  readonly per: readonly string[];
  readonly quantile?: number;
}

export interface SemiAdditiveMeasure extends MeasureOptions {
  readonly kind: "semi_additive";
  readonly take: "first" | "last" | "average";
  readonly of: Argument;
  /** the date role over which the number does not add up */
  readonly over: string;
  /** keys whose own first or last date counts; without it one date for the whole cell */
  readonly per?: readonly string[];
}

/** Rows of a fact as events: a measure's rows, or a cube's (its own where none is named) that pass. */
export type Events =
  | string
  | {
      readonly cube?: string;
      readonly where?: readonly Filter[];
      /** the date role that dates the events; default: `date`, else the cube's first */
      readonly date?: string;
    };

/** Base events that are followed by another event of the same member within a span. */
export interface ConversionMeasure extends MeasureOptions {
  readonly kind: "conversion";
  readonly from: Events;
  readonly to: Events;
  /** the role, of both cubes, whose member must be the same */
  readonly over: string;
  readonly within: Span;
  readonly give: "share" | "count";
  /** leaves out base events whose span is not over by `now` */
  readonly complete?: boolean;
  /**
   * whether an event at the very same time follows; by default it does where the cubes differ, and not within one cube
   */
  readonly sameTime?: boolean;
}

export interface CalculatedMeasure extends MeasureOptions {
  readonly kind: "calculated";
  readonly formula: string;
}

export interface Span {
  readonly hours?: number;
  readonly days?: number;
  readonly weeks?: number;
  readonly months?: number;
  readonly quarters?: number;
  readonly years?: number;
}
export type ToDateLevel =
  | "week"
  | "month"
  | "quarter"
  | "half"
  | "year"
  | "fiscal_year"
  | "fiscal_quarter"
  | "fiscal_period";

/** What a time measure does to the window of dates of a cell. */
export type TimeChange =
  | { readonly type: "running"; readonly within?: "range" }
  | { readonly type: "rolling"; readonly span: Span }
  | { readonly type: "to_date"; readonly level: ToDateLevel }
  | { readonly type: "shift"; readonly span: Span };

export interface TimeMeasure extends MeasureOptions {
  readonly kind: "time";
  readonly base: string;
  readonly change: TimeChange;
  /** the date role to move along; by default `date`, else the cube's first date role */
  readonly over?: string;
}

export interface ShareMeasure extends MeasureOptions {
  readonly kind: "share";
  readonly base: string;
  /** `total`; `parent`: without the innermost dimension of the query; or the dimensions that stay in the denominator */
  readonly of: "total" | "parent" | readonly string[];
}

export interface RankMeasure extends MeasureOptions {
  readonly kind: "rank";
  readonly base: string;
  readonly direction: "asc" | "desc";
  /** rank again within each combination of these dimensions */
  readonly within?: readonly string[];
}

export type Measure =
  | AggregateMeasure
  | NestedMeasure
  | SemiAdditiveMeasure
  | ConversionMeasure
  | CalculatedMeasure
  | TimeMeasure
  | ShareMeasure
  | RankMeasure;
