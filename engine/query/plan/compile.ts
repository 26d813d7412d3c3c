/**
 * From a resolved query to one statement: a plan for each fact, UNION ALL and one outer GROUP BY where there are
 * several, then calculated measures, shares and ranks, then measure filters, order and limit. Totals come from the same
 * statement.
 */
import { at, first } from "../../lookup.ts";
import { mergeFacts } from "./merge-facts.ts";
import { type Fact, groupLeaves, leftOut, hasKey, repeats, applies, refuseUselessFilters } from "./facts.ts";
import type { Compiled } from "./compiled.ts";
import { windowRanges } from "../windows/cell-windows.ts";
import { windowCondition } from "../windows/window-condition.ts";
import type { PlanContext } from "./plan-context.ts";
import { fillDates } from "./fill-dates.ts";
import { uniqueSets, type GroupingSet } from "../language/grouping.ts";
import { denominators, Layers } from "./layers.ts";
import { compileNested } from "./nested.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { appliesTo } from "../scan/row-rules.ts";
import { chooseRollups } from "../rollup/choose.ts";
import { mostMembers } from "../rollup/fit.ts";
import { bridged, type FactPlan } from "./fact-parts.ts";
import { finish } from "./finish.ts";
import { inOneScan } from "./one-scan.ts";
import { compileFactPlan, type Part } from "./fact-plan.ts";

/** Plans a query. @throws TesseraError where its facts, filters and dimensions do not belong together */
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
  const plans: FactPlan[] = [];
  const rollups = new Set<string>();
  for (const fact of facts) {
    const known = new Set(query.keys.flatMap((ref, i) => (hasKey(fact.cube, ref, context) ? [i] : [])));
    const own = (set: GroupingSet): GroupingSet => set.filter((i) => known.has(i));
    if (known.size < query.keys.length) for (const leaf of fact.leaves) repeated.set(leaf.column, own);
    const sets = uniqueSets(needed.map(own));
    const leaf = first(fact.leaves);
    if (leaf.inner) {
      const all = [...query.rows, ...leftOut(leaf, context)];
      const rows = fact.leaves.every(repeats)
        ? all.filter((condition) => applies(condition, fact.cube, fact.leaves, context))
        : all;
      const nested = compileNested(leaf, sets, { ...query, rows }, context, (inner) => compileQuery(inner, context));
      parts.push({ select: nested.select, sets });
      for (const name of nested.inner.rollups) rollups.add(name);
      continue;
    }
    // a rollup applies the row rules; a scan of the facts adds them itself
    const rules = context.rules.filter((rule) => appliesTo(rule, fact.cube, context));
    for (const part of chooseRollups(
      {
        cube: fact.cube,
        leaves: fact.leaves,
        sets,
        rows: fact.rows,
        rules,
        keys: query.keys.filter((_, i) => known.has(i)),
        windows: (leaf) => windowRanges(leaf, sets, query, context),
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
  for (const plan of inOneScan(plans, query, context)) parts.push(...compileFactPlan(plan, query, context));
  const leaves = [...new Set(facts.flatMap((f) => f.leaves))];
  const merged = mergeFacts(parts, leaves, query.keys.length);
  const filled = query.fillDates
    ? fillDates(
        merged,
        leaves,
        query,
        context,
        facts.map((f) => f.cube),
      )
    : null;
  const layers = new Layers(query, needed, filled?.select ?? merged, repeated, (leaf, set) =>
    windowCondition(leaf, set, query, context),
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
    facts.some((fact) => fact.leaves.some((leaf) => leaf.inner))
      ? Number.POSITIVE_INFINITY
      : atMost(plans, needed, query),
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

/** More rows than these are read faster by several threads. */
const MOST_QUICK = 200_000;
const isQuick = (plans: readonly FactPlan[], facts: readonly Fact[]): boolean =>
  plans.length > 0 &&
  facts.every((fact) => fact.leaves.every((leaf) => !leaf.inner)) &&
  plans.every(({ rollup, split }) => rollup !== null && !split) &&
  plans.reduce((rows, { rollup }) => rows + (rollup?.rows ?? 0), 0) <= MOST_QUICK;

/** A compared day is in one cell of each side, or in the last four of a month that is compared with a shorter one. */
const COMPARED = 8;

/** The most rows that the facts can have, where only rollups answer and their sizes are known; else infinity. */
function atMost(plans: readonly FactPlan[], sets: readonly GroupingSet[], query: ResolvedQuery): number {
  let most = 0;
  for (const { rollup, split, leaves } of plans) {
    const frames = leaves.flatMap((leaf) => leaf.frames);
    // under any other window a day counts in many cells
    if (rollup === null || split || frames.some(({ change }) => change.type !== "compare"))
      return Number.POSITIVE_INFINITY;
    const members = sets.map((set) =>
      mostMembers(
        rollup,
        set.map((i) => at(query.keys, i)),
      ),
    );
    most += (frames.length > 0 ? COMPARED : 1) * members.reduce((sum, n) => sum + n, 0);
  }
  return most;
}
