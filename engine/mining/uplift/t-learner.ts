/** Two response models, one of the treated and one of the held out; the difference of what they say is the uplift (Künzel et al. 2019). */
import { fitLogistic, scoresOf } from "../churn/logistic.ts";
import { scale, scalingOf } from "../churn/scaling.ts";

export interface TLearner {
  /** chance if treated less chance if not */
  uplift(columns: readonly Float64Array[]): Float64Array;
  /** chance if treated: what a plain response model says */
  response(columns: readonly Float64Array[]): Float64Array;
}

/** @param treated 1 where treated; @param y 1 where the outcome came; standard deviations are those of all rows */
export function fitTLearner(
  columns: readonly Float64Array[],
  treated: Uint8Array,
  y: Float64Array,
  { l2 = 0, plain = false }: { readonly l2?: number /** skewed amounts as they are */; readonly plain?: boolean } = {},
): TLearner {
  const scaling = columns.map((c) => {
    const found = scalingOf(c);
    return plain && found.logged ? plainly(c, found) : found;
  });
  const used = scaling.map((_, j) => j).filter((j) => scaling[j]!.deviation > 0);
  const scaled = (of: readonly Float64Array[]): Float64Array[] => used.map((j) => scale(of[j]!, scaling[j]!));
  const z = scaled(columns);
  const side = (arm: number) => {
    const rows = [...treated.keys()].filter((i) => treated[i] === arm);
    return fitLogistic(
      z.map((c) => Float64Array.from(rows, (i) => c[i]!)),
      Float64Array.from(rows, (i) => y[i]!),
      { l2 },
    );
  };
  const [one, none] = [side(1), side(0)];
  return {
    response: (of) => scoresOf(one, scaled(of)),
    uplift: (of) => {
      const at = scaled(of);
      const [a, b] = [scoresOf(one, at), scoresOf(none, at)];
      return a.map((v, i) => v - b[i]!);
    },
  };
}

function plainly(values: Float64Array, { median }: { readonly median: number }): ReturnType<typeof scalingOf> {
  const filled = values.map((v) => (Number.isNaN(v) ? median : v));
  const mean = filled.reduce((a, b) => a + b, 0) / filled.length;
  return {
    mean,
    deviation: Math.sqrt(filled.reduce((a, b) => a + (b - mean) ** 2, 0) / filled.length),
    logged: false,
    median,
  };
}
