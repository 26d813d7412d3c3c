/** Makes features comparable by what the training population shows: gaps filled, skewed amounts in logarithms. */
import { f64 } from "../numeric/vector.ts";
import { mean } from "../numeric/summary.ts";

/** How a feature is scaled. */
export interface Scaling {
  readonly mean: number;
  /** standard deviation; 0 for a feature that does not vary */
  readonly deviation: number;
  /** log(1 + x) is taken first */
  readonly logged: boolean;
  /** takes the place of unknown values */
  readonly median: number;
}

const SKEWED = 2;

/** The scaling that a feature's values call for; NaN is unknown. */
export function scalingOf(values: Float64Array): Scaling {
  const known = values.filter((v) => !Number.isNaN(v)).sort();
  const median = known.length === 0 ? 0 : f64(known, Math.floor(known.length / 2));
  const filled = values.map((v) => (Number.isNaN(v) ? median : v));
  const centre = mean(filled);
  const spread = Math.sqrt(mean(filled.map((v) => (v - centre) ** 2)));
  // logarithms keep one large order from outweighing a thousand customers
  const logged = (known[0] ?? -1) >= 0 && spread > 0 && mean(filled.map((v) => ((v - centre) / spread) ** 3)) > SKEWED;
  return { ...momentsOf(logged ? filled.map((v) => Math.log1p(v)) : filled), logged, median };
}

/** The scaling without logarithms. */
export function plainScaling(values: Float64Array, { median }: Pick<Scaling, "median">): Scaling {
  return { ...momentsOf(values.map((v) => (Number.isNaN(v) ? median : v))), logged: false, median };
}

function momentsOf(values: Float64Array): Pick<Scaling, "mean" | "deviation"> {
  const centre = mean(values);
  return { mean: centre, deviation: Math.sqrt(mean(values.map((v) => (v - centre) ** 2))) };
}

/** The values in standard deviations from the mean; 0 for a feature that does not vary. */
export const scale = (values: Float64Array, s: Scaling): Float64Array =>
  values.map((v) => {
    const filled = Number.isNaN(v) ? s.median : v;
    return s.deviation === 0 ? 0 : ((s.logged ? Math.log1p(Math.max(0, filled)) : filled) - s.mean) / s.deviation;
  });
