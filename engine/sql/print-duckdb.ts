/** Prints the SQL tree in DuckDB's dialect. Values become `$1, $2, …`; every name is quoted. */
import { toIso } from "../model/calendar.ts";
import type { FilterValue } from "../model/filter.ts";
import type { Expr, Join, Order, Relation, Select, SelectLike, SqlType } from "./tree.ts";

export interface Printed {
  readonly sql: string;
  readonly parameters: readonly { readonly value: FilterValue; readonly type: SqlType }[];
}

const TYPES: Readonly<Record<SqlType, string>> = {
  text: "varchar", integer: "bigint", double: "double", boolean: "boolean", date: "date", timestamp: "timestamp", timestamptz: "timestamptz", decimal: "decimal(38, 6)",
};

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

export function printDuckdb(select: SelectLike): Printed {
  const parameters: { value: FilterValue; type: SqlType }[] = [];

  const expr = (e: Expr): string => {
    switch (e.t) {
      case "column": return e.of === null ? quote(e.name) : `${quote(e.of)}.${quote(e.name)}`;
      case "fragment": return `(${e.sql})`;
      case "null": return "null";
      case "star": return e.of === undefined ? "*" : `${quote(e.of)}.*`;
      case "numeral": return e.text;
      case "day": return `date ${text(toIso(e.day))}`;
      case "literal":
        if (e.value === null) return `cast(null as ${TYPES[e.type]})`;
        if (typeof e.value === "string") return e.type === "text" ? text(e.value) : `cast(${text(e.value)} as ${TYPES[e.type]})`;
        return String(e.value);
      case "parameter": {
        parameters.push({ value: e.value, type: e.type });
        const place = `$${parameters.length}`;
        return e.type === "date" || e.type === "timestamp" || e.type === "timestamptz" ? `cast(${place} as ${TYPES[e.type]})` : place;
      }
      case "binary": return `(${expr(e.left)} ${e.op} ${expr(e.right)})`;
      case "not": return `(not ${expr(e.of)})`;
      case "negate": return `(- ${expr(e.of)})`;
      case "is_null": return `(${expr(e.of)} is ${e.negated ? "not " : ""}null)`;
      case "is_true": return `(${expr(e.of)} is ${e.negated ? "not " : ""}true)`;
      case "same": return `(${expr(e.left)} is not distinct from ${expr(e.right)})`;
      case "in": return e.values.length === 0 ? "false" : `(${expr(e.of)} in (${e.values.map(expr).join(", ")}))`;
      case "in_select": return `(${expr(e.of)} in (${query(e.select)}))`;
      case "case": return `(case ${e.whens.map((w) => `when ${expr(w.when)} then ${expr(w.then)}`).join(" ")}${e.otherwise ? ` else ${expr(e.otherwise)}` : ""} end)`;
      case "cast": return `cast(${expr(e.of)} as ${TYPES[e.type]})`;
      case "call": return scalar(e);
      case "aggregate": return aggregate(e) + (e.filter ? ` filter (where ${expr(e.filter)})` : "");
      case "grouping": return `grouping(${e.keys.map(expr).join(", ")})`;
      case "window": {
        const over = [e.partitionBy.length > 0 ? `partition by ${e.partitionBy.map(expr).join(", ")}` : "", e.orderBy.length > 0 ? `order by ${e.orderBy.map(order).join(", ")}` : ""].filter(Boolean).join(" ");
        return `${e.name}(${e.of ? expr(e.of) : ""})${e.filter ? ` filter (where ${expr(e.filter)})` : ""} over (${over})`;
      }
      case "level": return level(e);
      case "local": return `timezone(${text(e.zone)}, ${expr(e.of)})`;
      case "midnight": return `timezone(${text(e.zone)}, timestamp ${text(toIso(e.day))})`;
    }
  };

  const scalar = (e: Extract<Expr, { t: "call" }>): string => {
    const args = e.args.map(expr);
    if (e.name === "divide") return `(cast(${args[0]} as double) / nullif(cast(${args[1]} as double), 0))`;
    // outside their domain these are null, like a division by zero
    if (e.name === "ln") return `(case when ${args[0]} > 0 then ln(${args[0]}) end)`;
    if (e.name === "sqrt") return `(case when ${args[0]} >= 0 then sqrt(${args[0]}) end)`;
    if (e.name === "round" && args[1] !== undefined) return `round(${args[0]}, cast(${args[1]} as integer))`;
    if (e.name === "contains" || e.name === "starts_with" || e.name === "ends_with") return `${e.name}(lower(${args[0]}), lower(${args[1]}))`;
    return `${e.name}(${args.join(", ")})`;
  };

  const aggregate = (e: Extract<Expr, { t: "aggregate" }>): string => {
    const of = e.of ? expr(e.of) : "*";
    switch (e.name) {
      case "count_distinct": return `count(distinct ${of})`;
      case "quantile": return `quantile_cont(${of}, ${e.quantile!})`;
      case "stddev": return `stddev_samp(${of})`;
      default: return `${e.name}(${of})`;
    }
  };

  const level = (e: Extract<Expr, { t: "level" }>): string => {
    const of = expr(e.of);
    const { weekStart, fiscalStart, holidays } = e.calendar;
    const back = (fiscalStart - 1) % 12;
    const fiscal = (unit: string): string => (back === 0 ? `cast(date_trunc('${unit}', ${of}) as date)` : `cast(date_trunc('${unit}', ${of} - interval ${back} month) + interval ${back} month as date)`);
    switch (e.level) {
      case "day": return `cast(${of} as date)`;
      case "week": {
        if (weekStart === 1) return `cast(date_trunc('week', ${of}) as date)`;
        const forward = 8 - weekStart;                                     // days from this week start to the next Monday
        return `(cast(date_trunc('week', cast(${of} as date) + ${forward}) as date) - ${forward})`;
      }
      case "month": case "fiscal_period": return `cast(date_trunc('month', ${of}) as date)`;
      case "quarter": return `cast(date_trunc('quarter', ${of}) as date)`;
      case "half": return `make_date(year(${of}), case when month(${of}) < 7 then 1 else 7 end, 1)`;
      case "year": return `cast(date_trunc('year', ${of}) as date)`;
      case "fiscal_year": return fiscal("year");
      case "fiscal_quarter": return fiscal("quarter");
      case "day_of_week": return `isodow(${of})`;
      case "day_of_month": return `day(${of})`;
      case "month_of_year": return `month(${of})`;
      case "quarter_of_year": return `quarter(${of})`;
      case "week_of_year": return `weekofyear(${of})`;
      case "is_weekend": return `(isodow(${of}) > 5)`;
      case "is_holiday": return holidays.size === 0 ? "false" : `(cast(${of} as date) in (${[...holidays.keys()].map((d) => `date ${text(toIso(d))}`).join(", ")}))`;
      case "holiday": return holidays.size === 0 ? "cast(null as varchar)" : `(case cast(${of} as date) ${[...holidays].map(([d, name]) => `when date ${text(toIso(d))} then ${text(name)}`).join(" ")} end)`;
      case "hour": return `date_trunc('hour', ${of})`;
      case "minute": return `date_trunc('minute', ${of})`;
      case "hour_of_day": return `hour(${of})`;
    }
  };

  const order = (o: Order): string => `${expr(o.by)} ${o.direction} nulls last`;

  const relation = (r: Relation): string => {
    switch (r.t) {
      case "table": return r.name === r.as ? quote(r.name) : `${quote(r.name)} as ${quote(r.as)}`;
      case "fragment": return `(${r.sql}) as ${quote(r.as)}`;
      case "select": return `(${query(r.select)}) as ${quote(r.as)}`;
      case "closure": {
        const now = r.current === null ? "" : ` where ${quote(r.current)} is null`;
        const members = `(select ${quote(r.key)} as k, ${quote(r.parent)} as p from ${quote(r.table)}${now})`;
        const root = r.root === null ? "" : ` and m.p <> ${typeof r.root === "number" ? String(r.root) : text(r.root)}`;
        // UNION, not UNION ALL: a circle among the members ends by itself
        return `(with recursive up(k, a) as (select k, k from ${members} union select up.k, m.p from up join ${members} as m on m.k = up.a where m.p is not null${root}) select k, a from up) as ${quote(r.as)}`;
      }
      case "values": return `(values ${r.rows.map((row) => `(${row.map(expr).join(", ")})`).join(", ")}) as ${quote(r.as)}(${r.columns.map(quote).join(", ")})`;
    }
  };
  const join = (j: Join): string => ` ${j.kind} join ${relation(j.to)}${j.on ? ` on ${expr(j.on)}` : ""}`;

  const query = (q: SelectLike): string => {
    if (q.t === "union_all") return q.of.map((part) => `(${query(part)})`).join(" union all ");
    // clauses are printed in the order of the text, so that parameters are numbered as they appear
    let out = "";
    if (q.with && q.with.length > 0) out += `with ${q.with.map((w) => `${quote(w.name)} as ${w.materialized ? "materialized " : ""}(${query(w.select)})`).join(", ")} `;
    out += `select ${q.distinct ? "distinct " : ""}${q.columns.map((c) => { const e = expr(c.expr); return e === quote(c.as) || c.expr.t === "star" ? e : `${e} as ${quote(c.as)}`; }).join(", ")}`;
    if (q.from) out += ` from ${relation(q.from)}${(q.joins ?? []).map(join).join("")}`;
    if (q.where) out += ` where ${expr(q.where)}`;
    if (q.groupBy) out += groupBy(q);
    if (q.orderBy && q.orderBy.length > 0) out += ` order by ${q.orderBy.map(order).join(", ")}`;
    if (q.limit !== undefined) out += ` limit ${q.limit}`;
    if (q.offset !== undefined && q.offset > 0) out += ` offset ${q.offset}`;
    return out;
  };

  const groupBy = (q: Select): string => {
    const keys = q.groupBy!.keys.map(expr);
    if (!q.groupBy!.sets) return keys.length === 0 ? "" : ` group by ${keys.join(", ")}`;
    return ` group by grouping sets (${q.groupBy!.sets.map((set) => `(${set.map((i) => keys[i]).join(", ")})`).join(", ")})`;
  };

  const sql = query(select);
  return { sql, parameters };
}

