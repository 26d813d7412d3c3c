/** Selection without sorting. */
import { f64 } from "../numeric/vector.ts";

/**
 * The nth largest of numbers, 1 the largest (quickselect; Hoare 1961). The array is reordered.
 * @returns −∞ where there are fewer
 */
export function nthLargest(values: Float64Array, n: number): number {
  const wanted = n - 1;
  let low = 0;
  let high = values.length - 1;
  if (wanted < 0 || wanted > high) return Number.NEGATIVE_INFINITY;
  while (low < high) {
    const pivot = f64(values, (low + high) >> 1);
    let i = low;
    let j = high;
    while (i <= j) {
      while (f64(values, i) > pivot) i++;
      while (f64(values, j) < pivot) j--;
      if (i > j) break;
      const held = f64(values, i);
      values[i++] = f64(values, j);
      values[j--] = held;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return f64(values, wanted);
}
