/** A rollup in place of a fact: the same questions, answered from its columns. */
import { isPeriod } from "../model/calendar.ts";
import { all, any, binary, column, dayLiteral, notNull, TRUE, type Expr, type Join, type Relation } from "../sql/tree.ts";
import { between, comparison } from "../query/compare-sql.ts";
import type { Condition } from "../query/condition.ts";
import type { DayRange } from "../query/date-range.ts";
import type { Leaf } from "../query/leaf.ts";
import type { AttributeRef } from "../query/member.ts";
import { isApproximate } from "../query/registers.ts";
import { registersTable, type RollupDefinition } from "./definition.ts";
import { keyFor } from "./match.ts";

export class RollupSource {
  readonly #where: Expr[] = [];
  readonly #table: string;
  /** @param leaf the one asked for, or the first of several: registers of an approximate count are a table of their own */
  constructor(readonly rollup: RollupDefinition, leaf: Leaf) { this.#table = isApproximate(leaf) ? registersTable(rollup, rollup.measures.indexOf(leaf.member)) : rollup.table; }

  attribute(ref: AttributeRef): Expr {
    const at = keyFor(this.rollup, ref);
    const own = column("f", `k${at}`);
    const key = this.rollup.keys[at]!;
    if (ref.t !== "role" || !ref.dimension.calendar || key.member === ref.member || ref.attribute.source.t !== "level") return own;
    return { t: "level", level: ref.attribute.source.level, of: own, calendar: ref.dimension.calendar };
  }

  measure(leaf: Leaf): Expr { return column("f", `m${this.rollup.measures.indexOf(leaf.member)}`); }
  day(role: string): Expr { return column("f", `k${this.#dayKey(role)}`); }
  weight(): null { return null; }
  filter(condition: Condition): void { this.#where.push(this.#condition(condition)); }
  within(role: string, range: DayRange): void { this.#where.push(between(this.day(role), range)); }
  parts(): { readonly from: Relation; readonly joins: readonly Join[]; readonly where: Expr | null } { return { from: { t: "table", name: this.#table, as: "f" }, joins: [], where: all(this.#where) }; }

  #dayKey(role: string): number { return this.rollup.keys.findIndex((key) => key.t === "role" && key.role === role && (key.attribute.name === "day" || key.attribute.name === "month")); }

  #condition(c: Condition): Expr {
    switch (c.t) {
      case "and": return all(c.of.map((x) => this.#condition(x))) ?? TRUE;
      case "or": return any(c.of.map((x) => this.#condition(x)));
      case "not": return { t: "is_true", of: this.#condition(c.of), negated: true };
      case "attribute": return comparison(c, this.attribute(c.ref));
      case "days": {
        const days = c.ref.t === "role" && c.ref.dimension.calendar ? column("f", `k${this.#storedDays(c.ref.role)}`) : this.attribute(c.ref);
        const inside = any(c.ranges.map((range) => this.#inside(days, range)));
        return c.negated ? { t: "is_true", of: inside, negated: true } : inside;
      }
      default: throw new Error(`a rollup cannot be filtered by a ${c.t}`);
    }
  }

  /** A stored month stands for all its days: whole months were asked for, so its first day lies inside exactly when all do. */
  #inside(days: Expr, range: DayRange): Expr {
    return all([Number.isFinite(range.from) ? binary(">=", days, dayLiteral(range.from)) : null, Number.isFinite(range.until) ? binary("<=", days, dayLiteral(range.until)) : null]) ?? notNull(days);
  }

  #storedDays(role: string): number {
    const day = this.rollup.keys.findIndex((key) => key.t === "role" && key.role === role && key.attribute.name === "day");
    return day >= 0 ? day : this.rollup.keys.findIndex((key) => key.t === "role" && key.role === role && isPeriod(key.attribute.name) && key.attribute.name === "month");
  }
}
