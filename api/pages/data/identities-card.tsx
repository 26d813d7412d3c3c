/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The summary of the project's first match. */
import type { MatchReport } from "../../../etl/match/index.ts";
import { matchesOf, matchReport, precisionText } from "../../../etl/project/match-review.ts";
import type { OpenProject } from "../../../etl/project/open-project.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { Card } from "../parts/card.tsx";
import { useWords } from "../parts/words.ts";

/** Entries, members and how they were joined. */
export const figuresText = (report: MatchReport, words: Catalogue["data"]["identities"]): string => {
  const { entries, members, byKey, byScore, compared } = report;
  const precision = precisionText(report);
  const figures = words.figures(entries, members, byKey, byScore, compared);
  return precision === "" ? `${figures}.` : `${figures} (${precision}).`;
};

/** The report of the first match; null without a match, or before its first load. */
export const matchSummary = async (project: OpenProject): Promise<MatchReport | null> => {
  const [match] = matchesOf(project.spec);
  return match === undefined ? null : matchReport(project, match).catch(() => null);
};

export const IdentitiesCard = ({ report }: { readonly report: MatchReport | null }) => {
  const words = useWords().data.identities;
  return report === null ? null : (
    <Card
      title={words.title}
      aside={
        <a class="link small" href="/data/identities">
          {report.review === 0 ? words.decisions : words.pairs(report.review)}
        </a>
      }
    >
      <p class="note">{figuresText(report, words)}</p>
    </Card>
  );
};
