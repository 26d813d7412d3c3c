/**
 * Sums, means and orders of arrays of numbers. Sums run from the first element to the last, so that digits stay the
 * same.
 */
import { num } from "./vector.ts";

/** The sum; 0 of nothing. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += num(values, i);
  return total;
}

/** The mean; NaN of nothing. */
export const mean = (values: ArrayLike<number>): number => sum(values) / values.length;

/** The sum of squared distances from the mean, or from another centre. */
export function squaresAround(values: ArrayLike<number>, centre: number = mean(values)): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (num(values, i) - centre) ** 2;
  return total;
}

/** The sample standard deviation (n - 1). */
export const sampleDeviation = (values: ArrayLike<number>): number =>
  Math.sqrt(squaresAround(values) / (values.length - 1));

/** The standard deviation of a whole population (n). */
export const deviation = (values: ArrayLike<number>): number => Math.sqrt(squaresAround(values) / values.length);

/** The sum of products of elements at the same position. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += num(a, i) * num(b, i);
  return total;
}

/** The largest value; 0 of nothing or of negative values alone: for counts and sizes. */
export const largest = (values: Iterable<number>): number => {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
};

/** The position of the largest value, the first of equals; -1 of nothing. */
export function argmax(values: ArrayLike<number>): number {
  let best = values.length === 0 ? -1 : 0;
  for (let i = 1; i < values.length; i++) if (num(values, i) > num(values, best)) best = i;
  return best;
}

/** Positions in ascending order of value, ties by position. */
export const ascending = (values: Float64Array): Uint32Array =>
  Uint32Array.from(values.keys()).sort((a, b) => num(values, a) - num(values, b) || a - b);

/** Positions in descending order of value, ties by position. */
export const descending = (values: Float64Array): Uint32Array =>
  Uint32Array.from(values.keys()).sort((a, b) => num(values, b) - num(values, a) || a - b);

/** The positions 0 to n - 1. */
export const positions = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Elements of two arrays side by side, as long as the shorter. */
export const zip = <A, B>(a: readonly A[], b: readonly B[]): (readonly [A, B])[] =>
  a.slice(0, b.length).map((x, i) => [x, b[i] as B] as const);

/** The median of sorted values: the mean of the two in the middle where their number is even. */
export function medianOfSorted(sorted: ArrayLike<number>): number {
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? num(sorted, half) : (num(sorted, half - 1) + num(sorted, half)) / 2;
}

/** The values at some positions. */
export const pick = (values: ArrayLike<number>, rows: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: rows.length }, (_, k) => num(values, num(rows, k)));

/** Starts of compressed rows: `out[i]` is the sum of the first i counts. */
export function startsOf(counts: Int32Array): Int32Array {
  const starts = new Int32Array(counts.length + 1);
  let total = 0;
  for (const [i, n] of counts.entries()) starts[i + 1] = total += n;
  return starts;
}
