/**
 * How many clusters: the silhouette measures how well they are separated, the stability whether another sample agrees.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { i32 } from "../numeric/vector.ts";
import { Matrix } from "../numeric/matrix.ts";
import { squaredDistance } from "./distance.ts";
import { kmeans } from "./kmeans.ts";
import { adjustedRand, silhouette } from "./validity.ts";

/** One number of clusters that was tried. */
export interface Candidate {
  readonly k: number;
  readonly silhouette: number;
  /** adjusted Rand index of the clusters that two samples give, 0 to 1 */
  readonly stability: number;
  /** mean squared distance to the centres */
  readonly inertia: number;
}

const SAMPLE = 2000;
const LEAST_STABLE = 0.7;

/**
 * Tries k = 3 … most on two samples of up to 2,000 rows; the best silhouette among the stable ones wins. Two is not
 * tried: it nearly always scores best and only separates much from little. Ask for `k: 2` where that is wanted.
 */
export function chooseK(
  rows: Matrix,
  seed: number,
  most = 8,
): { readonly k: number; readonly candidates: readonly Candidate[] } {
  const first = sample(rows, seed + 1);
  const second = sample(rows, seed + 2);
  const largest = Math.min(most, first.rows - 1);
  const candidates: Candidate[] = [];
  for (let k = Math.min(3, first.rows - 1); k <= largest; k++) {
    const one = kmeans(first, { k, seed });
    const two = kmeans(second, { k, seed: seed + 7 });
    candidates.push({
      k,
      silhouette: silhouette(first, one.assigned, k),
      stability: adjustedRand(one.assigned, nearestCentres(first, two.centres), k, k),
      inertia: one.inertia / first.rows,
    });
  }
  const stable = candidates.filter((c) => c.stability >= LEAST_STABLE);
  const pool = stable.length > 0 ? stable : candidates;
  const best = pool.reduce((a, b) => (b.silhouette > a.silhouette ? b : a));
  return { k: best.k, candidates };
}

/** The nearest centre of each row. */
function nearestCentres(rows: Matrix, centres: Matrix): Int32Array {
  return Int32Array.from({ length: rows.rows }, (_, i) => {
    let [best, nearest] = [0, Number.POSITIVE_INFINITY];
    for (let c = 0; c < centres.rows; c++) {
      const distance = squaredDistance(rows, i, centres, c);
      if (distance < nearest) [best, nearest] = [c, distance];
    }
    return best;
  });
}

/** Rows drawn without replacement (partial Fisher-Yates). */
function sample(rows: Matrix, seed: number): Matrix {
  const n = rows.rows;
  const drawn = new Matrix(Math.min(SAMPLE, n), rows.columns);
  const random = xoroshiro128plus(seed);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < drawn.rows; i++) {
    const j = uniformInt(random, i, n - 1);
    [order[i], order[j]] = [i32(order, j), i32(order, i)];
    drawn.row(i).set(rows.row(i32(order, i)));
  }
  return drawn;
}
