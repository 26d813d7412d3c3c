/** Conditions on finished rows: measure filters, and the members that `top` keeps. */
import { all, any, column, literal, type Expr } from "../../sql/tree.ts";
import { conditionOver, measureComparison } from "../scan/comparison-operators.ts";
import { memberIs } from "../resolve/condition.ts";
import type { Condition } from "../resolve/nodes.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";

/** The row's member is one of those kept; null is a member too. */
export function kept(top: NonNullable<ResolvedQuery["keep"]>[number], query: ResolvedQuery): Expr {
  return any(
    top.members.map(
      (member) =>
        all(
          member.map((value, n) =>
            conditionOver(memberIs(query.keys[top.keys[n]!]!, value), () => column(null, `k${top.keys[n]!}`)),
          ),
        )!,
    ),
  );
}

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
      throw new Error("a row filter is no measure filter");
  }
}
