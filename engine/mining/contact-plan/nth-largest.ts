/** The nth largest of numbers (1 the largest), by selection (Hoare's Find); the array is reordered. */
import { f64 } from "../numeric/index.ts";
export function nthLargest(values: Float64Array, n: number): number {
  let low = 0,
    high = values.length - 1;
  const at = n - 1;
  if (at < 0 || at > high) return Number.NEGATIVE_INFINITY;
  while (low < high) {
    const pivot = f64(values, (low + high) >> 1);
    let i = low,
      j = high;
    while (i <= j) {
      while (f64(values, i) > pivot) i++;
      while (f64(values, j) < pivot) j--;
      if (i <= j) {
        const held = f64(values, i);
        values[i] = f64(values, j);
        values[j] = held;
        i++;
        j--;
      }
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else break;
  }
  return f64(values, at);
}
