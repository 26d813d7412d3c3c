/** What differs between databases: hooks of one printer. Where a dialect says nothing, the SQL standard holds. */
import { aggregateSql } from "../model/aggregates.ts";
import type { DateLevel } from "../model/dimension.ts";
import type { FilterValue } from "../model/filter.ts";
import type { Calendar } from "../model/time/calendar.ts";
import type { AggregateFunction, Expr, Relation, ScalarFunction, SqlType } from "./tree.ts";

/** A name in quotes, whatever it is made of. */
export const quote = (name: string): string => (name.includes('"') ? `"${name.replaceAll('"', '""')}"` : `"${name}"`);
/** A text in quotes. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** An aggregate, in SQL. */
export interface AggregateCall {
  readonly name: AggregateFunction;
  /** `*` for rows */
  readonly of: string;
  readonly quantile: number | undefined;
  /** which rows count; null: all */
  readonly filter: string | null;
}

/** A call over a window, in SQL. */
export interface WindowCall {
  readonly name: Extract<Expr, { t: "window" }>["name"];
  /** null: of no argument */
  readonly of: string | null;
  /** which rows count; null: all */
  readonly filter: string | null;
  readonly over: string;
}

/** The unit of a span in days, hours, months or years; quarters are months. */
export type SpanUnit = "hours" | "days" | "weeks" | "months" | "years";

/** A dialect of SQL. Arguments are SQL of the same dialect. */
export interface Dialect {
  /** under which aggregates know what is its own (`engine/model/aggregates.ts`) */
  readonly name: string;
  readonly types: Readonly<Record<SqlType, string>>;
  /** a value that is bound at a place, with the cast that it needs */
  parameter(place: string, type: SqlType, value: FilterValue): string;
  /** a value as text, where the dialect binds none */
  readonly written?: (value: FilterValue, type: SqlType) => string;
  /** a parameter that was set before as the variable `pN` */
  readonly variable?: (name: string) => string;
  call(name: ScalarFunction, args: readonly string[]): string;
  aggregate(call: AggregateCall): string;
  window(call: WindowCall): string;
  level(level: DateLevel, of: string, calendar: Calendar): string;
  /** a day, by its ISO date, `infinity` or `-infinity` */
  day(iso: string): string;
  /** a date or moment, a span later */
  later(of: string, n: number, unit: SpanUnit): string;
  /** the local time of a moment in a zone */
  local(of: string, zone: string): string;
  /** true where `of` is true, else false; negated the other way round */
  isTrue(of: string, negated: boolean): string;
  /** equal, where null equals null */
  same(left: string, right: string): string;
  /** the pairs of a member and each member above it, as a SELECT of `k` and `a` */
  closure(of: Extract<Relation, { t: "closure" }>): string;
  /** which of the ordered rows are kept; undefined: all, or from the first */
  page(limit: number | undefined, offset: number | undefined): string;
  /** what says that a CTE is computed once */
  readonly materialized: string;
  /** a null in a part of a union, where the dialect does not derive its type from all other parts */
  nullOf?(column: string): string;
}

const filterClause = (filter: string | null): string => (filter === null ? "" : ` filter (where ${filter})`);

/** An aggregate under the name that a dialect has for it. */
export const aggregateIn = (dialect: string, { name, of, quantile, filter }: AggregateCall): string =>
  (name === "texts" ? `string_agg(distinct ${of}, ', ' order by ${of})` : aggregateSql(name, dialect, of, quantile)) +
  filterClause(filter);

/** What holds where a dialect says nothing else. */
export const STANDARD = {
  aggregate: (call) => aggregateIn("standard", call),
  window: ({ name, of, filter, over }) => `${name}(${of ?? ""})${filterClause(filter)} over (${over})`,
  day: (iso) => `date ${text(iso)}`,
  later: (of, n, unit) => `${of} + interval '${n} ${unit}'`,
  local: (of, zone) => `timezone(${text(zone)}, ${of})`,
  isTrue: (of, negated) => `(${of} is ${negated ? "not " : ""}true)`,
  same: (left, right) => `(${left} is not distinct from ${right})`,
  closure(of) {
    const now = of.current === null ? "" : ` where ${quote(of.current)} is null`;
    const members = `(select ${quote(of.key)} as k, ${quote(of.parent)} as p from ${quote(of.table)}${now}) as m`;
    const root = of.root === null ? "" : ` and m.p <> ${typeof of.root === "number" ? String(of.root) : text(of.root)}`;
    // UNION, not UNION ALL: it ends by itself in a circle of members
    return `with recursive up(k, a) as (select k, k from ${members} union select up.k, m.p from up join ${members} on m.k = up.a where m.p is not null${root}) select k, a from up`;
  },
  page: (limit, offset) =>
    `${limit === undefined ? "" : ` limit ${limit}`}${offset === undefined ? "" : ` offset ${offset}`}`,
  materialized: "materialized ",
} satisfies Partial<Dialect>;
