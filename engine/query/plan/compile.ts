/**
 * From a resolved query to one statement: a subplan a fact, UNION ALL and one outer GROUP BY where there are several,
 * then calculated measures, shares and ranks, then measure filters, order and limit. Totals come from the same statement.
 */
import type { Compiled } from "./compiled.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import type { CubeNode } from "../../model/catalog.ts";
import { column, integer, literal, type Expr, type Select, type SelectLike } from "../../sql/tree.ts";
import { hasWindow, windowsRead } from "../windows/cell-windows.ts";
import type { PlanContext } from "./plan-context.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn, segmentsIn } from "../resolve/condition-parts.ts";
import { forFact } from "../scan/entity-filter.ts";
import { fillDates } from "./fill-dates.ts";
import { setKey, uniqueSets, type GroupingSet } from "../language/grouping.ts";
import { hourChange } from "../windows/hour-windows.ts";
import { denominators, Layers } from "./layers.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import { compileNested } from "./nested.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";
import { rolesOf } from "../resolve/rest.ts";
import { appliesTo } from "../scan/row-rules.ts";
import { chooseRollups } from "../rollup/choose.ts";
import { mostMembers } from "../rollup/fit.ts";
import { bridged, type Subplan } from "./fact-parts.ts";
import { finish } from "./finish.ts";
import { inOneScan } from "./one-scan.ts";
import { compileSubplan, type Part } from "./subplan.ts";

const k = (i: number): string => `k${i}`;

export function compileQuery(query: ResolvedQuery, context: PlanContext): Compiled {
  const trees = [
    ...query.measures.flatMap((m) => [m.tree, ...(m.previous ? [m.previous] : [])]),
    ...query.hidden.values(),
  ];
  const needed = uniqueSets([...query.sets, ...trees.flatMap((tree) => denominators(tree, query))]);
  const facts = groupLeaves(query.leaves.all, query, context);
  refuseUselessFilters(
    query,
    facts.map((f) => f.cube),
  );

  const repeated = new Map<string, (set: GroupingSet) => GroupingSet>();
  const parts: Part[] = [];
  const plans: Subplan[] = [];
  const rollups = new Set<string>();
  for (const fact of facts) {
    const known = new Set(query.keys.flatMap((ref, i) => (hasKey(fact.cube, ref, context) ? [i] : [])));
    const own = (set: GroupingSet): GroupingSet => set.filter((i) => known.has(i));
    if (known.size < query.keys.length) for (const leaf of fact.leaves) repeated.set(leaf.column, own);
    const sets = uniqueSets(needed.map(own));
    if (fact.leaves[0]!.inner) {
      const all = [...query.rows, ...leftOut(fact.leaves[0]!, context)];
      const rows = fact.leaves.every(repeats)
        ? all.filter((condition) => applies(condition, fact.cube, fact.leaves, context))
        : all;
      const nested = compileNested(fact.leaves[0]!, sets, { ...query, rows }, context, (inner) =>
        compileQuery(inner, context),
      );
      parts.push({ select: nested.select, sets });
      for (const name of nested.inner.rollups) rollups.add(name);
      continue;
    }
    // a rollup keeps the row rules; a scan of the facts adds them by itself
    const rules = context.rules.filter((rule) => appliesTo(rule, fact.cube, context));
    for (const part of chooseRollups(
      {
        cube: fact.cube,
        leaves: fact.leaves,
        sets,
        rows: fact.rows,
        rules,
        keys: query.keys.filter((_, i) => known.has(i)),
        windows: (leaf) => windowsRead(leaf, sets, query, context),
      },
      context.rollups,
      context,
    )) {
      if (part.rollup) rollups.add(part.rollup.name);
      plans.push({
        cube: fact.cube,
        leaves: part.leaves,
        sets,
        rows: fact.rows,
        rules,
        rollup: part.rollup,
        split: part.split,
      });
    }
  }
  for (const plan of inOneScan(plans, query, context)) parts.push(...compileSubplan(plan, query, context));
  const present = [...new Set(facts.flatMap((f) => f.leaves))];
  const merged = merge(parts, present, query.keys.length);
  const filled = query.fillDates
    ? fillDates(
        merged,
        present,
        query,
        context,
        facts.map((f) => f.cube),
      )
    : null;
  const layers = new Layers(query, needed, filled?.select ?? merged, repeated, (leaf, set) =>
    hasWindow(leaf, set, query, context),
  );
  const overlapping = new Set(
    facts.flatMap((fact) =>
      query.keys.some((ref) => ref.t === "role" && fact.cube.roles.has(ref.role) && bridged(fact.cube, ref))
        ? fact.leaves.map((leaf) => leaf.column)
        : [],
    ),
  );
  const quick = isQuick(plans, facts);
  const finished = finish(
    query,
    layers,
    filled,
    facts.some((fact) => fact.leaves[0]!.inner) ? Number.POSITIVE_INFINITY : atMost(plans, needed, query),
    quick,
  );
  return {
    ...finished,
    facts: facts.map((fact) => ({ cube: fact.cube.name, leaves: fact.leaves })),
    rollups: [...rollups],
    quick,
    overlapping,
  };
}

/** More rows than these are read sooner by several threads. */
const MOST_QUICK = 200_000;
const isQuick = (plans: readonly Subplan[], facts: readonly Fact[]): boolean =>
  plans.length > 0 &&
  facts.every((fact) => !fact.leaves[0]!.inner) &&
  plans.every(({ rollup, split }) => rollup !== null && !split) &&
  plans.reduce((rows, { rollup }) => rows + rollup!.rows, 0) <= MOST_QUICK;

/** A day compared is of one cell a side, or of the four last of a month that are compared with a shorter one's last. */
const COMPARED = 8;

/** The most rows that the facts can come to, where rollups alone answer and say so; else without end, as where a day counts in many cells. */
function atMost(plans: readonly Subplan[], sets: readonly GroupingSet[], query: ResolvedQuery): number {
  return plans.reduce((sum, { rollup, split, leaves }) => {
    const frames = leaves.flatMap((leaf) => leaf.frames);
    if (rollup === null || split || frames.some(({ change }) => change.type !== "compare"))
      return Number.POSITIVE_INFINITY;
    return (
      sum +
      (frames.length > 0 ? COMPARED : 1) *
        sets.reduce(
          (n, set) =>
            n +
            mostMembers(
              rollup,
              set.map((i) => query.keys[i]!),
            ),
          0,
        )
    );
  }, 0);
}

interface Fact {
  readonly cube: CubeNode;
  readonly leaves: readonly Leaf[];
  readonly rows: readonly Condition[];
}

/** Leaves that can be taken in one scan: the same fact, the same windows, the same way of aggregating. */
function groupLeaves(leaves: readonly Leaf[], query: ResolvedQuery, context: PlanContext): Fact[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const semi =
      leaf.measure.kind === "semi_additive"
        ? [leaf.measure.take, leaf.measure.over, leaf.measure.per ?? null]
        : leaf.following
          ? leaf.column
          : null;
    const key = leaf.inner ? leaf.column : JSON.stringify([leaf.cube, leaf.frames, semi, leaf.rest?.id]);
    groups.set(key, [...(groups.get(key) ?? []), leaf]);
  }
  return [...groups.values()].map((group) => {
    const cube = context.catalog.cubes.get(group[0]!.cube)!;
    checkRelated(cube, group, query, context);
    const rows = [...query.rows, ...leftOut(group[0]!, context)];
    return {
      cube,
      leaves: group,
      rows: rows
        .filter((condition) => applies(condition, cube, group, context))
        .map((condition) =>
          forFact(
            condition,
            cube,
            query.rows.filter((other) => other !== condition),
            context,
          ),
        ),
    };
  });
}

/** The conditions that leave out what tops keep. A measure that moves along the dates leaves out cells of theirs, not facts. */
function leftOut(leaf: Leaf, context: PlanContext): readonly Condition[] {
  const role =
    leaf.frames[0]?.role ??
    (leaf.measure.kind === "semi_additive" && leaf.measure.take === "average" ? leaf.measure.over : null);
  return (leaf.rest?.conditions ?? []).filter((condition) => {
    const { dates, alone } = rolesOf(condition);
    if (role === null || !dates.has(role)) return true;
    if (!alone || dates.size > 1 || hourChange(leaf) !== null || !context.catalog.roles.get(role)!.dimension.calendar)
      throw new TesseraError(
        "query-invalid",
        phrase`the others of a ranking by ${role} cannot be taken of ${leaf.member}, which moves along it`,
        { place: "$.top", remedy: "leave `others` out, or rank the dates by themselves" },
      );
    return false;
  });
}

function hasKey(cube: CubeNode, ref: AttributeRef, context: PlanContext): boolean {
  if (ref.t === "role") return cube.roles.has(ref.role);
  if (ref.t === "fact") return ref.cube === cube.name;
  const over = context.catalog.project.segments!.find((s) => s.name === ref.segment)!.over;
  return [...cube.roles.values()].some((role) => role.to.name === over && !("through" in role));
}

/** What an error may name. */
const shownRoles = (cube: CubeNode, context: PlanContext): string[] => [
  ...(context.visible.cubes.get(cube.name)?.roles.keys() ?? []),
];

const repeats = (leaf: Leaf): boolean => leaf.measure.unrelated === "repeat";

function checkRelated(cube: CubeNode, leaves: readonly Leaf[], query: ResolvedQuery, context: PlanContext): void {
  for (const leaf of leaves) {
    for (const frame of leaf.frames)
      if (!cube.roles.has(frame.role)) throw unrelated(leaf, cube, frame.role, query, context);
    if (repeats(leaf)) continue;
    // a measure of a measure that is repeated has keys that none of its own sets is spread by
    for (const [i, ref] of query.keys.entries())
      if (query.sets.some((set) => set.includes(i)) && !hasKey(cube, ref, context))
        throw unrelated(leaf, cube, ref.member, query, context);
  }
}

function unrelated(
  leaf: Leaf,
  cube: CubeNode,
  member: string,
  query: ResolvedQuery,
  context: PlanContext,
): TesseraError {
  const cubes = [...new Set(query.leaves.all.map((l) => l.cube))].map((name) => context.catalog.cubes.get(name)!);
  const shared = shownRoles(cube, context).filter((role) => cubes.every((c) => c.roles.has(role)));
  const names = cubes.map((c) => c.name).join(" and ");
  return new TesseraError(
    "unrelated-dimension",
    phrase`${leaf.member} cannot be split by ${member}: cube ${cube.name} has no ${member.split(".")[0]}`,
    {
      place: member,
      remedy:
        shared.length > 0
          ? `${names} ${cubes.length > 1 ? "share" : "has"} ${shared.join(", ")}`
          : `${names} share no dimension; ask for them one by one`,
    },
  );
}

/** A filter on one fact's own attribute restricts that fact alone; one on a dimension must be known to every fact. */
function applies(condition: Condition, cube: CubeNode, leaves: readonly Leaf[], context: PlanContext): boolean {
  const refs = refsIn(condition);
  if (refs.some((ref) => ref.t === "fact" && ref.cube !== cube.name)) return false;
  const missing = [
    ...refs.filter((ref) => !hasKey(cube, ref, context)).map((ref) => ref.member),
    ...segmentsIn(condition)
      .filter((s) => !hasKey(cube, { t: "segment", member: "", segment: s, type: "boolean", title: s }, context))
      .map((s) => `segment ${s}`),
  ];
  if (missing.length === 0) return true;
  if (leaves.every(repeats)) return false;
  throw new TesseraError(
    "unrelated-dimension",
    phrase`${leaves[0]!.member} cannot be filtered by ${missing[0]}: cube ${cube.name} has no such dimension`,
    { place: missing[0]!, remedy: phrase`${cube.name} has ${shownRoles(cube, context).join(", ")}` },
  );
}

/** No filter is left out in silence. */
export function refuseUselessFilters(query: Pick<ResolvedQuery, "rows">, cubes: readonly CubeNode[]): void {
  for (const condition of query.rows) {
    const facts = refsIn(condition).filter((ref) => ref.t === "fact");
    const other = facts.find((ref) => ref.cube !== facts[0]!.cube);
    if (other)
      throw new TesseraError(
        "filter-invalid",
        phrase`${facts[0]!.member} and ${other.member} are attributes of two facts, and no fact has both`,
        {
          place: other.member,
          remedy: 'make them two filters, or say "scope": "entity" of the members that have such facts',
        },
      );
    const fact = facts[0];
    if (fact && !cubes.some((c) => c.name === fact.cube))
      throw new TesseraError(
        "unrelated-dimension",
        phrase`the filter on ${fact.member} restricts no measure of this query`,
        {
          place: fact.member,
          remedy: phrase`ask for a measure of ${fact.cube}, or filter a dimension that ${cubes.map((c) => c.name).join(" and ")} share`,
        },
      );
  }
}

/** Facts meet as rows of one union: nulls in keys meet there by themselves, and nothing is joined. */
function merge(of: readonly Part[], leaves: readonly Leaf[], keys: number): SelectLike {
  const names = leaves.map((leaf) => leaf.column);
  const selects = of.map((part) => part.select);
  if (selects.length === 0)
    return {
      t: "select",
      columns: [
        ...Array.from({ length: keys }, (_, i) => ({ expr: literal(null, "text"), as: k(i) })),
        { expr: integer(0), as: "g" },
        ...names.map((as) => ({ expr: literal(null, "double"), as })),
      ],
      where: literal(false, "boolean"),
    };
  const has = (select: Select, name: string): boolean => select.columns.some((c) => c.as === name);
  const whole = selects.every((select) => names.every((name) => has(select, name)));
  if (selects.length === 1 && whole) return selects[0]!;
  const parts: Select[] = selects.map((select, n) => ({
    t: "select",
    from: { t: "select", select, as: `u${n}` },
    columns: [
      ...Array.from({ length: keys }, (_, i) => ({ expr: column(`u${n}`, k(i)), as: k(i) })),
      { expr: column(`u${n}`, "g"), as: "g" },
      ...names.map((as) => ({ expr: has(select, as) ? column(`u${n}`, as) : ({ t: "null" } as const), as })),
    ],
  }));
  // where each has all measures of levels of its own, no two rows are of one cell
  const levels = of.flatMap((part) => part.sets.map(setKey));
  if (whole && new Set(levels).size === levels.length) return { t: "union_all", of: parts };
  const by = [...Array.from({ length: keys }, (_, i) => column("u", k(i))), column("u", "g")];
  const merged = names.map((as) => ({
    expr: parts.some((_, n) => has(selects[n]!, as))
      ? ({ t: "aggregate", name: "max", of: column("u", as), filter: null } as Expr)
      : literal(null, "double"),
    as,
  }));
  return {
    t: "select",
    from: { t: "select", select: { t: "union_all", of: parts }, as: "u" },
    columns: [...by.map((expr, i) => ({ expr, as: i < keys ? k(i) : "g" })), ...merged],
    groupBy: { keys: by },
  };
}
