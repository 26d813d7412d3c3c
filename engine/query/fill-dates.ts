/** `fillDates`: every period of the range for each combination of the other dimensions that has a row. */
import { TesseraError } from "../errors.ts";
import { isPeriod, parseDay } from "../model/calendar.ts";
import type { CubeNode } from "../model/catalog.ts";
import type { DateLevel } from "../model/dimension.ts";
import { all, call, column, dayLiteral, integer, literal, type Expr, type Relation, type Select } from "../sql/tree.ts";
import { groupingNumber } from "./grouping.ts";
import { isCount, type MeasureTree } from "./leaf.ts";
import type { AttributeRef } from "./member.ts";
import { rangeOfRole, type ResolvedQuery } from "./resolve.ts";
import { boundedRange, type SubplanContext } from "./subplan.ts";
import { timeCells } from "./windows.ts";

const k = (i: number): string => `k${i}`;

export function filledDates(rows: Select, query: ResolvedQuery, values: readonly { column: string; measure: number; part: string }[], context: SubplanContext, facts: readonly { readonly cube: CubeNode }[]): Select {
  const dateKey = query.keys.find((ref) => ref.t === "role" && ref.dimension.calendar && isPeriod(ref.attribute.name));
  if (!dateKey || dateKey.t !== "role") throw new TesseraError("query-invalid", "fillDates needs a date dimension among the dimensions", { place: "$.fillDates", remedy: "add for example date.month" });
  const calendar = dateKey.dimension.calendar!;
  const at = query.keys.flatMap((ref, i) => (ref.t === "role" && ref.role === dateKey.role ? [i] : []));
  const others = query.keys.flatMap((_, i) => (at.includes(i) ? [] : [i]));
  const levels = at.map((i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel);
  const range = rangeOfRole(query.rows, dateKey.role) ?? boundedRange(facts[0]!.cube, dateKey.role, query, context, calendar);
  if (range === null || !Number.isFinite(range.from) || !Number.isFinite(range.until)) return rows;
  const periods: Relation = { t: "values", as: "s", columns: at.map(k), rows: timeCells(calendar, levels, range).map((cell) => cell.values.map((v) => (typeof v === "string" && parseDay(v) !== null ? dayLiteral(parseDay(v)!) : literal(v, typeof v === "number" ? "integer" : typeof v === "boolean" ? "boolean" : "text")))) };
  const counts = new Set(values.filter((v) => v.part === "value" && query.measures[v.measure]!.tree.t === "leaf" && isCount((query.measures[v.measure]!.tree as Extract<MeasureTree, { t: "leaf" }>).leaf)).map((v) => v.column));
  const fills = new Map(values.filter((v) => v.part === "value").map((v) => [v.column, query.measures[v.measure]!.tree.fill]));
  const value = (name: string): Expr => {
    const own = column("p", name);
    const fill = fills.get(name);
    return counts.has(name) ? call("coalesce", own, integer(0)) : fill !== undefined ? call("coalesce", own, { t: "numeral", text: String(fill) }) : own;
  };
  const combinations: Relation = { t: "select", as: "c", select: { t: "select", distinct: true, columns: others.length > 0 ? others.map((i) => ({ expr: column("q", k(i)), as: k(i) })) : [{ expr: integer(1), as: "one" }], from: { t: "table", name: "page", as: "q" } } };
  const same = (relation: string, i: number): Expr => ({ t: "same", left: column(relation, k(i)), right: column("p", k(i)) });
  return {
    t: "select", with: [{ name: "page", select: rows }], from: combinations,
    joins: [{ kind: "cross", to: periods, on: null }, { kind: "left", to: { t: "table", name: "page", as: "p" }, on: all([...others.map((i) => same("c", i)), ...at.map((i) => same("s", i))]) }],
    columns: rows.columns.map(({ as }) => {
      const i = as.startsWith("k") ? Number(as.slice(1)) : -1;
      if (at.includes(i)) return { expr: column("s", as), as };
      if (others.includes(i)) return { expr: column("c", as), as };
      return as === "g" ? { expr: integer(groupingNumber(query.sets[0]!, query.keys.length)), as } : { expr: value(as), as };
    }),
  };
}
