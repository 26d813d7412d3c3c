/** How good a clustering is: separation of its clusters, and agreement with another clustering. */
import { add, count, f64, i32 } from "../numeric/vector.ts";
import { Matrix } from "../numeric/matrix.ts";
import { squaredDistance } from "./distance.ts";

/**
 * The mean silhouette (Rousseeuw 1987), -1 to 1: how much nearer rows are to their own cluster than to the next.
 * Quadratic in the number of rows: give a sample of some thousands.
 */
export function silhouette(rows: Matrix, assigned: Int32Array, k: number): number {
  const n = rows.rows;
  const counts = new Int32Array(k);
  for (const c of assigned) count(counts, c);
  let sum = 0;
  const distances = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    const own = i32(assigned, i);
    if (i32(counts, own) < 2) continue; // a row alone scores 0
    distances.fill(0);
    for (let j = 0; j < n; j++) add(distances, i32(assigned, j), Math.sqrt(squaredDistance(rows, i, rows, j)));
    const inside = f64(distances, own) / (i32(counts, own) - 1);
    let outside = Number.POSITIVE_INFINITY;
    for (const [c, size] of counts.entries())
      if (c !== own && size > 0) outside = Math.min(outside, f64(distances, c) / size);
    if (Number.isFinite(outside)) sum += (outside - inside) / Math.max(inside, outside);
  }
  return sum / n;
}

/** The adjusted Rand index (Hubert and Arabie 1985) of two assignments of the same rows: 1 equal, about 0 by chance. */
export function adjustedRand(a: Int32Array, b: Int32Array, ka: number, kb: number): number {
  const cells = new Matrix(ka, kb);
  const rows = new Float64Array(ka);
  const columns = new Float64Array(kb);
  for (const [i, left] of a.entries()) {
    const right = i32(b, i);
    cells.add(left, right, 1);
    add(rows, left, 1);
    add(columns, right, 1);
  }
  const pairs = (x: number): number => (x * (x - 1)) / 2;
  const pairsIn = (values: Float64Array): number => values.reduce((s, x) => s + pairs(x), 0);
  const expected = (pairsIn(rows) * pairsIn(columns)) / pairs(a.length);
  const most = (pairsIn(rows) + pairsIn(columns)) / 2;
  return most === expected ? 1 : (pairsIn(cells.values) - expected) / (most - expected);
}
