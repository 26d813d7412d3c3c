/**
 * Which rollups answer which measures of a fact: the smallest that fits all, else the smallest for each, else the
 * middle of a range with the facts at its edges, else the facts.
 */
import type { Leaf } from "../resolve/nodes.ts";
import type { WindowContext } from "../windows/window-context.ts";
import { whyNot, type BuiltRollup, type RollupNeed } from "./fit.ts";
import { splitRange, type Split } from "./split.ts";

/** Some leaves, and what answers them: a rollup, a rollup between edges, or the facts. */
export interface Chosen {
  readonly leaves: readonly Leaf[];
  readonly rollup: BuiltRollup | null;
  readonly split: Split | null;
}

/** How a rollup can answer: whole, the middle of a range that cuts its months, or not at all, with the reason. */
export type Fit = { readonly split: Split | null } | { readonly reason: string };

/** Whether and how a rollup answers a part of a query. */
export function fit(rollup: BuiltRollup, need: RollupNeed, context: WindowContext): Fit {
  const reason = whyNot(rollup, need, context);
  if (reason === null) return { split: null };
  const split = splitRange(rollup, need.leaves, need.rows);
  return split !== null && whyNot(rollup, { ...need, rows: split.middle }, context) === null ? { split } : { reason };
}

/** The rollups that answer the leaves of one fact. */
export function chooseRollups(
  need: RollupNeed,
  rollups: readonly BuiltRollup[],
  context: WindowContext,
): readonly Chosen[] {
  const sorted = rollups.filter((r) => r.cube === need.cube.name).sort((a, b) => a.rows - b.rows);
  const best = (of: RollupNeed): Omit<Chosen, "leaves"> => {
    let middle: Omit<Chosen, "leaves"> | null = null;
    for (const rollup of sorted) {
      const found = fit(rollup, of, context);
      if ("reason" in found) continue;
      if (found.split === null) return { rollup, split: null };
      middle ??= { rollup, split: found.split };
    }
    return middle ?? { rollup: null, split: null };
  };
  const whole = best(need);
  if (whole.rollup || sorted.length === 0 || need.leaves.length === 1) return [{ leaves: need.leaves, ...whole }];
  const parts = new Map<string, Chosen>();
  for (const leaf of need.leaves) {
    const found = best({ ...need, leaves: [leaf] });
    const key = `${found.rollup?.name ?? ""} ${found.split === null}`;
    parts.set(key, { ...found, leaves: [...(parts.get(key)?.leaves ?? []), leaf] });
  }
  return [...parts.values()];
}
