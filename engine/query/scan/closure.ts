/** Parent-child hierarchies: the pairs of a member and each member above it. */
import { first, present } from "../../lookup.ts";
import type { DirectRole } from "../../model/cube.ts";
import { tableDimension, type Dimension } from "../../model/dimension.ts";
import { binary, column, equals, inSelect, type Expr, type Join, type Relation, type Select } from "../../sql/tree.ts";
import type { Condition } from "../resolve/nodes.ts";
import { comparison } from "./comparison-operators.ts";

/** The closure of a dimension's parents: columns `k` (a member) and `a` (the member itself, and each above it). */
export function closureOf(spec: Dimension, as: string): Relation {
  const { parent, root } = first(Object.values(spec.parentChild ?? {}));
  return {
    t: "closure",
    table: present(spec.table, `the table of ${spec.name}`),
    key: spec.key,
    parent,
    root: root ?? null,
    current: spec.history?.until ?? null,
    as,
  };
}

/** The members above a fact's own, itself included: one row each. */
export const closureJoin = (fact: string, role: DirectRole, as: string): Join => ({
  kind: "left",
  to: closureOf(tableDimension(role.to), as),
  on: equals(column(fact, role.on), column(as, "k")),
});

/** The keys of the members below those that pass, these included. */
export const keysBelow = (spec: Dimension, where: Expr | null): Select => ({
  t: "select",
  columns: [{ expr: column("h", "k"), as: "k" }],
  from: closureOf(spec, "h"),
  where,
});

/** Facts of the members below those named, these included. Null is a fact whose member is not in the hierarchy. */
export function factsBelow(role: DirectRole, key: Expr, c: Extract<Condition, { t: "attribute" }>): Expr {
  const spec = tableDimension(role.to);
  const under = (where: Expr | null, negated: boolean): Expr => inSelect(key, keysBelow(spec, where), negated);
  if (c.operator === "is_null" || c.operator === "not_null") return under(null, c.operator === "is_null");
  const values = c.values.filter((v) => v !== null);
  const unequal = c.operator === "not_equals";
  const operator = unequal ? "equals" : c.operator;
  const below = under(comparison({ ...c, values, operator }, column("h", "a")), unequal);
  if (values.length === c.values.length) return below;
  return unequal ? binary("and", below, under(null, false)) : binary("or", below, under(null, true));
}
