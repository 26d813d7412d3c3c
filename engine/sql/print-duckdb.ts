/** The SQL tree in DuckDB's dialect. */
import type { Calendar } from "../model/time/calendar.ts";
import type { DateLevel } from "../model/dimension.ts";
import { STANDARD, type Dialect } from "./dialect.ts";
import { print, type Printed } from "./printer.ts";
import type { SelectLike } from "./tree.ts";

export { quote, type Printed } from "./printer.ts";

/** The value, or null for infinity and "not a number". */
const finite = (of: string): string => `(case when isfinite(${of}) then ${of} end)`;

const duckdb: Dialect = {
  ...STANDARD,
  name: "duckdb",
  types: {
    text: "varchar",
    integer: "bigint",
    double: "double",
    boolean: "boolean",
    date: "date",
    timestamp: "timestamp",
    timestamptz: "timestamptz",
    decimal: "decimal(38, 6)",
    whole: "hugeint",
    exact: "decimal(38, 0)",
  },
  parameter(place, type, value) {
    if (type === "exact") return `cast(${place} as ${exactType(String(value))})`;
    return type === "date" || type === "timestamp" || type === "timestamptz" ? `cast(${place} as ${type})` : place;
  },
  variable: (name) => `getvariable('${name}')`,
  call(name, args) {
    switch (name) {
      case "divide":
        return `(cast(${args[0]} as double) / nullif(cast(${args[1]} as double), 0))`;
      // outside their domain these are null, like a division by zero
      case "ln":
        return `(case when ${args[0]} > 0 then ln(${args[0]}) end)`;
      case "sqrt":
        return `(case when ${args[0]} >= 0 then sqrt(${args[0]}) end)`;
      case "exp":
      case "power":
        return finite(`${name}(${args.join(", ")})`);
      case "round":
        return args[1] === undefined ? `round(${args[0]})` : `round(${args[0]}, cast(${args[1]} as integer))`;
      case "contains":
      case "starts_with":
      case "ends_with":
        return `${name}(lower(${args[0]}), lower(${args[1]}))`;
      case "hash_register":
        return `cast(hash(${args[0]}) & 4095 as usmallint)`;
      case "hash_rank":
        return `cast(case when hash(${args[0]}) < 4096 then 53 else 52 - floor(log2(cast(hash(${args[0]}) >> 12 as double))) end as utinyint)`;
      case "year_number":
        return `year(${args[0]})`;
      case "quarter_number":
        return `(year(${args[0]}) * 4 + quarter(${args[0]}) - 1)`;
      case "month_number":
        return `(year(${args[0]}) * 12 + month(${args[0]}) - 1)`;
      case "month_start":
        return `make_date(${args[0]} // 12, ${args[0]} % 12 + 1, 1)`;
      default:
        return `${name}(${args.join(", ")})`;
    }
  },
  level,
};

/** The narrowest type that holds every digit: 38 of a decimal, 39 of an integer. */
function exactType(value: string): string {
  const scale = value.includes(".") ? value.length - value.indexOf(".") - 1 : 0;
  if (scale > 0) return `decimal(38, ${scale})`;
  return BigInt(value) >= 2n ** 127n ? "uhugeint" : "hugeint";
}

function level(level: DateLevel, of: string, { weekStart, fiscalStart }: Calendar): string {
  const back = (fiscalStart - 1) % 12;
  const fiscal = (unit: string): string =>
    back === 0
      ? `cast(date_trunc('${unit}', ${of}) as date)`
      : `cast(date_trunc('${unit}', ${of} - interval ${back} month) + interval ${back} month as date)`;
  switch (level) {
    case "week": {
      if (weekStart === 1) return `cast(date_trunc('week', ${of}) as date)`;
      const forward = 8 - weekStart; // days from this week start to the next Monday
      return `(cast(date_trunc('week', cast(${of} as date) + ${forward}) as date) - ${forward})`;
    }
    case "month":
    case "fiscal_period":
      return `cast(date_trunc('month', ${of}) as date)`;
    case "quarter":
      return `cast(date_trunc('quarter', ${of}) as date)`;
    case "half":
      return `make_date(year(${of}), case when month(${of}) < 7 then 1 else 7 end, 1)`;
    case "year":
      return `cast(date_trunc('year', ${of}) as date)`;
    case "fiscal_year":
      return fiscal("year");
    case "fiscal_quarter":
      return fiscal("quarter");
    case "day_of_week":
      return `isodow(${of})`;
    case "day_of_month":
      return `day(${of})`;
    case "month_of_year":
      return `month(${of})`;
    case "quarter_of_year":
      return `quarter(${of})`;
    case "week_of_year":
      return `weekofyear(${of})`;
    case "is_weekend":
      return `(isodow(${of}) > 5)`;
    case "hour":
    case "minute":
      return `date_trunc('${level}', ${of})`;
    case "hour_of_day":
      return `hour(${of})`;
    default:
      throw new Error(`${level} is printed alike in every dialect`);
  }
}

export const printDuckdb = (select: SelectLike): Printed => print(select, duckdb);
