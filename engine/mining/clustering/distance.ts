/** Squared Euclidean distances between rows of matrices. */
import { f64, i32 } from "../numeric/vector.ts";
import { type Matrix } from "../numeric/matrix.ts";

/** The squared distance between `width` values from `i` on in one array and from `j` on in another: the hot loop. */
export function squaredGap(x: Float64Array, i: number, y: Float64Array, j: number, width: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) {
    const gap = f64(x, i + c) - f64(y, j + c);
    sum += gap * gap;
  }
  return sum;
}

/** The squared distance between row `i` of one matrix and row `j` of another of the same width. */
export const squaredDistance = (a: Matrix, i: number, b: Matrix, j: number): number =>
  squaredGap(a.values, i * a.columns, b.values, j * a.columns, a.columns);

/** The squared distance of each row to the centre of its cluster. */
export function distancesToCentres(rows: Matrix, centres: Matrix, assigned: Int32Array): Float64Array {
  const distances = new Float64Array(rows.rows);
  for (let i = 0; i < rows.rows; i++) distances[i] = squaredDistance(rows, i, centres, i32(assigned, i));
  return distances;
}
