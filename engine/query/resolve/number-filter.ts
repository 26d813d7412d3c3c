/** Filters of numbers, with every digit kept. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { first } from "../../lookup.ts";
import type { FilterValue } from "../../model/filter.ts";
import { fitted, type Fitted } from "../language/exact-number.ts";
import { isMoment, momentText } from "../language/moment.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { Condition } from "./nodes.ts";

type Order = "gt" | "gte" | "lt" | "lte";

/** The attribute has this value, which is one of a result. */
export const memberIs = (ref: AttributeRef, value: FilterValue): Condition =>
  value === null ? { t: "attribute", ref, operator: "is_null", values: [] } : membersAre(ref, [value]);

/** The attribute has one of these values, which are those of a result. */
export function membersAre(ref: AttributeRef, values: readonly FilterValue[]): Condition {
  if ((ref.type === "integer" || ref.type === "number") && !ref.attribute.bins)
    return numberFilter(ref, "equals", values, ref.member);
  const asColumn = (value: FilterValue): FilterValue =>
    typeof value === "string" && ref.type === "timestamp" && isMoment(value) ? momentText(value) : value;
  return { t: "attribute", ref, operator: "equals", values: values.map(asColumn) };
}

/**
 * A filter of numbers. What the column cannot hold is decided here: nothing equals it, and an order by it is an order
 * by the nearest number that the column holds.
 */
export function numberFilter(
  ref: AttributeRef,
  operator: "equals" | "not_equals" | Order,
  values: readonly FilterValue[],
  place: string,
): Condition {
  if (operator !== "equals" && operator !== "not_equals") return ordered(ref, operator, first(values));
  const lossy =
    ref.type === "integer" &&
    values.find((v) => typeof v === "number" && Number.isInteger(v) && !Number.isSafeInteger(v));
  if (typeof lossy === "number")
    throw new TesseraError(
      "filter-invalid",
      phrase`${String(lossy)} is past 2^53, where numbers lose digits and may name another member`,
      { place, remedy: "give it as text, with every digit" },
    );
  return {
    t: "attribute",
    ref,
    operator,
    values: values.flatMap((value) => {
      const fit = fitTo(ref, value);
      if (fit === null) return [asNumber(value)];
      return fit.t === "held" && fit.whole ? [fit.value] : [];
    }),
  };
}

function ordered(ref: AttributeRef, operator: Order, value: FilterValue): Condition {
  const fit = fitTo(ref, value);
  if (fit === null) return { t: "attribute", ref, operator, values: [asNumber(value)] };
  const above = operator === "gt" || operator === "gte";
  if (fit.t === "held") {
    const rounded = above ? "gt" : "lte";
    return { t: "attribute", ref, values: [fit.value], operator: fit.whole ? operator : rounded };
  }
  // beyond the column's range: every number passes, or none
  return (fit.t === "above") === above
    ? { t: "attribute", ref, operator: "equals", values: [] }
    : { t: "attribute", ref, operator: "not_null", values: [] };
}

const asNumber = (value: FilterValue): FilterValue => (typeof value === "string" ? Number(value) : value);

function fitTo({ physical }: AttributeRef, value: FilterValue): Fitted | null {
  const exact =
    typeof value === "string" ||
    (typeof value === "number" && (!Number.isSafeInteger(value) || physical?.t === "decimal"));
  return exact ? fitted(value, physical) : null;
}
