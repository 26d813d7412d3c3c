/** Two ways to learn a chance from features; the rest of the work is the same for both. */
import { chances, explainBoosted, fitBoosted } from "../boosting/trees.ts";
import { dimension, measure } from "../columns.ts";
import type { ReportSection } from "../technique.ts";
import { fitLasso } from "./lasso.ts";
import { fitLogistic, scoresOf } from "./logistic.ts";
import { scale, scalingOf } from "./scaling.ts";

/** What was learnt, asked of other members: their chances, and what each feature adds to the log odds. */
export interface Learnt {
  score(columns: readonly Float64Array[]): Float64Array;
  /** base and parts add up to the log odds */
  explain(columns: readonly Float64Array[]): {
    readonly base: number;
    readonly parts: readonly Float64Array[];
    readonly logOdds: Float64Array;
  };
  /** features left out because they do not differ */
  readonly unused: readonly number[];
  readonly section: ReportSection;
}

export interface Classifier {
  readonly title: string;
  learn(columns: readonly Float64Array[], y: Float64Array, names: readonly string[]): Learnt;
}

/** @param l1 penalty on the sizes of coefficients, @param l2 on their squares */
export const logistic = ({ l1 = 0, l2 = 1 }: { readonly l1?: number; readonly l2?: number } = {}): Classifier => ({
  title: l1 > 0 ? "Logistic regression that leaves out what does not help" : "Logistic regression",
  learn: (columns, y, names) => {
    const scaling = columns.map(scalingOf);
    const used = columns.map((_, j) => j).filter((j) => scaling[j]!.deviation > 0);
    const scaled = (of: readonly Float64Array[]): Float64Array[] => used.map((j) => scale(of[j]!, scaling[j]!));
    const chosen = l1 > 0 ? fitLasso(scaled(columns), y, { l1, l2 }) : null;
    const fitted = chosen ?? fitLogistic(scaled(columns), y, { l2 });
    const shown = used
      .map((j, k) => ({ feature: names[j]!, b: fitted.coefficients[k + 1]!, se: fitted.standardErrors[k + 1]! }))
      .filter((r) => r.b !== 0)
      .sort((p, q) => Math.abs(q.b) - Math.abs(p.b));
    return {
      unused: columns.map((_, j) => j).filter((j) => !used.includes(j)),
      score: (of) => scoresOf(fitted, scaled(of)),
      explain: (of) => {
        const values = scaled(of);
        const parts = of.map((c) => new Float64Array(c.length));
        const logOdds = new Float64Array(of[0]?.length ?? 0).fill(fitted.coefficients[0]!);
        used.forEach((j, k) => {
          for (let i = 0; i < logOdds.length; i++) {
            const part = fitted.coefficients[k + 1]! * values[k]![i]!;
            parts[j]![i] = part;
            logOdds[i]! += part;
          }
        });
        return { base: fitted.coefficients[0]!, parts, logOdds };
      },
      section: {
        title: "What goes with leaving",
        note: "Odds ratios for one standard deviation more; learnt, not caused.",
        // of coefficients that a penalty chose there are no honest intervals
        columns: [
          dimension("feature", "Feature"),
          measure("odds", "Odds ratio"),
          ...(chosen ? [] : [measure("low", "95 % from"), measure("high", "to"), measure("z", "z")]),
        ],
        rows: shown.map(({ feature, b, se }) => ({
          feature,
          odds: Math.exp(b),
          ...(chosen ? {} : { low: Math.exp(b - 1.96 * se), high: Math.exp(b + 1.96 * se), z: b / se }),
        })),
      },
    };
  },
});
export const LOGISTIC = logistic();

export const BOOSTING: Classifier = {
  title: "Gradient-boosted trees",
  learn: (columns, y, names) => {
    const fitted = fitBoosted(columns, y);
    const total = fitted.gain.reduce((a, b) => a + b, 0) || 1;
    return {
      unused: fitted.borders.flatMap((b, j) => (b.length === 0 ? [j] : [])),
      score: (of) => chances(explainBoosted(fitted, of).score),
      explain: (of) => {
        const { base, parts, score } = explainBoosted(fitted, of);
        return { base, parts, logOdds: score };
      },
      section: {
        title: "What the trees look at",
        chart: "bar",
        note: "Part of the trees' gain; learnt, not caused.",
        columns: [dimension("feature", "Feature"), measure("gain", "Part of the gain", "percent")],
        rows: names.map((feature, j) => ({ feature, gain: fitted.gain[j]! / total })).sort((a, b) => b.gain - a.gain),
      },
    };
  },
};
