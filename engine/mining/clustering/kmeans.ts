/** k-means (Lloyd 1982), started by k-means++: the best of several starts by the sum of squared distances. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { Matrix } from "../numeric/matrix.ts";
import { lloyd, type Clustering } from "./lloyd.ts";
import { plusPlus } from "./plus-plus.ts";

export type { Clustering } from "./lloyd.ts";

/** How to cluster. */
export interface KmeansOptions {
  /** number of clusters */
  readonly k: number;
  readonly seed: number;
  /** starts of which the best is taken, 10 by default */
  readonly starts?: number;
  /** rounds of one start at most, 300 by default */
  readonly maxIterations?: number;
}

/** Above this many rows a sample of about `SAMPLED` chooses the start, and all rows settle it. */
const MANY = 100_000;
const SAMPLED = 20_000;

/**
 * Sorts rows into k clusters.
 * @param rows without NaN, columns scaled alike
 * @throws RangeError where k is below 1 or above the number of rows
 */
export function kmeans(rows: Matrix, { k, seed, starts = 10, maxIterations = 300 }: KmeansOptions): Clustering {
  const n = rows.rows;
  if (k < 1 || k > n) throw new RangeError(`k is ${k} for ${n} rows`);
  const random = xoroshiro128plus(seed);
  const step = n > MANY ? Math.ceil(n / SAMPLED) : 1;
  const sample = step === 1 ? rows : everyNth(rows, step);
  const begin = (): Clustering => lloyd(sample, plusPlus(sample, k, random), maxIterations);
  let best = begin();
  for (let start = 1; start < starts; start++) {
    const found = begin();
    if (found.inertia < best.inertia) best = found;
  }
  return step === 1 ? best : lloyd(rows, best.centres, maxIterations, n / 1000);
}

/** Every nth row, from the first. */
export function everyNth(rows: Matrix, step: number): Matrix {
  const sample = new Matrix(Math.ceil(rows.rows / step), rows.columns);
  for (let i = 0; i < sample.rows; i++) sample.row(i).set(rows.row(i * step));
  return sample;
}
