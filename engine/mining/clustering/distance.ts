/** Squared Euclidean distances between rows of matrices. */
import { f64, i32, type Matrix } from "../numeric/index.ts";

/** The squared distance between row `i` of one matrix and row `j` of another of the same width. */
export function squaredDistance(a: Matrix, i: number, b: Matrix, j: number): number {
  const width = a.columns;
  const [left, right] = [i * width, j * width];
  const [x, y] = [a.values, b.values];
  let sum = 0;
  for (let c = 0; c < width; c++) {
    const gap = f64(x, left + c) - f64(y, right + c);
    sum += gap * gap;
  }
  return sum;
}

/** The squared distance of each row to the centre of its cluster. */
export function distancesToCentres(rows: Matrix, centres: Matrix, assigned: Int32Array): Float64Array {
  const distances = new Float64Array(rows.rows);
  for (let i = 0; i < rows.rows; i++) distances[i] = squaredDistance(rows, i, centres, i32(assigned, i));
  return distances;
}
