/** What tops leave out, as measures: the same trees over leaves that read only the rest. A share's whole stays whole. */
import type { Rest } from "./nodes.ts";
import type { Condition } from "./nodes.ts";
import { refsIn } from "./condition-parts.ts";
import type { Leaf, MeasureTree } from "./nodes.ts";
import type { Value } from "../../model/query.ts";

/** The date roles that a condition is about, and whether about these alone. */
export function rolesOf(condition: Condition): { readonly dates: ReadonlySet<string>; readonly alone: boolean } {
  const refs = refsIn(condition);
  return {
    dates: new Set(refs.flatMap((ref) => (ref.t === "role" && ref.dimension.calendar ? [ref.role] : []))),
    alone: refs.every((ref) => ref.t === "role" && ref.dimension.calendar !== null),
  };
}

/** Numbers and their digits are one member. */
export const memberKey = (values: readonly (Value | undefined)[]): string =>
  JSON.stringify(values.map((value) => (value === null || value === undefined ? null : String(value))));

/** The tree that reads the rest. A rank among the others says nothing: it is null. */
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
