/** A learnt probability and everything its report needs; what churn and response share. */
import type { Day } from "../../model/time/calendar.ts";
import type { MiningContext, ModelSpec } from "../technique.ts";
import type { Classifier, Learnt } from "./classifier.ts";
import { auc, brier } from "./logistic.ts";
import type { Population } from "./population.ts";
import { mean } from "../numeric/summary.ts";

/** The economics of a contact; gives the profit curve. */
export interface Action {
  /** cost of one contact, in the project's currency */
  readonly cost: number;
  /** what a member is worth for whom the contact works */
  readonly worth: number;
  /** share of the members with the outcome for whom the contact works, 0 to 1; all by default */
  readonly works?: number;
}

/** The outcome in the words of the report. */
export interface Words {
  /** what members did: "left", "responded" */
  readonly came: string;
  /** those who did: "Leavers", "Responses" */
  readonly those: string;
  /** doing it: "leaving", "responding" */
  readonly doing: string;
  /** what the profit curve cannot know */
  readonly advice: string;
}

/** A fitted classifier with its populations. */
export interface Classified {
  /** titles of the features */
  readonly titles: readonly string[];
  readonly learnt: Learnt;
  readonly train: Population;
  readonly unseen: Population;
  readonly today: Population;
  /** probabilities of the unseen members */
  readonly judged: Float64Array;
  /** the same by the baseline */
  readonly rival: Float64Array;
  /** members of `today`, in its order */
  readonly keys: readonly string[];
  readonly backtests: readonly Backtested[];
}

/** One cut-off judged by what was learnt before it. */
export interface Backtested {
  readonly on: Day;
  /** cut-offs that were learnt from */
  readonly cutoffs: number;
  readonly members: number;
  /** share of the members with the outcome */
  readonly came: number;
  readonly auc: number;
  /** AUC of the baseline */
  readonly rival: number;
  readonly brier: number;
}

/** The baseline of both techniques: the first feature, days since the last purchase, alone. */
export const BASELINE = "days since the last purchase alone";

/** The first feature of a population alone. */
export const firstColumn = ({ columns }: Population): Float64Array[] => columns.slice(0, 1);

/** One row of the backtest. */
export const backtestedOn = (
  on: Day,
  cutoffs: number,
  of: Population,
  own: Float64Array,
  rival: Float64Array,
): Backtested => ({
  on,
  cutoffs,
  members: of.n,
  came: mean(of.y),
  auc: auc(own, of.y),
  rival: auc(rival, of.y),
  brier: brier(own, of.y),
});

/** The classifier and its baseline, learnt from the same members. */
export function learnBoth(
  classifier: Classifier,
  baseline: Classifier,
  train: Population,
  titles: readonly string[],
): { readonly learnt: Learnt; readonly judge: (of: Population) => readonly [Float64Array, Float64Array] } {
  const learnt = classifier.learn(train.columns, train.y, titles);
  const naive = baseline.learn(firstColumn(train), train.y, titles);
  return { learnt, judge: (of) => [learnt.score(of.columns), naive.score(firstColumn(of))] };
}

/** Keys of a temporary table as text, in their order. */
export async function keysOf({ engine }: MiningContext<ModelSpec>, table: string): Promise<string[]> {
  const { columns } = await engine.serving.run(`SELECT key::VARCHAR FROM ${table} ORDER BY key`);
  return Array.from(columns[0] ?? [], String);
}
