/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** What the recommended budget is expected to gain. */
import type { Allocation } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";
import { formatChange, formatCompact, formatNumber } from "../../charts/index.ts";
import { Figure } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";
import { columnsOf } from "./columns.ts";

export interface GainProps {
  readonly allocation: ChannelAllocation;
  readonly plan: Allocation;
  readonly catalog: CatalogView;
}

/** `month` of `date.month` */
export const periodName = ({ period }: ChannelAllocation): string => period.slice(period.lastIndexOf(".") + 1);

export const Gain = ({ allocation, plan, catalog }: GainProps) => {
  const { channels, shared } = useWords();
  const words = channels.plan;
  const { spend, outcome } = columnsOf(allocation, catalog);
  const { gain } = plan;
  const period = periodName(allocation);
  const used = plan.channels.reduce((sum, { recommended }) => sum + recommended, 0);
  const [from, to] = gain.interval;
  const rate = formatChange(gain.rate, { format: "percent" });
  return (
    <div class="figures">
      <Figure title={words.budgetPer(period)} value={formatCompact(plan.budget, spend)} />
      <Figure title={words.outcomeNow(outcome.title)} value={formatCompact(plan.now, outcome)} />
      <Figure title={words.outcomeThen(outcome.title)} value={formatCompact(plan.then, outcome)} />
      <Figure
        title={words.gainPer(period)}
        value={
          <>
            {formatChange(gain.value, outcome)} <span class="small">({rate})</span>
          </>
        }
        note={words.gainRange(shared.range(formatChange(from, outcome), formatChange(to, outcome)))}
        tone={from > 0 ? "up" : ""}
      />
      {plan.shadowPrice > 0 ? (
        <Figure title={words.marginalBudget} value={formatNumber(plan.shadowPrice, { format: "decimal" })} />
      ) : (
        <Figure title={words.usedByBounds} value={formatCompact(used, spend)} />
      )}
    </div>
  );
};
