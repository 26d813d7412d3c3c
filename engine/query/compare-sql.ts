/** Comparisons as SQL: every one is true or false wherever it can be asked, and negated forms keep nulls. */
import { TesseraError } from "../errors.ts";
import { all, any, binary, call, cast, dayLiteral, equals, integer, isNull, literal, notNull, parameter, FALSE, TRUE, type Expr, type SqlType } from "../sql/tree.ts";
import type { Condition } from "./condition.ts";
import type { DayRange } from "./date-range.ts";
import type { AttributeRef } from "./member.ts";

/** A condition over values that `value` gives. */
export function conditionOver(c: Condition, value: (ref: AttributeRef) => Expr): Expr {
  switch (c.t) {
    case "and": return all(c.of.map((x) => conditionOver(x, value))) ?? TRUE;
    case "or": return any(c.of.map((x) => conditionOver(x, value)));
    case "not": return { t: "is_true", of: conditionOver(c.of, value), negated: true };
    case "attribute": return comparison(c, value(c.ref));
    case "days": { const inside = any(c.ranges.map((r) => between(cast(value(c.ref), "date"), r))); return c.negated ? { t: "is_true", of: inside, negated: true } : inside; }
    default: throw new Error(`a ${c.t} filter cannot be taken here`);
  }
}

export const between = (of: Expr, range: DayRange): Expr =>
  all([Number.isFinite(range.from) ? binary(">=", of, dayLiteral(range.from)) : null, Number.isFinite(range.until) ? binary("<=", of, dayLiteral(range.until)) : null]) ?? notNull(of);

export const SQL_TYPE: Readonly<Record<AttributeRef["type"], SqlType>> = { string: "text", integer: "integer", number: "double", boolean: "boolean", date: "date", timestamp: "timestamp" };

export function comparison(c: Extract<Condition, { t: "attribute" }>, of: Expr): Expr {
  const bins = c.ref.t === "segment" ? undefined : c.ref.attribute.bins;
  const type = bins ? "integer" : SQL_TYPE[c.ref.type];
  // a whole number is compared with a broken one as such, and equals none
  const broken = (v: string | number | boolean | null): boolean => type === "integer" && !bins && typeof v === "number" && !Number.isInteger(v);
  const value = (v: string | number | boolean | null): Expr => (bins ? integer(binNamed(bins, v, c.ref.member)) : parameter(v, broken(v) ? "double" : type));
  const some = c.values.filter((v) => v !== null);
  const nulls = some.length < c.values.length;
  const given = c.operator === "equals" || c.operator === "not_equals" ? some.filter((v) => !broken(v)) : some;
  const textual = (name: "contains" | "starts_with" | "ends_with"): Expr => any(given.map((v) => call(name, of, parameter(v, "text"))));
  const equal = (): Expr => (given.length === 0 ? FALSE : given.length === 1 ? equals(of, value(given[0]!)) : { t: "in", of, values: given.map(value) });
  switch (c.operator) {
    case "equals": return nulls ? binary("or", equal(), isNull(of)) : equal();
    case "not_equals": { const unequal: Expr = { t: "is_true", of: equal(), negated: true }; return nulls ? binary("and", unequal, notNull(of)) : unequal; }
    case "contains": case "starts_with": case "ends_with": return textual(c.operator);
    case "not_contains": return { t: "is_true", of: textual("contains"), negated: true };
    case "gt": return binary(">", of, value(c.values[0]!));
    case "gte": return binary(">=", of, value(c.values[0]!));
    case "lt": return binary("<", of, value(c.values[0]!));
    case "lte": return binary("<=", of, value(c.values[0]!));
    case "is_null": return isNull(of);
    case "not_null": return notNull(of);
    case "descends_from": throw new Error("descends_from is resolved before");
  }
}

/** Names of bins, lowest first: `< 1`, `1 – 2`, `2 – 3`, `≥ 3`. A bin includes its lower bound. */
export const binLabels = (bins: readonly number[]): string[] => [`< ${bins[0]}`, ...bins.slice(1).map((upper, i) => `${bins[i]} – ${upper}`), `≥ ${bins[bins.length - 1]}`];

function binNamed(bins: readonly number[], label: string | number | boolean | null, member: string): number {
  const at = binLabels(bins).indexOf(String(label));
  if (at < 0) throw new TesseraError("filter-invalid", `${JSON.stringify(label)} is no bin of ${member}`, { place: member, remedy: `one of ${binLabels(bins).join(", ")}` });
  return at;
}

export const binned = (of: Expr, bins: readonly number[] | undefined): Expr =>
  bins === undefined ? of : { t: "case", whens: [{ when: isNull(of), then: literal(null, "integer") }, ...bins.map((bound, i) => ({ when: binary("<", of, { t: "numeral", text: String(bound) }), then: integer(i) }))], otherwise: integer(bins.length) };

