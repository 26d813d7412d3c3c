/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The recommended budget by channel; budget and limits are a form. */
import type { Allocation } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";
import type { Column } from "../../../engine/model/query.ts";
import { formatChange, formatCompact, formatNumber, NOTHING } from "../../charts/index.ts";
import { Card, TableHead } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";
import type { ChannelState } from "./channel-state.ts";
import { columnsOf } from "./columns.ts";
import { periodName } from "./gain.tsx";

type ChannelPlan = Allocation["channels"][number];

export interface PlanProps {
  readonly allocation: ChannelAllocation;
  readonly plan: Allocation;
  /** the reader's budget and limits */
  readonly asked: ChannelState;
  /** false when they cannot be met, and the declared budget is shown */
  readonly valid: boolean;
  readonly catalog: CatalogView;
}

const whole = (value: number): string => String(Math.round(value));
/** A recommendation this close to a limit is at it. */
const CLOSE = 0.5;

interface AmountInputProps {
  readonly name: string;
  readonly label: string;
  readonly value: number | null | undefined;
  readonly placeholder: number;
}

const AmountInput = ({ name, label, value, placeholder }: AmountInputProps) => (
  <input
    class="amount"
    type="text"
    inputmode="decimal"
    name={name}
    aria-label={label}
    value={value === null || value === undefined ? "" : String(value)}
    placeholder={whole(placeholder)}
  />
);

const Badges = ({ channel }: { readonly channel: ChannelPlan }) => {
  const words = useWords().channels.plan;
  const [low, high] = channel.bounds;
  const atLeast = channel.recommended <= low + CLOSE;
  const atMost = !atLeast && channel.recommended >= high - CLOSE;
  return (
    <>
      {channel.extrapolated ? (
        <>
          <span class="badge warn">{words.neverSpent}</span>{" "}
        </>
      ) : null}
      {atLeast ? <span class="badge">{words.atLeast}</span> : null}
      {atMost ? <span class="badge">{words.atMost}</span> : null}
    </>
  );
};

interface RowProps {
  readonly plan: ChannelPlan;
  readonly asked: ChannelState;
  readonly spend: Column;
  readonly outcome: Column;
}

const ChannelRow = ({ plan, asked, spend, outcome }: RowProps) => {
  const words = useWords().channels.plan;
  const { channel, current, recommended } = plan;
  const [low, high] = plan.bounds;
  const bounds = asked.bounds.get(channel);
  return (
    <tr>
      <td>{channel}</td>
      <td class="num">{formatCompact(current, spend)}</td>
      <td class="num">
        <b>{formatCompact(recommended, spend)}</b>
      </td>
      <td class="num">{current > 0 ? formatChange(recommended / current - 1, { format: "percent" }) : NOTHING}</td>
      <td class="num">
        <AmountInput name={`least.${channel}`} label={words.leastOn(channel)} value={bounds?.least} placeholder={low} />
      </td>
      <td class="num">
        <AmountInput name={`most.${channel}`} label={words.mostOn(channel)} value={bounds?.most} placeholder={high} />
      </td>
      <td class="num">{formatCompact(plan.responseNow, outcome)}</td>
      <td class="num">{formatCompact(plan.responseThen, outcome)}</td>
      <td class="num">{formatNumber(plan.marginal, { format: "decimal" })}</td>
      <td>
        <Badges channel={plan} />
      </td>
    </tr>
  );
};

const Totals = ({ plan, spend, outcome }: { readonly plan: Allocation } & Pick<RowProps, "spend" | "outcome">) => {
  const { shared } = useWords();
  const sum = (of: (channel: ChannelPlan) => number): string =>
    formatCompact(
      plan.channels.reduce((total, channel) => total + of(channel), 0),
      spend,
    );
  return (
    <tfoot>
      <tr>
        <td>{shared.total}</td>
        <td class="num">{sum(({ current }) => current)}</td>
        <td class="num">{sum(({ recommended }) => recommended)}</td>
        <td />
        <td class="num">{sum(({ bounds }) => bounds[0])}</td>
        <td class="num">{sum(({ bounds }) => bounds[1])}</td>
        <td class="num">{formatCompact(plan.now, outcome)}</td>
        <td class="num">{formatCompact(plan.then, outcome)}</td>
        <td />
        <td />
      </tr>
    </tfoot>
  );
};

const Controls = ({ plan, asked, valid }: Pick<PlanProps, "plan" | "asked" | "valid">) => {
  const words = useWords().channels.plan;
  const changed = asked.budget !== null || asked.bounds.size > 0;
  const reset = asked.period === null ? "/channels" : `/channels?period=${encodeURIComponent(asked.period)}`;
  return (
    <div class="body toolbar">
      <label class="toolbar">
        {words.budget}{" "}
        <input
          class="amount wide"
          type="text"
          inputmode="decimal"
          name="budget"
          value={asked.budget === null ? "" : String(asked.budget)}
          placeholder={whole(plan.budget)}
        />
      </label>
      <button class="button primary" type="submit">
        {words.recalculate}
      </button>
      {changed ? (
        <a class="button bare" href={reset}>
          {words.reset}
        </a>
      ) : null}
      {valid ? null : <span class="warned">{words.notPossible}</span>}
    </div>
  );
};

export const Plan = ({ allocation, plan, asked, valid, catalog }: PlanProps) => {
  const words = useWords().channels.plan;
  const { spend, outcome } = columnsOf(allocation, catalog);
  return (
    <Card title={words.title} aside={words.perPeriod(spend.title, periodName(allocation))} size="wide">
      <form method="get" action="/channels">
        <input type="hidden" name="of" value={allocation.name} />
        {asked.period === null ? null : <input type="hidden" name="period" value={asked.period} />}
        <div class="table-wrap">
          <table class="data plan">
            <TableHead
              columns={[
                words.channel,
                { number: words.now },
                { number: words.recommended },
                { number: words.change },
                { number: words.least },
                { number: words.most },
                { number: words.outcomeNow(outcome.title) },
                { number: words.outcomeThen(outcome.title) },
                { number: words.marginal },
                words.note,
              ]}
            />
            <tbody>
              {plan.channels.map((channel) => (
                <ChannelRow plan={channel} asked={asked} spend={spend} outcome={outcome} />
              ))}
            </tbody>
            <Totals plan={plan} spend={spend} outcome={outcome} />
          </table>
        </div>
        <Controls plan={plan} asked={asked} valid={valid} />
      </form>
    </Card>
  );
};
