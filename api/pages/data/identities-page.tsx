/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/data/identities`: pairs of entries that may be the same person, to be decided on. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { MatchReport } from "../../../etl/match/index.ts";
import { matchesOf, matchReport, reviewPairs, type ReviewPair } from "../../../etl/project/match-review.ts";
import { NOTHING } from "../../charts/index.ts";
import { withProjectState } from "../../services/project-state.ts";
import type { Services } from "../../services/services.ts";
import { Card, Empty } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Prose } from "../parts/prose.tsx";
import { useWords } from "../parts/words.ts";
import { figuresText } from "./identities-card.tsx";

const SHOWN = 20;

const DecisionForm = ({ pair }: { readonly pair: ReviewPair }) => {
  const words = useWords().data.identities;
  return (
    <form class="actions" method="post" action="/data/identities">
      <input type="hidden" name="pair" value={pair.id} />
      <input type="hidden" name="match" value={pair.match} />
      <button class="button small primary" type="submit" name="decision" value="same">
        {words.same}
      </button>
      <button class="button small" type="submit" name="decision" value="apart">
        {words.apart}
      </button>
    </form>
  );
};

const FieldRow = ({ pair, field }: { readonly pair: ReviewPair; readonly field: string }) => {
  const values = [pair.left.values[field] ?? null, pair.right.values[field] ?? null];
  const [left, right] = values;
  return (
    <tr>
      <td class="dim">{field}</td>
      {values.map((value) => (
        <td class={left === right ? "" : "strong"}>
          {value === null ? <span class="faint">{NOTHING}</span> : String(value)}
        </td>
      ))}
    </tr>
  );
};

const Pair = ({ pair }: { readonly pair: ReviewPair }) => {
  const words = useWords().data.identities;
  const entries = [pair.left, pair.right];
  const fields = pair.fields.filter((field) => entries.some(({ values }) => (values[field] ?? null) !== null));
  return (
    <Card
      title={pair.alike ? words.likely(Math.floor(100 * pair.probability)) : words.namesDiffer}
      aside={<DecisionForm pair={pair} />}
    >
      <div class="table-wrap">
        <table class="data">
          <thead>
            <tr>
              <th>{words.field}</th>
              {entries.map(({ source, id }) => (
                <th>
                  {source} <code class="faint">{id}</code>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <FieldRow pair={pair} field={field} />
            ))}
            <tr>
              <td class="dim">{words.member}</td>
              {entries.map(({ key }) => (
                <td>
                  <code>{key}</code>
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </Card>
  );
};

interface MatchProps {
  readonly name: string;
  readonly report: MatchReport | null;
  readonly total: number;
  readonly pairs: readonly ReviewPair[];
}

const Match = ({ name, report, total, pairs }: MatchProps) => {
  const words = useWords().data.identities;
  const waiting =
    total > pairs.length ? `${words.pairs(total)}; ${words.shown(pairs.length)}.` : `${words.pairs(total)}.`;
  return (
    <div class="stack">
      <p class="dim">
        {report === null ? words.notMatched : figuresText(report, words)} {total === 0 ? words.noPairs : waiting}{" "}
        <code class="faint">{name}</code>
      </p>
      {pairs.map((pair) => (
        <Pair pair={pair} />
      ))}
    </div>
  );
};

export const identitiesPage = async (services: Services): Promise<HtmlEscapedString> => {
  const { project } = services;
  const words = services.words.data.identities;
  const frame = await frameOf(services, words.title, "/data");
  const declared = frame.manifest === null ? [] : matchesOf(project.spec);
  const matches = await Promise.all(
    declared.map(async (match): Promise<MatchProps> => {
      const report = await matchReport(project, match);
      const found = await withProjectState(project, (state) => reviewPairs(project, state, match, { limit: SHOWN }));
      return { name: match.name, report, ...found };
    }),
  );
  return documentOf(
    <Layout frame={frame}>
      <Head title={words.title} description={words.description}>
        <a class="button bare" href="/data">
          {words.back}
        </a>
      </Head>
      {matches.map((match) => (
        <Match {...match} />
      ))}
      {matches.length === 0 ? (
        <Empty title={words.noMatch}>
          <Prose text={words.noMatchHint} />
        </Empty>
      ) : null}
    </Layout>,
  );
};
