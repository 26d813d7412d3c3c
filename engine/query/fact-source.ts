/**
 * The FROM of one fact: its table, the to-one paths it joins, and its row filters. A fact never meets another fact here,
 * so nothing can be counted twice; a many-to-many bridge is brought to one row a fact and key before it is joined.
 */
import { TesseraError } from "../errors.ts";
import { isClock, type Calendar, type Day } from "../model/calendar.ts";
import type { AttributeSource, Catalog, CubeNode, DimensionNode } from "../model/catalog.ts";
import type { Role } from "../model/cube.ts";
import type { Dimension } from "../model/dimension.ts";
import type { Argument } from "../model/measure.ts";
import { all, any, binary, call, cast, column, dayLiteral, equals, fragment, integer, isNull, literal, notNull, parameter, FALSE, TRUE, type Expr, type Join, type Relation, type Select, type SqlType } from "../sql/tree.ts";
import type { Binding } from "./binding.ts";
import { acceptsNull, refsIn, type Condition } from "./condition.ts";
import type { DayRange } from "./date-range.ts";
import { keyAttribute, type AttributeRef } from "./member.ts";

export type History = "as_is" | "as_was" | { readonly asOf: Day };

export interface CompileContext {
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly history: History;
  /** moves timestamps, in place of the calendar's own zone */
  readonly timeZone: string | null;
  /** keys of the segment's members, as one column */
  segmentKeys(segment: string): Select;
}

type Through = Extract<Role, { readonly through: object }>;
const FACT = "f";

export class FactSource {
  readonly #context: CompileContext;
  readonly #cube: CubeNode;
  readonly #factFragments = new Map<string, string>();
  readonly #roles = new Map<string, RoleJoin>();
  readonly #bridges = new Map<string, BridgeJoin>();
  readonly #where: Expr[] = [];

  constructor(context: CompileContext, cube: CubeNode) {
    this.#context = context;
    this.#cube = cube;
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
    if ("through" in role) return this.#bridge(ref.role, role).attribute(ref);
    if (ref.attribute.source.t === "level") return this.#level(ref);
    return binned(this.#join(ref.role).attribute(ref.attribute.source), ref.attribute.bins);
  }

  argument(of: Argument): Expr {
    return typeof of === "string" ? column(FACT, of) : this.#factExpr({ t: "fragment", sql: of.sql });
  }

  /** The day of a date role, as a DATE in the calendar's zone. */
  day(role: string): Expr {
    const { expr, physical } = this.#dateColumn(role);
    return physical === "DATE" ? expr : cast(expr, "date");
  }

  /** The factor of all weighted bridges that the fact was joined through; null where there is none. */
  weight(): Expr | null {
    const weights = [...this.#bridges.values()].flatMap((b) => (b.weight ? [b.weight] : []));
    return weights.length === 0 ? null : weights.reduce((a, b) => binary("*", a, b));
  }

  /** Adds a filter. A dimension that is filtered so that the unknown drops out is joined inner, and first. */
  filter(condition: Condition): void {
    const refs = refsIn(condition);
    const roles = new Set(refs.map((r) => (r.t === "role" ? r.role : "")));
    if (roles.size === 1 && !acceptsNull(condition)) {
      const [name] = roles;
      const role = name ? this.#cube.roles.get(name) : undefined;
      if (name && role && "through" in role) this.#bridge(name, role).restrict(condition);
      else if (name && role && role.to.kind === "dimension") this.#join(name).inner = true;
    }
    this.#where.push(this.condition(condition));
  }

  /** The days of a date role lie in a range; written on the bare column, so that statistics can skip row groups. */
  within(role: string, range: DayRange): void {
    this.#where.push(this.#days(role, range));
  }

  condition(c: Condition): Expr {
    switch (c.t) {
      case "and": return all(c.of.map((x) => this.condition(x))) ?? TRUE;
      case "or": return any(c.of.map((x) => this.condition(x)));
      case "not": return { t: "is_true", of: this.condition(c.of), negated: true };
      case "segment": return this.#segment(c.segment);
      case "measure": case "calculation": throw new Error("a measure filter is no row filter");
      case "days": case "attribute": {
        if (c.ref.t === "role") {
          const role = this.#role(c.ref.role);
          if ("through" in role) return this.#bridgeCondition(role, c);
        }
        return c.t === "days" ? this.#dayCondition(c) : comparison(c, this.attribute(c.ref));
      }
    }
  }

  /** FROM, JOIN and WHERE; to be read after everything else was asked for. */
  parts(): { readonly from: Relation; readonly joins: readonly Join[]; readonly where: Expr | null } {
    const groups = [...this.#bridges.values()].map((b) => ({ inner: b.inner, joins: [b.join()] }));
    for (const role of this.#roles.values()) groups.push({ inner: role.inner, joins: role.joins() });
    // inner joins first: what they drop need not be joined further
    const joins = [...groups.filter((g) => g.inner), ...groups.filter((g) => !g.inner)].flatMap((g) => g.joins);
    return { from: scan(this.#cube.spec, FACT, this.#factFragments), joins, where: all(this.#where) };
  }

  #role(name: string): Role {
    const role = this.#cube.roles.get(name);
    if (!role) throw new Error(`cube ${this.#cube.name} has no role ${name}`);
    return role;
  }

  #factExpr(source: AttributeSource): Expr {
    if (source.t === "column") return column(FACT, source.column);
    if (source.t !== "fragment") throw new Error("a fact's own attribute is a column or an expression");
    return column(FACT, fragmentColumn(this.#factFragments, source.sql));
  }

  #join(name: string): RoleJoin {
    let join = this.#roles.get(name);
    if (!join) {
      const role = this.#role(name) as Extract<Role, { readonly on: string }>;
      join = new RoleJoin(this.#context, `d_${name}`, role.to as Dimension, this.#cube, role.on, () => this.day(this.#cube.dateRole!));
      this.#roles.set(name, join);
    }
    return join;
  }

  #bridge(name: string, role: Through): BridgeJoin {
    let bridge = this.#bridges.get(name);
    if (!bridge) this.#bridges.set(name, (bridge = new BridgeJoin(this.#context, `b_${name}`, role)));
    return bridge;
  }

  #dateColumn(name: string): { expr: Expr; physical: string; bare: Expr; zone: string } {
    const role = this.#role(name);
    if ("through" in role) throw new TesseraError("model-invalid", `the date role ${name} cannot be reached through a bridge`, { place: `cube ${this.#cube.name}` });
    const physical = this.#context.binding.factColumn(this.#cube, role.on) ?? "DATE";
    const bare = column(FACT, role.on);
    const zone = this.#context.timeZone ?? this.#calendar(name).timeZone;
    return { expr: physical === "TIMESTAMP WITH TIME ZONE" ? { t: "local", of: bare, zone } : bare, physical, bare, zone };
  }

  #calendar(role: string): Calendar {
    return this.#context.catalog.roles.get(role)!.dimension.calendar!;
  }

  #level(ref: Extract<AttributeRef, { t: "role" }>): Expr {
    const source = ref.attribute.source as Extract<AttributeSource, { t: "level" }>;
    const { expr, physical } = this.#dateColumn(ref.role);
    if (isClock(source.level) && physical === "DATE") throw new TesseraError("query-invalid", `${ref.member} needs a time of day, and ${this.#cube.name} has only days in ${ref.role}`, { place: ref.member, remedy: "use day or a longer period" });
    return source.level === "day" && physical === "DATE" ? expr : { t: "level", level: source.level, of: expr, calendar: this.#calendar(ref.role) };
  }

  #dayCondition(c: Extract<Condition, { t: "days" }>): Expr {
    const { ref } = c;
    const one = ref.t === "role" && ref.attribute.source.t === "level"
      ? (range: DayRange) => this.#days(ref.role, range)
      : (range: DayRange) => between(cast(this.attribute(ref), "date"), range);
    const inside = any(c.ranges.map(one));
    return c.negated ? { t: "is_true", of: inside, negated: true } : inside;
  }

  #days(role: string, range: DayRange): Expr {
    const { physical, bare, zone } = this.#dateColumn(role);
    if (physical === "DATE") return between(bare, range);
    const from: Expr | null = Number.isFinite(range.from) ? (physical === "TIMESTAMP WITH TIME ZONE" ? { t: "midnight", day: range.from, zone } : dayLiteral(range.from)) : null;
    const until: Expr | null = Number.isFinite(range.until) ? (physical === "TIMESTAMP WITH TIME ZONE" ? { t: "midnight", day: range.until + 1, zone } : dayLiteral(range.until + 1)) : null;
    return all([from && binary(">=", bare, from), until && binary("<", bare, until)]) ?? notNull(bare);
  }

  #roleOfSegment(segment: string): string | null {
    const over = this.#context.catalog.project.segments!.find((s) => s.name === segment)!.over;
    const roles = [...this.#cube.roles].filter(([, role]) => role.to.name === over && !("through" in role)).map(([name]) => name);
    return roles.includes(over) ? over : roles[0] ?? null;
  }

  #segment(segment: string): Expr {
    const name = this.#roleOfSegment(segment);
    if (name === null) throw new TesseraError("unrelated-dimension", `segment ${segment} cannot be applied to ${this.#cube.name}, which has no role of its dimension`, { place: this.#cube.name });
    const role = this.#role(name) as Extract<Role, { readonly on: string }>;
    return { t: "is_true", of: { t: "in_select", of: column(FACT, role.on), select: this.#context.segmentKeys(segment) }, negated: false };
  }

  /** A fact passes when one of its links passes; a fact without links counts as the unknown member. */
  #bridgeCondition(role: Through, c: Extract<Condition, { t: "attribute" | "days" }>): Expr {
    const bridge = new BridgeJoin(this.#context, "b", role);
    bridge.restrict(c);
    const linked: Expr = { t: "is_true", of: { t: "in_select", of: column(FACT, role.through.on), select: bridge.keys() }, negated: false };
    if (!acceptsNull(c)) return linked;
    const unlinked: Expr = { t: "is_true", of: { t: "in_select", of: column(FACT, role.through.on), select: { t: "select", columns: [{ expr: column(null, role.through.on), as: "k" }], from: { t: "table", name: role.through.table, as: role.through.table }, where: notNull(column(null, role.through.on)) } }, negated: true };
    return binary("or", linked, unlinked);
  }
}

/** One to-one path: a dimension with its references and labels. */
class RoleJoin {
  inner = false;
  readonly #fragments = new Map<string, string>();
  readonly #references = new Map<string, { readonly as: string; readonly spec: Dimension; readonly from: string; readonly on: string; readonly fragments: Map<string, string> }>();
  readonly #labels = new Map<string, string>();

  constructor(readonly context: CompileContext, readonly as: string, readonly spec: Dimension, readonly cube: CubeNode | null, readonly on: string, readonly day: () => Expr) {}

  attribute(source: AttributeSource): Expr {
    switch (source.t) {
      case "column": return column(this.as, source.column);
      case "fragment": return column(this.as, fragmentColumn(this.#fragments, source.sql));
      case "reference": {
        const { as, fragments } = this.#reference(source.path);
        if (source.source.t === "column") return column(as, source.source.column);
        if (source.source.t === "fragment") return column(as, fragmentColumn(fragments, source.source.sql));
        throw new Error("a reference leads to a column or an expression");
      }
      case "label": {
        if (!this.context.binding.hasTable(source.table)) return literal(null, "text");   // not mined yet
        const as = `${this.as}_${source.table}`;
        this.#labels.set(source.table, as);
        return column(as, source.column);
      }
      case "level": throw new Error("a level belongs to a date dimension");
    }
  }

  joins(): Join[] {
    const kind = this.inner ? "inner" : "left";
    const self = column(this.as, this.spec.key);
    const key = this.on === "" ? null : column(FACT, this.on);
    const joins: Join[] = [];
    if (key) joins.push({ kind, to: scan(this.spec, this.as, this.#fragments), on: this.#valid(key, self) });
    for (const r of this.#references.values()) joins.push({ kind: "left", to: scan(r.spec, r.as, r.fragments), on: all([equals(column(r.from, r.on), column(r.as, r.spec.key)), r.spec.history ? isNull(column(r.as, r.spec.history.until)) : null]) });
    for (const [table, as] of this.#labels) joins.push({ kind: "left", to: { t: "table", name: table, as }, on: all([equals(self, column(as, "key")), this.#validAt(as, "valid_from", "valid_until")]) });
    return joins;
  }

  /** For a select over the dimension itself, not over a fact. */
  relation(): { readonly from: Relation; readonly joins: readonly Join[]; readonly where: Expr | null } {
    return { from: scan(this.spec, this.as, this.#fragments), joins: this.joins(), where: this.spec.history ? this.#validAt(this.as, this.spec.history.from, this.spec.history.until) : null };
  }

  #valid(key: Expr, self: Expr): Expr {
    const { history } = this.spec;
    if (!history) return equals(key, self);
    if (this.context.history === "as_was" && this.cube && this.context.binding.factColumn(this.cube, history.version) !== undefined) return equals(column(FACT, history.version), column(this.as, history.version));
    return all([equals(key, self), this.#validAt(this.as, history.from, history.until)])!;
  }

  #validAt(as: string, from: string, until: string): Expr {
    const { history } = this.context;
    if (history === "as_is" || (history === "as_was" && (this.cube === null || this.cube.dateRole === null))) return isNull(column(as, until));
    const moment = history === "as_was" ? this.day() : dayLiteral((history as { asOf: Day }).asOf);
    return all([
      binary("or", isNull(column(as, from)), binary("<=", column(as, from), moment)),
      binary("or", isNull(column(as, until)), binary(">", column(as, until), moment)),
    ])!;
  }

  #reference(path: readonly string[]): { as: string; fragments: Map<string, string> } {
    let spec = this.spec;
    let at = this.as;
    let fragments = this.#fragments;
    for (const step of path) {
      const { to, on } = spec.references![step]!;
      const as = `${at}_${step}`;
      const known = this.#references.get(as) ?? { as, spec: to, from: at, on, fragments: new Map<string, string>() };
      this.#references.set(as, known);
      [spec, at, fragments] = [to, as, known.fragments];
    }
    return { as: at, fragments };
  }
}

/** A many-to-many path, brought to one row for each fact key and combination of the attributes asked for. */
class BridgeJoin {
  inner = false;
  readonly #attributes = new Map<string, AttributeRef>();
  readonly #conditions: Condition[] = [];
  constructor(readonly context: CompileContext, readonly as: string, readonly role: Through) {}

  get weight(): Expr | null {
    return this.role.through.weight === undefined ? null : call("coalesce", column(this.as, "w"), integer(1));
  }

  attribute(ref: AttributeRef): Expr {
    const name = `a_${(ref as { attribute: { name: string } }).attribute.name}`;
    this.#attributes.set(name, ref);
    return column(this.as, name);
  }

  restrict(condition: Condition): void {
    this.inner = true;
    this.#conditions.push(condition);
  }

  join(): Join {
    const names = [...this.#attributes.keys()];
    const select = this.#select([{ expr: column("l", this.role.through.on), as: "on" }]);
    const grouped: Select = { ...select, groupBy: { keys: [column("l", this.role.through.on), ...names.map((n) => select.columns.find((c) => c.as === n)!.expr)] } };
    const { weight } = this.role.through;
    const withWeight: Select = weight === undefined ? grouped : { ...grouped, columns: [...grouped.columns, { expr: { t: "aggregate", name: "sum", of: column("l", weight), filter: null }, as: "w" }] };
    return { kind: this.inner ? "inner" : "left", to: { t: "select", select: withWeight, as: this.as }, on: equals(column(FACT, this.role.through.on), column(this.as, "on")) };
  }

  /** The fact keys that have a link which passes. */
  keys(): Select {
    return this.#select([{ expr: column("l", this.role.through.on), as: "k" }]);
  }

  #select(first: Select["columns"]): Select {
    const { through, to } = this.role;
    const member = new RoleJoin(this.context, "d", to as Dimension, null, "", () => { throw new Error("a bridge has no day"); });
    const value = (ref: AttributeRef): Expr => binned(member.attribute((ref as Extract<AttributeRef, { t: "role" }>).attribute.source), (ref as Extract<AttributeRef, { t: "role" }>).attribute.bins);
    const columns = [...first, ...[...this.#attributes].map(([as, ref]) => ({ expr: value(ref), as }))];
    const where = all(this.#conditions.map((c) => conditionOver(c, value)));
    const { from, joins, where: valid } = member.relation();
    return { t: "select", columns, from: { t: "table", name: through.table, as: "l" }, joins: [{ kind: "left", to: from, on: all([equals(column("l", through.key), column("d", (to as Dimension).key)), valid]) }, ...joins], where };
  }
}

/** A dimension's own members: FROM, joins and a way to its attributes, for members, segments and search. */
export function dimensionSource(context: CompileContext, dimension: DimensionNode): { readonly key: Expr; value(ref: AttributeRef): Expr; parts(): { readonly from: Relation; readonly joins: readonly Join[]; readonly where: Expr | null } } {
  const join = new RoleJoin(context, "d", dimension.spec as Dimension, null, "", () => { throw new Error("a dimension has no day"); });
  return {
    key: join.attribute(dimension.attributes.get(keyAttribute(dimension))!.source),
    value: (ref) => binned(join.attribute((ref as Extract<AttributeRef, { t: "role" }>).attribute.source), (ref as Extract<AttributeRef, { t: "role" }>).attribute.bins),
    parts: () => join.relation(),
  };
}

/** A condition over values that `value` gives. */
export function conditionOver(c: Condition, value: (ref: AttributeRef) => Expr): Expr {
  switch (c.t) {
    case "and": return all(c.of.map((x) => conditionOver(x, value))) ?? TRUE;
    case "or": return any(c.of.map((x) => conditionOver(x, value)));
    case "not": return { t: "is_true", of: conditionOver(c.of, value), negated: true };
    case "attribute": return comparison(c, value(c.ref));
    case "days": { const inside = any(c.ranges.map((r) => between(cast(value(c.ref), "date"), r))); return c.negated ? { t: "is_true", of: inside, negated: true } : inside; }
    default: throw new Error(`a ${c.t} filter cannot be taken here`);
  }
}

const between = (of: Expr, range: DayRange): Expr =>
  all([Number.isFinite(range.from) ? binary(">=", of, dayLiteral(range.from)) : null, Number.isFinite(range.until) ? binary("<=", of, dayLiteral(range.until)) : null]) ?? notNull(of);

const SQL_TYPE: Readonly<Record<AttributeRef["type"], SqlType>> = { string: "text", integer: "integer", number: "double", boolean: "boolean", date: "date", timestamp: "timestamp" };

/** One comparison of an attribute; it is true or false wherever it can be asked, negated forms keep nulls. */
function comparison(c: Extract<Condition, { t: "attribute" }>, of: Expr): Expr {
  const bins = c.ref.t === "segment" ? undefined : c.ref.attribute.bins;
  const type = bins ? "integer" : SQL_TYPE[c.ref.type];
  const value = (v: string | number | boolean | null): Expr => (bins ? integer(binNamed(bins, v, c.ref.member)) : parameter(v, type));
  const given = c.values.filter((v) => v !== null);
  const nulls = given.length < c.values.length;
  const textual = (name: "contains" | "starts_with" | "ends_with"): Expr => any(given.map((v) => call(name, of, parameter(v, "text"))));
  const equal = (): Expr => (given.length === 0 ? FALSE : given.length === 1 ? equals(of, value(given[0]!)) : { t: "in", of, values: given.map(value) });
  switch (c.operator) {
    case "equals": return nulls ? binary("or", equal(), isNull(of)) : equal();
    case "not_equals": { const unequal: Expr = { t: "is_true", of: equal(), negated: true }; return nulls ? binary("and", unequal, notNull(of)) : unequal; }
    case "contains": case "starts_with": case "ends_with": return textual(c.operator);
    case "not_contains": return { t: "is_true", of: textual("contains"), negated: true };
    case "gt": return binary(">", of, value(c.values[0]!));
    case "gte": return binary(">=", of, value(c.values[0]!));
    case "lt": return binary("<", of, value(c.values[0]!));
    case "lte": return binary("<=", of, value(c.values[0]!));
    case "is_null": return isNull(of);
    case "not_null": return notNull(of);
    case "descends_from": throw new Error("descends_from is resolved before");
  }
}

/** Names of bins, lowest first: `< 1`, `1 – 2`, `2 – 3`, `≥ 3`. A bin includes its lower bound. */
export const binLabels = (bins: readonly number[]): string[] => [`< ${bins[0]}`, ...bins.slice(1).map((upper, i) => `${bins[i]} – ${upper}`), `≥ ${bins[bins.length - 1]}`];

function binNamed(bins: readonly number[], label: string | number | boolean | null, member: string): number {
  const at = binLabels(bins).indexOf(String(label));
  if (at < 0) throw new TesseraError("filter-invalid", `${JSON.stringify(label)} is no bin of ${member}`, { place: member, remedy: `one of ${binLabels(bins).join(", ")}` });
  return at;
}

const binned = (of: Expr, bins: readonly number[] | undefined): Expr =>
  bins === undefined ? of : { t: "case", whens: [{ when: isNull(of), then: literal(null, "integer") }, ...bins.map((bound, i) => ({ when: binary("<", of, { t: "numeral", text: String(bound) }), then: integer(i) }))], otherwise: integer(bins.length) };

function fragmentColumn(fragments: Map<string, string>, sql: string): string {
  let name = fragments.get(sql);
  if (name === undefined) fragments.set(sql, (name = `__e${fragments.size}`));
  return name;
}

/** A table as it stands, or with the model's expressions computed beside its columns, where their names cannot clash with another table's. */
function scan(spec: { readonly table?: string; readonly sql?: string }, as: string, fragments: ReadonlyMap<string, string>): Relation {
  const base: Relation = spec.table !== undefined ? { t: "table", name: spec.table, as } : { t: "fragment", sql: spec.sql!, as };
  if (fragments.size === 0) return base;
  const inner: Relation = spec.table !== undefined ? { t: "table", name: spec.table, as: spec.table } : { t: "fragment", sql: spec.sql!, as: "t" };
  return { t: "select", as, select: { t: "select", columns: [{ expr: { t: "star" }, as: "*" }, ...[...fragments].map(([sql, name]) => ({ expr: fragment(sql), as: name }))], from: inner } };
}
