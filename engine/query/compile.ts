/**
 * From a resolved query to one statement: a subplan a fact, UNION ALL and one outer GROUP BY where there are several,
 * then calculated measures, shares and ranks, then measure filters, order and limit. Totals come from the same statement.
 */
import { TesseraError } from "../errors.ts";
import type { Formula } from "../model/formula.ts";
import type { CubeNode } from "../model/catalog.ts";
import { isPeriod, parseDay } from "../model/calendar.ts";
import type { DateLevel } from "../model/dimension.ts";
import { all, any, binary, call, column, dayLiteral, equals, integer, literal, notNull, parameter, type Expr, type Order, type Relation, type Select, type SelectLike } from "../sql/tree.ts";
import { refsIn, type Condition } from "./condition.ts";
import { binLabels } from "./fact-source.ts";
import { groupingNumber, uniqueSets, type GroupingSet } from "./grouping.ts";
import { isCount, leavesIn, type Leaf, type MeasureTree } from "./leaf.ts";
import type { AttributeRef } from "./member.ts";
import { rangeOfRole, type ResolvedQuery } from "./resolve.ts";
import { boundedRange, compileSubplan, type SubplanContext } from "./subplan.ts";
import { timeCells } from "./windows.ts";

export interface Compiled {
  readonly select: Select;
  /** output columns after k0… and g: measures, each with its comparison */
  readonly values: readonly { readonly column: string; readonly name: string; readonly part: "value" | "previous" | "change" | "change_rate"; readonly measure: number }[];
  /** cubes read, with the leaves taken from each */
  readonly facts: readonly { readonly cube: string; readonly leaves: readonly Leaf[] }[];
}

const k = (i: number): string => `k${i}`;

export function compileQuery(query: ResolvedQuery, context: SubplanContext): Compiled {
  const trees = [...query.measures.flatMap((m) => [m.tree, ...(m.previous ? [m.previous] : [])]), ...query.hidden.values()];
  const needed = uniqueSets([...query.sets, ...trees.flatMap((tree) => denominators(tree, query))]);
  const facts = groupLeaves(query.leaves.all, query, context);
  refuseUselessFilters(query, facts.map((f) => f.cube));

  const repeated = new Map<string, (set: GroupingSet) => GroupingSet>();
  const selects: Select[] = [];
  for (const fact of facts) {
    const known = new Set(query.keys.flatMap((ref, i) => (hasKey(fact.cube, ref, context) ? [i] : [])));
    const own = (set: GroupingSet): GroupingSet => set.filter((i) => known.has(i));
    if (known.size < query.keys.length) for (const leaf of fact.leaves) repeated.set(leaf.column, own);
    selects.push(...compileSubplan({ cube: fact.cube, leaves: fact.leaves, sets: uniqueSets(needed.map(own)), rows: fact.rows }, query, context));
  }
  const present = [...new Set(facts.flatMap((f) => f.leaves))];
  const layers = new Layers(query, merge(selects, present, query.keys.length), repeated);
  return finish(query, layers, facts, context);
}

interface Fact { readonly cube: CubeNode; readonly leaves: readonly Leaf[]; readonly rows: readonly Condition[] }

/** Leaves that can be taken in one scan: the same fact, the same windows, the same way of aggregating. */
function groupLeaves(leaves: readonly Leaf[], query: ResolvedQuery, context: SubplanContext): Fact[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const semi = leaf.measure.kind === "semi_additive" ? [leaf.measure.take, leaf.measure.over, leaf.measure.per ?? null] : null;
    const key = JSON.stringify([leaf.cube, leaf.frames, semi]);
    groups.set(key, [...(groups.get(key) ?? []), leaf]);
  }
  return [...groups.values()].map((group) => {
    const cube = context.catalog.cubes.get(group[0]!.cube)!;
    checkRelated(cube, group, query, context);
    return { cube, leaves: group, rows: query.rows.filter((condition) => applies(condition, cube, group, context)) };
  });
}

function hasKey(cube: CubeNode, ref: AttributeRef, context: SubplanContext): boolean {
  if (ref.t === "role") return cube.roles.has(ref.role);
  if (ref.t === "fact") return ref.cube === cube.name;
  const over = context.catalog.project.segments!.find((s) => s.name === ref.segment)!.over;
  return [...cube.roles.values()].some((role) => role.to.name === over && !("through" in role));
}

const repeats = (leaf: Leaf): boolean => leaf.measure.unrelated === "repeat";

function checkRelated(cube: CubeNode, leaves: readonly Leaf[], query: ResolvedQuery, context: SubplanContext): void {
  for (const leaf of leaves) {
    for (const frame of leaf.frames) if (!cube.roles.has(frame.role)) throw unrelated(leaf, cube, frame.role, query, context);
    if (repeats(leaf)) continue;
    for (const ref of query.keys) if (!hasKey(cube, ref, context)) throw unrelated(leaf, cube, ref.member, query, context);
  }
}

function unrelated(leaf: Leaf, cube: CubeNode, member: string, query: ResolvedQuery, context: SubplanContext): TesseraError {
  const cubes = [...new Set(query.leaves.all.map((l) => l.cube))].map((name) => context.catalog.cubes.get(name)!);
  const shared = [...cube.roles.keys()].filter((role) => cubes.every((c) => c.roles.has(role)));
  const names = cubes.map((c) => c.name).join(" and ");
  return new TesseraError("unrelated-dimension", `${leaf.member} cannot be split by ${member}: cube ${cube.name} has no ${member.split(".")[0]}`, {
    place: member,
    remedy: shared.length > 0 ? `${names} ${cubes.length > 1 ? "share" : "has"} ${shared.join(", ")}` : `${names} share no dimension; ask for them one by one`,
  });
}

/** A filter on one fact's own attribute restricts that fact alone; one on a dimension must be known to every fact. */
function applies(condition: Condition, cube: CubeNode, leaves: readonly Leaf[], context: SubplanContext): boolean {
  const refs = refsIn(condition);
  if (refs.some((ref) => ref.t === "fact" && ref.cube !== cube.name)) return false;
  const missing = [...refs.filter((ref) => !hasKey(cube, ref, context)).map((ref) => ref.member), ...segmentsIn(condition).filter((s) => !hasKey(cube, { t: "segment", member: "", segment: s, type: "boolean", title: s }, context)).map((s) => `segment ${s}`)];
  if (missing.length === 0) return true;
  if (leaves.every(repeats)) return false;
  throw new TesseraError("unrelated-dimension", `${leaves[0]!.member} cannot be filtered by ${missing[0]}: cube ${cube.name} has no such dimension`, { place: missing[0]!, remedy: `${cube.name} has ${[...cube.roles.keys()].join(", ")}` });
}

function segmentsIn(condition: Condition): string[] {
  if (condition.t === "segment") return [condition.segment];
  if (condition.t === "and" || condition.t === "or") return condition.of.flatMap(segmentsIn);
  return condition.t === "not" ? segmentsIn(condition.of) : [];
}

function refuseUselessFilters(query: ResolvedQuery, cubes: readonly CubeNode[]): void {
  for (const condition of query.rows) {
    const fact = refsIn(condition).find((ref) => ref.t === "fact");
    if (fact && fact.t === "fact" && !cubes.some((c) => c.name === fact.cube)) throw new TesseraError("unrelated-dimension", `the filter on ${fact.member} restricts no measure of this query`, { place: fact.member, remedy: `ask for a measure of ${fact.cube}, or filter a dimension that ${cubes.map((c) => c.name).join(" and ")} share` });
  }
}

/** Facts meet as rows of one union: nulls in keys meet there by themselves, and nothing is joined. */
function merge(selects: readonly Select[], leaves: readonly Leaf[], keys: number): SelectLike {
  const names = leaves.map((leaf) => leaf.column);
  if (selects.length === 0) return { t: "select", columns: [...Array.from({ length: keys }, (_, i) => ({ expr: literal(null, "text"), as: k(i) })), { expr: integer(0), as: "g" }, ...names.map((as) => ({ expr: literal(null, "double"), as }))], where: literal(false, "boolean") };
  const has = (select: Select, name: string): boolean => select.columns.some((c) => c.as === name);
  if (selects.length === 1 && names.every((name) => has(selects[0]!, name))) return selects[0]!;
  const parts: Select[] = selects.map((select, n) => ({
    t: "select", from: { t: "select", select, as: `u${n}` },
    columns: [...Array.from({ length: keys }, (_, i) => ({ expr: column(`u${n}`, k(i)), as: k(i) })), { expr: column(`u${n}`, "g"), as: "g" }, ...names.map((as) => ({ expr: has(select, as) ? column(`u${n}`, as) : ({ t: "null" } as const), as }))],
  }));
  const by = [...Array.from({ length: keys }, (_, i) => column("u", k(i))), column("u", "g")];
  const merged = names.map((as) => ({ expr: parts.some((_, n) => has(selects[n]!, as)) ? ({ t: "aggregate", name: "max", of: column("u", as), filter: null } as Expr) : literal(null, "double"), as }));
  return { t: "select", from: { t: "select", select: { t: "union_all", of: parts }, as: "u" }, columns: [...by.map((expr, i) => ({ expr, as: i < keys ? k(i) : "g" })), ...merged], groupBy: { keys: by } };
}

/** The coarser sets that shares need beside the sets asked for. */
function denominators(tree: MeasureTree, query: ResolvedQuery): GroupingSet[] {
  switch (tree.t) {
    case "leaf": return [];
    case "formula": return [...tree.parts.values()].flatMap((part) => denominators(part, query));
    case "rank": return denominators(tree.base, query);
    case "share": return [...query.sets.map((set) => denominator(tree.of, set, query)), ...denominators(tree.base, query)];
  }
}

function denominator(of: "total" | "parent" | readonly string[], set: GroupingSet, query: ResolvedQuery): GroupingSet {
  if (of === "total") return [];
  if (of === "parent") return set.slice(0, -1);
  return set.filter((i) => of.includes(query.keys[i]!.member));
}

/** Expressions over the merged facts; whatever looks across rows (shares, ranks, repeated numbers) is a layer of windows. */
class Layers {
  readonly windows: { readonly as: string; readonly expr: Expr }[][] = [];
  constructor(readonly query: ResolvedQuery, readonly base: SelectLike, readonly repeated: ReadonlyMap<string, (set: GroupingSet) => GroupingSet>) {}

  /** The value of a tree at each row. */
  value(tree: MeasureTree): Expr { return this.#compile(tree).expr; }

  /** Whether a measure has a value in a row: it is not null, and one of its own facts is there. A count that found nothing is no value. */
  existence(tree: MeasureTree): Expr {
    switch (tree.t) {
      case "leaf": return notNull(this.#leaf(tree.leaf).expr);
      case "rank": return this.existence(tree.base);
      default: return binary("and", notNull(this.#compile({ ...tree, fill: undefined }).expr), any([...new Set(leavesIn(tree))].map((leaf) => notNull(this.#leaf(leaf).expr))));
    }
  }

  get top(): string { return `r${this.windows.length}`; }

  /** The relations from the merged facts to the last layer, as CTEs. */
  with(): NonNullable<Select["with"]> {
    const materialized = this.windows.length > 0 || this.query.sets.length > 1;
    return [{ name: "r0", select: this.base, materialized }, ...this.windows.map((layer, n) => ({
      name: `r${n + 1}`,
      select: { t: "select", columns: [{ expr: { t: "star" }, as: "*" }, ...layer], from: { t: "table", name: `r${n}`, as: `r${n}` } } as Select,
    }))];
  }

  #compile(tree: MeasureTree): { expr: Expr; layer: number } {
    const filled = (found: { expr: Expr; layer: number }): { expr: Expr; layer: number } => (tree.fill === undefined ? found : { ...found, expr: call("coalesce", found.expr, { t: "numeral", text: String(tree.fill) }) });
    switch (tree.t) {
      case "leaf": { const leaf = this.#leaf(tree.leaf); return filled(isCount(tree.leaf) ? { ...leaf, expr: call("coalesce", leaf.expr, integer(0)) } : leaf); }
      case "formula": {
        const parts = new Map([...tree.parts].map(([name, part]) => [name, this.#compile(part)]));
        return filled({ expr: formulaExpr(tree.formula, (name) => parts.get(name)!.expr), layer: Math.max(0, ...[...parts.values()].map((p) => p.layer)) });
      }
      case "share": {
        const base = this.#compile(tree.base);
        const whole = this.#elsewhere(base, (set) => denominator(tree.of, set, this.query));
        return filled({ expr: call("divide", base.expr, whole.expr), layer: whole.layer });
      }
      case "rank": {
        const base = this.#compile(tree.base);
        const within = (tree.within ?? []).map((member) => this.query.keys.findIndex((key) => key.member === member)).filter((i) => i >= 0);
        const window: Expr = { t: "window", name: "rank", of: null, filter: null, partitionBy: [column(null, "g"), ...within.map((i) => column(null, k(i)))], orderBy: [{ by: base.expr, direction: tree.direction }] };
        const placed = this.#window(base.layer, window);
        return filled({ expr: { t: "case", whens: [{ when: notNull(base.expr), then: placed.expr }], otherwise: null }, layer: placed.layer });
      }
    }
  }

  #leaf(leaf: Leaf): { expr: Expr; layer: number } {
    const own = { expr: column(null, leaf.column), layer: 0 };
    const repeat = this.repeated.get(leaf.column);
    return repeat ? this.#elsewhere(own, repeat) : own;
  }

  /** The value at the row of a coarser set that this row belongs to. */
  #elsewhere(value: { expr: Expr; layer: number }, at: (set: GroupingSet) => GroupingSet): { expr: Expr; layer: number } {
    const keys = this.query.keys.length;
    const whens = this.query.sets.map((set) => {
      const other = at(set);
      const window: Expr = { t: "window", name: "max", of: value.expr, filter: equals(column(null, "g"), integer(groupingNumber(other, keys))), partitionBy: other.map((i) => column(null, k(i))), orderBy: [] };
      return { when: equals(column(null, "g"), integer(groupingNumber(set, keys))), then: window };
    });
    return this.#window(value.layer, whens.length === 1 ? whens[0]!.then : { t: "case", whens, otherwise: null });
  }

  #window(below: number, expr: Expr): { expr: Expr; layer: number } {
    const layer = (this.windows[below] ??= []);
    const same = layer.find((w) => JSON.stringify(w.expr) === JSON.stringify(expr));
    const as = same?.as ?? `w${below}_${layer.length}`;
    if (!same) layer.push({ as, expr });
    return { expr: column(null, as), layer: below + 1 };
  }
}

function formulaExpr(formula: Formula, measure: (name: string) => Expr): Expr {
  const at = (f: Formula): Expr => formulaExpr(f, measure);
  switch (formula.t) {
    case "number": return { t: "numeral", text: formula.text };
    case "text": return literal(formula.text, "text");
    case "boolean": return literal(formula.value, "boolean");
    case "null": return { t: "null" };
    case "measure": return measure(formula.name);
    case "negate": return { t: "negate", of: at(formula.of) };
    case "not": return { t: "not", of: at(formula.of) };
    case "binary": return formula.op === "/" ? call("divide", at(formula.left), at(formula.right)) : binary(formula.op, at(formula.left), at(formula.right));
    case "call": return call(formula.name, ...formula.args.map(at));
    case "case": return { t: "case", whens: formula.whens.map((w) => ({ when: at(w.when), then: at(w.then) })), otherwise: formula.otherwise && at(formula.otherwise) };
  }
}

function finish(query: ResolvedQuery, layers: Layers, facts: readonly Fact[], context: SubplanContext): Compiled {
  const keys = query.keys.length;
  const values: { column: string; name: string; part: "value" | "previous" | "change" | "change_rate"; measure: number; expr: Expr }[] = [];
  for (const [measure, m] of query.measures.entries()) {
    const now = layers.value(m.tree);
    const add = (part: "value" | "previous" | "change" | "change_rate", expr: Expr): void => { values.push({ column: `v${values.length}`, name: part === "value" ? m.name : `${m.name}.${part}`, part, measure, expr }); };
    add("value", now);
    if (!m.previous) continue;
    const before = layers.value(m.previous);
    const change = binary("-", now, before);
    add("previous", before);
    add("change", change);
    add("change_rate", call("divide", change, call("abs", before)));
  }
  const exists = keys === 0 ? null : any(query.measures.flatMap((m) => [layers.existence(m.tree), ...(m.previous ? [layers.existence(m.previous)] : [])]));
  const having = query.having.map((condition) => havingExpr(condition, (name) => layers.value(query.measures.find((m) => m.name === name)?.tree ?? query.hidden.get(name)!)));
  const hidden = [...query.hidden].map(([name, tree], i) => ({ as: `h${i}`, name, expr: layers.value(tree) }));
  const details = groupingNumber(query.sets[0]!, keys);
  const several = layers.windows.length > 0 || query.sets.length > 1;
  const isDetail = several ? equals(column(null, "g"), integer(details)) : null;
  const orderBy: Order[] = [
    ...query.order.map((o) => ({ direction: o.direction, by: "key" in o.by ? column(null, k(o.by.key)) : column(null, values.find((v) => v.name === (o.by as { measure: string }).measure)?.column ?? hidden.find((h) => h.name === (o.by as { measure: string }).measure)!.as) })),
    ...query.keys.flatMap((_, i) => (query.order.some((o) => "key" in o.by && o.by.key === i) ? [] : [{ by: column(null, k(i)), direction: "asc" as const }])),
  ];
  const outputs = [...query.keys.map((_, i) => ({ expr: column(null, k(i)), as: k(i) })), { expr: several ? column(null, "g") : integer(details), as: "g" }, ...values.map((v) => ({ expr: v.expr, as: v.column })), ...hidden.map((h) => ({ expr: h.expr, as: h.as }))];
  const names = outputs.map((o) => ({ expr: column(null, o.as), as: o.as }));
  const with_ = layers.with();
  const inline = with_.length === 1 && query.sets.length === 1;
  const from: Relation = inline ? { t: "select", select: layers.base, as: "r0" } : { t: "table", name: layers.top, as: layers.top };

  let rows: Select = { t: "select", columns: outputs, from, where: all([isDetail, exists, ...having, ...(query.keep ?? []).map((top) => kept(top, query))]) };
  rows = query.fillDates ? filledDates(rows, query, values, context, facts) : rows;
  const page: Select = { t: "select", columns: names, from: { t: "select", select: rows, as: "p" }, orderBy, limit: query.limit + 1 };
  const described = { values: values.map(({ expr: _, ...v }) => v), facts: facts.map((f) => ({ cube: f.cube.name, leaves: f.leaves })) };
  if (query.sets.length === 1) return { ...described, select: inline ? page : { ...page, with: with_ } };
  const totals: Select = { t: "select", columns: outputs, from, where: all([{ t: "in", of: column(null, "g"), values: query.sets.slice(1).map((set) => integer(groupingNumber(set, keys))) }]) };
  const everything: SelectLike = { t: "union_all", of: [page, totals] };
  return { ...described, select: { t: "select", with: with_, columns: names, from: { t: "select", select: everything, as: "t" }, orderBy: [{ by: column(null, "g"), direction: "asc" }, ...orderBy] } };
}


/** The row's member is one of those kept; null is a member too. */
function kept(top: NonNullable<ResolvedQuery["keep"]>[number], query: ResolvedQuery): Expr {
  return any(top.members.map((member) => all(member.map((value, n) => {
    const ref = query.keys[top.keys[n]!]!;
    const of = column(null, k(top.keys[n]!));
    const bins = ref.t === "segment" ? undefined : ref.attribute.bins;
    if (value === null) return { t: "is_null", of, negated: false };
    return bins ? equals(of, integer(binLabels(bins).indexOf(String(value)))) : equals(of, parameter(value, SQL_TYPES[ref.type]));
  }))!));
}
const SQL_TYPES = { string: "text", integer: "integer", number: "double", boolean: "boolean", date: "date", timestamp: "timestamp" } as const;

function havingExpr(condition: Condition, value: (name: string) => Expr): Expr {
  switch (condition.t) {
    case "and": return all(condition.of.map((c) => havingExpr(c, value))) ?? literal(true, "boolean");
    case "or": return any(condition.of.map((c) => havingExpr(c, value)));
    case "not": return { t: "is_true", of: havingExpr(condition.of, value), negated: true };
    case "measure": case "calculation": {
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

/** Every period of the range for each combination of the other dimensions that has a row. */
function filledDates(rows: Select, query: ResolvedQuery, values: readonly { column: string; measure: number; part: string }[], context: SubplanContext, facts: readonly Fact[]): Select {
  const dateKey = query.keys.find((ref) => ref.t === "role" && ref.dimension.calendar && isPeriod(ref.attribute.name));
  if (!dateKey || dateKey.t !== "role") throw new TesseraError("query-invalid", "fillDates needs a date dimension among the dimensions", { place: "$.fillDates", remedy: "add for example date.month" });
  const calendar = dateKey.dimension.calendar!;
  const at = query.keys.flatMap((ref, i) => (ref.t === "role" && ref.role === dateKey.role ? [i] : []));
  const others = query.keys.flatMap((_, i) => (at.includes(i) ? [] : [i]));
  const levels = at.map((i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel);
  const range = rangeOfRole(query.rows, dateKey.role) ?? boundedRange(facts[0]!.cube, dateKey.role, query, context, calendar);
  if (range === null || !Number.isFinite(range.from) || !Number.isFinite(range.until)) return rows;
  const periods: Relation = { t: "values", as: "s", columns: at.map(k), rows: timeCells(calendar, levels, range).map((cell) => cell.values.map((v) => (typeof v === "string" && parseDay(v) !== null ? dayLiteral(parseDay(v)!) : literal(v, typeof v === "number" ? "integer" : typeof v === "boolean" ? "boolean" : "text")))) };
  const counts = new Set(values.filter((v) => v.part === "value" && query.measures[v.measure]!.tree.t === "leaf" && isCount((query.measures[v.measure]!.tree as Extract<MeasureTree, { t: "leaf" }>).leaf)).map((v) => v.column));
  const fills = new Map(values.filter((v) => v.part === "value").map((v) => [v.column, query.measures[v.measure]!.tree.fill]));
  const value = (name: string): Expr => {
    const own = column("p", name);
    const fill = fills.get(name);
    return counts.has(name) ? call("coalesce", own, integer(0)) : fill !== undefined ? call("coalesce", own, { t: "numeral", text: String(fill) }) : own;
  };
  const combinations: Relation = { t: "select", as: "c", select: { t: "select", distinct: true, columns: others.length > 0 ? others.map((i) => ({ expr: column("q", k(i)), as: k(i) })) : [{ expr: integer(1), as: "one" }], from: { t: "table", name: "page", as: "q" } } };
  const same = (relation: string, i: number): Expr => ({ t: "same", left: column(relation, k(i)), right: column("p", k(i)) });
  return {
    t: "select", with: [{ name: "page", select: rows }], from: combinations,
    joins: [{ kind: "cross", to: periods, on: null }, { kind: "left", to: { t: "table", name: "page", as: "p" }, on: all([...others.map((i) => same("c", i)), ...at.map((i) => same("s", i))]) }],
    columns: rows.columns.map(({ as }) => {
      const i = as.startsWith("k") ? Number(as.slice(1)) : -1;
      if (at.includes(i)) return { expr: column("s", as), as };
      if (others.includes(i)) return { expr: column("c", as), as };
      return as === "g" ? { expr: integer(groupingNumber(query.sets[0]!, query.keys.length)), as } : { expr: value(as), as };
    }),
  };
}
