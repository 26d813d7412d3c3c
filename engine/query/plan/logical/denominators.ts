/** The grouping sets that shares are taken of. */
import { at } from "../../../lookup.ts";
import { uniqueSets, type GroupingSet } from "../../language/grouping.ts";
import type { AttributeRef } from "../../binding/member.ts";
import type { MeasureTree } from "../../resolve/nodes.ts";

/**
 * The coarser sets that shares are taken of, in addition to the sets asked for; a share of a share has its own there.
 */
export function denominators(
  tree: MeasureTree,
  keys: readonly AttributeRef[],
  sets: readonly GroupingSet[],
): GroupingSet[] {
  switch (tree.t) {
    case "leaf":
      return [];
    case "formula":
      return [...tree.parts.values()].flatMap((part) => denominators(part, keys, sets));
    case "rank":
      return denominators(tree.base, keys, sets);
    case "share": {
      const own = uniqueSets(sets.map((set) => denominator(tree.of, set, keys)));
      return [
        ...own,
        ...denominators(tree.base, keys, uniqueSets([...sets, ...own])),
        ...(tree.whole ? denominators(tree.whole, keys, uniqueSets([...sets, ...own])) : []),
      ];
    }
  }
}

/** The coarser set that a share of a set is taken of. */
export function denominator(
  of: "total" | "parent" | readonly string[],
  set: GroupingSet,
  keys: readonly AttributeRef[],
): GroupingSet {
  if (of === "total") return [];
  if (of === "parent") return set.slice(0, -1);
  return set.filter((i) => of.includes(at(keys, i).member));
}
