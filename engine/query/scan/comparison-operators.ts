/** Comparisons as SQL. Each is true or false wherever it is asked, and negated forms keep nulls. */
import { first } from "../../lookup.ts";
import { binLabels } from "../binding/bins.ts";
import { midnightLiteral } from "./instants.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import {
  all,
  any,
  binary,
  call,
  cast,
  dayLiteral,
  equals,
  integer,
  isNull,
  literal,
  notNull,
  parameter,
  FALSE,
  TRUE,
  type Expr,
  type SqlType,
} from "../../sql/tree.ts";
import { hasTime } from "../../model/column-type.ts";
import type { FilterValue } from "../../model/filter.ts";
import type { Comparison, Condition } from "../resolve/nodes.ts";
import type { DayRange } from "../time/date-range.ts";
import type { AttributeRef } from "../binding/member.ts";
import { offsetOf } from "../language/moment.ts";

/** A condition as an expression. @param value gives the expression of an attribute */
export function conditionOver(c: Condition, value: (ref: AttributeRef) => Expr): Expr {
  switch (c.t) {
    case "and":
      return all(c.of.map((x) => conditionOver(x, value))) ?? TRUE;
    case "or":
      return any(c.of.map((x) => conditionOver(x, value)));
    case "not":
      return { t: "is_true", of: conditionOver(c.of, value), negated: true };
    case "attribute":
      return comparison(c, value(c.ref));
    case "days": {
      const of = value(c.ref);
      const inside = any(c.ranges.map((r) => onDays(c, of, r)));
      return c.negated ? { t: "is_true", of: inside, negated: true } : inside;
    }
    default:
      throw new Error(`a ${c.t} filter is not supported here`);
  }
}

/** Whether a date lies in a range. */
export const between = (of: Expr, range: DayRange): Expr =>
  all([
    Number.isFinite(range.from) ? binary(">=", of, dayLiteral(range.from)) : null,
    Number.isFinite(range.until) ? binary("<=", of, dayLiteral(range.until)) : null,
  ]) ?? notNull(of);

/**
 * Whether the day of an attribute lies in a range, as a comparison of the bare column. A moment has its day in the
 * condition's zone.
 */
export function onDays({ ref, zone }: Extract<Condition, { t: "days" }>, of: Expr, range: DayRange): Expr {
  const { physical } = ref;
  if (!hasTime(physical)) return between(cast(of, "date"), range);
  const midnight = (day: number): Expr =>
    physical?.t === "instant" ? midnightLiteral(day, zone ?? "UTC") : dayLiteral(day);
  return (
    all([
      Number.isFinite(range.from) ? binary(">=", of, midnight(range.from)) : null,
      Number.isFinite(range.until) ? binary("<", of, midnight(range.until + 1)) : null,
    ]) ?? notNull(of)
  );
}

/** The SQL type of a value of each attribute type. */
export const SQL_TYPE: Readonly<Record<AttributeRef["type"], SqlType>> = {
  string: "text",
  integer: "integer",
  number: "double",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
};

/** A value as the attribute's column is compared with it. A number with more digits than a double keeps stays text. */
function valueOf({ ref, zone }: Pick<Extract<Condition, { t: "attribute" }>, "ref" | "zone">, v: FilterValue): Expr {
  if (ref.t === "segment") return parameter(v, "boolean");
  if (ref.attribute.bins) return integer(binNamed(ref.attribute.bins, v, ref.member));
  if (typeof v === "string" && (ref.type === "integer" || ref.type === "number")) return parameter(v, "exact");
  if (ref.type !== "timestamp" || ref.physical?.t !== "instant" || typeof v !== "string")
    return parameter(v, SQL_TYPE[ref.type]);
  // without an offset it is a local time of the zone, which `local` makes a moment
  return offsetOf(v) === null
    ? { t: "local", of: parameter(v, "timestamp"), zone: zone ?? "UTC" }
    : parameter(v, "timestamptz");
}

/** Texts are compared as texts, whatever the column holds. */
function compared(ref: AttributeRef, of: Expr): Expr {
  const text = ref.type === "string" && !ref.attribute.bins;
  return text && ref.physical !== undefined && ref.physical.t !== "text" ? cast(of, "text") : of;
}

/** A filter of an attribute as SQL. */
export function comparison(c: Extract<Condition, { t: "attribute" }>, of: Expr): Expr {
  return compare(c.operator, c.values, of, compared(c.ref, of), (v) => valueOf(c, v));
}

/** A filter of a measure or calculation as SQL. */
export const measureComparison = (
  c: Extract<Condition, { t: "measure" | "calculation" | "compared" }>,
  of: Expr,
): Expr =>
  compare(c.operator, c.values, of, of, (v) =>
    parameter(
      v,
      typeof v === "string" && c.type === "number" ? "exact" : SQL_TYPE[c.type === "integer" ? "number" : c.type],
    ),
  );

/** @param bare is tested for null @param of is compared */
function compare(
  operator: Comparison,
  values: readonly FilterValue[],
  bare: Expr,
  of: Expr,
  value: (v: FilterValue) => Expr,
): Expr {
  const given = values.filter((v) => v !== null);
  const nulls = given.length < values.length;
  const textual = (name: "contains" | "starts_with" | "ends_with"): Expr =>
    any(given.map((v) => call(name, of, parameter(v, "text"))));
  const equal = (): Expr => {
    const [only, another] = given;
    if (only === undefined) return FALSE;
    return another === undefined ? equals(of, value(only)) : { t: "in", of, values: given.map(value) };
  };
  switch (operator) {
    case "equals":
      return nulls ? binary("or", equal(), isNull(bare)) : equal();
    case "not_equals": {
      const unequal: Expr = { t: "is_true", of: equal(), negated: true };
      return nulls ? binary("and", unequal, notNull(bare)) : unequal;
    }
    case "contains":
    case "starts_with":
    case "ends_with":
      return textual(operator);
    case "not_contains":
      return { t: "is_true", of: textual("contains"), negated: true };
    case "gt":
      return binary(">", of, value(first(values)));
    case "gte":
      return binary(">=", of, value(first(values)));
    case "lt":
      return binary("<", of, value(first(values)));
    case "lte":
      return binary("<=", of, value(first(values)));
    case "is_null":
      return isNull(bare);
    case "not_null":
      return notNull(bare);
    case "descends_from":
      throw new Error("descends_from is resolved to equals");
  }
}

function binNamed(bins: readonly number[], label: string | number | boolean | null, member: string): number {
  const at = binLabels(bins).indexOf(String(label));
  if (at < 0)
    throw new TesseraError("filter-invalid", phrase`${JSON.stringify(label)} is not a bin of ${member}`, {
      place: member,
      remedy: phrase`one of ${binLabels(bins).join(", ")}`,
    });
  return at;
}

/** The number of the bin that a value lies in; null for null. Without bins: the value itself. */
export const binned = (of: Expr, bins: readonly number[] | undefined): Expr =>
  bins === undefined
    ? of
    : {
        t: "case",
        whens: [
          { when: isNull(of), then: literal(null, "integer") },
          ...bins.map((bound, i) => ({
            when: binary("<", of, { t: "numeral", text: String(bound) }),
            then: integer(i),
          })),
        ],
        otherwise: integer(bins.length),
      };
