/** Two ways to learn a probability from features: logistic regression and boosted trees. */
import { chances, explainBoosted, fitBoosted } from "../boosting/trees.ts";
import { dimension, measure } from "../columns.ts";
import { at } from "../../lookup.ts";
import { add, f64, num } from "../numeric/vector.ts";
import { sum } from "../numeric/summary.ts";
import type { ReportSection } from "../technique.ts";
import { fitLasso } from "./lasso.ts";
import { fitLogistic, scoresOf, type Logistic } from "./logistic.ts";
import { scale, scalingOf } from "./scaling.ts";

/** Scores with reasons: `base` and `parts` add up to the log odds. */
export interface Explanation {
  readonly base: number;
  /** one array a feature */
  readonly parts: readonly Float64Array[];
  readonly logOdds: Float64Array;
}

/** A fitted classifier. Columns are one array a feature, in the order of training; NaN is unknown. */
export interface Learnt {
  /** probabilities */
  score(columns: readonly Float64Array[]): Float64Array;
  explain(columns: readonly Float64Array[]): Explanation;
  /** positions of the features left out because they do not vary */
  readonly unused: readonly number[];
  /** what the classifier learnt, for the report */
  readonly section: ReportSection;
}

/** A way to learn. */
export interface Classifier {
  readonly title: string;
  /** @param y 0 or 1; @param names titles of the features */
  learn(columns: readonly Float64Array[], y: Float64Array, names: readonly string[]): Learnt;
}

/** Penalties of a logistic regression. */
export interface LogisticOptions {
  /** on the sizes of the coefficients; above 0 it selects features. 0 by default */
  readonly l1?: number;
  /** on their squares, 1 by default */
  readonly l2?: number;
}

/** Logistic regression, with feature selection where `l1` is above 0. */
export const logistic = ({ l1 = 0, l2 = 1 }: LogisticOptions = {}): Classifier => ({
  title: l1 > 0 ? "Logistic regression with feature selection" : "Logistic regression",
  learn: (columns, y, names) => {
    const scaling = columns.map(scalingOf);
    const used = [...scaling.keys()].filter((j) => at(scaling, j).deviation > 0);
    const scaled = (of: readonly Float64Array[]): Float64Array[] => used.map((j) => scale(at(of, j), at(scaling, j)));
    const fitted = l1 > 0 ? fitLasso(scaled(columns), y, { l1, l2 }) : fitLogistic(scaled(columns), y, { l2 });
    return {
      unused: [...scaling.keys()].filter((j) => !used.includes(j)),
      score: (of) => scoresOf(fitted, scaled(of)),
      explain: (of) => explainLogistic(fitted, used, of, scaled(of)),
      section: oddsSection(
        fitted,
        used.map((j) => at(names, j)),
        l1 > 0,
      ),
    };
  },
});

/** Logistic regression as it comes. */
export const LOGISTIC = logistic();

function explainLogistic(
  { coefficients }: Logistic,
  used: readonly number[],
  columns: readonly Float64Array[],
  scaled: readonly Float64Array[],
): Explanation {
  const base = num(coefficients, 0);
  const parts = columns.map((c) => new Float64Array(c.length));
  const logOdds = new Float64Array(columns[0]?.length ?? 0).fill(base);
  for (const [k, j] of used.entries()) {
    const [values, part, b] = [at(scaled, k), at(parts, j), num(coefficients, k + 1)];
    for (let i = 0; i < logOdds.length; i++) {
      const own = b * f64(values, i);
      part[i] = own;
      add(logOdds, i, own);
    }
  }
  return { base, parts, logOdds };
}

/** @param selected coefficients that a penalty selected have no valid intervals */
function oddsSection({ coefficients, standardErrors }: Logistic, names: string[], selected: boolean): ReportSection {
  const shown = names
    .map((feature, k) => ({ feature, b: num(coefficients, k + 1), se: num(standardErrors, k + 1) }))
    .filter((r) => r.b !== 0)
    .sort((p, q) => Math.abs(q.b) - Math.abs(p.b));
  return {
    title: "Factors associated with leaving",
    note: "Odds ratios for one standard deviation more. Associations, not causes.",
    columns: [
      dimension("feature", "Feature"),
      measure("odds", "Odds ratio"),
      ...(selected ? [] : [measure("low", "95 % low"), measure("high", "95 % high"), measure("z", "z")]),
    ],
    rows: shown.map(({ feature, b, se }) => ({
      feature,
      odds: Math.exp(b),
      ...(selected ? {} : { low: Math.exp(b - 1.96 * se), high: Math.exp(b + 1.96 * se), z: b / se }),
    })),
  };
}

/** Gradient-boosted trees. */
export const BOOSTING: Classifier = {
  title: "Gradient-boosted trees",
  learn: (columns, y, names) => {
    const fitted = fitBoosted(columns, y);
    const total = sum(fitted.gain) || 1;
    return {
      unused: fitted.borders.flatMap((b, j) => (b.length === 0 ? [j] : [])),
      score: (of) => chances(explainBoosted(fitted, of).score),
      explain: (of) => {
        const { base, parts, score } = explainBoosted(fitted, of);
        return { base, parts, logOdds: score };
      },
      section: {
        title: "Feature importance",
        chart: "bar",
        note: "Share of the trees' gain. Associations, not causes.",
        columns: [dimension("feature", "Feature"), measure("gain", "Share of the gain", "percent")],
        rows: names
          .map((feature, j) => ({ feature, gain: f64(fitted.gain, j) / total }))
          .sort((a, b) => b.gain - a.gain),
      },
    };
  },
};
