/** The query behind a measure of a measure: the inner one, at the query's grain and its own. */
import { TesseraError, phrase } from "../../../errors/index.ts";
import { resolveAttribute } from "../../binding/member.ts";
import { uniqueSets, type GroupingSet } from "../../language/grouping.ts";
import { withoutDays } from "../../resolve/asked-days.ts";
import { refsIn } from "../../resolve/condition-parts.ts";
import type { Condition, Leaf } from "../../resolve/nodes.ts";
import type { ResolvedQuery } from "../../resolve/resolved-query.ts";
import { alongOf } from "../../windows/along.ts";
import { cellWindows } from "../../windows/cell-windows.ts";
import { isKeyOf } from "../../windows/time-keys.ts";
import type { PlanContext } from "../plan-context.ts";

/** A query, and which of its keys the measure is taken for each of; the outer query's keys come first. */
export interface InnerQuery {
  readonly query: ResolvedQuery;
  readonly per: readonly number[];
}

/** The set of the inner query that gives a set of the outer one. */
export const finerSet = (set: GroupingSet, per: readonly number[]): GroupingSet =>
  [...new Set([...set, ...per])].sort((a, b) => a - b);

/** @param sets only of keys that the measure's cube has @param all the filters that restrict it */
export function innerQuery(
  leaf: Leaf,
  sets: readonly GroupingSet[],
  query: ResolvedQuery,
  all: readonly Condition[],
  context: PlanContext,
): InnerQuery {
  const { tree, leaves, per } = innerOf(leaf);
  const keys = [...query.keys];
  const finer = per.map((ref) => {
    const at = keys.findIndex((key) => key.member === ref.member);
    return at >= 0 ? at : keys.push(ref) - 1;
  });
  const cubes = new Set(leaves.all.map((l) => l.cube));
  const rows = ranged(leaf, sets, { ...query, rows: all }, context).filter((condition) =>
    refsIn(condition).every((ref) => ref.t !== "fact" || cubes.has(ref.cube)),
  );
  return {
    per: finer,
    query: {
      keys,
      leaves,
      hidden: new Map(),
      having: [],
      order: [],
      limit: Number.POSITIVE_INFINITY,
      fillDates: false,
      rows: leaf.where ? [...rows, leaf.where] : rows,
      sets: uniqueSets(sets.map((set) => finerSet(set, finer))),
      compare: query.compare,
      history: query.history,
      timeZone: query.timeZone,
      now: query.now,
      measures: [
        {
          name: leaf.member,
          title: leaf.member,
          description: undefined,
          format: "number",
          better: "up",
          type: "number",
          tree,
          previous: null,
        },
      ],
    },
  };
}

function innerOf({ inner, member }: Leaf): NonNullable<Leaf["inner"]> {
  if (!inner) throw new Error(`${member} is not a measure of a measure`);
  return inner;
}

/**
 * The query's filters. Along the dates that the measure is taken for each of, its window replaces the query's range.
 */
function ranged(
  leaf: Leaf,
  sets: readonly GroupingSet[],
  query: ResolvedQuery,
  context: PlanContext,
): readonly Condition[] {
  const by = innerOf(leaf).ranged;
  if (by === null || by.t !== "role") return query.rows;
  const cell = query.keys.find((key, i) => isKeyOf(key, by.role) && sets.some((set) => set.includes(i)));
  if (cell)
    throw new TesseraError(
      "query-invalid",
      phrase`${leaf.member} is taken for each ${by.member}, and cannot also move or be compared by ${cell.member}`,
      { place: leaf.member, remedy: "leave the date out of the dimensions, or ask for the two periods one by one" },
    );
  const [window] = cellWindows(leaf, [], alongOf(leaf.fact, by.role, query, context), context);
  const ref = resolveAttribute(context.catalog, context.binding, `${by.role}.day`, leaf.member);
  return [...withoutDays(query.rows, by.role), { t: "days", ref, ranges: window?.days ?? [], negated: false }];
}
