/**
 * A dialect that says everything in its own way: values are written into the text, windows have no FILTER, nothing is
 * recursive, OFFSET stands before LIMIT, spans and truth have other words, and every function an odd name.
 */
import { STANDARD, quote, text, type Dialect } from "../../../engine/sql/dialect.ts";
import { print } from "../../../engine/sql/printer.ts";
import type { SelectLike } from "../../../engine/sql/tree.ts";

/** What is written of one statement. */
export interface OddText {
  readonly sql: string;
  /** how many values were written into it */
  readonly written: number;
}

/** Prints a statement oddly. */
export function printOdd(select: SelectLike): OddText {
  let written = 0;
  const odd: Dialect = {
    ...STANDARD,
    name: "odd",
    types: {
      text: "odd_text",
      integer: "odd_integer",
      double: "odd_double",
      boolean: "odd_boolean",
      date: "odd_date",
      timestamp: "odd_local",
      timestamptz: "odd_instant",
      decimal: "odd_decimal",
      whole: "odd_whole",
      exact: "odd_exact",
    },
    parameter: () => {
      throw new Error("nothing is bound here");
    },
    written(value, type) {
      written++;
      if (value === null) return "null";
      return typeof value === "string" && type !== "exact" ? text(value) : String(value);
    },
    call: (name, args) => `odd_${name}(${args.join(", ")})`,
    aggregate({ name, of, quantile, filter }) {
      const place = quantile === undefined ? "" : `, ${quantile}`;
      return `odd_${name}(${of}${place}${filter === null ? "" : `, odd_where(${filter})`})`;
    },
    materialized: "",
    window({ name, of, filter, over }) {
      const kept = filter === null ? (of ?? "") : `case when ${filter} then ${of ?? "1"} end`;
      return `odd_${name}(${kept}) over (${over})`;
    },
    level: (level, of) => `odd_${level}(${of})`,
    day: (iso) => `odd_day(${text(iso)})`,
    later: (of, n, unit) => `odd_later(${of}, ${n}, ${text(unit)})`,
    local: (of, zone) => `odd_local_time(${of}, ${text(zone)})`,
    isTrue: (of, negated) => (negated ? `odd_false_or_null(${of})` : `odd_true(${of})`),
    same: (left, right) => `odd_same(${left}, ${right})`,
    closure: ({ table }) => `select k, a from ${quote(`${table}~above`)}`,
    page: (limit, offset) =>
      `${offset === undefined ? "" : ` offset ${offset} rows`}${limit === undefined ? "" : ` limit ${limit}`}`,
  };
  return { sql: print(select, odd).sql, written };
}
