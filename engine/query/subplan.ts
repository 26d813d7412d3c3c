/** One fact's part of a query: its leaves, at the grouping sets they are needed at, as SELECTs with the columns k0…, g, m0…. */
import { TesseraError } from "../errors.ts";
import { isPeriod, parseDay, type Calendar, type Day, type PeriodLevel } from "../model/calendar.ts";
import type { CubeNode } from "../model/catalog.ts";
import type { DateLevel } from "../model/dimension.ts";
import type { SemiAdditiveMeasure } from "../model/measure.ts";
import { all, any, binary, call, cast, column, dayLiteral, equals, integer, literal, FALSE, type Expr, type Relation, type Select } from "../sql/tree.ts";
import type { Condition } from "./condition.ts";
import { conversionOf, converted } from "./conversion.ts";
import type { DayRange } from "./date-range.ts";
import { FactSource } from "./fact-source.ts";
import type { CompileContext } from "./role-join.ts";
import type { BuiltRollup } from "../rollup/match.ts";
import { RollupSource } from "../rollup/source.ts";
import type { Split } from "../rollup/split.ts";
import { groupingExpr, type GroupingSet } from "./grouping.ts";
import { approximated, isApproximate, registersOf } from "./registers.ts";
import { isAdditive, isCount, type Leaf } from "./leaf.ts";
import type { AttributeRef } from "./member.ts";
import { rangeOfRole, withoutRange, type ResolvedQuery } from "./resolve.ts";
import { changeWindow, comparedCells, finest, timeCells, type TimeCell } from "./windows.ts";

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

export interface SubplanContext extends CompileContext {
  /** first and last day of a cube's facts along a date role; null where it has none */
  spanOf(cube: string, role: string): DayRange | null;
  /** those that the version holds, built from the model as it is now */
  readonly rollups: readonly BuiltRollup[];
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

const isKeyOf = (ref: AttributeRef, role: string): boolean => ref.t === "role" && ref.role === role;
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

/** Facts meet the windows of the cells they count in; additive measures are first brought to one row a day. */
function windowed(plan: Subplan, sets: readonly GroupingSet[], role: string, query: ResolvedQuery, context: SubplanContext): Select[] {
  const cells = windowsOf(plan, sets[0]!, role, query, context);
  if (cells.length === 0) return [];
  const source = sourceOf(plan, context);
  for (const condition of withoutRange(plan.rows, role)) source.filter(condition);
  source.within(role, { from: Math.min(...cells.map((c) => c.window.from)), until: Math.max(...cells.map((c) => c.window.until)) });
  const timeKeys = sets[0]!.filter((i) => isKeyOf(query.keys[i]!, role));
  const positions = union(sets);
  const aggregated = plan.rollup ? (leaf: Leaf, _weight: Expr | null, alias = "x") => reaggregate(leaf, alias) : aggregate;
  const others = positions.filter((i) => !timeKeys.includes(i));
  const semi = plan.leaves[0]!.measure.kind === "semi_additive";
  let x = selectFrom(source, [...others.map((i) => ({ expr: source.attribute(query.keys[i]!), as: key(i) })), { expr: source.day(role), as: "d" }, ...inputs(plan, source, query, context).filter((c) => c.as !== "d")]);
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
  const spine: Relation = {
    t: "values", as: "s", columns: [...timeKeys.map(key), "from", "until", "days"],
    rows: cells.map((c) => [...c.values.map((v, n) => timeLiteral(v, (query.keys[timeKeys[n]!] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel)), dayLiteral(Math.max(c.window.from, FIRST_DAY)), dayLiteral(Math.min(c.window.until, LAST_DAY)), integer(c.length)]),
  };
  const joined: Select = {
    t: "select", columns: [...timeKeys.map((i) => ({ expr: column("s", key(i)), as: key(i) })), { expr: column("s", "days"), as: "days" }, { expr: { t: "star" as const, of: "y" }, as: "*" }],
    from: { t: "select", select: x, as: "y" }, joins: [{ kind: "inner", to: spine, on: binary("and", binary(">=", column("y", "d"), column("s", "from")), binary("<=", column("y", "d"), column("s", "until"))) }],
  };
  if (semi && !isAverage(plan.leaves[0]!)) return [semiAdditive(plan, sets[0]!, joined, query)];
  if (isApproximate(plan.leaves[0]!)) return [approximated(plan.leaves[0]!, joined, positions, sets, query.keys.length, plan.rollup !== null)];
  const measures = plan.leaves.map((leaf) => ({ as: leaf.column, expr: isAverage(leaf) ? averaged(leaf, { t: "aggregate", name: "max", of: column("x", "days"), filter: null }) : twice ? again(leaf) : aggregated(leaf, weight ? column("x", "w") : null) }));
  return [grouped(measures, { t: "select", select: joined, as: "x" }, "x", positions, sets, query.keys.length)];
}

const isAverage = (leaf: Leaf): boolean => leaf.measure.kind === "semi_additive" && leaf.measure.take === "average";
const averaged = (leaf: Leaf, days: Expr): Expr => call("divide", { t: "aggregate", name: "sum", of: column("x", `a_${leaf.column}`), filter: leaf.where ? column("x", `b_${leaf.column}`) : null }, days);

/** A time key's value as it stands in a spine of cells. */
export function timeLiteral(value: string | number | boolean | null, level: DateLevel): Expr {
  if (typeof value === "string" && isPeriod(level)) return dayLiteral(parseDay(value)!);
  return literal(value, typeof value === "number" ? "integer" : typeof value === "boolean" ? "boolean" : "text");
}

/** The cells of the time keys of a set, with the window that the leaves read for each. */
function windowsOf(plan: Subplan, set: GroupingSet, role: string, query: ResolvedQuery, context: SubplanContext): { values: TimeCell["values"]; window: DayRange; length: number }[] {
  const calendar = context.catalog.roles.get(role)!.dimension.calendar!;
  const levels = set.filter((i) => isKeyOf(query.keys[i]!, role)).map((i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel);
  const range = boundedRange(plan.cube, role, query, context, calendar);
  if (range === null) return [];
  const frames = plan.leaves[0]!.frames;
  const compared = frames[0]?.change.type === "compare";
  if (levels.some((l) => l === "hour" || l === "minute" || l === "hour_of_day")) throw new TesseraError("query-invalid", `${plan.leaves[0]!.member} moves along days, and the query asks for ${levels.join(", ")}`, { place: plan.leaves[0]!.member, remedy: "use day or a longer period" });
  const periods = levels.filter(isPeriod);
  const grain: PeriodLevel | null = levels.length === 0 ? null : periods.length === 0 ? (levels.includes("day_of_week") ? "day" : null) : finest(periods);
  const cells = compared ? comparedCells(calendar, levels, query.compare!.current, query.compare!.previous, query.compare!.years) : timeCells(calendar, levels, range);
  const found: { values: TimeCell["values"]; window: DayRange; length: number }[] = [];
  for (const cell of cells) {
    let window: DayRange | null = cell.days;
    for (const frame of frames) {
      if (frame.change.type === "compare" || window === null) continue;
      if (frame.change.type !== "shift" && periods.length < levels.length) throw new TesseraError("query-invalid", `${plan.leaves[0]!.member} cannot be taken by ${levels.find((l) => !isPeriod(l))}, which is no period`, { place: plan.leaves[0]!.member, remedy: "group by day, week, month, quarter or year" });
      window = changeWindow(frame.change, window, grain, calendar, range);
    }
    if (window !== null) found.push({ values: cell.values, window, length: daysUpTo(cell.days, query.now) });
  }
  return found;
}

/**
 * Whether a cell of the result has a window to look in, as a condition over its time keys; null: all have. There is none for the 31st
 * shifted into a month of 30, for week 53 of a year of 52, for the third month against a range of two, and for an unknown date.
 */
export function hasWindow(leaf: Leaf, set: GroupingSet, query: ResolvedQuery, context: SubplanContext): Expr | null {
  const role = leaf.frames[0]?.role;
  const keys = role === undefined ? [] : set.filter((i) => isKeyOf(query.keys[i]!, role));
  if (role === undefined || keys.length === 0) return null;
  const levels = keys.map((i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel);
  const calendar = context.catalog.roles.get(role)!.dimension.calendar!;
  const plan = { cube: context.catalog.cubes.get(leaf.cube)!, leaves: [leaf], sets: [set], rows: query.rows, rollup: null };
  const range = boundedRange(plan.cube, role, query, context, calendar);
  if (range === null) return FALSE;
  const known = new Map(windowsOf(plan, set, role, query, context).map((cell) => [JSON.stringify(cell.values), cell.values]));
  const is = (values: TimeCell["values"]): Expr => all(values.map((v, n) => equals(column(null, key(keys[n]!)), timeLiteral(v, levels[n]!))))!;
  const periods = levels.filter(isPeriod);
  if (periods.length === 0) return keys.length === 1 ? { t: "in", of: column(null, key(keys[0]!)), values: [...known.values()].map(([v]) => timeLiteral(v!, levels[0]!)) } : any([...known.values()].map(is));
  const cells = timeCells(calendar, levels, range);
  const missing = cells.filter((cell) => !known.has(JSON.stringify(cell.values)));
  const at = levels.indexOf(finest(periods));
  const finestKey = column(null, key(keys[at]!));
  const inRange = binary("and", binary(">=", finestKey, timeLiteral(cells[0]!.values[at]!, levels[at]!)), binary("<=", finestKey, timeLiteral(cells.at(-1)!.values[at]!, levels[at]!)));
  const asked = rangeOfRole(query.rows, role);
  // within a range that was asked for every row has a date, and lies in it
  const bounds = asked && Number.isFinite(asked.from) && Number.isFinite(asked.until) ? null : inRange;
  return missing.length === 0 ? bounds : all([bounds, { t: "not", of: keys.length === 1 ? { t: "in", of: finestKey, values: missing.map((cell) => timeLiteral(cell.values[0]!, levels[0]!)) } : any(missing.map((cell) => is(cell.values))) }]);
}

const daysUpTo = (days: DayRange, now: Day): number => Math.max(1, Math.min(days.until, now >= days.from ? now : days.until) - days.from + 1);

/** The query's range of a role, else the calendar's, else the span of the facts: always with two ends. */
export function boundedRange(cube: CubeNode, role: string, query: ResolvedQuery, context: SubplanContext, calendar: Calendar): DayRange | null {
  const asked = rangeOfRole(query.rows, role);
  const span = context.spanOf(cube.name, role);
  const from = asked && Number.isFinite(asked.from) ? asked.from : calendar.from ?? span?.from;
  const until = asked && Number.isFinite(asked.until) ? asked.until : calendar.until ?? span?.until;
  return from === undefined || until === undefined || until < from ? null : { from, until };
}

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
