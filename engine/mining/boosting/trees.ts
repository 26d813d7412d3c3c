/**
 * Gradient-boosted trees for a probability (Friedman 2001), over histograms of at most 64 bins a feature. Every score
 * is the base plus a part from each feature, so that reasons add up to it (Saabas 2014).
 */
import { add, f64, i32, u8 } from "../numeric/vector.ts";
import { mean, zip } from "../numeric/summary.ts";
import { binned, bordersOf } from "./bins.ts";
import { growTree, type Tree } from "./grow-tree.ts";

/** How the trees are grown. */
export interface BoostingOptions {
  /** number of trees, 120 by default */
  readonly trees?: number;
  /** splits from the root to a leaf at most, 4 by default */
  readonly depth?: number;
  /** learning rate, 0.08 by default */
  readonly rate?: number;
  /** rows of a leaf at least, 40 by default */
  readonly leastLeaf?: number;
  /** penalty on the squared leaf values, 5 by default */
  readonly l2?: number;
}

/** A fitted ensemble. */
export interface Boosted {
  /** log odds of the mean */
  readonly base: number;
  readonly trees: readonly Tree[];
  /** borders of the bins, one array a feature; empty for a feature that does not vary */
  readonly borders: readonly Float64Array[];
  /** gain of the splits, by feature */
  readonly gain: Float64Array;
}

/** Log odds of members, and what each feature adds to them: `base` and `parts` add up to `score`. */
export interface BoostedScores {
  readonly score: Float64Array;
  readonly base: number;
  readonly parts: readonly Float64Array[];
}

/** @param columns one array a feature, NaN for unknown values; @param y 0 or 1 */
export function fitBoosted(
  columns: readonly Float64Array[],
  y: Float64Array,
  { trees = 120, depth = 4, rate = 0.08, leastLeaf = 40, l2 = 5 }: BoostingOptions = {},
): Boosted {
  const n = y.length;
  const borders = columns.map(bordersOf);
  const share = Math.min(1 - 1e-9, Math.max(1e-9, mean(y)));
  const base = Math.log(share / (1 - share));
  const score = new Float64Array(n).fill(base);
  const gradient = new Float64Array(n);
  const weight = new Float64Array(n);
  const gain = new Float64Array(columns.length);
  const bins = binnedBy(columns, borders);
  const grown: Tree[] = [];
  for (let t = 0; t < trees; t++) {
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-f64(score, i)));
      gradient[i] = f64(y, i) - p;
      weight[i] = Math.max(1e-9, p * (1 - p));
    }
    grown.push(growTree({ bins, gradient, weight, score, gain }, { depth, rate, leastLeaf, l2 }));
  }
  return { base, trees: grown, borders, gain };
}

const binnedBy = (columns: readonly Float64Array[], borders: readonly Float64Array[]): Uint8Array[] =>
  zip(columns, borders).map(([column, own]) => binned(column, own));

/** Scores members with reasons. @param columns as in `fitBoosted` */
export function explainBoosted({ base, trees, borders }: Boosted, columns: readonly Float64Array[]): BoostedScores {
  const n = columns[0]?.length ?? 0;
  const features = zip(
    binnedBy(columns, borders),
    columns.map(() => new Float64Array(n)),
  ).map(([bins, parts]) => ({ bins, parts }));
  // the mean step of each tree belongs to the base
  const whole = base + trees.reduce((sum, { value }) => sum + f64(value, 0), 0);
  const score = new Float64Array(n).fill(whole);
  for (const { feature, bin, left, right, value } of trees) {
    for (let i = 0; i < n; i++) {
      let node = 0;
      for (let j = i32(feature, 0); j >= 0; j = i32(feature, node)) {
        const own = features[j];
        if (own === undefined) throw new RangeError(`feature ${j} of ${features.length}`);
        const next = u8(own.bins, i) <= u8(bin, node) ? i32(left, node) : i32(right, node);
        const step = f64(value, next) - f64(value, node);
        add(own.parts, i, step);
        add(score, i, step);
        node = next;
      }
    }
  }
  return { score, base: whole, parts: features.map((f) => f.parts) };
}

/** Probabilities from log odds. */
export const chances = (score: Float64Array): Float64Array => score.map((s) => 1 / (1 + Math.exp(-s)));
