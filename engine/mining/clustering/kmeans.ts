/**
 * k-means by Lloyd's algorithm on typed arrays, started by k-means++ (Arthur and Vassilvitskii 2007), best of several starts.
 * Row-major data: value of row i, column j is `data[i * d + j]`.
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

export interface Clustering {
  readonly k: number;
  /** k x d, row-major */
  readonly centers: Float64Array;
  /** cluster of each row */
  readonly assigned: Int32Array;
  /** squared distance of each row to its centre */
  readonly distances: Float64Array;
  /** sum of squared distances */
  readonly inertia: number;
  readonly iterations: number;
}

export interface KmeansOptions {
  readonly k: number;
  readonly seed: number;
  readonly starts?: number;
  readonly maxIterations?: number;
}

/** A uniform number in [0, 1) with 32 random bits. */
const uniform = (random: RandomGenerator): number => (random.next() >>> 0) / 4_294_967_296;

/** @param data n x d values without NaN */
export function kmeans(
  data: Float64Array,
  n: number,
  d: number,
  { k, seed, starts = 10, maxIterations = 300 }: KmeansOptions,
): Clustering {
  if (k < 1 || k > n) throw new RangeError(`k is ${k} for ${n} rows`);
  const random = xoroshiro128plus(seed);
  // of very many rows every nth chooses the start; all of them then settle it
  const step = n > MANY ? Math.ceil(n / SAMPLED) : 1;
  const rows = Math.ceil(n / step);
  const part = step === 1 ? data : new Float64Array(rows * d);
  if (step > 1) for (let i = 0; i < rows; i++) part.set(data.subarray(i * step * d, i * step * d + d), i * d);
  let best: Clustering | null = null;
  for (let start = 0; start < starts; start++) {
    const found = lloyd(part, rows, d, k, plusPlus(part, rows, d, k, random), maxIterations);
    if (best === null || found.inertia < best.inertia) best = found;
  }
  return step === 1 ? best! : lloyd(data, n, d, k, best!.centers, maxIterations, n / 1000);
}

const MANY = 100_000;
const SAMPLED = 20_000;

/** Each next centre is a row drawn with probability proportional to its squared distance from the nearest centre so far; the best of 2 + ln k candidates. */
function plusPlus(data: Float64Array, n: number, d: number, k: number, random: RandomGenerator): Float64Array {
  const centers = new Float64Array(k * d);
  const first = Math.floor(uniform(random) * n);
  centers.set(data.subarray(first * d, first * d + d), 0);
  let nearest = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) total += nearest[i] = squared(data, i * d, centers, 0, d);
  const candidates = 2 + Math.floor(Math.log(k));
  for (let c = 1; c < k; c++) {
    let bestTotal = Number.POSITIVE_INFINITY;
    let bestNearest = nearest;
    let bestRow = 0;
    for (let t = 0; t < candidates; t++) {
      let left = uniform(random) * total;
      let row = 0;
      while (row < n - 1 && (left -= nearest[row]!) > 0) row++;
      const trial = new Float64Array(n);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += trial[i] = Math.min(nearest[i]!, squared(data, i * d, data, row * d, d));
      if (sum < bestTotal) [bestTotal, bestNearest, bestRow] = [sum, trial, row];
    }
    centers.set(data.subarray(bestRow * d, bestRow * d + d), c * d);
    nearest = bestNearest;
    total = bestTotal;
  }
  return centers;
}

function squared(a: Float64Array, ai: number, b: Float64Array, bi: number, d: number): number {
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const x = a[ai + j]! - b[bi + j]!;
    sum += x * x;
  }
  return sum;
}

/**
 * Lloyd's rounds with Hamerly's bounds (2010, "Making k-means even faster"): a row whose distance to its centre is certainly below that to any other
 * is not measured again; the clusters are those of the plain algorithm.
 * @param still rows that may change their cluster in a round that counts as the last
 */
function lloyd(
  data: Float64Array,
  n: number,
  d: number,
  k: number,
  centers: Float64Array,
  maxIterations: number,
  still = 0,
): Clustering {
  const assigned = new Int32Array(n).fill(-1);
  const upper = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const lower = new Float64Array(n);
  const halfGap = new Float64Array(k);
  const sums = new Float64Array(k * d);
  const counts = new Int32Array(k);
  const moves = new Float64Array(k);
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    for (let c = 0; c < k; c++) {
      let least = Number.POSITIVE_INFINITY;
      for (let o = 0; o < k; o++) if (o !== c) least = Math.min(least, squared(centers, c * d, centers, o * d, d));
      halfGap[c] = Math.sqrt(least) / 2;
    }
    let moved = 0;
    for (let i = 0; i < n; i++) {
      const own = assigned[i]!;
      if (own >= 0) {
        const safe = Math.max(halfGap[own]!, lower[i]!);
        if (upper[i]! < safe) continue;
        upper[i] = Math.sqrt(squared(data, i * d, centers, own * d, d));
        if (upper[i]! < safe) continue;
      }
      let best = 0;
      let nearest = Number.POSITIVE_INFINITY;
      let second = Number.POSITIVE_INFINITY;
      for (let c = 0; c < k; c++) {
        const distance = squared(data, i * d, centers, c * d, d);
        if (distance < nearest) {
          second = nearest;
          nearest = distance;
          best = c;
        } else if (distance < second) second = distance;
      }
      upper[i] = Math.sqrt(nearest);
      lower[i] = Math.sqrt(second);
      if (own !== best) {
        assigned[i] = best;
        moved++;
      }
    }
    if (moved <= still) break;
    sums.fill(0);
    counts.fill(0);
    for (let i = 0; i < n; i++) {
      const c = assigned[i]!;
      counts[c]!++;
      for (let j = 0; j < d; j++) sums[c * d + j]! += data[i * d + j]!;
    }
    let emptied: Float64Array | null = null;
    let [most, next] = [0, 0];
    for (let c = 0; c < k; c++) {
      let move = 0;
      if (counts[c] === 0) {
        // an empty cluster takes the row that is farthest from its own
        emptied ??= distancesTo(data, n, d, centers, assigned);
        let far = 0;
        for (let i = 1; i < n; i++) if (emptied[i]! > emptied[far]!) far = i;
        move = squared(centers, c * d, data, far * d, d);
        centers.set(data.subarray(far * d, far * d + d), c * d);
        emptied[far] = 0;
      } else
        for (let j = 0; j < d; j++) {
          const to = sums[c * d + j]! / counts[c]!;
          const x = to - centers[c * d + j]!;
          move += x * x;
          centers[c * d + j] = to;
        }
      moves[c] = Math.sqrt(move);
      if (moves[c]! > most) {
        next = most;
        most = moves[c]!;
      } else if (moves[c]! > next) next = moves[c]!;
    }
    for (let i = 0; i < n; i++) {
      const move = moves[assigned[i]!]!;
      upper[i]! += move;
      lower[i]! -= move === most ? next : most; // no other centre can have come nearer than that
    }
  }
  const distances = distancesTo(data, n, d, centers, assigned);
  let inertia = 0;
  for (let i = 0; i < n; i++) inertia += distances[i]!;
  return { k, centers, assigned, distances, inertia, iterations };
}

/** Squared distance of each row to the centre of its cluster. */
function distancesTo(
  data: Float64Array,
  n: number,
  d: number,
  centers: Float64Array,
  assigned: Int32Array,
): Float64Array {
  const distances = new Float64Array(n);
  for (let i = 0; i < n; i++) distances[i] = squared(data, i * d, centers, assigned[i]! * d, d);
  return distances;
}

/**
 * Mean silhouette (Rousseeuw 1987): how much nearer rows are to their own cluster than to the next, -1 to 1. Quadratic in n:
 * give a sample of some thousands.
 */
export function silhouette(data: Float64Array, n: number, d: number, assigned: Int32Array, k: number): number {
  const counts = new Int32Array(k);
  for (let i = 0; i < n; i++) counts[assigned[i]!]!++;
  let sum = 0;
  const to = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    const own = assigned[i]!;
    if (counts[own]! < 2) continue; // a row alone scores 0
    to.fill(0);
    for (let j = 0; j < n; j++) to[assigned[j]!]! += Math.sqrt(squared(data, i * d, data, j * d, d));
    const a = to[own]! / (counts[own]! - 1);
    let b = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) if (c !== own && counts[c]! > 0) b = Math.min(b, to[c]! / counts[c]!);
    if (Number.isFinite(b)) sum += (b - a) / Math.max(a, b);
  }
  return sum / n;
}

/** Adjusted Rand index (Hubert and Arabie 1985) of two assignments of the same rows: 1 equal, about 0 by chance. */
export function adjustedRand(a: Int32Array, b: Int32Array, ka: number, kb: number): number {
  const cells = new Float64Array(ka * kb);
  const rows = new Float64Array(ka);
  const columns = new Float64Array(kb);
  for (let i = 0; i < a.length; i++) {
    cells[a[i]! * kb + b[i]!]!++;
    rows[a[i]!]!++;
    columns[b[i]!]!++;
  }
  const pairs = (x: number): number => (x * (x - 1)) / 2;
  const sum = (values: Float64Array): number => values.reduce((s, x) => s + pairs(x), 0);
  const expected = (sum(rows) * sum(columns)) / pairs(a.length);
  const most = (sum(rows) + sum(columns)) / 2;
  return most === expected ? 1 : (sum(cells) - expected) / (most - expected);
}
