/**
 * Gradient-boosted trees for a chance (Friedman 2001), over histograms of at most 64 bins a feature, in typed arrays. Every
 * score is the base plus a part from each feature, so that reasons add up to it (Saabas 2014).
 */

export interface BoostingOptions {
  readonly trees?: number;
  readonly depth?: number;
  readonly rate?: number;
  readonly leastLeaf?: number;
  readonly l2?: number;
}

interface Tree {
  /** -1 for a leaf */
  readonly feature: Int8Array | Int16Array;
  /** the last bin that goes left */
  readonly bin: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** mean step of all that pass the node, leaves and branches alike */
  readonly value: Float64Array;
}

export interface Boosted {
  readonly base: number;
  readonly trees: readonly Tree[];
  readonly borders: readonly Float64Array[];
  readonly gain: Float64Array;
}

const BINS = 64;

/** Borders at quantiles; a value belongs to the first bin whose border it does not exceed, NaN to a bin of its own. */
export function bordersOf(values: Float64Array): Float64Array {
  const known = values.filter((v) => !Number.isNaN(v)).sort();
  const borders: number[] = [];
  for (let b = 1; b < BINS - 1; b++) {
    const v = known[Math.floor((b * known.length) / (BINS - 1))];
    if (v !== undefined && v !== borders[borders.length - 1]) borders.push(v);
  }
  if (known.length > 0 && borders[borders.length - 1] === known[known.length - 1]) borders.pop();
  return Float64Array.from(borders);
}

export function binned(values: Float64Array, borders: Float64Array): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (Number.isNaN(v)) {
      out[i] = BINS - 1;
      continue;
    }
    let [low, high] = [0, borders.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (v <= borders[middle]!) high = middle;
      else low = middle + 1;
    }
    out[i] = low;
  }
  return out;
}

/** @param columns one array a feature, NaN where nothing is known; @param y 0 or 1 */
export function fitBoosted(
  columns: readonly Float64Array[],
  y: Float64Array,
  { trees = 120, depth = 4, rate = 0.08, leastLeaf = 40, l2 = 5 }: BoostingOptions = {},
): Boosted {
  const n = y.length,
    d = columns.length;
  const borders = columns.map(bordersOf);
  const bins = columns.map((c, j) => binned(c, borders[j]!));
  const mean = Math.min(1 - 1e-9, Math.max(1e-9, y.reduce((a, b) => a + b, 0) / n));
  const base = Math.log(mean / (1 - mean));
  const score = new Float64Array(n).fill(base);
  const gradient = new Float64Array(n),
    weight = new Float64Array(n);
  const gain = new Float64Array(d);
  const grown: Tree[] = [];
  for (let t = 0; t < trees; t++) {
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-score[i]!));
      gradient[i] = y[i]! - p;
      weight[i] = Math.max(1e-9, p * (1 - p));
    }
    grown.push(grow(bins, gradient, weight, score, { depth, rate, leastLeaf, l2 }, gain));
  }
  return { base, trees: grown, borders, gain };
}

function grow(
  bins: readonly Uint8Array[],
  gradient: Float64Array,
  weight: Float64Array,
  score: Float64Array,
  o: { readonly depth: number; readonly rate: number; readonly leastLeaf: number; readonly l2: number },
  gained: Float64Array,
): Tree {
  const n = gradient.length,
    d = bins.length,
    most = 2 ** (o.depth + 1) - 1;
  const feature = new Int16Array(most).fill(-1),
    bin = new Uint8Array(most),
    left = new Int32Array(most),
    right = new Int32Array(most),
    value = new Float64Array(most);
  const rows = Uint32Array.from({ length: n }, (_, i) => i);
  const spare = new Uint32Array(n);
  let nodes = 1;
  const [sumG, sumW, count] = [new Float64Array(BINS), new Float64Array(BINS), new Int32Array(BINS)];
  const split = (node: number, from: number, until: number, level: number): void => {
    let [g, w] = [0, 0];
    for (let k = from; k < until; k++) {
      const i = rows[k]!;
      g += gradient[i]!;
      w += weight[i]!;
    }
    value[node] = (o.rate * g) / (w + o.l2);
    const own = (g * g) / (w + o.l2);
    let best = { gain: 1e-7, feature: -1, bin: 0 };
    if (level < o.depth && until - from >= 2 * o.leastLeaf) {
      for (let j = 0; j < d; j++) {
        sumG.fill(0);
        sumW.fill(0);
        count.fill(0);
        const column = bins[j]!;
        for (let k = from; k < until; k++) {
          const i = rows[k]!,
            b = column[i]!;
          sumG[b]! += gradient[i]!;
          sumW[b]! += weight[i]!;
          count[b]!++;
        }
        let [lg, lw, ln] = [0, 0, 0];
        for (let b = 0; b < BINS - 1; b++) {
          lg += sumG[b]!;
          lw += sumW[b]!;
          ln += count[b]!;
          if (count[b] === 0 || ln < o.leastLeaf || until - from - ln < o.leastLeaf) continue;
          const found = (lg * lg) / (lw + o.l2) + (g - lg) ** 2 / (w - lw + o.l2) - own;
          if (found > best.gain) best = { gain: found, feature: j, bin: b };
        }
      }
    }
    if (best.feature < 0) {
      for (let k = from; k < until; k++) score[rows[k]!]! += value[node]!;
      return;
    }
    gained[best.feature]! += best.gain;
    const column = bins[best.feature]!;
    let [a, z] = [from, 0];
    for (let k = from; k < until; k++) {
      const i = rows[k]!;
      if (column[i]! <= best.bin) rows[a++] = i;
      else spare[z++] = i;
    }
    rows.set(spare.subarray(0, z), a);
    feature[node] = best.feature;
    bin[node] = best.bin;
    left[node] = nodes++;
    right[node] = nodes++;
    split(left[node]!, from, a, level + 1);
    split(right[node]!, a, until, level + 1);
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

/** Log odds, and what each feature adds to them: base and parts add up to the score. */
export function explainBoosted(
  { base, trees, borders }: Boosted,
  columns: readonly Float64Array[],
): { readonly score: Float64Array; readonly base: number; readonly parts: readonly Float64Array[] } {
  const n = columns[0]?.length ?? 0;
  const bins = columns.map((c, j) => binned(c, borders[j]!));
  const parts = columns.map(() => new Float64Array(n));
  // what a tree says of nobody in particular belongs to the base
  const whole = base + trees.reduce((sum, t) => sum + t.value[0]!, 0);
  const score = new Float64Array(n).fill(whole);
  for (const tree of trees) {
    for (let i = 0; i < n; i++) {
      let node = 0;
      while (tree.feature[node]! >= 0) {
        const j = tree.feature[node]!;
        const next = bins[j]![i]! <= tree.bin[node]! ? tree.left[node]! : tree.right[node]!;
        const step = tree.value[next]! - tree.value[node]!;
        parts[j]![i]! += step;
        score[i]! += step;
        node = next;
      }
    }
  }
  return { score, base: whole, parts };
}

export const chances = (score: Float64Array): Float64Array => score.map((s) => 1 / (1 + Math.exp(-s)));
