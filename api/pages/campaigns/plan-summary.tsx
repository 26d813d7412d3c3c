/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The figures of a plan: contacts and profit by channel, limits and what more of them would bring. */
import type { CampaignSummary } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatCount, formatNumber, NOTHING } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { Card, Figure, TableHead } from "../parts/card.tsx";
import { money } from "../parts/money.ts";
import { useWords } from "../parts/words.ts";
import type { PlanGrounds } from "./plan-grounds.ts";

/** Smaller gaps and prices are not shown. */
const SMALL_GAP = 0.0005;
const SMALL_PRICE = 0.005;

export interface PlanSummaryProps {
  readonly summary: CampaignSummary;
  readonly grounds: PlanGrounds;
  readonly catalog: CatalogView;
}

const percent = (value: number): string => formatNumber(value, { format: "percent" });

/** What the segment loses on the way to those who can be contacted, each loss by itself. */
const audienceNote = (
  { reachable }: CampaignSummary,
  { segment, excluded, tired }: PlanGrounds,
  words: Catalogue["campaigns"]["figures"],
): string =>
  [
    ...(segment === null ? [] : [words.inSegment(formatCount(segment))]),
    ...(excluded > 0 ? [words.excluded(formatCount(excluded))] : []),
    ...(tired > 0 ? [words.tired(formatCount(tired))] : []),
    words.reachable(formatCount(reachable)),
  ].join("; ");

const Figures = ({ summary, grounds, catalog }: PlanSummaryProps) => {
  const { campaigns } = useWords();
  const words = campaigns.figures;
  const print = money(catalog);
  const controlShare = summary.heldOut / Math.max(1, summary.treated + summary.heldOut);
  return (
    <div class="figures">
      <Figure
        title={words.audience}
        value={formatCount(summary.audience)}
        note={audienceNote(summary, grounds, words)}
      />
      <Figure title={words.contacted} value={formatCount(summary.treated)} />
      <Figure title={campaigns.controlGroup} value={formatCount(summary.heldOut)} note={percent(controlShare)} />
      <Figure title={campaigns.contactCost} value={print(summary.cost)} />
      <Figure
        title={words.expectedProfit}
        value={print(summary.expected)}
        note={grounds.doubtful.length > 0 ? words.doubtful(grounds.doubtful.join(", ")) : words.afterCost}
        {...(grounds.doubtful.length > 0 ? { tone: "down" } : {})}
      />
      <Figure
        title={words.gap}
        value={summary.gap < SMALL_GAP ? words.gapSmall : percent(summary.gap)}
        note={summary.method === "exact" ? words.exact : words.bounded}
      />
    </div>
  );
};

const Options = ({ summary, catalog }: Omit<PlanSummaryProps, "grounds">) => {
  const { campaigns } = useWords();
  const words = campaigns.figures;
  const print = money(catalog);
  return (
    <Card title={campaigns.plan.channels} size="two-thirds">
      <div class="table-wrap">
        <table class="data">
          <TableHead
            columns={[
              campaigns.plan.channel,
              campaigns.plan.offer,
              { number: words.canBeContacted },
              { number: words.contacted },
              { number: campaigns.controlGroup },
              { number: words.cost },
              { number: words.expectedProfit },
            ]}
          />
          <tbody>
            {summary.options.map((option) => (
              <tr>
                <td>{option.channel}</td>
                <td class="dim">{option.offer ?? ""}</td>
                <td class="num">{formatCount(option.eligible)}</td>
                <td class="num">{formatCount(option.treated)}</td>
                <td class="num">{formatCount(option.heldOut)}</td>
                <td class="num">{print(option.cost)}</td>
                <td class="num">{print(option.expected)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
};

const LimitRow = ({
  limit,
  catalog,
}: {
  readonly limit: CampaignSummary["scarce"][number];
  readonly catalog: CatalogView;
}) => {
  const { campaigns, shared } = useWords();
  const words = campaigns.figures;
  const amount = money(catalog);
  const print = limit.what === "budget" ? amount : formatCount;
  const title = (): string => {
    if (limit.what === "budget") return campaigns.plan.budget;
    return limit.what === "floor" ? words.minimum(limit.name) : limit.name;
  };
  const price = (): string => {
    if (limit.price < SMALL_PRICE) return NOTHING;
    return limit.what === "floor" ? `−${amount(limit.price)}` : amount(limit.price);
  };
  return (
    <tr>
      <td>{title()}</td>
      <td class="num">
        {print(limit.used)}
        <div class="range">{shared.ofAll(print(limit.limit))}</div>
      </td>
      <td class="num">{price()}</td>
    </tr>
  );
};

const Limits = ({ summary, catalog }: Omit<PlanSummaryProps, "grounds">) => {
  const words = useWords().campaigns.figures;
  return (
    <Card title={words.limits} size="third">
      {summary.scarce.length === 0 ? (
        <div class="body faint">{words.noLimits}</div>
      ) : (
        <div class="table-wrap">
          <table class="data">
            <TableHead
              columns={[words.limit, { number: words.used }, { number: words.marginal, hint: words.marginalHint }]}
            />
            <tbody>
              {summary.scarce.map((limit) => (
                <LimitRow limit={limit} catalog={catalog} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
};

export const PlanSummary = (props: PlanSummaryProps) => {
  const { summary, catalog } = props;
  const words = useWords().campaigns.figures;
  return (
    <>
      <Figures {...props} />
      {summary.unknown > 0 ? <div class="notice warn">{words.unknown(formatCount(summary.unknown))}</div> : null}
      <div class="grid">
        <Options summary={summary} catalog={catalog} />
        <Limits summary={summary} catalog={catalog} />
      </div>
    </>
  );
};
