/**
 * Where every period that is read counts in one cell, as far away as all others, the cell is computed by moving the
 * period, and no list of cells is joined.
 */
import { isAdditive } from "../../resolve/leaf.ts";
import { leafNamed } from "../logical/links.ts";
import { hinted, type Rule } from "./rule.ts";

export const cellsByMoving: Rule = {
  name: "cells-by-moving",
  apply: (plan, links) =>
    hinted(
      plan,
      "cells_by_moving",
      ({ hints, leaves }) =>
        (hints ?? []).includes("periods_first") &&
        leaves.every((column) => isAdditive(links.leaf(leafNamed(plan.leaves, column)))),
    ),
};
