/** What an evaluation returns: each outcome of a campaign, the treated compared with the control group. */
import type { Value } from "../../model/query.ts";
import type { Difference } from "./statistics.ts";

/** Size and mean of a group, with an interval where the outcome is yes or no. */
export interface GroupMean {
  readonly n: number;
  readonly mean: number;
  readonly interval?: readonly [number, number];
}

/** One outcome. */
export interface OutcomeVerdict {
  readonly outcome: string;
  readonly title: string;
  readonly treated: GroupMean;
  readonly control: GroupMean;
  /** absolute difference a unit, 95 % interval */
  readonly lift: Difference;
  /** relative difference; null where the control group's mean is zero */
  readonly relative: Difference | null;
  /** the difference with the covariate taken out (CUPED); null without a covariate */
  readonly adjusted: (Difference & { readonly varianceSaved: number }) | null;
  /** 95 % at every look at once: may be read while the campaign runs */
  readonly sequential: readonly [number, number];
  /** the difference times the treated units, with its interval; null for a ratio */
  readonly total: { readonly value: number; readonly interval: readonly [number, number] } | null;
  /** the difference a unit that groups of these sizes show in 80 of 100 repetitions, before corrections */
  readonly detectable: number;
  /** the p-value corrected for the number of groups compared */
  readonly pAdjusted: number;
  /** in words, never more than the interval allows */
  readonly verdict: "more" | "less" | "no difference shown";
}

/** All outcomes of one group of units. */
export interface ExperimentVerdict {
  /** member of `by`; null for (unknown) or without `by` */
  readonly group: Value;
  /** units */
  readonly treated: number;
  readonly control: number;
  /** whether the sizes fit the planned shares; null without a plan */
  readonly sampleRatio: { readonly chi2: number; readonly p: number; readonly broken: boolean } | null;
  readonly outcomes: readonly OutcomeVerdict[];
  /** extra profit of the treated minus the cost of contacting them */
  readonly profit: {
    readonly value: number;
    readonly interval: readonly [number, number];
    /** 95 % at every look at once */
    readonly sequential: readonly [number, number];
    readonly cost: number;
    readonly roi: number | null;
  } | null;
  readonly warnings: readonly string[];
}
