/** Conditions on finished rows: measure filters, and the members that `top` keeps. */
import { all, any, binary, column, equals, integer, literal, notNull, parameter, type Expr } from "../sql/tree.ts";
import { binLabels, SQL_TYPE } from "./compare-sql.ts";
import type { Condition } from "./condition.ts";
import type { ResolvedQuery } from "./resolve.ts";

/** The row's member is one of those kept; null is a member too. */
export function kept(top: NonNullable<ResolvedQuery["keep"]>[number], query: ResolvedQuery): Expr {
  return any(top.members.map((member) => all(member.map((value, n) => {
    const ref = query.keys[top.keys[n]!]!;
    const of = column(null, `k${top.keys[n]!}`);
    const bins = ref.t === "segment" ? undefined : ref.attribute.bins;
    if (value === null) return { t: "is_null", of, negated: false };
    return bins ? equals(of, integer(binLabels(bins).indexOf(String(value)))) : equals(of, parameter(value, SQL_TYPE[ref.type]));
  }))!));
}

export function havingExpr(condition: Condition, value: (name: string) => Expr): Expr {
  switch (condition.t) {
    case "and": return all(condition.of.map((c) => havingExpr(c, value))) ?? literal(true, "boolean");
    case "or": return any(condition.of.map((c) => havingExpr(c, value)));
    case "not": return { t: "is_true", of: havingExpr(condition.of, value), negated: true };
    case "measure": case "calculation": case "compared": {
      const of = value(condition.t === "measure" ? condition.measure.member : condition.name);
      const numbers = condition.values.map((v) => parameter(v, "double"));
      const equal = (): Expr => any(numbers.map((n) => equals(of, n)));
      switch (condition.operator) {
        case "equals": return equal();
        case "not_equals": return { t: "is_true", of: equal(), negated: true };
        case "gt": return binary(">", of, numbers[0]!);
        case "gte": return binary(">=", of, numbers[0]!);
        case "lt": return binary("<", of, numbers[0]!);
        case "lte": return binary("<=", of, numbers[0]!);
        case "is_null": return { t: "is_null", of, negated: false };
        default: return notNull(of);
      }
    }
    default: throw new Error("a row filter is no measure filter");
  }
}

