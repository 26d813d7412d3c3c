/**
 * The aggregate functions, one row each: what a function takes and gives, how its parts are put together, and its SQL.
 * Whatever depends on a function reads it here; to add one is to add a row, and a word for it in `measures.ts`.
 */

/** An aggregate function. */
export interface AggregateRow {
  /** in words, for errors */
  readonly named: string;
  /** what it can be taken of: numbers alone, numbers and truth values, or anything */
  readonly takes: "numbers" | "numbers_and_truth" | "anything";
  /** the type of its result: a number, or that of what it is taken of */
  readonly gives: "number" | "argument";
  /** the function that makes the whole of the parts; null: it does not add up */
  readonly merge: "sum" | "min" | "max" | null;
  /** nothing found is 0, not null */
  readonly counts?: true;
  /** its result depends on the last digits of doubles, which it is taken of */
  readonly inDoubles?: true;
  /** its result is an estimate */
  readonly estimates?: true;
  /** it can be taken of a measure */
  readonly nests: boolean;
  /** how the weight of a many-to-many link counts: times the value, as the row, or in a mean; null: not at all */
  readonly weighs: "value" | "row" | "mean" | null;
  /** `$of` is what it is taken of, `$q` the quantile; a dialect that says it in another way has its own */
  readonly sql: { readonly all: string } & Readonly<Record<string, string>>;
}

const rows = {
  sum: {
    named: "a sum",
    takes: "numbers_and_truth",
    gives: "number",
    merge: "sum",
    nests: true,
    weighs: "value",
    sql: { all: "sum($of)" },
  },
  count: {
    named: "a count",
    takes: "anything",
    gives: "number",
    merge: "sum",
    counts: true,
    nests: true,
    weighs: "row",
    sql: { all: "count($of)" },
  },
  count_distinct: {
    named: "a count of different values",
    takes: "anything",
    gives: "number",
    merge: null,
    counts: true,
    nests: false,
    weighs: null,
    sql: { all: "count(distinct $of)" },
  },
  // planned as registers, which merge (`engine/query/scan/registers.ts`)
  approx_count_distinct: {
    named: "an estimate of different values",
    takes: "anything",
    gives: "number",
    merge: null,
    counts: true,
    estimates: true,
    nests: false,
    weighs: null,
    sql: { all: "approx_count_distinct($of)", postgres: "count(distinct $of)" },
  },
  avg: {
    named: "an average",
    takes: "numbers",
    gives: "number",
    merge: null,
    nests: true,
    weighs: "mean",
    sql: { all: "avg($of)" },
  },
  min: {
    named: "a minimum",
    takes: "anything",
    gives: "argument",
    merge: "min",
    nests: true,
    weighs: null,
    sql: { all: "min($of)" },
  },
  max: {
    named: "a maximum",
    takes: "anything",
    gives: "argument",
    merge: "max",
    nests: true,
    weighs: null,
    sql: { all: "max($of)" },
  },
  median: {
    named: "a median",
    takes: "numbers_and_truth",
    gives: "number",
    merge: null,
    inDoubles: true,
    nests: true,
    weighs: null,
    sql: { all: "median($of)", postgres: "percentile_cont(0.5) within group (order by $of)" },
  },
  quantile: {
    named: "a quantile",
    takes: "numbers_and_truth",
    gives: "number",
    merge: null,
    inDoubles: true,
    nests: true,
    weighs: null,
    sql: { all: "quantile_cont($of, $q)", postgres: "percentile_cont($q) within group (order by $of)" },
  },
  stddev: {
    named: "a deviation",
    takes: "numbers_and_truth",
    gives: "number",
    merge: null,
    inDoubles: true,
    nests: true,
    weighs: null,
    sql: { all: "stddev_samp($of)" },
  },
} as const satisfies Record<string, AggregateRow>;

/** The name of an aggregate function. */
export type Aggregate = keyof typeof rows;
/** Those that can be taken of a measure. */
export type NestedAggregate = { [K in Aggregate]: (typeof rows)[K]["nests"] extends true ? K : never }[Aggregate];

/** Every aggregate function. */
export const AGGREGATES: Readonly<Record<Aggregate, AggregateRow>> = rows;

/** Whether an aggregate counts, so that nothing found is 0. */
export const countsNothingAsZero = (name: Aggregate): boolean => AGGREGATES[name].counts ?? false;

/** The SQL of an aggregate in a dialect. @param of what it is taken of, or `*` */
export function aggregateSql(name: Aggregate, dialect: string, of: string, quantile: number | undefined): string {
  const { sql } = AGGREGATES[name];
  const template = sql[dialect] ?? sql.all;
  if (template.includes("$q") && quantile === undefined) throw new Error(`${name} needs a quantile`);
  return template.replaceAll(/\$(?:of|q)/g, (word) => (word === "$of" ? of : String(quantile)));
}
