/** One fact's part of a query: its leaves, at the grouping sets they are needed at, as SELECTs with the columns k0…, g, m0…. */
import { TesseraError } from "../errors.ts";
import { parseDay } from "../model/calendar.ts";
import type { CubeNode } from "../model/catalog.ts";
import type { DateLevel } from "../model/dimension.ts";
import type { SemiAdditiveMeasure } from "../model/measure.ts";
import { all, binary, call, cast, column, dayLiteral, equals, integer, type Expr, type Relation, type Select } from "../sql/tree.ts";
import { boundedRange, factsRange, isKeyOf, timeLiteral, windowsOf, type SubplanContext } from "./cell-windows.ts";
import type { Condition } from "./condition.ts";
import { conversionOf, converted } from "./conversion.ts";
import { FactSource } from "./fact-source.ts";
import type { BuiltRollup } from "../rollup/match.ts";
import { cellLiteral, hourCells, hourChange, momentLiteral } from "./hour-windows.ts";
import { RollupSource } from "../rollup/source.ts";
import type { Split } from "../rollup/split.ts";
import { groupingExpr, groupingNumber, type GroupingSet } from "./grouping.ts";
import { approximated, isApproximate, registersOf } from "./registers.ts";
import { isAdditive, isCount, type Leaf } from "./leaf.ts";
import type { AttributeRef } from "./member.ts";
import { windowPeriods } from "./window-periods.ts";
import { withoutRange, type ResolvedQuery } from "./resolve.ts";

export interface Subplan {
  readonly cube: CubeNode;
  readonly leaves: readonly Leaf[];
  /** the sets to compute, each only of keys that the fact has */
  readonly sets: readonly GroupingSet[];
  readonly rows: readonly Condition[];
  /** answers in place of the facts */
  readonly rollup: BuiltRollup | null;
  /** where the rollup answers the middle of the range only */
  readonly split?: Split | null;
}

const FIRST_DAY = parseDay("0001-01-01")!;
const LAST_DAY = parseDay("9999-12-31")!;
const key = (i: number): string => `k${i}`;

/** The SELECTs of a subplan. Sets that need different rows (other windows, other links) come from different SELECTs. */
export function compileSubplan(plan: Subplan, query: ResolvedQuery, context: SubplanContext): Select[] {
  // registers are merged before they are counted: a SELECT of their own
  if (plan.leaves.length > 1 && plan.leaves.some(isApproximate)) {
    const exact = plan.leaves.filter((leaf) => !isApproximate(leaf));
    return [...(exact.length > 0 ? [exact] : []), ...plan.leaves.filter(isApproximate).map((leaf) => [leaf])].flatMap((leaves) => compileSubplan({ ...plan, leaves }, query, context));
  }
  const first = plan.leaves[0]!;
  const role = first.frames[0]?.role ?? (first.measure.kind === "semi_additive" && first.measure.take === "average" ? first.measure.over : null);
  const partitions = partition(plan.sets, (set) => [
    role === null ? "" : set.filter((i) => isKeyOf(query.keys[i]!, role)).join(","),
    set.filter((i) => bridged(plan.cube, query.keys[i]!)).join(","),
    first.measure.kind === "semi_additive" ? set.join(",") : "",
  ].join("|"));
  return partitions.flatMap((sets) => (role === null ? [plain(plan, sets, query, context)] : windowed(plan, sets, role, query, context)));
}

/** Its groups overlap: totals are counted from the facts, without the links. */
export const bridged = (cube: CubeNode, ref: AttributeRef): boolean => ref.t === "role" && ("through" in cube.roles.get(ref.role)! || ref.attribute.source.t === "closure");
const union = (sets: readonly GroupingSet[]): number[] => [...new Set(sets.flat())].sort((a, b) => a - b);

function partition(sets: readonly GroupingSet[], by: (set: GroupingSet) => string): GroupingSet[][] {
  const groups = new Map<string, GroupingSet[]>();
  for (const set of sets) groups.set(by(set), [...(groups.get(by(set)) ?? []), set]);
  return [...groups.values()];
}

type Source = FactSource | RollupSource;
const sourceOf = (plan: Subplan, context: SubplanContext): Source => (plan.rollup ? new RollupSource(plan.rollup, plan.leaves[0]!) : new FactSource(context, plan.cube));

function plain(plan: Subplan, sets: readonly GroupingSet[], query: ResolvedQuery, context: SubplanContext): Select {
  const positions = union(sets);
  const { x, weight } = scanned(plan, positions, query, context);
  const [first] = plan.leaves as [Leaf];
  if (first.measure.kind === "semi_additive") return semiAdditive(plan, sets[0]!, x, query);
  if (isApproximate(first)) return approximated(first, x, positions, sets, query.keys.length, plan.rollup !== null);
  return grouped(plan.leaves.map((leaf) => ({ as: leaf.column, expr: plan.rollup ? reaggregate(leaf, "x") : aggregate(leaf, weight) })), { t: "select", select: x, as: "x" }, "x", positions, sets, query.keys.length);
}

/** The rows to aggregate: k0… and what the leaves take; of a rollup already aggregated once. */
function scanned(plan: Subplan, positions: readonly number[], query: ResolvedQuery, context: SubplanContext): { readonly x: Select; readonly weight: Expr | null } {
  const source = sourceOf(plan, context);
  for (const condition of plan.split?.middle ?? plan.rows) source.filter(condition);
  const columns = [...positions.map((i) => ({ expr: source.attribute(query.keys[i]!), as: key(i) })), ...inputs(plan, source, query, context)];
  const weight = source.weight();
  const x = selectFrom(source, weight ? [...columns, { expr: weight, as: "w" }] : columns);
  if (!plan.split) return { x, weight: weight ? column("x", "w") : null };
  const parts = positions.map((i) => ({ expr: column("p", key(i)), as: key(i) }));
  const [first] = plan.leaves as [Leaf];
  const edges = scanned({ ...plan, rollup: null, split: null, rows: plan.split.edges }, positions, query, context).x;
  const again: Select = isApproximate(first)
    ? registersOf(first, edges, positions)
    : { t: "select", from: { t: "select", select: edges, as: "p" }, columns: [...parts, ...plan.leaves.map((leaf) => ({ expr: aggregate(leaf, null, "p"), as: `a_${leaf.column}` }))], groupBy: { keys: parts.map((p) => p.expr) } };
  return { x: { t: "select", columns: [{ expr: { t: "star" }, as: "*" }], from: { t: "select", select: { t: "union_all", of: [x, again] }, as: "p" } }, weight: null };
}

/** Facts meet the windows of the cells they count in; additive measures are first brought to one row a day, or a period where the windows are made of periods. */
function windowed(plan: Subplan, sets: readonly GroupingSet[], role: string, query: ResolvedQuery, context: SubplanContext): Select[] {
  const change = hourChange(plan.leaves[0]!);
  if (change) return hourly(plan, sets, role, change, query, context);
  // a range that begins after a window's last day leaves nothing of it
  const cells = windowsOf(plan.cube, plan.leaves[0]!, sets[0]!, role, query, context).filter((cell) => cell.window.from <= cell.window.until);
  if (cells.length === 0) return nothing(plan, sets, query.keys.length);
  const source = sourceOf(plan, context);
  for (const condition of withoutRange(plan.rows, role)) source.filter(condition);
  const semi = plan.leaves[0]!.measure.kind === "semi_additive";
  const { calendar } = context.catalog.roles.get(role)!.dimension;
  const made = semi ? null : windowPeriods(cells.map((c) => c.window), calendar!, context.spanOf(plan.cube.name, role));
  source.within(role, made?.days ?? { from: Math.min(...cells.map((c) => c.window.from)), until: Math.max(...cells.map((c) => c.window.until)) });
  const timeKeys = sets[0]!.filter((i) => isKeyOf(query.keys[i]!, role));
  const positions = union(sets);
  const aggregated = plan.rollup ? (leaf: Leaf, _weight: Expr | null, alias = "x") => reaggregate(leaf, alias) : aggregate;
  const others = positions.filter((i) => !timeKeys.includes(i));
  const stands = made && made.level !== "day" ? { t: "level" as const, level: made.level, of: source.day(role), calendar: calendar! } : source.day(role);
  let x = selectFrom(source, [...others.map((i) => ({ expr: source.attribute(query.keys[i]!), as: key(i) })), { expr: stands, as: "d" }, ...inputs(plan, source, query, context).filter((c) => c.as !== "d")]);
  const weight = source.weight();
  if (weight) x = { ...x, columns: [...x.columns, { expr: weight, as: "w" }] };

  if (timeKeys.length === 0 && cells.length === 1) {                       // one window needs no join
    if (semi && !isAverage(plan.leaves[0]!)) return [semiAdditive(plan, sets[0]!, x, query)];
    if (isApproximate(plan.leaves[0]!)) return [approximated(plan.leaves[0]!, x, positions, sets, query.keys.length, plan.rollup !== null)];
    return [grouped(plan.leaves.map((leaf) => ({ as: leaf.column, expr: isAverage(leaf) ? averaged(leaf, integer(cells[0]!.length)) : aggregated(leaf, weight ? column("x", "w") : null) })), { t: "select", select: x, as: "x" }, "x", positions, sets, query.keys.length)];
  }
  const twice = plan.leaves.every(isAdditive);
  if (twice) {
    const by = [...others.map((i) => column("y", key(i))), column("y", "d")];
    x = {
      t: "select", from: { t: "select", select: x, as: "y" }, groupBy: { keys: by },
      columns: [...others.map((i) => ({ expr: column("y", key(i)), as: key(i) })), { expr: column("y", "d"), as: "d" }, ...plan.leaves.map((leaf) => ({ as: leaf.column, expr: aggregated(leaf, weight ? column("y", "w") : null, "y") }))],
    };
  }
  const again = (leaf: Leaf): Expr => {
    const name = leaf.measure.kind === "aggregate" && (leaf.measure.aggregate === "min" || leaf.measure.aggregate === "max") ? leaf.measure.aggregate : "sum";
    return { t: "aggregate", name, of: column("x", leaf.column), filter: null };
  };
  const valuesOf = (c: (typeof cells)[number]): Expr[] => c.values.map((v, n) => timeLiteral(v, (query.keys[timeKeys[n]!] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel));
  const spine: Relation = made
    ? { t: "values", as: "s", columns: [...timeKeys.map(key), "from", "days"], rows: cells.flatMap((c, n) => made.periods[n]!.map((start) => [...valuesOf(c), dayLiteral(start), integer(c.length)])) }
    : { t: "values", as: "s", columns: [...timeKeys.map(key), "from", "until", "days"], rows: cells.map((c) => [...valuesOf(c), dayLiteral(Math.max(c.window.from, FIRST_DAY)), dayLiteral(Math.min(c.window.until, LAST_DAY)), integer(c.length)]) };
  const on = made ? equals(column("y", "d"), column("s", "from")) : binary("and", binary(">=", column("y", "d"), column("s", "from")), binary("<=", column("y", "d"), column("s", "until")));
  const joined: Select = {
    t: "select", columns: [...timeKeys.map((i) => ({ expr: column("s", key(i)), as: key(i) })), { expr: column("s", "days"), as: "days" }, { expr: { t: "star" as const, of: "y" }, as: "*" }],
    from: { t: "select", select: x, as: "y" }, joins: [{ kind: "inner", to: spine, on }],
  };
  if (semi && !isAverage(plan.leaves[0]!)) return [semiAdditive(plan, sets[0]!, joined, query)];
  if (isApproximate(plan.leaves[0]!)) return [approximated(plan.leaves[0]!, joined, positions, sets, query.keys.length, plan.rollup !== null)];
  const measures = plan.leaves.map((leaf) => ({ as: leaf.column, expr: isAverage(leaf) ? averaged(leaf, { t: "aggregate", name: "max", of: column("x", "days"), filter: null }) : twice ? again(leaf) : aggregated(leaf, weight ? column("x", "w") : null) }));
  return [grouped(measures, { t: "select", select: joined, as: "x" }, "x", positions, sets, query.keys.length)];
}

/** No window has a day: there are no rows, but the grand total stands. */
function nothing(plan: Subplan, sets: readonly GroupingSet[], keys: number): Select[] {
  if (!sets.some((set) => set.length === 0)) return [];
  const none: Expr = { t: "null" };
  return [{ t: "select", columns: [...Array.from({ length: keys }, (_, i) => ({ expr: none, as: key(i) })), { expr: integer(groupingNumber([], keys)), as: "g" }, ...plan.leaves.map((leaf) => ({ expr: none, as: leaf.column }))] }];
}

/** Facts meet the windows of hours of the cells they count in. */
function hourly(plan: Subplan, sets: readonly GroupingSet[], role: string, change: NonNullable<ReturnType<typeof hourChange>>, query: ResolvedQuery, context: SubplanContext): Select[] {
  const [first] = plan.leaves as [Leaf];
  const calendar = context.catalog.roles.get(role)!.dimension.calendar!;
  const source = new FactSource(context, plan.cube);
  const { expr, physical, zone } = source.time(role);
  if (physical === "DATE") throw new TesseraError("query-invalid", `${first.member} counts hours, and ${plan.cube.name} has only days in ${role}`, { place: first.member, remedy: "count in days" });
  const clock = physical === "TIMESTAMP WITH TIME ZONE" ? zone : null;
  const timeKeys = sets[0]!.filter((i) => isKeyOf(query.keys[i]!, role));
  const range = (timeKeys.length === 0 ? factsRange : boundedRange)(plan.cube, role, query, context, calendar);
  if (range === null) return [];
  const levels = timeKeys.map((i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel);
  const cells = hourCells(change, levels, range, calendar, clock, first.member);
  for (const condition of withoutRange(plan.rows, role)) source.filter(condition);
  const reach = Math.ceil(Math.abs(change.span.hours!) / 24) + 1;
  source.within(role, { from: range.from - reach, until: range.until + reach });
  const positions = union(sets);
  const others = positions.filter((i) => !timeKeys.includes(i));
  const own = [...others.map((i) => ({ expr: source.attribute(query.keys[i]!), as: key(i) })), { expr, as: "d" }, ...inputs(plan, source, query, context).filter((c) => c.as !== "d")];
  const weight = source.weight();
  const x = selectFrom(source, weight ? [...own, { expr: weight, as: "w" }] : own);
  const spine: Relation = { t: "values", as: "s", columns: [...timeKeys.map(key), "from", "until"], rows: cells.map((c) => [...c.values.map((v, n) => cellLiteral(v, levels[n]!)), momentLiteral(c.from, clock), momentLiteral(c.until, clock)]) };
  const joined: Select = {
    t: "select", columns: [...timeKeys.map((i) => ({ expr: column("s", key(i)), as: key(i) })), { expr: { t: "star", of: "y" }, as: "*" }], from: { t: "select", select: x, as: "y" },
    joins: [{ kind: "inner", to: spine, on: binary("and", binary(">=", column("y", "d"), column("s", "from")), binary("<", column("y", "d"), column("s", "until"))) }],
  };
  if (isApproximate(first)) return [approximated(first, joined, positions, sets, query.keys.length, false)];
  return [grouped(plan.leaves.map((leaf) => ({ as: leaf.column, expr: aggregate(leaf, weight ? column("x", "w") : null) })), { t: "select", select: joined, as: "x" }, "x", positions, sets, query.keys.length)];
}

const isAverage = (leaf: Leaf): boolean => leaf.measure.kind === "semi_additive" && leaf.measure.take === "average";
const averaged = (leaf: Leaf, days: Expr): Expr => call("divide", { t: "aggregate", name: "sum", of: column("x", `a_${leaf.column}`), filter: leaf.where ? column("x", `b_${leaf.column}`) : null }, days);

type Column = Select["columns"][number];

function selectFrom(source: Source, columns: readonly Column[]): Select {
  return { t: "select", columns: columns.length > 0 ? columns : [{ expr: integer(1), as: "one" }], ...source.parts() };
}

/** `a_m0`: what leaf m0 aggregates; `b_m0`: whether the row counts for it. */
function inputs(plan: Subplan, source: Source, { now }: ResolvedQuery, context: SubplanContext): Column[] {
  if (source instanceof RollupSource && isApproximate(plan.leaves[0]!)) return ["hb", "hr"].map((as) => ({ as, expr: column("f", as) }));
  if (source instanceof RollupSource) return plan.leaves.map((leaf) => ({ as: `a_${leaf.column}`, expr: source.measure(leaf) }));
  return plan.leaves.flatMap((leaf) => {
    const { measure } = leaf;
    if (measure.kind === "nested") throw new Error("a measure of a measure is planned by itself");
    const counts: Column[] = leaf.where ? [{ as: `b_${leaf.column}`, expr: source.condition(leaf.where) }] : [];
    if (measure.kind === "conversion") return [{ as: `a_${leaf.column}`, expr: converted(leaf, source, plan.cube, now, context) }, ...counts];
    const of = measure.kind === "aggregate" && measure.of === undefined ? null : source.argument(measure.of!);
    const out: Column[] = of === null ? [...counts] : [...counts, { as: `a_${leaf.column}`, expr: measure.kind === "aggregate" && ["median", "quantile", "stddev"].includes(measure.aggregate) ? cast(of, "double") : of }];
    if (measure.kind === "semi_additive") {
      out.push({ as: "d", expr: source.day(measure.over) });
      for (const [n, per] of (measure.per ?? []).entries()) out.push({ as: `p${n}`, expr: source.argument(per) });
    }
    return out;
  }).filter((c, i, list) => list.findIndex((o) => o.as === c.as) === i);
}

/** Parts of a rollup are aggregated again; where its grain is the query's own there is one part, and any function returns it. */
function reaggregate(leaf: Leaf, alias: string): Expr {
  const name = leaf.measure.kind !== "aggregate" ? "max" : leaf.measure.aggregate === "sum" || leaf.measure.aggregate === "count" ? "sum" : leaf.measure.aggregate === "min" ? "min" : "max";
  const value: Expr = { t: "aggregate", name, of: column(alias, `a_${leaf.column}`), filter: null };
  return isCount(leaf) ? call("nullif", value, integer(0)) : value;
}

function aggregate(leaf: Leaf, weight: Expr | null, alias = "x"): Expr {
  const { measure } = leaf;
  const filter = leaf.where ? column(alias, `b_${leaf.column}`) : null;
  if (measure.kind === "conversion") return conversionOf(leaf, column(alias, `a_${leaf.column}`), filter, weight);
  if (measure.kind !== "aggregate") throw new Error("not an aggregate");
  const of = measure.of === undefined ? null : column(alias, `a_${leaf.column}`);
  const whole = (expr: Expr): Expr => (isCount(leaf) ? call("nullif", expr, integer(0)) : expr);
  if (weight && measure.aggregate === "sum") return { t: "aggregate", name: "sum", of: binary("*", of!, weight), filter };
  if (weight && measure.aggregate === "count") return whole({ t: "aggregate", name: "sum", of: of ? { t: "case", whens: [{ when: { t: "is_null", of, negated: true }, then: weight }], otherwise: null } : weight, filter });
  return whole({ t: "aggregate", name: measure.aggregate, of, filter, ...(measure.quantile !== undefined && { quantile: measure.quantile }) });
}

function grouped(measures: readonly Column[], from: Relation, alias: string, positions: readonly number[], sets: readonly GroupingSet[], keys: number): Select {
  const columns = new Map(positions.map((i) => [i, column(alias, key(i))] as const));
  return {
    t: "select", from,
    columns: [...Array.from({ length: keys }, (_, i) => ({ expr: columns.get(i) ?? ({ t: "null" } as const), as: key(i) })), { expr: groupingExpr(columns, sets, keys), as: "g" }, ...measures],
    groupBy: { keys: positions.map((i) => columns.get(i)!), ...(sets.length > 1 && { sets: sets.map((set) => set.map((i) => positions.indexOf(i))) }) },
  };
}

/** The rows of the first or last date: one date for the cell's period, or one for each `per` key of the cell. */
function semiAdditive(plan: Subplan, set: GroupingSet, x: Select, query: ResolvedQuery): Select {
  const measure = plan.leaves[0]!.measure as SemiAdditiveMeasure;
  const same = measure.per ? [...set.map((i) => column("x", key(i))), ...measure.per.map((_, n) => column("x", `p${n}`))] : set.filter((i) => isKeyOf(query.keys[i]!, measure.over)).map((i) => column("x", key(i)));
  const dated: Select = {
    t: "select", from: { t: "select", select: x, as: "x" },
    columns: [{ expr: { t: "star" }, as: "*" }, { as: "edge", expr: { t: "window", name: measure.take === "first" ? "min" : "max", of: column("x", "d"), filter: null, partitionBy: same, orderBy: [] } }],
  };
  const measures = plan.leaves.map((leaf) => ({
    as: leaf.column,
    expr: { t: "aggregate" as const, name: "sum" as const, of: column("x", `a_${leaf.column}`), filter: all([equals(column("x", "d"), column("x", "edge")), leaf.where ? column("x", `b_${leaf.column}`) : null]) },
  }));
  return grouped(measures, { t: "select", select: dated, as: "x" }, "x", set, [set], query.keys.length);
}
