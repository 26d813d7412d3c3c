/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Planned and realised figures of a drawn campaign. */
import type { CampaignSummary, ExperimentVerdict } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatCount, formatNumber, NOTHING } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { Card } from "../parts/card.tsx";
import { money } from "../parts/money.ts";
import { useWords } from "../parts/words.ts";
import type { Realised } from "./realised-data.ts";

export interface RealisedCardProps {
  readonly summary: CampaignSummary;
  readonly realised: Realised;
  readonly catalog: CatalogView;
  readonly windowDays: number;
}

interface FigureRow {
  readonly title: string;
  readonly planned: string;
  /** the plan, spread evenly over the days that are over */
  readonly toDate: string;
  readonly realised: string;
  readonly note: string;
}

const percent = (value: number): string => formatNumber(value, { format: "percent" });

const orNothing = (value: number | null, print: (value: number) => string): string =>
  value === null ? NOTHING : print(value);

const sendsNote = (
  { sends }: Realised,
  { treated }: CampaignSummary,
  words: Catalogue["campaigns"]["realised"],
): string => {
  if (sends === null) return words.noCount;
  return sends === 0 ? words.nothingSent : words.ofPlan(percent(sends / Math.max(1, treated)));
};

/**
 * The profit's interval, compared with the plan to date. While the window is open a reader looks more than once,
 * so the interval must hold at every look.
 */
const profitNote = (
  profit: ExperimentVerdict["profit"],
  expected: number,
  open: boolean,
  print: (value: number) => string,
  { campaigns, shared }: Catalogue,
): string => {
  if (!profit) return "";
  const words = campaigns.realised;
  const [low, high] = open ? profit.sequential : profit.interval;
  const range = shared.range(print(low), print(high));
  const judged = (): string => {
    if (expected > high) return words.below;
    return expected < low ? words.above : words.within;
  };
  return `${open ? words.intervalAtEveryLook(range) : words.interval(range)}; ${judged()}`;
};

const figureRows = ({ summary, realised, catalog, windowDays }: RealisedCardProps, texts: Catalogue): FigureRow[] => {
  const words = texts.campaigns.realised;
  const { verdict, sends, responses, spend, days } = realised;
  const part = Math.min(1, days / windowDays);
  const print = money(catalog);
  const profit = verdict?.profit ?? null;
  return [
    {
      title: words.contacted,
      planned: formatCount(summary.treated),
      toDate: formatCount(Math.round(summary.treated * part)),
      realised: orNothing(sends, formatCount),
      note: sendsNote(realised, summary, words),
    },
    {
      title: words.contactCost,
      planned: print(summary.cost),
      toDate: print(summary.cost * part),
      realised: orNothing(spend, print),
      note: sends === 0 ? words.plannedCost : "",
    },
    {
      title: words.answers,
      planned: NOTHING,
      toDate: NOTHING,
      realised: orNothing(responses, formatCount),
      note: sends ? words.ofSent(percent((responses ?? 0) / sends)) : "",
    },
    {
      title: words.profit,
      planned: print(summary.expected),
      toDate: print(summary.expected * part),
      realised: profit ? print(profit.value) : NOTHING,
      note: profitNote(profit, summary.expected * part, part < 1, print, texts),
    },
  ];
};

export const RealisedCard = (props: RealisedCardProps) => {
  const texts = useWords();
  const words = texts.campaigns.realised;
  const { realised, windowDays } = props;
  const open = realised.days < windowDays;
  return (
    <Card title={words.title} aside={open ? words.dayOf(realised.days, windowDays) : words.windowOver} size="wide">
      {realised.verdict === null ? (
        <div class="body faint">{words.pending}</div>
      ) : (
        <div class="table-wrap">
          <table class="data">
            <thead>
              <tr>
                <th>{words.figure}</th>
                <th class="num">{words.planned}</th>
                {open ? (
                  <th class="num" title={words.planToDateHint}>
                    {words.planToDate}
                  </th>
                ) : null}
                <th class="num">{words.realised}</th>
                <th>{words.note}</th>
              </tr>
            </thead>
            <tbody>
              {figureRows(props, texts).map((row) => (
                <tr>
                  <td>{row.title}</td>
                  <td class="num">{row.planned}</td>
                  {open ? <td class="num">{row.toDate}</td> : null}
                  <td class="num">{row.realised}</td>
                  <td class="dim text">{row.note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {realised.verdict?.warnings.map((warning) => (
        <div class="note warned">{warning}</div>
      ))}
    </Card>
  );
};
