/** Judges rules on unseen baskets: one item is hidden, and the rules and the most bought items guess it. */
import { pairedInterval } from "../columns.ts";
import { seeded } from "../random.ts";
import type { Baskets } from "./itemsets.ts";
import type { Rule } from "./rules.ts";
import { first } from "../../lookup.ts";
import { i32 } from "../numeric/vector.ts";

/** Shares of hidden items found. */
export interface Judged {
  readonly baskets: number;
  readonly hits: number;
  readonly rival: number;
  readonly lead: readonly [number, number];
}

/**
 * Hides one item of each basket with two or more.
 * @param popularity items from the most bought on
 * @param guesses items that may be named, 5 by default
 * @param most baskets at most
 */
export function judgeRules(
  rules: readonly Rule[],
  popularity: readonly number[],
  unseen: Baskets,
  { guesses = 5, seed = 1, most = 20_000 } = {},
): Judged {
  const byFirst = new Map<number, Rule[]>();
  for (const rule of [...rules].sort((a, b) => b.confidence - a.confidence || b.count - a.count))
    byFirst.set(first(rule.left), [...(byFirst.get(first(rule.left)) ?? []), rule]);
  const random = seeded(seed);
  const differences: number[] = [];
  let [hits, rival] = [0, 0];
  for (let b = 0; b + 1 < unseen.offsets.length && differences.length < most; b++) {
    const items = unseen.items.subarray(i32(unseen.offsets, b), i32(unseen.offsets, b + 1));
    if (items.length < 2) continue;
    const hidden = i32(items, random.below(items.length));
    const rest = new Set(items);
    rest.delete(hidden);
    const fitting: Rule[] = [];
    for (const item of rest)
      for (const rule of byFirst.get(item) ?? [])
        if (!rest.has(rule.right) && rule.left.every((l) => rest.has(l))) fitting.push(rule);
    fitting.sort((x, y) => y.confidence - x.confidence || y.count - x.count);
    const named: number[] = [];
    for (const rule of fitting) {
      if (named.length === guesses) break;
      if (!named.includes(rule.right)) named.push(rule.right);
    }
    const popular: number[] = [];
    for (const item of popularity) {
      if (popular.length === guesses) break;
      if (!rest.has(item)) popular.push(item);
    }
    for (const item of popular) {
      if (named.length === guesses) break;
      if (!named.includes(item)) named.push(item);
    }
    const [hit, other] = [named.includes(hidden) ? 1 : 0, popular.includes(hidden) ? 1 : 0];
    hits += hit;
    rival += other;
    differences.push(hit - other);
  }
  const n = differences.length;
  return {
    baskets: n,
    hits: n === 0 ? 0 : hits / n,
    rival: n === 0 ? 0 : rival / n,
    lead: pairedInterval(differences),
  };
}
