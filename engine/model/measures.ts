/** Declares measures: how a number is aggregated from a fact's rows, or computed from other numbers. */
import type {
  Argument,
  MeasureOptions,
  Aggregate,
  AggregateMeasure,
  MeasureRef,
  NestedAggregate,
  NestedOptions,
  NestedMeasure,
  SemiAdditiveMeasure,
  ConversionMeasure,
  CalculatedMeasure,
  Span,
  ToDateLevel,
  TimeChange,
  TimeMeasure,
  ShareMeasure,
  RankMeasure,
} from "./measure.ts";

export const measure = (member: string): MeasureRef => Object.freeze({ measure: member });

export const aggregate = (
  aggregate: Aggregate,
  of: Argument | undefined,
  options: MeasureOptions,
  quantile?: number,
): AggregateMeasure =>
  Object.freeze({
    kind: "aggregate",
    aggregate,
    ...(of !== undefined && { of }),
    ...(quantile !== undefined && { quantile }),
    ...options,
  });
type Options = MeasureOptions | NestedOptions;
const isMeasureRef = (of: unknown): of is MeasureRef => typeof of === "object" && of !== null && "measure" in of;
const isExpression = (of: unknown): of is { readonly sql: string } =>
  typeof of === "object" && of !== null && "sql" in of;

/** An aggregate of a column, or of a measure that is taken `per` something first. */
const either = (
  name: NestedAggregate,
  of: Argument | MeasureRef | undefined,
  options: Options,
  quantile?: number,
): AggregateMeasure | NestedMeasure => {
  // a missing or wrong argument is reported by the model check, with all other problems
  if (!isMeasureRef(of)) return aggregate(name, of, options, quantile);
  const { per, ...rest } = options as NestedOptions;
  return Object.freeze({
    kind: "nested",
    aggregate: name,
    base: of.measure,
    per: typeof per === "string" ? [per] : (per ?? []),
    ...(quantile !== undefined && { quantile }),
    ...rest,
  });
};

/** What TypeScript keeps of the options: whether a measure may be asked for with a dimension that its fact lacks. */
type Kept<O> = O extends { readonly unrelated: "repeat" } ? { readonly unrelated: "repeat" } : unknown;

/** Sum of a numeric column. Decimals are summed exactly. Additive over every dimension. */
export function sum<const O extends MeasureOptions>(of: Argument, options?: O): AggregateMeasure & Kept<O>;
export function sum(of: MeasureRef, options: NestedOptions): NestedMeasure;
export function sum(of: Argument | MeasureRef, options: Options = {}): AggregateMeasure | NestedMeasure {
  return either("sum", of, options);
}
/**
 * Number of the fact's rows, or of the rows where `of` is not null; of a measure: of the members that have a value of
 * it.
 */
export function count<const O extends MeasureOptions>(of?: Argument, options?: O): AggregateMeasure & Kept<O>;
export function count<const O extends MeasureOptions>(options: O): AggregateMeasure & Kept<O>;
export function count(of: MeasureRef, options: NestedOptions): NestedMeasure;
export function count(
  of?: Argument | MeasureRef | MeasureOptions,
  options: Options = {},
): AggregateMeasure | NestedMeasure {
  if (of === undefined) return aggregate("count", undefined, options);
  const hasOptions = typeof of === "object" && of !== null && !isExpression(of) && !isMeasureRef(of);
  return hasOptions ? aggregate("count", undefined, of) : either("count", of, options);
}
/** Number of different values; a total is counted from the facts, never by adding. */
export const countDistinct = <const O extends MeasureOptions>(of: Argument, options?: O): AggregateMeasure & Kept<O> =>
  aggregate("count_distinct", of, options ?? {}) as AggregateMeasure & Kept<O>;
/** Number of different values by HyperLogLog, within some 2 %. */
export const approxCountDistinct = <const O extends MeasureOptions>(
  of: Argument,
  options?: O,
): AggregateMeasure & Kept<O> => aggregate("approx_count_distinct", of, options ?? {}) as AggregateMeasure & Kept<O>;
/** Mean of a column's values, or of a measure's: `avg(measure("revenue"), { per: "customer" })`. */
export function avg<const O extends MeasureOptions>(of: Argument, options?: O): AggregateMeasure & Kept<O>;
export function avg(of: MeasureRef, options: NestedOptions): NestedMeasure;
export function avg(of: Argument | MeasureRef, options: Options = {}): AggregateMeasure | NestedMeasure {
  return either("avg", of, options);
}
export function min<const O extends MeasureOptions>(of: Argument, options?: O): AggregateMeasure & Kept<O>;
export function min(of: MeasureRef, options: NestedOptions): NestedMeasure;
export function min(of: Argument | MeasureRef, options: Options = {}): AggregateMeasure | NestedMeasure {
  return either("min", of, options);
}
export function max<const O extends MeasureOptions>(of: Argument, options?: O): AggregateMeasure & Kept<O>;
export function max(of: MeasureRef, options: NestedOptions): NestedMeasure;
export function max(of: Argument | MeasureRef, options: Options = {}): AggregateMeasure | NestedMeasure {
  return either("max", of, options);
}
export function median<const O extends MeasureOptions>(of: Argument, options?: O): AggregateMeasure & Kept<O>;
export function median(of: MeasureRef, options: NestedOptions): NestedMeasure;
export function median(of: Argument | MeasureRef, options: Options = {}): AggregateMeasure | NestedMeasure {
  return either("median", of, options);
}
/** Continuous quantile (linear interpolation) at `q` in 0..1. */
export function quantile<const O extends MeasureOptions>(
  of: Argument,
  q: number,
  options?: O,
): AggregateMeasure & Kept<O>;
export function quantile(of: MeasureRef, q: number, options: NestedOptions): NestedMeasure;
export function quantile(
  of: Argument | MeasureRef,
  q: number,
  options: Options = {},
): AggregateMeasure | NestedMeasure {
  return either("quantile", of, options, q);
}
/** Sample standard deviation (n - 1). */
export function stddev<const O extends MeasureOptions>(of: Argument, options?: O): AggregateMeasure & Kept<O>;
export function stddev(of: MeasureRef, options: NestedOptions): NestedMeasure;
export function stddev(of: Argument | MeasureRef, options: Options = {}): AggregateMeasure | NestedMeasure {
  return either("stddev", of, options);
}

type SemiAdditiveOptions = MeasureOptions & { readonly over: string; readonly per?: readonly string[] };
const semiAdditive = (
  take: SemiAdditiveMeasure["take"],
  of: Argument,
  options: SemiAdditiveOptions,
): SemiAdditiveMeasure => Object.freeze({ kind: "semi_additive", take, of, ...options });
/** The sum on the first date in the cell (of each `per` key). */
export const firstValue = <const O extends SemiAdditiveOptions>(
  of: Argument,
  options: O,
): SemiAdditiveMeasure & Kept<O> => semiAdditive("first", of, options) as SemiAdditiveMeasure & Kept<O>;
/** The sum on the last date in the cell (of each `per` key): balances, stock, open cases. */
export const lastValue = <const O extends SemiAdditiveOptions>(
  of: Argument,
  options: O,
): SemiAdditiveMeasure & Kept<O> => semiAdditive("last", of, options) as SemiAdditiveMeasure & Kept<O>;
/** The sum over the cell divided by the days of its period (up to now). */
export const averageOverTime = <const O extends SemiAdditiveOptions>(
  of: Argument,
  options: O,
): SemiAdditiveMeasure & Kept<O> => semiAdditive("average", of, options) as SemiAdditiveMeasure & Kept<O>;

type ConversionOptions = MeasureOptions &
  Pick<ConversionMeasure, "from" | "to" | "over" | "within" | "complete" | "sameTime"> & {
    /** the share of the base events (default), or their number */ readonly give?: "share" | "count";
  };
/**
 * The base events that are followed by a converting one of the same member: each counts once, by the nearest later
 * event, up to and including the span's last day (or moment). The query's filters restrict the base events; an event of
 * an unknown member is none.
 */
export const conversion = ({ give = "share", ...options }: ConversionOptions): ConversionMeasure =>
  Object.freeze({ kind: "conversion", give, format: give === "share" ? "percent" : "integer", ...options });

/**
 * A formula over measures: `+ - * / ( )`, comparisons, `and or not`, `case`, and the functions of the formula grammar.
 */
export const calculated = (formula: string, options: MeasureOptions = {}): CalculatedMeasure =>
  Object.freeze({ kind: "calculated", formula, ...options });

type TimeOptions = MeasureOptions & { readonly over?: string };
export const time = (base: string, change: TimeChange, options: TimeOptions): TimeMeasure =>
  Object.freeze({ kind: "time", base, change, ...options });
/** Everything up to the cell's last day, also from before the query's range unless `within: "range"`. */
export const running = (
  base: string,
  { within, ...options }: TimeOptions & { readonly within?: "range" } = {},
): TimeMeasure => time(base, { type: "running", ...(within && { within }) }, options);
/** The last `span` of days or months up to the cell's last day, by the calendar and not by rows. */
export const rolling = (base: string, span: Span, options: TimeOptions = {}): TimeMeasure =>
  time(base, { type: "rolling", span }, options);
/** From the start of the period to the cell's last day. */
export const toDate = (base: string, level: ToDateLevel, options: TimeOptions = {}): TimeMeasure =>
  time(base, { type: "to_date", level }, options);
/** The same measure another period earlier (negative) or later. */
export const shift = (base: string, span: Span, options: TimeOptions = {}): TimeMeasure =>
  time(base, { type: "shift", span }, options);
/** The cell's part of the total, of its parent, or of the cell with fewer dimensions. */
export const share = (
  base: string,
  { of, ...options }: MeasureOptions & { readonly of: ShareMeasure["of"] },
): ShareMeasure => Object.freeze({ kind: "share", base, of, format: "percent", ...options });
/** 1 is the largest (or with `asc` the smallest); equal values share a rank. */
export const rank = (
  base: string,
  {
    direction = "desc",
    within,
    ...options
  }: MeasureOptions & { readonly direction?: "asc" | "desc"; readonly within?: readonly string[] } = {},
): RankMeasure => Object.freeze({ kind: "rank", base, direction, ...(within && { within }), ...options });
