/**
 * Subtotals are taken from the finest groups, not from the facts: each grouping set takes every row that it is given.
 */
import { isAdditive } from "../../resolve/leaf.ts";
import { leafNamed } from "../logical/links.ts";
import { hinted, type Rule } from "./rule.ts";

export const subtotalsFromGroups: Rule = {
  name: "subtotals-from-groups",
  apply: (plan, links) =>
    hinted(
      plan,
      "subtotals_from_groups",
      ({ along, sets, leaves }) =>
        !along && sets.length > 1 && leaves.every((column) => isAdditive(links.leaf(leafNamed(plan.leaves, column)))),
    ),
};
