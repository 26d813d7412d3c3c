/**
 * The FROM of one fact: its table, the to-one paths that it joins, and its row filters. A fact never meets another fact
 * here, so nothing can be counted twice; a many-to-many bridge has one row for each fact and key before it is joined.
 */
import { TesseraError, phrase } from "../../errors/index.ts";
import { present, required } from "../../lookup.ts";
import type { ColumnType } from "../../model/column-type.ts";
import type { AttributeSource, CubeNode } from "../../model/catalog.ts";
import { directRole, isBridge, type BridgeRole, type DirectRole, type Role } from "../../model/cube.ts";
import { tableDimension } from "../../model/dimension.ts";
import type { Argument } from "../../model/measure.ts";
import type { Calendar, PeriodLevel } from "../../model/time/calendar.ts";
import { MASKED } from "../../model/visible-catalog.ts";
import { all, any, column, inSelect, literal, TRUE, type Expr, type Join, type Select } from "../../sql/tree.ts";
import type { AttributeRef, RoleRef } from "../binding/member.ts";
import { conjuncts } from "../resolve/condition-parts.ts";
import type { Condition, MemberSet } from "../resolve/nodes.ts";
import type { DayRange } from "../time/date-range.ts";
import { arithmetic } from "./arithmetic.ts";
import { bridgeCondition } from "./bridge-condition.ts";
import { BridgeJoin } from "./bridge-join.ts";
import { weighsTooFinely, weightOf } from "./bridge-weight.ts";
import { closureJoin, factsBelow } from "./closure.ts";
import { binned, comparison, onDays } from "./comparison-operators.ts";
import type { CompileContext } from "./compile-context.ts";
import { FactDates, type DateColumn } from "./fact-dates.ts";
import { FACT, fragmentColumn, RoleJoin, scan } from "./role-join.ts";
import { appliesTo, keysWhere, onKeys } from "./row-rules.ts";
import { excludesUnknown, LinkFilters, onlyRole } from "./link-filters.ts";
import type { SourceParts } from "./source-parts.ts";
import { segmentRole } from "./segment-role.ts";

/** Collects the joins and filters of one fact while its columns are asked for; the caller's row rules come first. */
export class FactSource {
  readonly #context: CompileContext;
  readonly #cube: CubeNode;
  readonly #dates: FactDates;
  readonly #factFragments = new Map<string, string>();
  readonly #roles = new Map<string, RoleJoin>();
  readonly #bridges = new Map<string, BridgeJoin>();
  readonly #closures = new Map<string, DirectRole>();
  readonly #links: LinkFilters;
  readonly #attached: Join[] = [];
  readonly #where: Expr[] = [];

  constructor(context: CompileContext, cube: CubeNode) {
    this.#context = context;
    // a rule may name a dimension that the caller does not see
    this.#cube = context.catalog.cubes.get(cube.name) ?? cube;
    this.#dates = new FactDates(context, this.#cube);
    this.#links = new LinkFilters(this.#cube);
    for (const rule of context.rules) {
      if (!appliesTo(rule, this.#cube, context)) continue;
      for (const part of conjuncts(rule)) this.#links.add(part);
      this.#where.push(this.condition(onKeys(rule, this.#cube, context)));
    }
  }

  /** Whether the fact has an attribute. */
  has(ref: AttributeRef): boolean {
    if (ref.t === "role") return this.#cube.roles.has(ref.role);
    if (ref.t === "fact") return ref.cube === this.#cube.name;
    return segmentRole(this.#context.catalog, this.#cube, ref.segment) !== null;
  }

  /** The value of an attribute for a fact's row; of a binned attribute, the number of its bin. */
  attribute(ref: AttributeRef): Expr {
    if (ref.t === "segment") return this.#segment(ref.segment);
    if (ref.t === "fact") return binned(this.#factExpr(ref.attribute.source), ref.attribute.bins);
    const role = this.#role(ref.role);
    this.#dates.checkColumn(ref.role, role);
    if (isBridge(role)) return this.#bridge(ref.role, role).attribute(ref);
    const { source } = ref.attribute;
    if (source.t === "level") return this.#dates.level(ref);
    if (source.t === "closure") {
      // the members above the fact's own, itself included: one row each
      this.#closures.set(ref.role, role);
      return column(`h_${ref.role}`, "a");
    }
    return binned(this.#join(ref.role).attribute(source), ref.attribute.bins);
  }

  /** The value of what a measure takes. */
  argument(of: Argument): Expr {
    return typeof of === "string" ? column(FACT, of) : this.#factExpr({ t: "fragment", sql: of.sql });
  }

  /** Joins a relation that has at most one row for a fact. */
  attach(join: Join): void {
    this.#attached.push(join);
  }

  /** When a fact happened: a moment where its date role has moments, else a day. */
  time(role: string): { readonly expr: Expr; readonly physical: ColumnType; readonly zone: string } {
    const { bare, physical, zone }: DateColumn = this.#dates.column(role);
    return { expr: bare, physical, zone };
  }

  /** The day of a date role, as a DATE in the calendar's zone. */
  day(role: string): Expr {
    return this.#dates.day(role);
  }

  /** The first day of the period of a level. */
  period(role: string, level: PeriodLevel, calendar: Calendar): Expr {
    return level === "day" ? this.day(role) : { t: "level", level, of: this.day(role), calendar };
  }

  /** Joins a bridge so that the fact stays one row, whatever its links. */
  linked(role: string): void {
    this.#bridgeOf(role).listed = true;
  }

  /** An attribute of a bridge's members, as one text for each fact. */
  listed(ref: RoleRef): Expr {
    this.linked(ref.role);
    return this.#bridgeOf(ref.role).attribute(ref);
  }

  /** The factor of the weighted bridges that the fact joins, or of those named; null without weights. */
  weight(of: Iterable<string> = this.#bridges.keys()): Expr | null {
    const named = [...of].flatMap((name) => this.#bridges.get(name) ?? []);
    return weightOf(named, [...this.#bridges.values()], this.#context.binding);
  }

  /** Whether a value times its weights has more digits than an exact product holds. */
  weighsTooFinely(of: Argument): boolean {
    const { binding } = this.#context;
    return weighsTooFinely([...this.#bridges.values()], binding.argumentType(this.#cube, of), binding);
  }

  /** Adds a filter. A dimension whose unknown member the filter excludes is joined inner, and first. */
  filter(condition: Condition): void {
    const name = onlyRole(condition);
    const role = name === null ? undefined : this.#cube.roles.get(name);
    if (name !== null && role && excludesUnknown(condition, role)) this.#join(name).inner = true;
    this.#links.add(condition);
    this.#where.push(this.condition(condition));
  }

  /** Keeps the facts whose day lies in one of the ranges. */
  within(role: string, ranges: readonly DayRange[]): void {
    this.#where.push(this.inside(role, ranges));
  }

  /** Whether the day of a date role lies in one of the ranges. */
  inside(role: string, ranges: readonly DayRange[]): Expr {
    return any(ranges.map((range) => this.#dates.inside(role, range)));
  }

  /** A condition on the fact's rows. @throws TesseraError `filter-invalid` for members of another fact */
  condition(c: Condition): Expr {
    switch (c.t) {
      case "and":
        return all(c.of.map((x) => this.condition(x))) ?? TRUE;
      case "or":
        return any(c.of.map((x) => this.condition(x)));
      case "not":
        return { t: "is_true", of: this.condition(c.of), negated: true };
      case "segment":
        return this.#segment(c.segment);
      case "members":
        return inSelect(column(FACT, directRole(this.#role(c.role)).on), this.#members(c.role, c.of));
      case "entity":
        throw new TesseraError("filter-invalid", "a rule about the members of another fact is not supported here", {
          place: c.place,
          remedy: "put it among the query's filters, or make it a segment",
        });
      case "days":
      case "attribute":
        return this.#attributeCondition(c);
      default:
        throw new Error(`a ${c.t} filter does not restrict rows`);
    }
  }

  /** The keys of a set of members, as one column `k`. */
  #members(role: string, of: MemberSet): Select {
    if (of.t === "attributes") return keysWhere(of.where, this.#context);
    if (of.t === "segment") return this.#context.ruleSegment(of.segment);
    const source = new FactSource(this.#context, required(this.#context.catalog.cubes, of.cube, "cube"));
    for (const condition of of.where) source.filter(condition);
    const key = column(FACT, directRole(source.#role(role)).on);
    return { t: "select", distinct: true, columns: [{ expr: key, as: "k" }], ...source.parts() };
  }

  #attributeCondition(c: Extract<Condition, { t: "days" | "attribute" }>): Expr {
    if (c.ref.t === "role") {
      const role = this.#role(c.ref.role);
      if (isBridge(role)) return bridgeCondition(this.#context, role, c);
      if (c.t === "attribute" && c.ref.attribute.source.t === "closure")
        return factsBelow(role, column(FACT, role.on), c);
    }
    return c.t === "days" ? this.#dayCondition(c) : comparison(c, this.attribute(c.ref));
  }

  #dayCondition(c: Extract<Condition, { t: "days" }>): Expr {
    const { ref } = c;
    const level = ref.t === "role" && ref.attribute.source.t === "level";
    const one = (range: DayRange): Expr =>
      level ? this.#dates.inside(ref.role, range) : onDays(c, this.attribute(ref), range);
    const inside = any(c.ranges.map(one));
    return c.negated ? { t: "is_true", of: inside, negated: true } : inside;
  }

  /** FROM, JOIN and WHERE, to be read after everything else was asked for. */
  parts(): SourceParts {
    const where = [...this.#where, ...this.#links.restrict(this.#bridges)];
    const groups = [...this.#bridges.values()].map((b) => ({ inner: b.inner, joins: [b.join()] }));
    for (const [name, role] of this.#closures)
      groups.push({ inner: false, joins: [closureJoin(FACT, role, `h_${name}`)] });
    for (const role of this.#roles.values()) groups.push({ inner: role.inner, joins: role.joins() });
    // inner joins first: what they drop need not be joined further
    const joins = [...groups.filter((g) => g.inner), ...groups.filter((g) => !g.inner)].flatMap((g) => g.joins);
    joins.push(...this.#attached);
    return { from: scan(this.#cube.spec, FACT, this.#factFragments), joins, where: all(where) };
  }

  #role(name: string): Role {
    return required(this.#cube.roles, name, "role");
  }

  #factExpr(source: AttributeSource): Expr {
    if (source.t === "column") return column(FACT, source.column);
    if (source.t === "masked") return literal(MASKED, "text");
    if (source.t !== "fragment") throw new Error("a fact's own attribute is a column or an expression");
    const isColumn = (name: string): boolean => this.#context.binding.factColumn(this.#cube, name) !== undefined;
    const plain = arithmetic(source.sql, FACT, isColumn);
    return plain === null
      ? column(FACT, fragmentColumn(this.#factFragments, source.sql))
      : { t: "fragment", sql: plain };
  }

  #join(name: string): RoleJoin {
    const known = this.#roles.get(name);
    if (known) return known;
    const role = directRole(this.#role(name));
    const join = new RoleJoin(this.#context, `d_${name}`, tableDimension(role.to), this.#cube, role.on, () =>
      this.day(present(this.#cube.dateRole, `the date role of ${this.#cube.name}`)),
    );
    this.#roles.set(name, join);
    return join;
  }

  #bridgeOf(name: string): BridgeJoin {
    const role = this.#role(name);
    if (!isBridge(role)) throw new Error(`the role ${name} is not many-to-many`);
    return this.#bridge(name, role);
  }

  #bridge(name: string, role: BridgeRole): BridgeJoin {
    const bridge = this.#bridges.get(name) ?? new BridgeJoin(this.#context, `b_${name}`, role);
    this.#bridges.set(name, bridge);
    return bridge;
  }

  #segment(segment: string): Expr {
    const name = segmentRole(this.#context.catalog, this.#cube, segment);
    if (name === null)
      throw new TesseraError(
        "unrelated-dimension",
        phrase`segment "${segment}" cannot filter ${this.#cube.name}: the cube has no role of the segment's dimension`,
        { place: this.#cube.name },
      );
    const { on } = directRole(this.#role(name));
    return inSelect(column(FACT, on), this.#context.segmentKeys(segment));
  }
}
