/** Small numeric tools that the techniques share. */
export { invert } from "./invert.ts";
export { Matrix } from "./matrix.ts";
export {
  argmax,
  ascending,
  descending,
  deviation,
  dot,
  largest,
  mean,
  medianOfSorted,
  pick,
  positions,
  sampleDeviation,
  squaresAround,
  startsOf,
  sum,
  zip,
} from "./summary.ts";
export { add, count, f64, i32, num, u32, u8 } from "./vector.ts";
