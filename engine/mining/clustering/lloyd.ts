/**
 * Lloyd's rounds (1982) with the bounds of Hamerly (2010, "Making k-means even faster"): a row that is certainly nearer
 * to its centre than to any other is not measured again. The clusters are those of the plain algorithm.
 */
import { add, count, f64, i32 } from "../numeric/vector.ts";
import { argmax, sum } from "../numeric/summary.ts";
import { Matrix } from "../numeric/matrix.ts";
import { distancesToCentres, squaredDistance, squaredGap } from "./distance.ts";

/** Rows sorted into k clusters. */
export interface Clustering {
  readonly k: number;
  /** one row a cluster */
  readonly centres: Matrix;
  /** the cluster of each row */
  readonly assigned: Int32Array;
  /** squared distance of each row to its centre */
  readonly distances: Float64Array;
  /** sum of squared distances */
  readonly inertia: number;
  readonly iterations: number;
}

/** Distance bounds of each row: at most `upper` to its own centre, at least `lower` to every other. */
interface Bounds {
  readonly assigned: Int32Array;
  readonly upper: Float64Array;
  readonly lower: Float64Array;
}

/**
 * Moves the centres until the clusters stay the same.
 * @param centres the first centres, changed in place
 * @param still a round in which at most this many rows change their cluster is the last
 */
export function lloyd(rows: Matrix, centres: Matrix, maxIterations: number, still = 0): Clustering {
  const bounds: Bounds = {
    assigned: new Int32Array(rows.rows).fill(-1),
    upper: new Float64Array(rows.rows).fill(Number.POSITIVE_INFINITY),
    lower: new Float64Array(rows.rows),
  };
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    if (assignRows(rows, centres, bounds) <= still) break;
    loosen(bounds, moveCentres(rows, centres, bounds.assigned));
  }
  const { assigned } = bounds;
  const distances = distancesToCentres(rows, centres, assigned);
  return { k: centres.rows, centres, assigned, distances, inertia: sum(distances), iterations };
}

/** Gives each row its nearest centre. @returns how many rows changed their cluster */
function assignRows(rows: Matrix, centres: Matrix, { assigned, upper, lower }: Bounds): number {
  const halfGap = halfGaps(centres);
  const { values: data, columns: width } = rows;
  const { values: points, rows: k } = centres;
  let moved = 0;
  for (let i = 0; i < assigned.length; i++) {
    const own = i32(assigned, i);
    const begin = i * width;
    if (own >= 0) {
      const safe = Math.max(f64(halfGap, own), f64(lower, i));
      if (f64(upper, i) < safe) continue;
      const distance = Math.sqrt(squaredGap(data, begin, points, own * width, width));
      upper[i] = distance;
      if (distance < safe) continue;
    }
    let best = 0;
    let nearest = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      const distance = squaredGap(data, begin, points, c * width, width);
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
  return moved;
}

/** Half the distance of each centre to the nearest other. */
function halfGaps(centres: Matrix): Float64Array {
  const gaps = new Float64Array(centres.rows);
  for (let c = 0; c < centres.rows; c++) {
    let least = Number.POSITIVE_INFINITY;
    for (let o = 0; o < centres.rows; o++)
      if (o !== c) least = Math.min(least, squaredDistance(centres, c, centres, o));
    gaps[c] = Math.sqrt(least) / 2;
  }
  return gaps;
}

/** Moves each centre to the mean of its rows. @returns how far each moved */
function moveCentres(rows: Matrix, centres: Matrix, assigned: Int32Array): Float64Array {
  const width = rows.columns;
  const sums = new Matrix(centres.rows, width);
  const counts = new Int32Array(centres.rows);
  for (let i = 0; i < assigned.length; i++) {
    const c = i32(assigned, i);
    count(counts, c);
    addRow(sums.values, c * width, rows.values, i * width, width);
  }
  const moves = new Float64Array(centres.rows);
  let distances: Float64Array | null = null;
  for (let c = 0; c < centres.rows; c++) {
    if (i32(counts, c) === 0) {
      // an empty cluster takes the row that is farthest from its own centre
      distances ??= distancesToCentres(rows, centres, assigned);
      const farthest = argmax(distances);
      moves[c] = Math.sqrt(squaredDistance(centres, c, rows, farthest));
      centres.row(c).set(rows.row(farthest));
      distances[farthest] = 0;
      continue;
    }
    let move = 0;
    for (let j = 0; j < width; j++) {
      const to = sums.get(c, j) / i32(counts, c);
      const gap = to - centres.get(c, j);
      move += gap * gap;
      centres.set(c, j, to);
    }
    moves[c] = Math.sqrt(move);
  }
  return moves;
}

/** Adds `width` values from `j` on in one array to those from `i` on in another. */
function addRow(to: Float64Array, i: number, from: Float64Array, j: number, width: number): void {
  for (let c = 0; c < width; c++) add(to, i + c, f64(from, j + c));
}

/**
 * Widens the bounds of each row by what the centres moved: no other centre can have come nearer than the largest move.
 */
function loosen({ assigned, upper, lower }: Bounds, moves: Float64Array): void {
  const [most = 0, next = 0] = [...moves].sort((a, b) => b - a);
  for (let i = 0; i < assigned.length; i++) {
    const move = f64(moves, i32(assigned, i));
    add(upper, i, move);
    add(lower, i, -(move === most ? next : most));
  }
}
