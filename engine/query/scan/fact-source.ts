/**
 * The FROM of one fact: its table, the to-one paths it joins, and its row filters. A fact never meets another fact here,
 * so nothing can be counted twice; a many-to-many bridge is brought to one row a fact and key before it is joined.
 */
import { TesseraError, phrase } from "../../errors/index.ts";
import { isClock, type Calendar, type PeriodLevel } from "../../model/time/calendar.ts";
import type { AttributeSource, CubeNode } from "../../model/catalog.ts";
import type { Role } from "../../model/cube.ts";
import type { Dimension } from "../../model/dimension.ts";
import type { Argument } from "../../model/measure.ts";
import { MASKED } from "../../model/visible-catalog.ts";
import {
  all,
  any,
  binary,
  cast,
  column,
  dayLiteral,
  equals,
  literal,
  notNull,
  TRUE,
  type Expr,
  type Join,
  type Relation,
} from "../../sql/tree.ts";
import { arithmetic } from "./arithmetic.ts";
import { checkColumn } from "../binding/check-column.ts";
import { ownerOfSql } from "../binding/binding.ts";
import { BridgeJoin, type Through } from "./bridge-join.ts";
import { between, binned, comparison, onDays } from "./comparison-operators.ts";
import { acceptsNull } from "../resolve/condition.ts";
import type { Condition } from "../resolve/nodes.ts";
import { attributesOnly, conjuncts, refsIn } from "../resolve/condition-parts.ts";
import type { DayRange } from "../time/date-range.ts";
import { midnightLiteral } from "./instants.ts";
import type { AttributeRef } from "../binding/member.ts";
import { weighsTooFinely, weightOf } from "./bridge-weight.ts";
import { appliesTo, onKeys } from "./row-rules.ts";
import { FACT, fragmentColumn, RoleJoin, scan } from "./role-join.ts";
import type { CompileContext } from "./compile-context.ts";

export class FactSource {
  readonly #context: CompileContext;
  readonly #cube: CubeNode;
  readonly #factFragments = new Map<string, string>();
  readonly #roles = new Map<string, RoleJoin>();
  readonly #bridges = new Map<string, BridgeJoin>();
  readonly #closures = new Map<string, Extract<Role, { readonly on: string }>>();
  readonly #links: { readonly name: string; readonly condition: Condition }[] = [];
  readonly #attached: Join[] = [];
  readonly #where: Expr[] = [];

  constructor(context: CompileContext, cube: CubeNode) {
    this.#context = context;
    // a rule may name a dimension that the caller does not see
    this.#cube = context.catalog.cubes.get(cube.name) ?? cube;
    for (const rule of context.rules) {
      if (!appliesTo(rule, this.#cube, context)) continue;
      for (const part of conjuncts(rule)) this.#restrictLinks(part);
      this.#where.push(this.condition(onKeys(rule, this.#cube, context)));
    }
  }

  has(ref: AttributeRef): boolean {
    if (ref.t === "role") return this.#cube.roles.has(ref.role);
    if (ref.t === "fact") return ref.cube === this.#cube.name;
    return this.#roleOfSegment(ref.segment) !== null;
  }

  /** The value of an attribute for a fact's row. Binned attributes are the number of their bin. */
  attribute(ref: AttributeRef): Expr {
    if (ref.t === "segment") return this.#segment(ref.segment);
    if (ref.t === "fact") return binned(this.#factExpr(ref.attribute.source), ref.attribute.bins);
    const role = this.#role(ref.role);
    this.#checkOn(ref.role, role);
    if ("through" in role) return this.#bridge(ref.role, role).attribute(ref);
    if (ref.attribute.source.t === "level") return this.#level(ref);
    if (ref.attribute.source.t === "closure") return this.#above(ref.role, role);
    return binned(this.#join(ref.role).attribute(ref.attribute.source), ref.attribute.bins);
  }

  argument(of: Argument): Expr {
    return typeof of === "string" ? column(FACT, of) : this.#factExpr({ t: "fragment", sql: of.sql });
  }

  /** Joins something that has at most one row for a fact. */
  attach(join: Join): void {
    this.#attached.push(join);
  }

  /** When a fact happened: a moment where its date role has one, else a day. */
  time(role: string): { readonly expr: Expr; readonly physical: string; readonly zone: string } {
    const { bare, physical, zone } = this.#dateColumn(role);
    return { expr: bare, physical, zone };
  }

  /** The day of a date role, as a DATE in the calendar's zone. */
  day(role: string): Expr {
    const { expr, physical } = this.#dateColumn(role);
    return physical === "DATE" ? expr : cast(expr, "date");
  }

  /** The first day of the period of a level. */
  period(role: string, level: PeriodLevel, calendar: Calendar): Expr {
    return level === "day" ? this.day(role) : { t: "level", level, of: this.day(role), calendar };
  }

  /** Joins a bridge so that the fact stays one row, whatever links it has. */
  linked(role: string): void {
    this.#bridge(role, this.#role(role) as Through).listed = true;
  }

  /** An attribute of a bridge's members as one text for each fact. */
  listed(ref: Extract<AttributeRef, { t: "role" }>): Expr {
    this.linked(ref.role);
    return this.#bridge(ref.role, this.#role(ref.role) as Through).attribute(ref);
  }

  /** The factor of the weighted bridges that the fact was joined through, or of those named; null where there is none. */
  weight(of: Iterable<string> = this.#bridges.keys()): Expr | null {
    return weightOf(
      [...of].flatMap((name) => this.#bridges.get(name) ?? []),
      [...this.#bridges.values()],
      this.#context.binding,
    );
  }
  weighsTooFinely(of: Argument): boolean {
    return weighsTooFinely(
      [...this.#bridges.values()],
      this.#context.binding.argumentType(this.#cube, of),
      this.#context.binding,
    );
  }

  /** Adds a filter. A dimension that is filtered so that the unknown drops out is joined inner, and first. */
  filter(condition: Condition): void {
    const refs = refsIn(condition);
    const roles = new Set(refs.map((r) => (r.t === "role" ? r.role : "")));
    if (roles.size === 1 && !acceptsNull(condition) && attributesOnly(condition)) {
      const [name] = roles;
      const role = name ? this.#cube.roles.get(name) : undefined;
      if (
        name &&
        role &&
        !("through" in role) &&
        role.to.kind === "dimension" &&
        refs.every((r) => r.t === "role" && r.attribute.source.t !== "closure")
      )
        this.#join(name).inner = true;
    }
    this.#restrictLinks(condition);
    this.#where.push(this.condition(condition));
  }

  /** Where the links of a bridge are shown, those that a condition on it excludes are not among them, whether it accepts facts without links or not. */
  #restrictLinks(condition: Condition): void {
    const roles = new Set(refsIn(condition).map((ref) => (ref.t === "role" ? ref.role : "")));
    const [name] = roles;
    const role = roles.size === 1 && name ? this.#cube.roles.get(name) : undefined;
    if (role && "through" in role && attributesOnly(condition)) this.#links.push({ name: name!, condition });
  }

  /** The days of a date role lie in one of the ranges; written on the bare column, so that statistics can skip row groups. */
  within(role: string, ranges: readonly DayRange[]): void {
    this.#where.push(this.inside(role, ranges));
  }
  /** Whether the day of a date role lies in one of the ranges. */
  inside(role: string, ranges: readonly DayRange[]): Expr {
    return any(ranges.map((range) => this.#days(role, range)));
  }

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
      case "keys": {
        const role = this.#role(c.role) as Extract<Role, { readonly on: string }>;
        return { t: "is_true", of: { t: "in_select", of: column(FACT, role.on), select: c.select }, negated: false };
      }
      case "entity":
        throw new TesseraError("filter-invalid", "a rule about the members of another fact cannot be taken here", {
          place: c.place,
          remedy: "put it among the query's filters, or make it a segment",
        });
      case "measure":
      case "calculation":
      case "compared":
        throw new Error("a measure filter is no row filter");
      case "days":
      case "attribute": {
        if (c.ref.t === "role") {
          const role = this.#role(c.ref.role);
          if ("through" in role) return this.#bridgeCondition(role, c);
          if (c.ref.attribute.source.t === "closure")
            return this.#below(role, c as Extract<Condition, { t: "attribute" }>);
        }
        return c.t === "days" ? this.#dayCondition(c) : comparison(c, this.attribute(c.ref));
      }
    }
  }

  /** FROM, JOIN and WHERE; to be read after everything else was asked for. */
  parts(): { readonly from: Relation; readonly joins: readonly Join[]; readonly where: Expr | null } {
    // a filter shows the links that pass it where the links are shown; elsewhere each filter is passed by any link of the fact
    const where = [...this.#where];
    for (const [name, bridge] of this.#bridges) {
      const conditions = this.#links.filter((link) => link.name === name).map((link) => link.condition);
      for (const condition of conditions) bridge.restrict(condition);
      // each filter may be passed by a link of its own, and none pass all: such a fact has no group, while one without links has that of the unknown
      if (!bridge.inner && (conditions.length > 1 || conditions.some((c) => c.t !== "attribute")))
        where.push(binary("or", notNull(column(bridge.as, "on")), this.#unlinked(bridge.role)));
    }
    const groups = [...this.#bridges.values()].map((b) => ({ inner: b.inner, joins: [b.join()] }));
    for (const [name, role] of this.#closures)
      groups.push({
        inner: false,
        joins: [
          {
            kind: "left",
            to: this.#closure(role, `h_${name}`),
            on: equals(column(FACT, role.on), column(`h_${name}`, "k")),
          },
        ],
      });
    for (const role of this.#roles.values()) groups.push({ inner: role.inner, joins: role.joins() });
    // inner joins first: what they drop need not be joined further
    const joins = [...groups.filter((g) => g.inner), ...groups.filter((g) => !g.inner)].flatMap((g) => g.joins);
    joins.push(...this.#attached);
    return { from: scan(this.#cube.spec, FACT, this.#factFragments), joins, where: all(where) };
  }

  #role(name: string): Role {
    const role = this.#cube.roles.get(name);
    if (!role) throw new Error(`cube ${this.#cube.name} has no role ${name}`);
    return role;
  }

  #checkOn(name: string, role: Role): void {
    if ("on" in role)
      checkColumn(
        this.#context.binding,
        this.#cube.spec.table ?? ownerOfSql("cube", this.#cube.name),
        role.on,
        `role ${name}`,
        `cube ${this.#cube.name}, role ${name}`,
      );
  }

  #factExpr(source: AttributeSource): Expr {
    if (source.t === "column") return column(FACT, source.column);
    if (source.t === "masked") return literal(MASKED, "text");
    if (source.t !== "fragment") throw new Error("a fact's own attribute is a column or an expression");
    const plain = arithmetic(
      source.sql,
      FACT,
      (name) => this.#context.binding.factColumn(this.#cube, name) !== undefined,
    );
    return plain === null
      ? column(FACT, fragmentColumn(this.#factFragments, source.sql))
      : { t: "fragment", sql: plain };
  }

  #join(name: string): RoleJoin {
    let join = this.#roles.get(name);
    if (!join) {
      const role = this.#role(name) as Extract<Role, { readonly on: string }>;
      join = new RoleJoin(this.#context, `d_${name}`, role.to as Dimension, this.#cube, role.on, () =>
        this.day(this.#cube.dateRole!),
      );
      this.#roles.set(name, join);
    }
    return join;
  }

  /** The members above a fact's own, itself included: one row each. */
  #above(name: string, role: Extract<Role, { readonly on: string }>): Expr {
    this.#closures.set(name, role);
    return column(`h_${name}`, "a");
  }

  #closure(role: Extract<Role, { readonly on: string }>, as: string): Relation {
    const spec = role.to as Dimension;
    const { parent, root } = Object.values(spec.parentChild!)[0]!;
    return {
      t: "closure",
      table: spec.table!,
      key: spec.key,
      parent,
      root: root ?? null,
      current: spec.history?.until ?? null,
      as,
    };
  }

  /** Facts of a member with all below it. Null is the fact whose member is none of the hierarchy's: no member above it, so none is to be found there. */
  #below(role: Extract<Role, { readonly on: string }>, c: Extract<Condition, { t: "attribute" }>): Expr {
    const under = (where: Expr | null, negated: boolean): Expr => ({
      t: "is_true",
      of: {
        t: "in_select",
        of: column(FACT, role.on),
        select: { t: "select", columns: [{ expr: column("h", "k"), as: "k" }], from: this.#closure(role, "h"), where },
      },
      negated,
    });
    if (c.operator === "is_null" || c.operator === "not_null") return under(null, c.operator === "is_null");
    const values = c.values.filter((v) => v !== null);
    const nulls = values.length < c.values.length;
    const unequal = c.operator === "not_equals";
    const below = under(
      comparison({ ...c, values, operator: unequal ? "equals" : c.operator }, column("h", "a")),
      unequal,
    );
    return !nulls ? below : unequal ? binary("and", below, under(null, false)) : binary("or", below, under(null, true));
  }

  #bridge(name: string, role: Through): BridgeJoin {
    let bridge = this.#bridges.get(name);
    if (!bridge) this.#bridges.set(name, (bridge = new BridgeJoin(this.#context, `b_${name}`, role)));
    return bridge;
  }

  #dateColumn(name: string): { expr: Expr; physical: string; bare: Expr; zone: string } {
    const role = this.#role(name);
    if ("through" in role)
      throw new TesseraError("model-invalid", phrase`the date role ${name} cannot be reached through a bridge`, {
        place: `cube ${this.#cube.name}`,
      });
    this.#checkOn(name, role);
    const physical = this.#context.binding.factColumn(this.#cube, role.on) ?? "DATE";
    const bare = column(FACT, role.on);
    const zone = this.#context.timeZone ?? this.#calendar(name).timeZone;
    return {
      expr: physical === "TIMESTAMP WITH TIME ZONE" ? { t: "local", of: bare, zone } : bare,
      physical,
      bare,
      zone,
    };
  }

  #calendar(role: string): Calendar {
    return this.#context.catalog.roles.get(role)!.dimension.calendar!;
  }

  #level(ref: Extract<AttributeRef, { t: "role" }>): Expr {
    const source = ref.attribute.source as Extract<AttributeSource, { t: "level" }>;
    const { expr, physical } = this.#dateColumn(ref.role);
    if (isClock(source.level) && physical === "DATE")
      throw new TesseraError(
        "query-invalid",
        phrase`${ref.member} needs a time of day, and ${this.#cube.name} has only days in ${ref.role}`,
        { place: ref.member, remedy: "use day or a longer period" },
      );
    return source.level === "day" && physical === "DATE"
      ? expr
      : { t: "level", level: source.level, of: expr, calendar: this.#calendar(ref.role) };
  }

  #dayCondition(c: Extract<Condition, { t: "days" }>): Expr {
    const { ref } = c;
    const one =
      ref.t === "role" && ref.attribute.source.t === "level"
        ? (range: DayRange) => this.#days(ref.role, range)
        : (range: DayRange) => onDays(c, this.attribute(ref), range);
    const inside = any(c.ranges.map(one));
    return c.negated ? { t: "is_true", of: inside, negated: true } : inside;
  }

  #days(role: string, range: DayRange): Expr {
    const { physical, bare, zone } = this.#dateColumn(role);
    if (physical === "DATE") return between(bare, range);
    const from: Expr | null = Number.isFinite(range.from)
      ? physical === "TIMESTAMP WITH TIME ZONE"
        ? midnightLiteral(range.from, zone)
        : dayLiteral(range.from)
      : null;
    const until: Expr | null = Number.isFinite(range.until)
      ? physical === "TIMESTAMP WITH TIME ZONE"
        ? midnightLiteral(range.until + 1, zone)
        : dayLiteral(range.until + 1)
      : null;
    return all([from && binary(">=", bare, from), until && binary("<", bare, until)]) ?? notNull(bare);
  }

  #roleOfSegment(segment: string): string | null {
    const over = this.#context.catalog.project.segments!.find((s) => s.name === segment)!.over;
    const roles = [...this.#cube.roles]
      .filter(([, role]) => role.to.name === over && !("through" in role))
      .map(([name]) => name);
    return roles.includes(over) ? over : (roles[0] ?? null);
  }

  #segment(segment: string): Expr {
    const name = this.#roleOfSegment(segment);
    if (name === null)
      throw new TesseraError(
        "unrelated-dimension",
        phrase`segment ${segment} cannot be applied to ${this.#cube.name}, which has no role of its dimension`,
        { place: this.#cube.name },
      );
    const role = this.#role(name) as Extract<Role, { readonly on: string }>;
    return {
      t: "is_true",
      of: { t: "in_select", of: column(FACT, role.on), select: this.#context.segmentKeys(segment) },
      negated: false,
    };
  }

  /** A fact passes when one of its links passes; a fact without links counts as the unknown member. */
  #bridgeCondition(role: Through, c: Extract<Condition, { t: "attribute" | "days" }>): Expr {
    const bridge = new BridgeJoin(this.#context, "b", role);
    bridge.restrict(c);
    const linked: Expr = {
      t: "is_true",
      of: { t: "in_select", of: column(FACT, role.through.on), select: bridge.keys() },
      negated: false,
    };
    if (!acceptsNull(c)) return linked;
    return binary("or", linked, this.#unlinked(role));
  }

  #unlinked({ through }: Through): Expr {
    return {
      t: "is_true",
      of: {
        t: "in_select",
        of: column(FACT, through.on),
        select: {
          t: "select",
          columns: [{ expr: column(null, through.on), as: "k" }],
          from: { t: "table", name: through.table, as: through.table },
          where: notNull(column(null, through.on)),
        },
      },
      negated: true,
    };
  }
}
