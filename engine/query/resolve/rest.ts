/**
 * What tops leave out, as measures: the same trees over leaves that read only the rest. The whole of a share stays the
 * whole.
 */
import type { Value } from "../../model/query.ts";
import { refsIn } from "./condition-parts.ts";
import type { Condition, Leaf, MeasureTree, Rest } from "./nodes.ts";

/** The date roles that a condition restricts, and whether it restricts nothing else. */
export function rolesOf(condition: Condition): { readonly dates: ReadonlySet<string>; readonly alone: boolean } {
  const refs = refsIn(condition);
  return {
    dates: new Set(refs.flatMap((ref) => (ref.t === "role" && ref.dimension.calendar ? [ref.role] : []))),
    alone: refs.every((ref) => ref.t === "role" && ref.dimension.calendar !== null),
  };
}

/** The identity of a combination of members; a number and its text are one member. */
export const memberKey = (values: readonly (Value | undefined)[]): string =>
  JSON.stringify(values.map((value) => (value === null || value === undefined ? null : String(value))));

/** The tree that reads the rest. The rank of the rest has no meaning and is null. */
export function restOf(tree: MeasureTree, rest: Rest, leaves: Map<string, Leaf>): MeasureTree {
  switch (tree.t) {
    case "leaf": {
      const column = `${tree.leaf.column}_${rest.id}`;
      const leaf = leaves.get(column) ?? { ...tree.leaf, column, rest };
      leaves.set(column, leaf);
      return { ...tree, leaf };
    }
    case "formula":
      return { ...tree, parts: new Map([...tree.parts].map(([name, part]) => [name, restOf(part, rest, leaves)])) };
    case "share": {
      const whole = tree.whole ?? tree.base;
      for (const leaf of leavesOf(whole)) leaves.set(leaf.column, leaf);
      return { ...tree, base: restOf(tree.base, rest, leaves), whole };
    }
    case "rank":
      return { t: "formula", formula: { t: "null" }, parts: new Map(), fill: undefined };
  }
}

function leavesOf(tree: MeasureTree): readonly Leaf[] {
  switch (tree.t) {
    case "leaf":
      return [tree.leaf];
    case "formula":
      return [...tree.parts.values()].flatMap(leavesOf);
    case "share":
      return [...leavesOf(tree.base), ...(tree.whole ? leavesOf(tree.whole) : [])];
    case "rank":
      return leavesOf(tree.base);
  }
}
