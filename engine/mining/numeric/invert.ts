/** Inverts matrices of a few dozen rows. */
import { Matrix } from "./matrix.ts";

/** The inverse by Gauss-Jordan elimination with partial pivots; the matrix given stays as it is. */
export function invert(matrix: Matrix): Matrix {
  const n = matrix.rows;
  const work = new Matrix(n, 2 * n);
  for (let i = 0; i < n; i++) {
    work.row(i).set(matrix.row(i));
    work.set(i, n + i, 1);
  }
  for (let c = 0; c < n; c++) {
    swapRows(work, c, pivotOf(work, c));
    const pivot = work.get(c, c);
    for (let j = 0; j < 2 * n; j++) work.set(c, j, work.get(c, j) / pivot);
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = work.get(r, c);
      for (let j = 0; j < 2 * n; j++) work.add(r, j, -factor * work.get(c, j));
    }
  }
  const inverse = new Matrix(n, n);
  for (let i = 0; i < n; i++) inverse.row(i).set(work.row(i).subarray(n));
  return inverse;
}

/** The row, from `c` on, with the largest element in column `c`. */
function pivotOf(work: Matrix, c: number): number {
  let pivot = c;
  for (let r = c + 1; r < work.rows; r++) if (Math.abs(work.get(r, c)) > Math.abs(work.get(pivot, c))) pivot = r;
  return pivot;
}

function swapRows(work: Matrix, a: number, b: number): void {
  if (a === b) return;
  const held = work.row(a).slice();
  work.row(a).set(work.row(b));
  work.row(b).set(held);
}
