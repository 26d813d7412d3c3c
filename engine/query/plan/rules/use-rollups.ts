/** A rollup answers in place of the facts, or for the whole months of a range, where the numbers are the same. */
import { chooseRollups } from "../../rollup/choose.ts";
import { appliesTo } from "../../scan/row-rules.ts";
import { windowRanges } from "../../windows/cell-windows.ts";
import { alongOfFact, leafNamed } from "../logical/links.ts";
import { conditionNode } from "../logical/naming.ts";
import type { ScanNode } from "../logical/nodes.ts";
import { mapScans, type Rule } from "./rule.ts";

export const useRollups: Rule = {
  name: "use-rollups",
  apply(plan, links, context) {
    if (context.rollups.length === 0) return plan;
    const keys = plan.keys.map((key) => links.ref(key));
    return mapScans(plan, (scan) => {
      const nodes = scan.leaves.map((name) => leafNamed(plan.leaves, name));
      const cube = links.cube(scan.cube);
      const known = nodes[0]?.repeated;
      const along = alongOfFact(scan, plan.now);
      const chosen = chooseRollups(
        {
          cube,
          leaves: nodes.map((node) => links.leaf(node)),
          sets: scan.sets,
          rows: links.conditions(scan.where),
          rules: context.rules.filter((rule) => appliesTo(rule, cube, context)),
          keys: known ? keys.filter((_, i) => known.includes(i)) : keys,
          windows: (leaf) => (along ? windowRanges(leaf, scan.sets, { keys }, along, context) : []),
        },
        context.rollups,
        context,
      );
      return chosen.map(({ leaves, rollup, split }): ScanNode => {
        const parts = split && { middle: split.middle.map(conditionNode), edges: split.edges.map(conditionNode) };
        return {
          ...scan,
          leaves: leaves.map(({ column }) => column),
          ...(rollup && { rollup: { name: rollup.name, ...(parts && { split: parts }) } }),
        };
      });
    });
  },
};
