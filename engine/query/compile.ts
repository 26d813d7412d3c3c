/**
 * From a resolved query to one statement: a subplan a fact, UNION ALL and one outer GROUP BY where there are several,
 * then calculated measures, shares and ranks, then measure filters, order and limit. Totals come from the same statement.
 */
import { TesseraError } from "../errors.ts";
import type { CubeNode } from "../model/catalog.ts";
import { all, any, binary, call, column, equals, integer, literal, type Expr, type Order, type Relation, type Select, type SelectLike } from "../sql/tree.ts";
import { hasWindow, windowsRead, type SubplanContext } from "./cell-windows.ts";
import type { Condition } from "./condition.ts";
import { refsIn, segmentsIn } from "./condition-parts.ts";
import { forFact } from "./entity-filter.ts";
import { fillDates, type FilledDates } from "./fill-dates.ts";
import { groupingNumber, uniqueSets, type GroupingSet } from "./grouping.ts";
import { havingExpr, kept } from "./having.ts";
import { denominators, Layers } from "./layers.ts";
import type { Leaf } from "./leaf.ts";
import type { AttributeRef } from "./member.ts";
import { compileNested } from "./nested.ts";
import type { ResolvedQuery } from "./resolve.ts";
import { appliesTo } from "./row-rules.ts";
import { chooseRollups } from "../rollup/choose.ts";
import { bridged, type Subplan } from "./fact-parts.ts";
import { inOneScan } from "./one-scan.ts";
import { compileSubplan } from "./subplan.ts";

export interface Compiled {
  readonly select: Select;
  /** output columns after k0… and g: measures, each with its comparison */
  readonly values: readonly { readonly column: string; readonly name: string; readonly part: "value" | "previous" | "change" | "change_rate"; readonly measure: number }[];
  /** cubes read, with the leaves taken from each */
  readonly facts: readonly { readonly cube: string; readonly leaves: readonly Leaf[] }[];
  /** rollups that answer in place of facts */
  readonly rollups: readonly string[];
  /** leaves grouped by a many-to-many or parent-child dimension: their groups overlap */
  readonly overlapping: ReadonlySet<string>;
}

const k = (i: number): string => `k${i}`;

export function compileQuery(query: ResolvedQuery, context: SubplanContext): Compiled {
  const trees = [...query.measures.flatMap((m) => [m.tree, ...(m.previous ? [m.previous] : [])]), ...query.hidden.values()];
  const needed = uniqueSets([...query.sets, ...trees.flatMap((tree) => denominators(tree, query))]);
  const facts = groupLeaves(query.leaves.all, query, context);
  refuseUselessFilters(query, facts.map((f) => f.cube));

  const repeated = new Map<string, (set: GroupingSet) => GroupingSet>();
  const selects: Select[] = [];
  const plans: Subplan[] = [];
  const rollups = new Set<string>();
  for (const fact of facts) {
    const known = new Set(query.keys.flatMap((ref, i) => (hasKey(fact.cube, ref, context) ? [i] : [])));
    const own = (set: GroupingSet): GroupingSet => set.filter((i) => known.has(i));
    if (known.size < query.keys.length) for (const leaf of fact.leaves) repeated.set(leaf.column, own);
    const sets = uniqueSets(needed.map(own));
    if (fact.leaves[0]!.inner) {
      const rows = fact.leaves.every(repeats) ? query.rows.filter((condition) => applies(condition, fact.cube, fact.leaves, context)) : query.rows;
      const nested = compileNested(fact.leaves[0]!, sets, { ...query, rows }, context, (inner) => compileQuery(inner, context));
      selects.push(nested.select);
      for (const name of nested.inner.rollups) rollups.add(name);
      continue;
    }
    // a rollup keeps the row rules like any filter; a scan of the facts adds them by itself
    const rules = context.rules.filter((rule) => appliesTo(rule, fact.cube, context));
    for (const part of chooseRollups({ cube: fact.cube, leaves: fact.leaves, sets, rows: [...fact.rows, ...rules], keys: query.keys.filter((_, i) => known.has(i)), windows: (leaf) => windowsRead(leaf, sets, query, context) }, context.rollups, context)) {
      if (part.rollup) rollups.add(part.rollup.name);
      plans.push({ cube: fact.cube, leaves: part.leaves, sets, rows: part.rollup ? [...fact.rows, ...rules] : fact.rows, rollup: part.rollup, split: part.split });
    }
  }
  for (const plan of inOneScan(plans, query, context)) selects.push(...compileSubplan(plan, query, context));
  const present = [...new Set(facts.flatMap((f) => f.leaves))];
  const merged = merge(selects, present, query.keys.length);
  const filled = query.fillDates ? fillDates(merged, present, query, context, facts.map((f) => f.cube)) : null;
  const layers = new Layers(query, filled?.select ?? merged, repeated, (leaf, set) => hasWindow(leaf, set, query, context));
  const overlapping = new Set(facts.flatMap((fact) => (query.keys.some((ref) => ref.t === "role" && fact.cube.roles.has(ref.role) && bridged(fact.cube, ref)) ? fact.leaves.map((leaf) => leaf.column) : [])));
  return { ...finish(query, layers, facts, filled), rollups: [...rollups], overlapping };
}

interface Fact { readonly cube: CubeNode; readonly leaves: readonly Leaf[]; readonly rows: readonly Condition[] }

/** Leaves that can be taken in one scan: the same fact, the same windows, the same way of aggregating. */
function groupLeaves(leaves: readonly Leaf[], query: ResolvedQuery, context: SubplanContext): Fact[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const semi = leaf.measure.kind === "semi_additive" ? [leaf.measure.take, leaf.measure.over, leaf.measure.per ?? null] : leaf.following ? leaf.column : null;
    const key = leaf.inner ? leaf.column : JSON.stringify([leaf.cube, leaf.frames, semi]);
    groups.set(key, [...(groups.get(key) ?? []), leaf]);
  }
  return [...groups.values()].map((group) => {
    const cube = context.catalog.cubes.get(group[0]!.cube)!;
    checkRelated(cube, group, query, context);
    return { cube, leaves: group, rows: query.rows.filter((condition) => applies(condition, cube, group, context)).map((condition) => forFact(condition, cube, query.rows.filter((other) => other !== condition), context)) };
  });
}

function hasKey(cube: CubeNode, ref: AttributeRef, context: SubplanContext): boolean {
  if (ref.t === "role") return cube.roles.has(ref.role);
  if (ref.t === "fact") return ref.cube === cube.name;
  const over = context.catalog.project.segments!.find((s) => s.name === ref.segment)!.over;
  return [...cube.roles.values()].some((role) => role.to.name === over && !("through" in role));
}

/** What an error may name. */
const shownRoles = (cube: CubeNode, context: SubplanContext): string[] => [...context.visible.cubes.get(cube.name)?.roles.keys() ?? []];

const repeats = (leaf: Leaf): boolean => leaf.measure.unrelated === "repeat";

function checkRelated(cube: CubeNode, leaves: readonly Leaf[], query: ResolvedQuery, context: SubplanContext): void {
  for (const leaf of leaves) {
    for (const frame of leaf.frames) if (!cube.roles.has(frame.role)) throw unrelated(leaf, cube, frame.role, query, context);
    if (repeats(leaf)) continue;
    // a measure of a measure that is repeated has keys that none of its own sets is spread by
    for (const [i, ref] of query.keys.entries()) if (query.sets.some((set) => set.includes(i)) && !hasKey(cube, ref, context)) throw unrelated(leaf, cube, ref.member, query, context);
  }
}

function unrelated(leaf: Leaf, cube: CubeNode, member: string, query: ResolvedQuery, context: SubplanContext): TesseraError {
  const cubes = [...new Set(query.leaves.all.map((l) => l.cube))].map((name) => context.catalog.cubes.get(name)!);
  const shared = shownRoles(cube, context).filter((role) => cubes.every((c) => c.roles.has(role)));
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
  throw new TesseraError("unrelated-dimension", `${leaves[0]!.member} cannot be filtered by ${missing[0]}: cube ${cube.name} has no such dimension`, { place: missing[0]!, remedy: `${cube.name} has ${shownRoles(cube, context).join(", ")}` });
}

/** No filter is left out in silence. */
export function refuseUselessFilters(query: Pick<ResolvedQuery, "rows">, cubes: readonly CubeNode[]): void {
  for (const condition of query.rows) {
    const facts = refsIn(condition).filter((ref) => ref.t === "fact");
    const other = facts.find((ref) => ref.cube !== facts[0]!.cube);
    if (other) throw new TesseraError("filter-invalid", `${facts[0]!.member} and ${other.member} are attributes of two facts, and no fact has both`, { place: other.member, remedy: 'make them two filters, or say "scope": "entity" of the members that have such facts' });
    const fact = facts[0];
    if (fact && !cubes.some((c) => c.name === fact.cube)) throw new TesseraError("unrelated-dimension", `the filter on ${fact.member} restricts no measure of this query`, { place: fact.member, remedy: `ask for a measure of ${fact.cube}, or filter a dimension that ${cubes.map((c) => c.name).join(" and ")} share` });
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

function finish(query: ResolvedQuery, layers: Layers, facts: readonly Fact[], filled: FilledDates | null): Omit<Compiled, "rollups" | "overlapping"> {
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
  const found = keys === 0 ? null : any(query.measures.flatMap((m) => [layers.existence(m.tree), ...(m.previous ? [layers.existence(m.previous)] : [])]));
  // a period is filled in for a combination of the other dimensions that has a row in some period
  const exists = found === null || filled === null ? found : binary("or", found, binary("and", filled.inRange, equals(layers.flagged(found, filled.others), integer(1))));
  const having = query.having.map((condition) => havingExpr(condition, (name) => values.find((v) => v.name === name)?.expr ?? layers.value(query.hidden.get(name)!)));
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

  const rows: Select = { t: "select", columns: outputs, from, where: all([isDetail, exists, ...having, ...(query.keep ?? []).map((top) => kept(top, query))]) };
  const page: Select = { t: "select", columns: names, from: { t: "select", select: rows, as: "p" }, ...(Number.isFinite(query.limit) && { orderBy, limit: query.limit + 1 }), ...(query.offset !== undefined && { offset: query.offset }) };
  const described = { values: values.map(({ expr: _, ...v }) => v), facts: facts.map((f) => ({ cube: f.cube.name, leaves: f.leaves })) };
  if (query.sets.length === 1) return { ...described, select: inline ? page : { ...page, with: with_ } };
  const totals: Select = { t: "select", columns: outputs, from, where: all([
    { t: "in", of: column(null, "g"), values: query.sets.slice(1).map((set) => integer(groupingNumber(set, keys))) },
    // like any row, a subtotal without a value is left out; the grand total always stands
    exists === null ? null : any([equals(column(null, "g"), integer(groupingNumber([], keys))), exists]),
  ]) };
  const everything: SelectLike = { t: "union_all", of: [page, totals] };
  return { ...described, select: { t: "select", with: with_, columns: names, from: { t: "select", select: everything, as: "t" }, ...(Number.isFinite(query.limit) && { orderBy: [{ by: column(null, "g"), direction: "asc" as const }, ...orderBy] }) } };
}
