/**
 * Association rules with one item on the right: what goes with it, how strongly, and whether chance alone would do as much.
 * p is Fisher's exact test of more baskets together than independence gives; q controls the share of false finds
 * (Benjamini and Hochberg 1995) among all rules that could have been found, layer by layer of length (Webb 2008).
 */
import gammaln from "@stdlib/math-base-special-gammaln";
import type { Itemset } from "./itemsets.ts";
import { at, required } from "../../lookup.ts";
import { f64, num } from "../numeric/index.ts";

export interface Rule {
  readonly left: readonly number[];
  readonly right: number;
  /** baskets with all of it */
  readonly count: number;
  readonly support: number;
  readonly confidence: number;
  readonly lift: number;
  /** share of baskets beyond independence (Piatetsky-Shapiro) */
  readonly leverage: number;
  /** Infinity where the rule never fails (Brin et al. 1997) */
  readonly conviction: number;
  /** -1 to 1, 0 independence (Zhang 2000) */
  readonly zhang: number;
  readonly p: number;
  readonly q: number;
  /** a shorter left side is at least as confident */
  readonly redundant: boolean;
}

/** @param itemsets all frequent itemsets, subsets included; @param baskets how many there are */
export function rulesOf(
  itemsets: readonly Itemset[],
  baskets: number,
  { confidence }: { readonly confidence: number },
): Rule[] {
  const counts = new Map<string, number>();
  let longest = 1;
  const sizes: number[] = [];
  for (const { items, count } of itemsets) {
    counts.set(items.join(), count);
    longest = Math.max(longest, items.length);
    sizes[items.length] = (sizes[items.length] ?? 0) + 1;
  }
  const factorials = new Float64Array(baskets + 2);
  for (let i = 0; i < factorials.length; i++) factorials[i] = gammaln(i + 1);
  const single = sizes[1] ?? 0;
  const layers = longest - 1;
  const out: Rule[] = [];
  for (let length = 2; length <= longest; length++) {
    const layer: {
      left: readonly number[];
      right: number;
      count: number;
      ofLeft: number;
      ofRight: number;
      p: number;
    }[] = [];
    for (const { items, count } of itemsets) {
      if (items.length !== length) continue;
      for (let r = 0; r < items.length; r++) {
        const left = items.filter((_, i) => i !== r);
        const [ofLeft, ofRight] = [required(counts, left.join()), required(counts, String(items[r]))];
        layer.push({
          left,
          right: num(items, r),
          count,
          ofLeft,
          ofRight,
          p: fisher(count, ofLeft, ofRight, baskets, factorials),
        });
      }
    }
    // every frequent left side with every other frequent item was a rule that could have been found
    const tried = Math.max(layer.length, (sizes[length - 1] ?? 0) * (single - (length - 1))) * layers;
    const order = layer.map((_, i) => i).sort((a, b) => at(layer, a).p - at(layer, b).p);
    const q = new Float64Array(layer.length);
    let least = 1;
    for (let rank = order.length - 1; rank >= 0; rank--) {
      least = Math.min(least, (at(layer, num(order, rank)).p * tried) / (rank + 1));
      q[num(order, rank)] = least;
    }
    layer.forEach(({ left, right, count, ofLeft, ofRight, p }, i) => {
      const sure = count / ofLeft;
      if (sure < confidence - 1e-12) return;
      const [s, l, c] = [count / baskets, ofLeft / baskets, ofRight / baskets];
      const leverage = s - l * c;
      const most = Math.max(s * (1 - l), l * (c - s));
      out.push({
        left,
        right,
        count,
        support: s,
        confidence: sure,
        lift: sure / c,
        leverage,
        conviction: sure === 1 ? Number.POSITIVE_INFINITY : (1 - c) / (1 - sure),
        zhang: most === 0 ? 0 : leverage / most,
        p,
        q: f64(q, i),
        redundant: redundant(left, right, sure, counts),
      });
    });
  }
  return out.sort((a, b) => b.lift - a.lift || b.count - a.count || a.left.length - b.left.length || a.right - b.right);
}

/** Chance of `count` or more together where `left` and `right` baskets of `n` fall independently. */
export function fisher(count: number, left: number, right: number, n: number, f: Float64Array): number {
  const most = Math.min(left, right);
  let term = Math.exp(
    f64(f, left) +
      f64(f, n - left) +
      f64(f, right) +
      f64(f, n - right) -
      f64(f, n) -
      f64(f, count) -
      f64(f, left - count) -
      f64(f, right - count) -
      f64(f, n - left - right + count),
  );
  let sum = 0;
  for (let k = count; k <= most; k++) {
    sum += term;
    term *= ((left - k) * (right - k)) / ((k + 1) * (n - left - right + k + 1));
    if (term < sum * 1e-14) break;
  }
  return Math.min(1, sum);
}

function redundant(left: readonly number[], right: number, sure: number, counts: ReadonlyMap<string, number>): boolean {
  if (left.length < 2) return false;
  // every smaller left side, by bits; the empty one is the right item's own share, which lift tells
  for (let bits = 1; bits < (1 << left.length) - 1; bits++) {
    const part = left.filter((_, i) => bits & (1 << i));
    const whole = [...part, right].sort((a, b) => a - b);
    if (required(counts, whole.join()) / required(counts, part.join()) >= sure - 1e-12) return true;
  }
  return false;
}
