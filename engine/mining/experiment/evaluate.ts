/** The verdict on campaigns with a random control group: each outcome of the treated compared with it, by any cut. */
import { at, required } from "../../lookup.ts";
import type { ExperimentRequest } from "../../model/declarations.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { cubeOf } from "../fact-rows.ts";
import { cuped } from "./cuped.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { readMoments, type Arm, type Group } from "./read-moments.ts";
import { sequentialInterval } from "./sequential.ts";
import {
  adjust,
  detectable,
  mean,
  ratioMoments,
  relativeLift,
  sampleRatio,
  welch,
  wilson,
  type Moments,
} from "./statistics.ts";
import type { ExperimentVerdict, GroupMean, OutcomeVerdict } from "./verdict.ts";

export type { ExperimentRequest };
export type { ExperimentVerdict, OutcomeVerdict } from "./verdict.ts";

/** Fewer units in a group make intervals rough. */
const SMALL = 30;
/** A sample ratio below this p-value means a broken draw. */
const BROKEN = 0.001;
const SIGNIFICANT = 0.05;

/**
 * Evaluates experiments.
 * @returns one verdict a member of `request.by`, or one in all; a group without a control group gets a warning
 * @throws TesseraError `mining-invalid`, `unrelated-dimension` for members that do not fit
 */
export async function evaluateExperiment(
  engine: Engine,
  request: ExperimentRequest,
  options: RunOptions = {},
): Promise<readonly ExperimentVerdict[]> {
  const cube = cubeOf(engine, "$.cube", request.cube);
  const outcomes = request.outcomes.map((member) => outcomeOf(engine, cube, member));
  const groups = await readMoments(engine, cube, request, outcomes, options);
  return corrected(
    groups.map((group) => verdictOf(group, request, outcomes)),
    request,
  );
}

function verdictOf(group: Group, request: ExperimentRequest, asked: readonly Outcome[]): ExperimentVerdict {
  const { treated, control } = group;
  const [treatedN, controlN] = [treated?.n ?? 0, control?.n ?? 0];
  const ratio = sampleRatioOf(group, request);
  const outcomes =
    treated && control && treated.n >= 2 && control.n >= 2
      ? asked.flatMap((outcome) => outcomeVerdict(outcome, treated, control, request.covariate))
      : [];
  return {
    group: group.value,
    treated: treatedN,
    control: controlN,
    sampleRatio: ratio && { ...ratio, broken: ratio.p < BROKEN },
    outcomes,
    profit: profitOf(treated, outcomes, request),
    warnings: warningsOf(treatedN, controlN, ratio),
  };
}

function warningsOf(treated: number, control: number, ratio: { readonly p: number } | null): string[] {
  if (control === 0) return ["no control group: the effect of the campaign is unknown"];
  if (treated === 0) return ["no treated members"];
  const smaller = Math.min(treated, control);
  return [
    ...(smaller < SMALL ? [`only ${smaller} units in the smaller group: intervals are rough`] : []),
    ...(ratio && ratio.p < BROKEN
      ? [
          `group sizes do not match the plan (p ${ratio.p.toPrecision(2)}): ` +
            "look for a broken draw before relying on any figure",
        ]
      : []),
  ];
}

/** The sizes against the plan; several plans in a group count by their mean, weighted by the units drawn. */
function sampleRatioOf(
  { treated, control }: Group,
  request: ExperimentRequest,
): { readonly chi2: number; readonly p: number } | null {
  if (!treated || !control || treated.n === 0 || control.n === 0) return null;
  const planned = treated.planned === null ? null : treated.planned + (control.planned ?? 0);
  const share = planned === null ? request.treatedShare : 1 - planned / (treated.n + control.n);
  if (share === undefined || !(share > 0 && share < 1)) return null;
  return sampleRatio([treated.n, control.n], [share, 1 - share]);
}

/** The moments of an outcome in one arm; null for a ratio with nothing to divide by. */
const momentsOf = (outcome: Outcome, arm: Arm): Moments | null =>
  outcome.below === null
    ? arm.moments(outcome.above)
    : ratioMoments(arm.moments(outcome.above), arm.moments(outcome.below), arm.cross(outcome));

function outcomeVerdict(outcome: Outcome, one: Arm, none: Arm, covariate: string | undefined): OutcomeVerdict[] {
  const treated = momentsOf(outcome, one);
  const control = momentsOf(outcome, none);
  if (!treated || !control) return [];
  const isRatio = outcome.below !== null;
  const lift = welch(treated, control);
  const reduced =
    covariate !== undefined && !isRatio && outcome.above !== covariate
      ? cuped(
          treated,
          control,
          one.moments(covariate),
          none.moments(covariate),
          one.withCovariate(outcome.above),
          none.withCovariate(outcome.above),
        )
      : null;
  const best = reduced ?? lift;
  const n = one.n;
  return [
    {
      outcome: outcome.member,
      title: outcome.title,
      lift,
      adjusted: reduced,
      relative: relativeLift(treated, control),
      pAdjusted: best.p,
      detectable: lift.standardError > 0 ? (detectable(treated, control) * best.standardError) / lift.standardError : 0,
      sequential: sequentialInterval(best.difference, best.standardError, n + none.n),
      treated: groupMean(treated, isRatio),
      control: groupMean(control, isRatio),
      total: isRatio ? null : { value: best.difference * n, interval: [best.interval[0] * n, best.interval[1] * n] },
      verdict: "no difference shown",
    },
  ];
}

/** An outcome of zeros and ones gets Wilson's interval. */
function groupMean(moments: Moments, isRatio: boolean): GroupMean {
  const { n, sum, squares } = moments;
  const isBinary = !isRatio && squares === sum && sum >= 0 && sum <= n;
  return { n, mean: mean(moments), ...(isBinary && { interval: wilson(sum, n) }) };
}

function profitOf(
  treated: Arm | undefined,
  outcomes: readonly OutcomeVerdict[],
  request: ExperimentRequest,
): ExperimentVerdict["profit"] {
  const paying = outcomes.find((o) => o.outcome === (request.profit ?? request.outcomes.at(-1)));
  if (!paying?.total || request.cost === undefined) return null;
  const { total, sequential } = paying;
  const [n, cost] = [treated?.n ?? 0, treated?.moments(request.cost).sum ?? 0];
  return {
    value: total.value - cost,
    interval: [total.interval[0] - cost, total.interval[1] - cost],
    sequential: [sequential[0] * n - cost, sequential[1] * n - cost],
    cost,
    roi: cost === 0 ? null : (total.value - cost) / cost,
  };
}

/** Corrects p-values over the groups of each outcome: the same question asked of every group is one family. */
function corrected(verdicts: readonly ExperimentVerdict[], request: ExperimentRequest): ExperimentVerdict[] {
  const families = new Map(
    request.outcomes.map((member) => {
      const own = verdicts.flatMap((v) => v.outcomes.filter((o) => o.outcome === member));
      const p = adjust(
        own.map((o) => o.pAdjusted),
        request.correction ?? "holm",
      );
      return [member, new Map(own.map((o, i) => [o, at(p, i)] as const))] as const;
    }),
  );
  return verdicts.map((v) => ({
    ...v,
    outcomes: v.outcomes.map((o) => {
      const pAdjusted = required(required(families, o.outcome), o, "p-value");
      return { ...o, pAdjusted, verdict: verdictWords(pAdjusted, (o.adjusted ?? o.lift).difference) };
    }),
  }));
}

function verdictWords(p: number, difference: number): OutcomeVerdict["verdict"] {
  if (!(p < SIGNIFICANT)) return "no difference shown";
  return difference > 0 ? "more" : "less";
}
