/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The lift of each group with its interval, as a forest plot. */
import { raw } from "hono/html";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { forestSvg, formatMember, type ForestRow } from "../../charts/index.ts";
import { useWords } from "../parts/words.ts";
import { outcomeIn } from "./experiment-data.ts";
import { outcomeFormat, pText, verdictText } from "./outcome-format.ts";

export interface ForestProps {
  readonly verdicts: readonly ExperimentVerdict[];
  readonly outcome: string;
  readonly title: string;
  readonly catalog: CatalogView;
  /** pixels */
  readonly width: number;
  readonly href?: (verdict: ExperimentVerdict) => string;
}

export const Forest = ({ verdicts, outcome, title, catalog, width, href }: ForestProps) => {
  const { campaigns } = useWords();
  const rowOf = (verdict: ExperimentVerdict): ForestRow[] => {
    const own = outcomeIn(verdict, outcome);
    const best = own?.adjusted ?? own?.lift;
    if (!own || !best?.interval.every(Number.isFinite)) return [];
    const format = outcomeFormat(own, catalog);
    const { text, tone } = verdictText(own, campaigns.verdicts);
    const [from, to] = best.interval;
    const label = formatMember(verdict.group, { name: "group", type: "string" });
    const tip = [
      label,
      campaigns.tip(format.lift(best.difference), format.lift(from), format.lift(to)),
      campaigns.tipVerdict(text, pText(own.pAdjusted)),
    ].join("\n");
    const link = href && { href: href(verdict) };
    return [{ label, value: best.difference, interval: best.interval, tone, ...link, tip }];
  };
  const [known] = verdicts.flatMap((verdict) => outcomeIn(verdict, outcome) ?? []);
  if (!known) return null;
  const format = outcomeFormat(known, catalog).lift;
  return <div class="chart forest">{raw(forestSvg(verdicts.flatMap(rowOf), { width, title, format }))}</div>;
};

export const ForestLegend = () => {
  const { verdicts } = useWords().campaigns;
  const entries = [
    ["var(--good)", verdicts.more],
    ["var(--bad)", verdicts.less],
    ["var(--series-8)", verdicts.none],
  ] as const;
  return (
    <ul class="legend">
      {entries.map(([colour, text]) => (
        <li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <circle cx="5" cy="5" r="4" fill={colour} />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
};
