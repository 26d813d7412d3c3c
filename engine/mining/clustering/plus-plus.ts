/** k-means++ (Arthur and Vassilvitskii 2007): spread-out first centres. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { f64 } from "../numeric/vector.ts";
import { Matrix } from "../numeric/matrix.ts";
import { squaredDistance } from "./distance.ts";

/** The random numbers of a start. */
export type Generator = ReturnType<typeof xoroshiro128plus>;

/** A uniform number from 0 to below 1 with 32 random bits. */
const uniform = (random: Generator): number => (random.next() >>> 0) / 4_294_967_296;

/**
 * Draws k rows as centres, each with a probability proportional to its squared distance from the nearest centre so far;
 * of 2 + ln k candidates the best is taken.
 */
export function plusPlus(rows: Matrix, k: number, random: Generator): Matrix {
  const n = rows.rows;
  const centres = new Matrix(k, rows.columns);
  centres.row(0).set(rows.row(Math.floor(uniform(random) * n)));
  let nearest = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) total += nearest[i] = squaredDistance(rows, i, centres, 0);
  const candidates = 2 + Math.floor(Math.log(k));
  for (let c = 1; c < k; c++) {
    let best = { total: Number.POSITIVE_INFINITY, nearest, row: 0 };
    for (let t = 0; t < candidates; t++) {
      const row = drawRow(nearest, total, random);
      const trial = new Float64Array(n);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += trial[i] = Math.min(f64(nearest, i), squaredDistance(rows, i, rows, row));
      if (sum < best.total) best = { total: sum, nearest: trial, row };
    }
    centres.row(c).set(rows.row(best.row));
    nearest = best.nearest;
    total = best.total;
  }
  return centres;
}

/** A row drawn with a probability proportional to its weight. */
function drawRow(weights: Float64Array, total: number, random: Generator): number {
  let left = uniform(random) * total;
  let row = 0;
  while (row < weights.length - 1 && (left -= f64(weights, row)) > 0) row++;
  return row;
}
