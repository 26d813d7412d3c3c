/**
 * From a resolved query to its logical plan: the leaves of each fact that one scan can take, the days that they move
 * along, and the measures that are made of them.
 */
import { first } from "../../../lookup.ts";
import { TesseraError, phrase } from "../../../errors/index.ts";
import { toIso } from "../../../model/time/calendar.ts";
import { uniqueSets, type GroupingSet } from "../../language/grouping.ts";
import { withoutDays } from "../../resolve/asked-days.ts";
import type { Leaf, MeasureTree } from "../../resolve/nodes.ts";
import type { ResolvedQuery } from "../../resolve/resolved-query.ts";
import { alongOf } from "../../windows/along.ts";
import type { PlanContext } from "../plan-context.ts";
import { denominators } from "./denominators.ts";
import { applies, groupLeaves, hasKey, leftOut, refuseUselessFilters, repeats, type Fact } from "./facts.ts";
import { fillNode } from "./fill.ts";
import { innerQuery } from "./inner-query.ts";
import { alongNode, conditionNode, keyNode, leafNode, treeNode } from "./naming.ts";
import type { AlongNode, LeafNode, LogicalPlan, NestedNode, ScanNode } from "./nodes.ts";

/** Plans a query. @throws TesseraError where its facts, filters and dimensions do not belong together */
export function logicalPlan(query: ResolvedQuery, context: PlanContext): LogicalPlan {
  const needed = neededSets(query);
  const facts = groupLeaves(query.leaves.all, query, context);
  refuseUselessFilters(
    query,
    facts.map((f) => f.cube),
  );
  const leaves: LeafNode[] = [];
  const nested: NestedNode[] = [];
  const scans: ScanNode[] = [];
  for (const fact of facts) {
    const known = query.keys.flatMap((ref, i) => (hasKey(fact.cube, ref, context) ? [i] : []));
    const own = (set: GroupingSet): GroupingSet => set.filter((i) => known.includes(i));
    leaves.push(...fact.leaves.map((leaf) => leafNode(leaf, known.length < query.keys.length ? known : undefined)));
    const sets = uniqueSets(needed.map(own));
    const leaf = first(fact.leaves);
    if (leaf.inner) {
      const inner = innerQuery(leaf, sets, query, innerRows(fact, query, context), context);
      nested.push({
        t: "nested",
        leaf: leaf.column,
        sets,
        per: inner.per,
        ...alongOfLeaves(fact, query, context),
        of: logicalPlan(inner.query, context),
      });
    } else scans.push(scanNode(fact, sets, query, context));
  }
  const fill = query.fillDates
    ? fillNode(
        query,
        facts.map((f) => f.cube),
        context,
      )
    : null;
  return {
    keys: query.keys.map(keyNode),
    shown: query.sets,
    sets: needed,
    leaves,
    facts: [...nested, ...scans],
    ...(fill && { fill }),
    measures: query.measures.map(({ name, type, tree, previous }) => ({
      name,
      type,
      value: treeNode(tree),
      ...(previous && { previous: treeNode(previous) }),
    })),
    hidden: Object.fromEntries([...query.hidden].map(([name, tree]) => [name, treeNode(tree)])),
    having: query.having.map(conditionNode),
    keep: query.keep ?? [],
    ...(query.best && { best: query.best }),
    order: query.order,
    limit: Number.isFinite(query.limit) ? query.limit : null,
    ...(query.offset !== undefined && { offset: query.offset }),
    now: toIso(query.now),
  };
}

/** The sets of the answer, and those that its shares are taken of. */
function neededSets(query: ResolvedQuery): GroupingSet[] {
  const trees: MeasureTree[] = [
    ...query.measures.flatMap((m) => [m.tree, ...(m.previous ? [m.previous] : [])]),
    ...query.hidden.values(),
  ];
  return uniqueSets([...query.sets, ...trees.flatMap((tree) => denominators(tree, query.keys, query.sets))]);
}

/** The filters that restrict a measure of a measure. */
function innerRows({ cube, leaves }: Fact, query: ResolvedQuery, context: PlanContext): ResolvedQuery["rows"] {
  const all = [...query.rows, ...leftOut(first(leaves), context)];
  return leaves.every(repeats) ? all.filter((condition) => applies(condition, cube, leaves, context)) : all;
}

function scanNode(fact: Fact, sets: readonly GroupingSet[], query: ResolvedQuery, context: PlanContext): ScanNode {
  const { cube, leaves, rows } = fact;
  const dates = alongOfLeaves(fact, query, context);
  return {
    t: "scan",
    cube: cube.name,
    leaves: leaves.map((leaf) => leaf.column),
    sets,
    where: (dates.along ? withoutDays(rows, dates.along.role) : rows).map(conditionNode),
    ...dates,
  };
}

/** The dates that leaves of one fact move along, or are averaged over. */
function alongOfLeaves(
  { cube, leaves }: Fact,
  query: ResolvedQuery,
  context: PlanContext,
): { readonly along?: AlongNode } {
  const leaf = first(leaves);
  const role = leaf.frames[0]?.role ?? averagedOver(leaf);
  if (role === null) return {};
  const { measure } = leaf;
  if (measure.kind === "semi_additive" && role !== measure.over)
    throw new TesseraError(
      "query-invalid",
      phrase`${leaf.member} is taken at its days of ${measure.over}, and cannot move or be compared along ${role}`,
      { place: leaf.member, remedy: phrase`move it along ${measure.over}` },
    );
  const compared = leaves.some((own) => own.frames.some(({ change }) => change.type === "compare"));
  return { along: alongNode(alongOf(cube, role, query, context), compared) };
}

const averagedOver = ({ measure }: Leaf): string | null =>
  measure.kind === "semi_additive" && measure.take === "average" ? measure.over : null;
