/** Features made comparable by what the learnt population tells of them: gaps filled, skewed amounts in logarithms, standard deviations. */

export interface Scaling {
  readonly mean: number;
  readonly deviation: number;
  readonly logged: boolean;
  readonly median: number;
}

export function scalingOf(values: Float64Array): Scaling {
  const known = values.filter((v) => !Number.isNaN(v)).sort();
  const median = known.length === 0 ? 0 : known[Math.floor(known.length / 2)]!;
  const filled = values.map((v) => (Number.isNaN(v) ? median : v));
  const mean = (of: Float64Array): number => of.reduce((a, b) => a + b, 0) / of.length;
  const m = mean(filled);
  const spread = Math.sqrt(mean(filled.map((v) => (v - m) ** 2)));
  // skewed amounts in logarithms: one large order must not outweigh a thousand customers
  const logged = (known[0] ?? -1) >= 0 && spread > 0 && mean(filled.map((v) => ((v - m) / spread) ** 3)) > 2;
  const used = logged ? filled.map((v) => Math.log1p(v)) : filled;
  const centre = mean(used);
  return { mean: centre, deviation: Math.sqrt(mean(used.map((v) => (v - centre) ** 2))), logged, median };
}

export const scale = (values: Float64Array, s: Scaling): Float64Array =>
  values.map((v) => {
    const filled = Number.isNaN(v) ? s.median : v;
    return s.deviation === 0 ? 0 : ((s.logged ? Math.log1p(Math.max(0, filled)) : filled) - s.mean) / s.deviation;
  });
