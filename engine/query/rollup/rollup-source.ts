/** A rollup in place of a fact: the same columns and filters, read from its table. */
import { at } from "../../lookup.ts";
import type { SourceParts } from "../scan/source-parts.ts";
import { monthStart, type Calendar, type PeriodLevel } from "../../model/time/calendar.ts";
import { all, any, column, TRUE, type Expr } from "../../sql/tree.ts";
import { between, comparison } from "../scan/comparison-operators.ts";
import type { Condition } from "../resolve/nodes.ts";
import type { DayRange } from "../time/date-range.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import { isApproximate } from "../scan/registers.ts";
import { registersTable, type RollupDefinition } from "./definition.ts";
import { keyFor, storedDays } from "./fit.ts";

/** Reads a rollup as a `FactSource` reads a fact. */
export class RollupSource {
  readonly #where: Expr[] = [];
  readonly #table: string;
  /**
   * @param leaf the one asked for, or the first of several: the registers of an approximate count have their own table
   */
  constructor(
    readonly rollup: RollupDefinition,
    leaf: Leaf,
  ) {
    this.#table = isApproximate(leaf) ? registersTable(rollup, rollup.measures.indexOf(leaf.member)) : rollup.table;
  }

  /** The value of an attribute. */
  attribute(ref: AttributeRef): Expr {
    const position = keyFor(this.rollup, ref);
    const own = column("f", `k${position}`);
    const key = at(this.rollup.keys, position);
    if (ref.t !== "role" || !ref.dimension.calendar || key.member === ref.member || ref.attribute.source.t !== "level")
      return own;
    return { t: "level", level: ref.attribute.source.level, of: own, calendar: ref.dimension.calendar };
  }

  /** A measure's stored parts. */
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

  /** The first day of the period of a level. */
  period(role: string, level: PeriodLevel, calendar: Calendar): Expr {
    return level === "day" || level === storedDays(this.rollup, role)
      ? this.day(role)
      : { t: "level", level, of: this.day(role), calendar };
  }

  /** A rollup has no bridges. */
  weight(): null {
    return null;
  }

  filter(condition: Condition): void {
    this.#where.push(this.#condition(condition));
  }

  /** Keeps the rows whose day lies in one of the ranges. */
  within(role: string, ranges: readonly DayRange[]): void {
    this.#where.push(this.inside(role, ranges));
  }

  /** Whether the day lies in one of the ranges. */
  inside(role: string, ranges: readonly DayRange[]): Expr {
    return any(ranges.map((range) => this.#inside(role, range)));
  }

  /** FROM and WHERE. */
  parts(): SourceParts {
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

  /**
   * A stored month counts for all its days. The ranges cut no month, so its first day is inside exactly when all are.
   */
  #inside(role: string, range: DayRange): Expr {
    return between(
      this.day(role),
      storedDays(this.rollup, role) === "month" && Number.isFinite(range.from)
        ? { from: monthStart(range.from), until: range.until }
        : range,
    );
  }
}
