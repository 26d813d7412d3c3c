/**
 * The T-learner (Künzel et al. 2019): two response models, one of the treated and one of the control group; the
 * difference of their probabilities is the uplift.
 */
import { fitLogistic, scoresOf, type Logistic } from "../churn/logistic.ts";
import { plainScaling, scale, scalingOf } from "../churn/scaling.ts";
import { at } from "../../lookup.ts";
import { f64 } from "../numeric/vector.ts";
import { pick } from "../numeric/summary.ts";

/** Two fitted response models. Columns are one array a feature, in the order of training. */
export interface TLearner {
  /** probability if treated minus probability if not */
  readonly uplift: (columns: readonly Float64Array[]) => Float64Array;
  /** probability if treated: a plain response model */
  readonly response: (columns: readonly Float64Array[]) => Float64Array;
}

/** How the models are fitted. */
export interface TLearnerOptions {
  /** penalty on the squared coefficients, 0 by default */
  readonly l2?: number;
  /** skewed amounts stay as they are instead of in logarithms */
  readonly plain?: boolean;
}

/** @param treated 1 where treated; @param y 1 where the outcome came; both models scale features by all rows */
export function fitTLearner(
  columns: readonly Float64Array[],
  treated: Uint8Array,
  y: Float64Array,
  { l2 = 0, plain = false }: TLearnerOptions = {},
): TLearner {
  const scaling = columns.map((values) => {
    const found = scalingOf(values);
    return plain && found.logged ? plainScaling(values, found) : found;
  });
  const used = [...scaling.keys()].filter((j) => at(scaling, j).deviation > 0);
  const scaled = (of: readonly Float64Array[]): Float64Array[] => used.map((j) => scale(at(of, j), at(scaling, j)));
  const all = scaled(columns);
  const fitArm = (arm: number): Logistic => {
    const rows = [...treated.keys()].filter((i) => treated[i] === arm);
    return fitLogistic(
      all.map((c) => pick(c, rows)),
      pick(y, rows),
      { l2 },
    );
  };
  const [one, none] = [fitArm(1), fitArm(0)];
  return {
    response: (of) => scoresOf(one, scaled(of)),
    uplift: (of) => {
      const features = scaled(of);
      const without = scoresOf(none, features);
      return scoresOf(one, features).map((v, i) => v - f64(without, i));
    },
  };
}
