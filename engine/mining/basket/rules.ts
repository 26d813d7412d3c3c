/**
 * Association rules with one item on the right: what goes with it, how strongly, and whether chance explains it. p is
 * Fisher's exact test (1935) of more baskets than under independence; q controls the false discovery rate (Benjamini
 * and Hochberg 1995) among all rules that could have been found, layer by layer of length (Webb 2008).
 */
import gammaln from "@stdlib/math-base-special-gammaln";
import { required } from "../../lookup.ts";
import { f64, num } from "../numeric/vector.ts";
import type { Itemset } from "./itemsets.ts";

/** A rule: baskets with the left side tend to hold the right side. */
export interface Rule {
  readonly left: readonly number[];
  readonly right: number;
  /** baskets with all items */
  readonly count: number;
  /** share of all baskets */
  readonly support: number;
  /** share of the baskets with the left side */
  readonly confidence: number;
  /** confidence over the share of the right side */
  readonly lift: number;
  /** share of baskets beyond independence (Piatetsky-Shapiro 1991) */
  readonly leverage: number;
  /** Infinity where the rule never fails (Brin et al. 1997) */
  readonly conviction: number;
  /** -1 to 1, 0 under independence (Zhang 2000) */
  readonly zhang: number;
  readonly p: number;
  readonly q: number;
  /** a shorter left side is at least as confident */
  readonly redundant: boolean;
}

/** Baskets of each itemset, by its items. */
class Counts {
  private readonly byItems = new Map<string, number>();

  set(items: readonly number[], count: number): void {
    this.byItems.set(items.join(), count);
  }

  get(items: readonly number[]): number {
    return required(this.byItems, items.join(), "itemset");
  }
}

/** A rule before its measures. */
interface Candidate {
  readonly left: readonly number[];
  readonly right: number;
  readonly count: number;
  readonly ofLeft: number;
  readonly ofRight: number;
  readonly p: number;
}

/**
 * The rules with enough confidence, the strongest lift first.
 * @param itemsets all frequent itemsets, subsets included
 * @param baskets how many there are
 */
export function rulesOf(
  itemsets: readonly Itemset[],
  baskets: number,
  { confidence }: { readonly confidence: number },
): Rule[] {
  const counts = new Counts();
  const sizes: number[] = [];
  for (const { items, count } of itemsets) {
    counts.set(items, count);
    sizes[items.length] = (sizes[items.length] ?? 0) + 1;
  }
  const longest = Math.max(1, sizes.length - 1);
  const logFactorials = Float64Array.from({ length: baskets + 2 }, (_, i) => gammaln(i + 1));
  const rules: Rule[] = [];
  for (let length = 2; length <= longest; length++) {
    const layer = itemsets
      .filter(({ items }) => items.length === length)
      .flatMap((itemset) => candidatesOf(itemset, baskets, counts, logFactorials));
    // every frequent left side with every other frequent item could have been a rule
    const possible = (sizes[length - 1] ?? 0) * ((sizes[1] ?? 0) - (length - 1));
    const q = falseDiscoveryRates(layer, Math.max(layer.length, possible) * (longest - 1));
    for (const [i, candidate] of layer.entries()) {
      const sure = candidate.count / candidate.ofLeft;
      if (sure < confidence - 1e-12) continue;
      const redundant = isRedundant(candidate, sure, counts);
      rules.push({ ...measuresOf(candidate, baskets), q: f64(q, i), redundant });
    }
  }
  return rules.sort(
    (a, b) => b.lift - a.lift || b.count - a.count || a.left.length - b.left.length || a.right - b.right,
  );
}

/** One candidate for each item on the right. */
function candidatesOf(
  { items, count }: Itemset,
  baskets: number,
  counts: Counts,
  logFactorials: Float64Array,
): Candidate[] {
  return items.map((right, position) => {
    const left = items.filter((_, i) => i !== position);
    const [ofLeft, ofRight] = [counts.get(left), counts.get([right])];
    return { left, right, count, ofLeft, ofRight, p: fisher(count, ofLeft, ofRight, baskets, logFactorials) };
  });
}

/** @param tried rules that could have been found */
function falseDiscoveryRates(layer: readonly Candidate[], tried: number): Float64Array {
  const p = Float64Array.from(layer, (c) => c.p);
  const order = [...p.keys()].sort((a, b) => f64(p, a) - f64(p, b));
  const q = new Float64Array(layer.length);
  let least = 1;
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const i = num(order, rank);
    least = Math.min(least, (f64(p, i) * tried) / (rank + 1));
    q[i] = least;
  }
  return q;
}

function measuresOf(
  { left, right, count, ofLeft, ofRight, p }: Candidate,
  baskets: number,
): Omit<Rule, "q" | "redundant"> {
  const sure = count / ofLeft;
  const [both, shareLeft, shareRight] = [count / baskets, ofLeft / baskets, ofRight / baskets];
  const leverage = both - shareLeft * shareRight;
  const most = Math.max(both * (1 - shareLeft), shareLeft * (shareRight - both));
  return {
    left,
    right,
    count,
    support: both,
    confidence: sure,
    lift: sure / shareRight,
    leverage,
    conviction: sure === 1 ? Number.POSITIVE_INFINITY : (1 - shareRight) / (1 - sure),
    zhang: most === 0 ? 0 : leverage / most,
    p,
  };
}

/**
 * The probability of `count` baskets or more with both sides under independence (hypergeometric tail).
 * @param left baskets with the left side; @param right with the right side; @param n all baskets
 * @param f log factorials of 0 to n
 */
export function fisher(count: number, left: number, right: number, n: number, f: Float64Array): number {
  const most = Math.min(left, right);
  const margins = f64(f, left) + f64(f, n - left) + f64(f, right) + f64(f, n - right) - f64(f, n);
  let term = Math.exp(
    margins - f64(f, count) - f64(f, left - count) - f64(f, right - count) - f64(f, n - left - right + count),
  );
  let sum = 0;
  for (let k = count; k <= most; k++) {
    sum += term;
    term *= ((left - k) * (right - k)) / ((k + 1) * (n - left - right + k + 1));
    if (term < sum * 1e-14) break;
  }
  return Math.min(1, sum);
}

/** Whether a shorter left side is as confident; the empty one is the right side's own share, which lift covers. */
function isRedundant({ left, right }: Candidate, sure: number, counts: Counts): boolean {
  for (let bits = 1; bits < (1 << left.length) - 1; bits++) {
    const part = left.filter((_, i) => bits & (1 << i));
    const whole = [...part, right].sort((a, b) => a - b);
    if (counts.get(whole) / counts.get(part) >= sure - 1e-12) return true;
  }
  return false;
}
