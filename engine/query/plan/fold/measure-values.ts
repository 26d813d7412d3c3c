/** The values of an answer's measures, each with its comparison. */
import { binary, call, column, literal, type Expr } from "../../../sql/tree.ts";
import type { AttributeType } from "../../../model/dimension.ts";
import type { Layers } from "./layers.ts";
import type { LinkedPlan } from "./linked-plan.ts";

/** A column of the answer. */
export interface ValueColumn {
  readonly column: string;
  /** the measure's name; the parts of a comparison add `.previous`, `.change` or `.change_rate` */
  readonly name: string;
  readonly part: "value" | "previous" | "change" | "change_rate";
  /** the position of the measure in the query */
  readonly measure: number;
}

/** A column with its expression; `whole` is written in full, for filters, which are where the values are made. */
export interface MeasureValue extends ValueColumn {
  readonly expr: Expr;
  readonly whole: Expr;
}

/** The values of all measures, in the order of the columns. */
export function measureValues(query: LinkedPlan, layers: Layers): readonly MeasureValue[] {
  const values: MeasureValue[] = [];
  for (const [measure, m] of query.measures.entries()) {
    const add = (part: ValueColumn["part"], expr: Expr, whole = expr): Expr => {
      const name = part === "value" ? m.name : `${m.name}.${part}`;
      const own = `v${values.length}`;
      values.push({ column: own, name, part, measure, expr, whole });
      return column(null, own);
    };
    const own = layers.value(m.tree);
    const now = add("value", own);
    if (!m.previous) continue;
    const other = layers.value(m.previous);
    const before = add("previous", other);
    add("change", change(m.type, now, before), change(m.type, own, other));
    add("change_rate", rate(m.type, now, before), rate(m.type, own, other));
  }
  return values;
}

/** A truth value, a text or a date changes, but not by an amount. */
const hasAmount = (type: AttributeType): boolean => type === "number" || type === "integer";

const change = (type: AttributeType, now: Expr, before: Expr): Expr =>
  hasAmount(type) ? binary("-", now, before) : literal(null, "double");

const rate = (type: AttributeType, now: Expr, before: Expr): Expr =>
  hasAmount(type) ? call("divide", binary("-", now, before), call("abs", before)) : literal(null, "double");
