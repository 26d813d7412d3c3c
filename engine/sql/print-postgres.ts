/**
 * The SQL tree in PostgreSQL's dialect. A model's own fragments are printed as they are, so they must be SQL that
 * PostgreSQL supports too.
 */
import type { Calendar } from "../model/time/calendar.ts";
import type { DateLevel } from "../model/dimension.ts";
import { aggregateIn, STANDARD, type Dialect } from "./dialect.ts";
import { print, type Printed } from "./printer.ts";
import type { SelectLike, SqlType } from "./tree.ts";

const TYPES: Readonly<Record<SqlType, string>> = {
  text: "text",
  integer: "bigint",
  double: "double precision",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  decimal: "numeric(38, 6)",
  whole: "numeric",
  exact: "numeric",
};
const double = (of: string): string => `${of}::double precision`;

/**
 * The exponent decides whether a double holds a power of e: beyond the largest it is null, below the smallest 0.
 */
const exponential = (exponent: string, value: string): string =>
  `case when ${exponent} > 709.782712893384 then null when ${exponent} < -745 then 0 else ${value} end`;

const postgres: Dialect = {
  ...STANDARD,
  name: "postgres",
  types: TYPES,
  // a parameter's type is else guessed from its surroundings, and `lower($1)` and unions guess differently
  parameter: (place, type) => `${place}::${TYPES[type]}`,
  // a union's types are settled part by part: two nulls before the first number would have become text; m0… are
  // measures
  nullOf: (column) => (/^m\d+$/.test(column) ? "null::numeric" : "null"),
  call(name, args) {
    const [a, b] = args as [string, string];
    switch (name) {
      case "divide":
        return `(${double(a)} / nullif(${double(b)}, 0))`;
      case "ln":
        return `(case when ${a} > 0 then ln(${double(a)}) end)`;
      case "sqrt":
        return `(case when ${a} >= 0 then sqrt(${double(a)}) end)`;
      case "exp":
        return `(select ${exponential("p.a", "exp(p.a)")} from (select ${double(a)} as a) as p)`;
      // PostgreSQL raises an error for undefined values, and for those that no double holds
      case "power":
        return `(select case when p.a = 0 and p.b < 0 then null when p.a < 0 and p.b <> floor(p.b) then null when p.a = 0 then power(p.a, p.b) else ${exponential("p.b * ln(nullif(abs(p.a), 0))", "power(p.a, p.b)")} end from (select ${double(a)} as a, ${double(b)} as b) as p)`;
      // PostgreSQL rounds doubles to even, and only to whole numbers
      case "round":
        return args.length === 1 ? `round(${a}::numeric)` : `round(${a}::numeric, ${b}::integer)`;
      case "contains":
        return `(strpos(lower(${a}), lower(${b})) > 0)`;
      case "starts_with":
        return `starts_with(lower(${a}), lower(${b}))`;
      case "ends_with":
        return `(right(lower(${a}), length(${b})) = lower(${b}))`;
      case "hash_register":
        return `(hashtextextended(${a}::text, 0) & 4095)`;
      case "hash_rank":
        return `(select case when h.bits = 0 then 53 else 52 - floor(ln(h.bits::numeric) / ln(2::numeric)) end from (select (hashtextextended(${a}::text, 0) >> 12) & 4503599627370495 as bits) as h)`;
      case "year_number":
        return `extract(year from ${a})::bigint`;
      case "quarter_number":
        return `(extract(year from ${a})::bigint * 4 + extract(quarter from ${a})::bigint - 1)`;
      case "month_number":
        return `(extract(year from ${a})::bigint * 12 + extract(month from ${a})::bigint - 1)`;
      case "month_start":
        return `make_date((${a} / 12)::integer, (${a} % 12 + 1)::integer, 1)`;
      default:
        return `${name}(${args.join(", ")})`;
    }
  },
  aggregate: (call) => aggregateIn("postgres", call),
  level,
};

function level(level: DateLevel, of: string, { weekStart, fiscalStart }: Calendar): string {
  // of a DATE, date_trunc would go through the session's time zone
  const start = (unit: string, at = `${of}::timestamp`): string => `date_trunc('${unit}', ${at})`;
  const back = `interval '${(fiscalStart - 1) % 12} months'`;
  const fiscal = (unit: string): string => `(${start(unit, `${of}::timestamp - ${back}`)} + ${back})::date`;
  const part = (name: string): string => `extract(${name} from ${of})::bigint`;
  switch (level) {
    case "week": {
      const forward = (8 - weekStart) % 7; // days from this week start to the next Monday
      return `(${start("week", `(${of}::date + ${forward})::timestamp`)}::date - ${forward})`;
    }
    case "fiscal_period":
      return `${start("month")}::date`;
    case "month":
    case "quarter":
    case "year":
      return `${start(level)}::date`;
    case "half":
      return `(${start("year")} + case when ${part("month")} < 7 then interval '0' else interval '6 months' end)::date`;
    case "fiscal_year":
      return fiscal("year");
    case "fiscal_quarter":
      return fiscal("quarter");
    case "day_of_week":
      return part("isodow");
    case "day_of_month":
      return part("day");
    case "month_of_year":
      return part("month");
    case "quarter_of_year":
      return part("quarter");
    case "week_of_year":
      return part("week");
    case "is_weekend":
      return `(${part("isodow")} > 5)`;
    case "hour":
    case "minute":
      return start(level);
    case "hour_of_day":
      return part("hour");
    default:
      throw new Error(`${level} is printed alike in every dialect`);
  }
}

/** Prints for PostgreSQL 14 and later. */
export const printPostgres = (select: SelectLike): Printed => print(select, postgres);
