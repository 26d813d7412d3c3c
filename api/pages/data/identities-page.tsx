/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/data/identities`: pairs that may be one person, side by side, to be decided on. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { MatchReport } from "../../../etl/match/index.ts";
import { matchesOf, matchReport, precisionText, reviewPairs, type ReviewPair } from "../../../etl/project/match-review.ts";
import { withState } from "../../http/loads.ts";
import type { Services } from "../../http/services.ts";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { count } from "./status.tsx";

const SHOWN = 20;

const Pair = ({ pair }: { readonly pair: ReviewPair }) => (
  <article class="card">
    <header>
      <h2>{pair.alike ? `${Math.floor(100 * pair.probability)} % likely one` : "Names differ, much else agrees"}</h2>
      <form class="actions" method="post" action="/data/identities">
        <input type="hidden" name="pair" value={pair.id} />
        <input type="hidden" name="match" value={pair.match} />
        <button class="button small primary" type="submit" name="decision" value="same">
          One person
        </button>
        <button class="button small" type="submit" name="decision" value="apart">
          Two
        </button>
      </form>
    </header>
    <div class="table-wrap">
      <table class="data">
        <thead>
          <tr>
            <th />
            <th>
              {pair.left.source} <code class="faint">{pair.left.id}</code>
            </th>
            <th>
              {pair.right.source} <code class="faint">{pair.right.id}</code>
            </th>
          </tr>
        </thead>
        <tbody>
          {pair.fields
            .filter((field) => pair.left.values[field] !== null || pair.right.values[field] !== null)
            .map((field) => {
              const [left, right] = [pair.left.values[field] ?? null, pair.right.values[field] ?? null];
              return (
                <tr>
                  <td class="dim">{field}</td>
                  <td class={left === right ? "" : "strong"}>
                    {left === null ? <span class="faint">–</span> : String(left)}
                  </td>
                  <td class={left === right ? "" : "strong"}>
                    {right === null ? <span class="faint">–</span> : String(right)}
                  </td>
                </tr>
              );
            })}
          <tr>
            <td class="dim">member</td>
            <td>
              <code>{pair.left.key}</code>
            </td>
            <td>
              <code>{pair.right.key}</code>
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  </article>
);

const figures = (report: MatchReport): string =>
  `${count(report.entries)} entries are ${count(report.members)} members: ${count(report.byKey)} joined by keys, ${count(report.byScore)} of ${count(report.compared)} compared pairs by likeness${precisionText(report) === "" ? "" : ` (${precisionText(report)})`}.`;

export const identitiesPage = async (services: Services): Promise<HtmlEscapedString> => {
  const { project } = services;
  const frame = await frameOf(services, "Who is who", "/data");
  const matches = await Promise.all(
    (frame.manifest === null ? [] : matchesOf(project.spec)).map(async (match) => ({
      match,
      report: await matchReport(project, match),
      ...(await withState(project, (state) => reviewPairs(project, state, match, { limit: SHOWN }))),
    })),
  );
  return documentOf(
    <Layout frame={frame}>
      <Head
        title="Who is who"
        description="Pairs of entries that the match is not sure about. What is decided here stays, whatever is loaded or rolled back; the next load applies it."
      >
        <a class="button bare" href="/data">
          Data
        </a>
      </Head>
      {matches.map(({ match, report, total, pairs }) => (
        <div class="stack">
          <p class="dim">
            {report === null ? "Nothing has been matched yet." : figures(report)}{" "}
            {total === 0
              ? "No pair waits for a decision."
              : `${count(total)} pairs wait for a decision${total > pairs.length ? `; the likeliest ${pairs.length} are shown` : ""}.`}{" "}
            <code class="faint">{match.name}</code>
          </p>
          {pairs.map((pair) => (
            <Pair pair={pair} />
          ))}
        </div>
      ))}
      {matches.length === 0 ? (
        <div class="empty">
          <strong>No match</strong>Declare one with <code>defineMatch</code> and load.
        </div>
      ) : null}
    </Layout>,
  );
};

/** The card on `/data`; nothing where the project declares no match, or nothing is loaded. */
export const identitiesCard = async ({ project }: Services, loaded: boolean): Promise<HtmlEscapedString | null> => {
  const [match] = matchesOf(project.spec);
  if (match === undefined || !loaded) return null;
  const report = await matchReport(project, match).catch(() => null);
  if (report === null) return null;
  return (
    <article class="card">
      <header>
        <h2>Who is who</h2>
        <a class="link small" href="/data/identities">
          {report.review === 0 ? "decisions" : `${count(report.review)} pairs to look at`}
        </a>
      </header>
      <p class="note">{figures(report)}</p>
    </article>
  ) as unknown as HtmlEscapedString;
};
