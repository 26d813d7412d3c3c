/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Every outcome of one group, and its key figures. */
import type { ExperimentVerdict, OutcomeVerdict } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatCount, formatNumber, NOTHING } from "../../charts/index.ts";
import { Card, Empty, KeyFigure, TableHead } from "../parts/card.tsx";
import { compactMoney } from "../parts/money.ts";
import { useWords } from "../parts/words.ts";
import { intervalTone, outcomeFormat, verdictTone } from "./outcome-format.ts";
import { Range, Verdict } from "./verdict-table.tsx";

export interface GroupProps {
  readonly verdict: ExperimentVerdict;
  readonly catalog: CatalogView;
}

const OutcomeFigures = ({ outcome, catalog }: { readonly outcome: OutcomeVerdict; readonly catalog: CatalogView }) => {
  const { campaigns, shared } = useWords();
  const format = outcomeFormat(outcome, catalog);
  const best = outcome.adjusted ?? outcome.lift;
  const [from, to] = best.interval;
  return (
    <>
      <KeyFigure
        title={outcome.title}
        value={format.mean(outcome.treated.mean)}
        notes={[campaigns.group.ofControl(format.mean(outcome.control.mean))]}
      />
      <KeyFigure
        title={campaigns.group.liftOf(outcome.title)}
        value={format.lift(best.difference)}
        notes={[shared.range(format.lift(from), format.lift(to))]}
        tone={verdictTone(outcome)}
      />
    </>
  );
};

/** Treated, the first outcome with its lift, and profit. */
export const GroupFigures = ({ verdict, catalog }: GroupProps) => {
  const { campaigns, shared } = useWords();
  const money = compactMoney(catalog);
  const { treated, control, profit } = verdict;
  const [outcome] = verdict.outcomes;
  const share = formatNumber(control / Math.max(1, treated + control), { format: "percent" });
  return (
    <section class="kpis" aria-label={shared.keyFigures}>
      <KeyFigure
        title={campaigns.treated}
        value={formatCount(treated)}
        notes={[campaigns.controlShare(formatCount(control), share)]}
      />
      {outcome ? <OutcomeFigures outcome={outcome} catalog={catalog} /> : null}
      {profit ? (
        <KeyFigure
          title={campaigns.profit}
          value={money(profit.value)}
          notes={[
            campaigns.group.afterCost(
              shared.range(money(profit.interval[0]), money(profit.interval[1])),
              money(profit.cost),
            ),
          ]}
          tone={intervalTone(profit.interval)}
        />
      ) : null}
    </section>
  );
};

const OutcomeRow = ({ outcome, catalog }: { readonly outcome: OutcomeVerdict; readonly catalog: CatalogView }) => {
  const words = useWords().campaigns.group;
  const format = outcomeFormat(outcome, catalog);
  const { treated, control, lift, adjusted, total, sequential } = outcome;
  const saved = adjusted && Number.isFinite(adjusted.varianceSaved) ? adjusted.varianceSaved : null;
  return (
    <tr>
      <td>{outcome.title}</td>
      <td class="num">
        {format.mean(treated.mean)}
        <Range of={treated.interval} print={format.mean} />
      </td>
      <td class="num">
        {format.mean(control.mean)}
        <Range of={control.interval} print={format.mean} />
      </td>
      <td class="num">
        {format.lift(lift.difference)}
        <Range of={lift.interval} print={format.lift} />
      </td>
      <td class="num">
        {adjusted ? format.lift(adjusted.difference) : NOTHING}
        <Range of={adjusted?.interval} print={format.lift} />
        {saved === null ? null : (
          <div class="range">{words.varianceSaved(formatNumber(saved, { format: "percent" }))}</div>
        )}
      </td>
      <td class="num">
        {total ? format.total(total.value) : NOTHING}
        <Range of={total?.interval} print={format.total} />
      </td>
      <td class="num">
        <Range of={sequential} print={format.lift} />
      </td>
      <td>
        <Verdict outcome={outcome} />
      </td>
    </tr>
  );
};

export const OutcomesCard = ({ verdict, catalog }: GroupProps) => {
  const { campaigns } = useWords();
  const words = campaigns.group;
  return (
    <Card title={words.outcomes} aside={words.outcomesHint} size="wide">
      {verdict.outcomes.length === 0 ? (
        <Empty title={words.notComparable}>{verdict.warnings.join("; ")}</Empty>
      ) : (
        <div class="table-wrap">
          <table class="data verdicts">
            <TableHead
              columns={[
                campaigns.outcome,
                { number: campaigns.treated },
                { number: campaigns.controlGroup },
                { number: words.difference },
                { number: words.adjusted },
                { number: words.allTreated },
                { number: words.whileRunning, hint: words.whileRunningHint },
                campaigns.verdict,
              ]}
            />
            <tbody>
              {verdict.outcomes.map((outcome) => (
                <OutcomeRow outcome={outcome} catalog={catalog} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
};
