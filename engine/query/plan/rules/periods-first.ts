/**
 * Facts are brought to days, or to the longest periods that all windows are made of, before they meet the cells that
 * they count in. What is taken at single days stays as it is.
 */
import { leafNamed } from "../logical/links.ts";
import { hinted, type Rule } from "./rule.ts";

export const periodsFirst: Rule = {
  name: "periods-first",
  apply: (plan) =>
    hinted(
      plan,
      "periods_first",
      ({ along, leaves }) =>
        along !== undefined && leaves.every((column) => leafNamed(plan.leaves, column).take.kind !== "semi_additive"),
    ),
};
