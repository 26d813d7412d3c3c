/** One printer for every dialect: the tree in order, with what differs left to the dialect's hooks. */
import { toIso, type Day } from "../model/time/calendar.ts";
import type { Span } from "../model/measure.ts";
import { isFiscal } from "../model/time/fiscal-weeks.ts";
import { fiscalWeeksLevel } from "./fiscal-weeks.ts";
import type { FilterValue } from "../model/filter.ts";
import { quote, text, type Dialect, type SpanUnit } from "./dialect.ts";
import type { Expr, Join, Order, Relation, Select, SelectLike, SqlType } from "./tree.ts";

export { quote, text, type Dialect } from "./dialect.ts";

export interface Printed {
  readonly sql: string;
  readonly parameters: readonly { readonly value: FilterValue; readonly type: SqlType }[];
  /**
   * the same statement with a variable `p1, p2, …` for each parameter, where the dialect has variables; values stay out
   * of the text here too
   */
  readonly folded?: string;
}

/** Around the number of a parameter until its place is known. No statement can contain it. */
const MARK = "\0";
const MARKED = /\0(\d+)\0/g;

export function print(select: SelectLike, dialect: Dialect): Printed {
  const { sql, parameters } = printMarked(select, dialect);
  if (parameters.length === 0) return { sql, parameters };
  const { variable } = dialect;
  return {
    sql: sql.replaceAll(MARKED, (_, n: string) => `$${n}`),
    parameters,
    ...(variable && { folded: sql.replaceAll(MARKED, (_, n: string) => variable(`p${n}`)) }),
  };
}

function printMarked(select: SelectLike, dialect: Dialect): Printed {
  const { types } = dialect;
  const parameters: { value: FilterValue; type: SqlType }[] = [];

  const expr = (e: Expr): string => {
    switch (e.t) {
      case "column":
        return e.of === null ? quote(e.name) : `${quote(e.of)}.${quote(e.name)}`;
      case "fragment":
        return `(${e.sql})`;
      case "null":
        return "null";
      case "star":
        return e.of === undefined ? "*" : `${quote(e.of)}.*`;
      case "numeral":
        return e.text;
      case "day":
        return dialect.day(dayText(e.day));
      case "literal":
        if (e.value === null) return `cast(null as ${types[e.type]})`;
        if (typeof e.value === "string")
          return e.type === "text" ? text(e.value) : `cast(${text(e.value)} as ${types[e.type]})`;
        return String(e.value);
      case "parameter":
        if (dialect.written) return dialect.written(e.value, e.type);
        parameters.push({ value: e.value, type: e.type });
        return dialect.parameter(`${MARK}${parameters.length}${MARK}`, e.type, e.value);
      case "binary":
        return `(${expr(e.left)} ${e.op} ${expr(e.right)})`;
      case "not":
        return `(not ${expr(e.of)})`;
      case "negate":
        return `(- ${expr(e.of)})`;
      case "is_null":
        return `(${expr(e.of)} is ${e.negated ? "not " : ""}null)`;
      case "is_true":
        return dialect.isTrue(expr(e.of), e.negated);
      case "same":
        return dialect.same(expr(e.left), expr(e.right));
      case "in":
        return e.values.length === 0 ? "false" : `(${expr(e.of)} in (${e.values.map(expr).join(", ")}))`;
      case "in_select":
        return `(${expr(e.of)} in (${query(e.select)}))`;
      case "case":
        return `(case ${e.whens.map((w) => `when ${expr(w.when)} then ${expr(w.then)}`).join(" ")}${e.otherwise ? ` else ${expr(e.otherwise)}` : ""} end)`;
      case "cast":
        return `cast(${expr(e.of)} as ${types[e.type]})`;
      case "call":
        return dialect.call(e.name, e.args.map(expr));
      case "aggregate":
        return dialect.aggregate({
          name: e.name,
          of: e.of ? expr(e.of) : "*",
          quantile: e.quantile,
          filter: e.filter && expr(e.filter),
        });
      case "grouping":
        return `grouping(${e.keys.map(expr).join(", ")})`;
      case "window": {
        const over = [
          e.partitionBy.length > 0 ? `partition by ${e.partitionBy.map(expr).join(", ")}` : "",
          e.orderBy.length > 0 ? `order by ${e.orderBy.map(order).join(", ")}` : "",
        ]
          .filter(Boolean)
          .join(" ");
        return dialect.window({ name: e.name, of: e.of && expr(e.of), filter: e.filter && expr(e.filter), over });
      }
      case "level":
        return level(e);
      case "later":
        return `(${spansOf(e.by).reduce((of, [n, unit]) => dialect.later(of, n, unit), expr(e.of))})`;
      case "local":
        return dialect.local(expr(e.of), e.zone);
    }
  };

  const level = (e: Extract<Expr, { t: "level" }>): string => {
    const of = expr(e.of);
    const { holidays } = e.calendar;
    if (e.level === "is_holiday")
      return holidays.size === 0
        ? `(case when ${of} is not null then false end)`
        : `(cast(${of} as ${types.date}) in (${[...holidays.keys()].map((d) => dialect.day(toIso(d))).join(", ")}))`;
    if (e.level === "holiday")
      return holidays.size === 0
        ? `cast(null as ${types.text})`
        : `(case cast(${of} as ${types.date}) ${[...holidays].map(([d, name]) => `when ${dialect.day(toIso(d))} then ${text(name)}`).join(" ")} end)`;
    if (e.calendar.fiscalWeeks && isFiscal(e.level))
      return fiscalWeeksLevel(e.level, of, e.calendar, e.calendar.fiscalWeeks, dialect);
    return e.level === "day" ? `cast(${of} as ${types.date})` : dialect.level(e.level, of, e.calendar);
  };

  const order = (o: Order): string => `${expr(o.by)} ${o.direction} nulls last`;

  const relation = (r: Relation): string => {
    switch (r.t) {
      case "table":
        return r.name === r.as ? quote(r.name) : `${quote(r.name)} as ${quote(r.as)}`;
      case "fragment":
        return `(${r.sql}) as ${quote(r.as)}`;
      case "select":
        return `(${query(r.select)}) as ${quote(r.as)}`;
      case "closure":
        return `(${dialect.closure(r)}) as ${quote(r.as)}`;
      case "values":
        return `(values ${r.rows.map((row) => `(${row.map(expr).join(", ")})`).join(", ")}) as ${quote(r.as)}(${r.columns.map(quote).join(", ")})`;
    }
  };
  const join = (j: Join): string => ` ${j.kind} join ${relation(j.to)}${j.on ? ` on ${expr(j.on)}` : ""}`;

  const query = (q: SelectLike, inUnion = false): string => {
    if (q.t === "union_all") return q.of.map((part) => `(${query(part, true)})`).join(" union all ");
    // clauses are printed in the order of the text, so that parameters are numbered as they appear
    let out = "";
    if (q.with && q.with.length > 0)
      out += `with ${q.with.map((w) => `${quote(w.name)} as ${w.materialized ? dialect.materialized : ""}(${query(w.select)})`).join(", ")} `;
    out += `select ${q.distinct ? "distinct " : ""}${q.columns
      .map((c) => {
        const e = inUnion && dialect.nullOf && isNothing(c.expr, q) ? dialect.nullOf(c.as) : expr(c.expr);
        return e === quote(c.as) || c.expr.t === "star" ? e : `${e} as ${quote(c.as)}`;
      })
      .join(", ")}`;
    if (q.from) out += ` from ${relation(q.from)}${(q.joins ?? []).map(join).join("")}`;
    if (q.where) out += ` where ${expr(q.where)}`;
    if (q.groupBy) out += groupBy(q);
    if (q.orderBy && q.orderBy.length > 0) out += ` order by ${q.orderBy.map(order).join(", ")}`;
    out += dialect.page(q.limit, q.offset === 0 ? undefined : q.offset);
    return out;
  };

  const groupBy = (q: Select): string => {
    if (!q.groupBy) return "";
    const keys = q.groupBy.keys.map(expr);
    if (!q.groupBy.sets) return keys.length === 0 ? "" : ` group by ${keys.join(", ")}`;
    const sets = q.groupBy.sets.map((set) => `(${set.map((i) => keys[i]).join(", ")})`);
    return ` group by grouping sets (${sets.join(", ")})`;
  };

  const sql = query(select);
  return { sql, parameters };
}

/** A null without a type, of the part itself or of the select that the part reads. */
function isNothing(e: Expr, q: Select): boolean {
  if (e.t !== "column" || q.from?.t !== "select" || q.from.select.t !== "select" || e.of !== q.from.as)
    return e.t === "null";
  return q.from.select.columns.some((c) => c.as === e.name && c.expr.t === "null");
}

function dayText(day: Day): string {
  if (Number.isFinite(day)) return toIso(day);
  return day > 0 ? "infinity" : "-infinity";
}

/** The parts of a span; a quarter is three months. */
const spansOf = (span: Span): [number, SpanUnit][] =>
  Object.entries(span).flatMap(([unit, n]: [string, number | undefined]): [number, SpanUnit][] => {
    if (!n) return [];
    return [unit === "quarters" ? [3 * n, "months"] : [n, unit as SpanUnit]];
  });
