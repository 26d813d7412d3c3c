/** How many clusters: the silhouette says how well apart, the stability whether another sample finds the same. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { adjustedRand, kmeans, silhouette } from "./kmeans.ts";

export interface Candidate {
  readonly k: number;
  readonly silhouette: number;
  readonly stability: number;
  readonly inertia: number;
}

const SAMPLE = 2000;
const LEAST_STABLE = 0.7;

/**
 * Tries k = 3 … most on samples of up to 2,000 rows. The best silhouette among the stable ones wins. Two is not tried: it
 * nearly always scores best and says no more than much and little; ask for `k: 2` where that is wanted.
 */
export function chooseK(
  data: Float64Array,
  n: number,
  d: number,
  seed: number,
  most = 8,
): { readonly k: number; readonly candidates: readonly Candidate[] } {
  const first = sample(data, n, d, seed + 1);
  const second = sample(data, n, d, seed + 2);
  const candidates: Candidate[] = [];
  for (let k = Math.min(3, first.n - 1); k <= Math.min(most, first.n - 1); k++) {
    const one = kmeans(first.rows, first.n, d, { k, seed });
    const two = kmeans(second.rows, second.n, d, { k, seed: seed + 7 });
    // the second sample's centres, asked about the first sample's rows
    const other = assign(first.rows, first.n, d, two.centers, k);
    candidates.push({
      k,
      silhouette: silhouette(first.rows, first.n, d, one.assigned, k),
      stability: adjustedRand(one.assigned, other, k, k),
      inertia: one.inertia / first.n,
    });
  }
  const stable = candidates.filter((c) => c.stability >= LEAST_STABLE);
  const pool = stable.length > 0 ? stable : candidates;
  const best = pool.reduce((a, b) => (b.silhouette > a.silhouette ? b : a));
  return { k: best.k, candidates };
}

/** The nearest centre of each row. */
export function assign(rows: Float64Array, n: number, d: number, centers: Float64Array, k: number): Int32Array {
  const assigned = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let best = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let j = 0; j < d; j++) {
        const x = rows[i * d + j]! - centers[c * d + j]!;
        sum += x * x;
      }
      if (sum < best) {
        best = sum;
        assigned[i] = c;
      }
    }
  }
  return assigned;
}

/** Rows drawn without replacement (partial Fisher-Yates). */
function sample(data: Float64Array, n: number, d: number, seed: number): { rows: Float64Array; n: number } {
  const size = Math.min(SAMPLE, n);
  const random = xoroshiro128plus(seed);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const rows = new Float64Array(size * d);
  for (let i = 0; i < size; i++) {
    const j = uniformInt(random, i, n - 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
    rows.set(data.subarray(order[i]! * d, order[i]! * d + d), i * d);
  }
  return { rows, n: size };
}
