/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The method behind the verdicts, in words that a reader can check. */
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import { formatNumber } from "../../charts/index.ts";
import { Card } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";
import { memberTitle } from "../explore/member-words.ts";
import { outcomeIn, payingOutcome } from "./experiment-data.ts";
import { verdictText } from "./outcome-format.ts";

export interface MethodProps {
  readonly experiment: Experiment;
  readonly verdicts: readonly ExperimentVerdict[];
  readonly outcome: string;
  readonly catalog: CatalogView;
}

const percent = (value: number): string => formatNumber(value, { format: "percent" });

/** The variance that the covariate saved; nothing without one. */
const Covariate = ({ experiment, verdicts, outcome, catalog }: MethodProps) => {
  const words = useWords().campaigns.method;
  const saved = verdicts
    .flatMap((verdict) => outcomeIn(verdict, outcome)?.adjusted?.varianceSaved ?? [])
    .filter(Number.isFinite);
  if (!experiment.covariate || saved.length === 0) return null;
  const mean = saved.reduce((a, b) => a + b, 0) / saved.length;
  const titles = [memberTitle(experiment.covariate, catalog), memberTitle(outcome, catalog)] as const;
  return <li>{words.covariate(...titles, percent(mean), percent(Math.min(...saved)), percent(Math.max(...saved)))}</li>;
};

const PlannedShare = ({ experiment, verdicts }: MethodProps) => {
  const words = useWords().campaigns.method;
  if (experiment.heldOutShare !== undefined) {
    const least = Math.min(...verdicts.map(({ sampleRatio }) => sampleRatio?.p ?? 1));
    return (
      <li>
        {words.ownShare}
        {least < 1 ? ` ${words.ownShareLeast(least.toPrecision(2))}` : ""}
      </li>
    );
  }
  if (experiment.treatedShare !== undefined) return <li>{words.plannedShare(percent(experiment.treatedShare))}</li>;
  return <li>{words.noShare}</li>;
};

export const Method = (props: MethodProps) => {
  const { experiment, verdicts, outcome, catalog } = props;
  const { campaigns } = useWords();
  const words = campaigns.method;
  const starred = verdicts.some((verdict) => {
    const own = outcomeIn(verdict, outcome);
    return own !== undefined && verdictText(own, campaigns.verdicts).note !== null;
  });
  const warned = verdicts.filter(({ warnings }) => warnings.length > 0).length;
  const correction = words.corrections[experiment.correction ?? "holm"];
  return (
    <Card title={words.title} size="wide">
      <div class="body">
        <ul class="notes dim">
          <li>{words.randomised}</li>
          {starred ? <li>{words.star}</li> : null}
          <li>{words.intervals(correction, verdicts.length)}</li>
          <Covariate {...props} />
          {experiment.cost ? <li>{words.profit(memberTitle(payingOutcome(experiment), catalog))}</li> : null}
          <PlannedShare {...props} />
          {warned > 0 ? <li class="warned">{words.warned(warned, verdicts.length)}</li> : null}
        </ul>
      </div>
    </Card>
  );
};
