/** Features in histogram bins: at most 64 a feature, with the last for unknown values. */
import { f64 } from "../numeric/vector.ts";

/** Bins of a feature; the last holds unknown values. */
export const BINS = 64;

/** Borders at quantiles: a value belongs to the first bin whose border it does not exceed. */
export function bordersOf(values: Float64Array): Float64Array {
  const known = values.filter((v) => !Number.isNaN(v)).sort();
  const borders: number[] = [];
  for (let b = 1; b < BINS - 1; b++) {
    const v = known[Math.floor((b * known.length) / (BINS - 1))];
    if (v !== undefined && v !== borders.at(-1)) borders.push(v);
  }
  if (known.length > 0 && borders.at(-1) === known.at(-1)) borders.pop();
  return Float64Array.from(borders);
}

/** The bin of each value, by binary search. */
export function binned(values: Float64Array, borders: Float64Array): Uint8Array {
  const bins = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = f64(values, i);
    if (Number.isNaN(value)) {
      bins[i] = BINS - 1;
      continue;
    }
    let [low, high] = [0, borders.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= f64(borders, middle)) high = middle;
      else low = middle + 1;
    }
    bins[i] = low;
  }
  return bins;
}
