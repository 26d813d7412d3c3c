/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The lift of each group with its interval, as a forest plot. */
import { raw } from "hono/html";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import { forestSvg, formatMember, type ForestRow } from "../../charts/index.ts";
import { outcomeWords, pWords, verdictWords } from "./experiment-data.ts";

export const Forest = ({
  verdicts,
  outcome,
  title,
  catalog,
  width,
  href,
}: {
  readonly verdicts: readonly ExperimentVerdict[];
  readonly outcome: string;
  readonly title: string;
  readonly catalog: CatalogView;
  readonly width: number;
  readonly href?: (verdict: ExperimentVerdict) => string;
}) => {
  const rows = verdicts.flatMap((v): ForestRow[] => {
    const own = v.outcomes.find((o) => o.outcome === outcome);
    if (!own || !(own.adjusted ?? own.lift).interval.every(Number.isFinite)) return [];
    const words = outcomeWords(own, catalog),
      best = own.adjusted ?? own.lift;
    const label = formatMember(v.group, { name: "group", type: "string" });
    return [
      {
        label,
        value: best.difference,
        interval: best.interval,
        tone: verdictWords(own).tone,
        ...(href && { href: href(v) }),
        tip: `${label}\n${words.lift(best.difference)}, 95 %: ${words.lift(best.interval[0])} to ${words.lift(best.interval[1])}\n${verdictWords(own).text}, corrected p ${pWords(own.pAdjusted)}`,
      },
    ];
  });
  const first = verdicts.flatMap((v) => v.outcomes).find((o) => o.outcome === outcome);
  if (!first) return null;
  return (
    <div class="chart forest">{raw(forestSvg(rows, { width, title, format: outcomeWords(first, catalog).lift }))}</div>
  );
};

export const ForestLegend = () => (
  <ul class="legend">
    <li>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="4" fill="var(--good)" />
      </svg>
      more than without
    </li>
    <li>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="4" fill="var(--bad)" />
      </svg>
      less than without
    </li>
    <li>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="4" fill="var(--series-8)" />
      </svg>
      no difference shown
    </li>
  </ul>
);
