/** Grows one regression tree on gradients, by histograms of binned features. */
import { at } from "../../lookup.ts";
import { add, count, f64, i32, u32, u8 } from "../numeric/vector.ts";
import { BINS } from "./bins.ts";

/** A tree in arrays, one element a node; node 0 is the root. */
export interface Tree {
  /** the feature that splits the node; -1 for a leaf */
  readonly feature: Int32Array;
  /** the last bin that goes left */
  readonly bin: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** the shrunken mean step of all rows that pass the node, leaves and branches alike */
  readonly value: Float64Array;
}

/** How a tree grows. */
export interface TreeOptions {
  readonly depth: number;
  readonly rate: number;
  readonly leastLeaf: number;
  readonly l2: number;
}

/** What trees are grown from; `score` is raised by each leaf's value, `gain` by each split's gain. */
export interface TreeData {
  /** one array a feature */
  readonly bins: readonly Uint8Array[];
  readonly gradient: Float64Array;
  readonly weight: Float64Array;
  readonly score: Float64Array;
  readonly gain: Float64Array;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
}

const NO_SPLIT: Split = { gain: 1e-7, feature: -1, bin: 0 };

/** Grows a tree depth first. */
export function growTree({ bins, gradient, weight, score, gain }: TreeData, options: TreeOptions): Tree {
  const n = gradient.length;
  const most = 2 ** (options.depth + 1) - 1;
  const feature = new Int32Array(most).fill(-1);
  const bin = new Uint8Array(most);
  const left = new Int32Array(most);
  const right = new Int32Array(most);
  const value = new Float64Array(most);
  const rows = Uint32Array.from({ length: n }, (_, i) => i);
  const spare = new Uint32Array(n);
  const bestSplit = splitter(bins, gradient, weight, options);
  let nodes = 1;

  /** Moves the rows that go left before those that go right. @returns where the right ones begin */
  const partition = (column: Uint8Array, lastLeft: number, from: number, until: number): number => {
    let [middle, kept] = [from, 0];
    for (let k = from; k < until; k++) {
      const i = u32(rows, k);
      if (u8(column, i) <= lastLeft) rows[middle++] = i;
      else spare[kept++] = i;
    }
    rows.set(spare.subarray(0, kept), middle);
    return middle;
  };
  const split = (node: number, from: number, until: number, level: number): void => {
    let [g, w] = [0, 0];
    for (let k = from; k < until; k++) {
      const i = u32(rows, k);
      g += f64(gradient, i);
      w += f64(weight, i);
    }
    const step = (options.rate * g) / (w + options.l2);
    value[node] = step;
    const best = level < options.depth ? bestSplit(rows.subarray(from, until), g, w) : NO_SPLIT;
    if (best.feature < 0) {
      for (let k = from; k < until; k++) add(score, u32(rows, k), step);
      return;
    }
    add(gain, best.feature, best.gain);
    const middle = partition(at(bins, best.feature), best.bin, from, until);
    const [low, high] = [nodes++, nodes++];
    feature[node] = best.feature;
    bin[node] = best.bin;
    left[node] = low;
    right[node] = high;
    split(low, from, middle, level + 1);
    split(high, middle, until, level + 1);
  };
  split(0, 0, n, 0);
  return {
    feature: feature.slice(0, nodes),
    bin: bin.slice(0, nodes),
    left: left.slice(0, nodes),
    right: right.slice(0, nodes),
    value: value.slice(0, nodes),
  };
}

/** Sums over the rows of each bin. */
interface Histogram {
  readonly gradient: Float64Array;
  readonly weight: Float64Array;
  readonly rows: Int32Array;
}

/** Adds rows up by bin: the hot loop of boosting. */
function fillHistogram(
  into: Histogram,
  rows: Uint32Array,
  column: Uint8Array,
  gradient: Float64Array,
  weight: Float64Array,
): void {
  const { gradient: gradients, weight: weights, rows: counts } = into;
  gradients.fill(0);
  weights.fill(0);
  counts.fill(0);
  for (let k = 0; k < rows.length; k++) {
    const i = u32(rows, k);
    const bin = u8(column, i);
    add(gradients, bin, f64(gradient, i));
    add(weights, bin, f64(weight, i));
    count(counts, bin);
  }
}

/** The best split of some rows with the gradient sum `g` and the weight sum `w`, over all features and bins. */
function splitter(
  bins: readonly Uint8Array[],
  gradient: Float64Array,
  weight: Float64Array,
  { leastLeaf, l2 }: TreeOptions,
): (rows: Uint32Array, g: number, w: number) => Split {
  const histogram: Histogram = {
    gradient: new Float64Array(BINS),
    weight: new Float64Array(BINS),
    rows: new Int32Array(BINS),
  };
  return (rows, g, w) => {
    if (rows.length < 2 * leastLeaf) return NO_SPLIT;
    const own = (g * g) / (w + l2);
    let best = NO_SPLIT;
    for (const [j, column] of bins.entries()) {
      fillHistogram(histogram, rows, column, gradient, weight);
      let [leftG, leftW, leftN] = [0, 0, 0];
      for (let b = 0; b < BINS - 1; b++) {
        const inBin = i32(histogram.rows, b);
        leftG += f64(histogram.gradient, b);
        leftW += f64(histogram.weight, b);
        leftN += inBin;
        if (inBin === 0 || leftN < leastLeaf || rows.length - leftN < leastLeaf) continue;
        const gain = (leftG * leftG) / (leftW + l2) + (g - leftG) ** 2 / (w - leftW + l2) - own;
        if (gain > best.gain) best = { gain, feature: j, bin: b };
      }
    }
    return best;
  };
}
