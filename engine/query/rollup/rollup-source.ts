/** A rollup in place of a fact: the same questions, answered from its columns. */
import { monthStart, type Calendar, type PeriodLevel } from "../../model/time/calendar.ts";
import { all, any, column, TRUE, type Expr, type Join, type Relation } from "../../sql/tree.ts";
import { between, comparison } from "../scan/comparison-operators.ts";
import type { Condition } from "../resolve/nodes.ts";
import type { DayRange } from "../time/date-range.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import { isApproximate } from "../scan/registers.ts";
import { registersTable, type RollupDefinition } from "./definition.ts";
import { keyFor, storedDays } from "./fit.ts";

export class RollupSource {
  readonly #where: Expr[] = [];
  readonly #table: string;
  /** @param leaf the one asked for, or the first of several: registers of an approximate count are a table of their own */
  constructor(
    readonly rollup: RollupDefinition,
    leaf: Leaf,
  ) {
    this.#table = isApproximate(leaf) ? registersTable(rollup, rollup.measures.indexOf(leaf.member)) : rollup.table;
  }

  attribute(ref: AttributeRef): Expr {
    const at = keyFor(this.rollup, ref);
    const own = column("f", `k${at}`);
    const key = this.rollup.keys[at]!;
    if (ref.t !== "role" || !ref.dimension.calendar || key.member === ref.member || ref.attribute.source.t !== "level")
      return own;
    return { t: "level", level: ref.attribute.source.level, of: own, calendar: ref.dimension.calendar };
  }

  measure(leaf: Leaf): Expr {
    return column("f", `m${this.rollup.measures.indexOf(leaf.member)}`);
  }
  /** The day, or the first day of the month. */
  day(role: string): Expr {
    const stored = storedDays(this.rollup, role);
    return column(
      "f",
      `k${this.rollup.keys.findIndex((key) => key.t === "role" && key.role === role && key.attribute.name === stored)}`,
    );
  }
  /** The first day of the period of a level; a stored month is its own. */
  period(role: string, level: PeriodLevel, calendar: Calendar): Expr {
    return level === "day" || level === storedDays(this.rollup, role)
      ? this.day(role)
      : { t: "level", level, of: this.day(role), calendar };
  }
  weight(): null {
    return null;
  }
  filter(condition: Condition): void {
    this.#where.push(this.#condition(condition));
  }
  within(role: string, ranges: readonly DayRange[]): void {
    this.#where.push(this.inside(role, ranges));
  }
  inside(role: string, ranges: readonly DayRange[]): Expr {
    return any(ranges.map((range) => this.#inside(role, range)));
  }
  parts(): { readonly from: Relation; readonly joins: readonly Join[]; readonly where: Expr | null } {
    return { from: { t: "table", name: this.#table, as: "f" }, joins: [], where: all(this.#where) };
  }

  #condition(c: Condition): Expr {
    switch (c.t) {
      case "and":
        return all(c.of.map((x) => this.#condition(x))) ?? TRUE;
      case "or":
        return any(c.of.map((x) => this.#condition(x)));
      case "not":
        return { t: "is_true", of: this.#condition(c.of), negated: true };
      case "attribute":
        return comparison(c, this.attribute(c.ref));
      case "days": {
        const { ref } = c;
        const inside = any(
          c.ranges.map((range) =>
            ref.t === "role" && ref.dimension.calendar
              ? this.#inside(ref.role, range)
              : between(this.attribute(ref), range),
          ),
        );
        return c.negated ? { t: "is_true", of: inside, negated: true } : inside;
      }
      default:
        throw new Error(`a rollup cannot be filtered by a ${c.t}`);
    }
  }

  /** A stored month stands for all its days: what was asked for cuts none of its facts off, so its first day lies inside exactly when all do. */
  #inside(role: string, range: DayRange): Expr {
    return between(
      this.day(role),
      storedDays(this.rollup, role) === "month" && Number.isFinite(range.from)
        ? { from: monthStart(range.from), until: range.until }
        : range,
    );
  }
}
