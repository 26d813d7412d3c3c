/** Conditions on finished rows: measure filters, and the members that `top` keeps. */
import { at } from "../../../lookup.ts";
import type { Value } from "../../../model/query.ts";
import { all, any, column, literal, type Expr, TRUE } from "../../../sql/tree.ts";
import { conditionOver, measureComparison } from "../../scan/comparison-operators.ts";
import { memberIs } from "../../resolve/number-filter.ts";
import type { Condition } from "../../resolve/nodes.ts";
import type { LinkedPlan } from "./linked-plan.ts";

/** Whether a row's member is one of those kept; null is a member too. */
export function kept(top: LinkedPlan["keep"][number], query: Pick<LinkedPlan, "keys">): Expr {
  const has = (value: Value, position: number): Expr =>
    conditionOver(memberIs(at(query.keys, position), value), () => column(null, `k${position}`));
  return any(top.members.map((member) => all(member.map((value, n) => has(value, at(top.keys, n)))) ?? TRUE));
}

/** A measure filter as SQL. @param value gives the expression of a measure or calculation */

export function havingExpr(condition: Condition, value: (name: string) => Expr): Expr {
  switch (condition.t) {
    case "and":
      return all(condition.of.map((c) => havingExpr(c, value))) ?? literal(true, "boolean");
    case "or":
      return any(condition.of.map((c) => havingExpr(c, value)));
    case "not":
      return { t: "is_true", of: havingExpr(condition.of, value), negated: true };
    case "measure":
    case "calculation":
    case "compared":
      return measureComparison(condition, value(condition.t === "measure" ? condition.measure.member : condition.name));
    default:
      throw new Error(`a ${condition.t} filter restricts rows, not measures`);
  }
}
