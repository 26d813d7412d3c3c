/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** How the verdicts were reached, in words a reader can check. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import { formatNumber } from "../../charts/index.ts";
import { membersIn } from "../explore/state-query.ts";
import { payingOutcome, verdictWords } from "./experiment-data.ts";

const CORRECTIONS = {
  none: "not corrected",
  bonferroni: "corrected by Bonferroni",
  holm: "corrected by Holm",
  benjamini_hochberg:
    "corrected by Benjamini and Hochberg (of the differences shown, at most 5 % are expected to be false)",
} as const;

export const Method = ({
  experiment,
  verdicts,
  outcome,
  catalog,
}: {
  readonly experiment: Experiment;
  readonly verdicts: readonly ExperimentVerdict[];
  readonly outcome: string;
  readonly catalog: CatalogView;
}) => {
  const { measures } = membersIn(catalog);
  const title = (member: string): string => measures.get(member)?.title ?? member;
  const saved = verdicts
    .flatMap((v) => v.outcomes.filter((o) => o.outcome === outcome && o.adjusted).map((o) => o.adjusted!.varianceSaved))
    .filter(Number.isFinite);
  const mean = saved.reduce((a, b) => a + b, 0) / saved.length;
  const warned = verdicts.filter((v) => v.warnings.length > 0).length;
  return (
    <article class="card wide">
      <header>
        <h2>How this was found</h2>
      </header>
      <div class="body">
        <ul class="notes dim">
          <li>
            Part of each audience was held out at random and not contacted. The two groups differ by chance and by the
            contact alone, so a difference beyond chance is the contact's doing.
          </li>
          {verdicts.some((v) => v.outcomes.some((o) => o.outcome === outcome && verdictWords(o).note !== null)) ? (
            <li>*: alone this difference would pass the test, but among so many comparisons one such may be chance.</li>
          ) : null}
          <li>
            Intervals are 95 %: Welch's for differences, Wilson's for shares. The verdict asks whether treated and held
            out differ; it is {CORRECTIONS[experiment.correction ?? "holm"]} over {verdicts.length}{" "}
            {verdicts.length === 1 ? "group" : "groups"}.
          </li>
          {experiment.covariate && saved.length > 0 ? (
            <li>
              {title(experiment.covariate)} explains part of the difference between people (CUPED): taking it out saved{" "}
              {formatNumber(mean, { format: "percent" })} of the variance of {title(outcome).toLowerCase()} on average,
              between {formatNumber(Math.min(...saved), { format: "percent" })} and{" "}
              {formatNumber(Math.max(...saved), { format: "percent" })}. Lift and verdict are of the adjusted
              difference; the means are as they were.
            </li>
          ) : null}
          {experiment.cost ? (
            <li>
              Profit is the extra {title(payingOutcome(experiment)).toLowerCase()} of the treated less what contacting
              them cost. Where its interval holds zero, it is not shown to have paid.
            </li>
          ) : null}
          {experiment.heldOutShare !== undefined ? (
            <li>
              Group sizes are compared with each campaign's own planned share of held out; a draw that does not fit its
              plan is marked{(() => {
                const least = Math.min(...verdicts.map((v) => v.sampleRatio?.p ?? 1));
                return least < 1 ? ` (the least likely one here: p ${least.toPrecision(2)})` : "";
              })()}.
            </li>
          ) : experiment.treatedShare !== undefined ? (
            <li>
              Group sizes are compared with the plan of {formatNumber(experiment.treatedShare, { format: "percent" })}{" "}
              treated; a draw that does not fit it is marked.
            </li>
          ) : (
            <li>No planned share is declared for all of them, so the groups' sizes are not checked against a plan.</li>
          )}
          {warned > 0 ? (
            <li class="warned">
              {warned} of {verdicts.length} carry a warning; see their rows.
            </li>
          ) : null}
        </ul>
      </div>
    </article>
  );
};
