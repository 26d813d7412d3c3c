/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** One group of an experiment: every outcome, who it worked with, what was sent and answered. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import type { Result } from "../../../engine/model/query.ts";
import { formatCompact, formatMember, formatNumber, formatValue } from "../../charts/index.ts";
import { declaredExperiment } from "../../http/declared.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { listCampaigns, withState } from "../../../etl/index.ts";
import { count } from "../data/status.tsx";
import { membersIn } from "../explore/state-query.ts";
import { Empty } from "../parts/chart-figure.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Caret, Options, Picker } from "../parts/picker.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { cutsOf, echoesOf, firstCuts, type Cut, type Echo } from "./campaign-data.ts";
import { drawDay, groupHref, outcomeWords, periodFilters, periodOf, verdictsOf } from "./experiment-data.ts";
import { DayByDay, followedOf } from "./day-by-day.tsx";
import { Forest, ForestLegend } from "./forest.tsx";
import { Method } from "./method.tsx";
import { Range, Verdict, VerdictTable } from "./verdict-table.tsx";

type Found<T> = T | TesseraError;
const settled = async <T,>(work: Promise<T>): Promise<Found<T>> =>
  work.catch((error: unknown) => {
    if (error instanceof TesseraError && error.code !== "cancelled") return error;
    throw error;
  });

const Figures = ({ verdict, reader }: { readonly verdict: ExperimentVerdict; readonly reader: Reader }) => {
  const money = (value: number): string =>
    formatCompact(value, { format: "currency", ...(reader.catalog.currency && { currency: reader.catalog.currency }) });
  const first = verdict.outcomes[0];
  const best = first ? (first.adjusted ?? first.lift) : null;
  const words = first ? outcomeWords(first, reader.catalog) : null;
  const Card = ({
    title,
    value,
    note,
    tone,
  }: {
    readonly title: string;
    readonly value: string;
    readonly note?: string;
    readonly tone?: string;
  }) => (
    <article class="card kpi">
      <h2>{title}</h2>
      <p class={`value ${tone ?? ""}`}>{value}</p>
      {note ? <p class="change">{note}</p> : null}
    </article>
  );
  return (
    <section class="kpis" aria-label="Key figures">
      <Card
        title="Treated"
        value={count(verdict.treated)}
        note={`${count(verdict.control)} held out, ${formatNumber(verdict.control / Math.max(1, verdict.treated + verdict.control), { format: "percent" })}`}
      />
      {first && words && best ? (
        <>
          <Card
            title={first.title}
            value={words.mean(first.treated.mean)}
            note={`${words.mean(first.control.mean)} of the held out`}
          />
          <Card
            title={`Lift, ${first.title.toLowerCase()}`}
            value={words.lift(best.difference)}
            note={`${words.lift(best.interval[0])} to ${words.lift(best.interval[1])}`}
            tone={first.verdict === "more" ? "up" : first.verdict === "less" ? "down" : ""}
          />
        </>
      ) : null}
      {verdict.profit ? (
        <Card
          title="Profit"
          value={money(verdict.profit.value)}
          note={`${money(verdict.profit.interval[0])} to ${money(verdict.profit.interval[1])} after ${money(verdict.profit.cost)} of contact cost`}
          tone={verdict.profit.interval[0] > 0 ? "up" : verdict.profit.interval[1] < 0 ? "down" : ""}
        />
      ) : null}
    </section>
  );
};

const Outcomes = ({ verdict, reader }: { readonly verdict: ExperimentVerdict; readonly reader: Reader }) => (
  <article class="card wide">
    <header>
      <h2>Outcomes</h2>
      <span class="faint small">a customer, in the campaign's window; 95 % intervals</span>
    </header>
    {verdict.outcomes.length === 0 ? (
      <Empty title="Not comparable">{verdict.warnings.join("; ")}</Empty>
    ) : (
      <div class="table-wrap">
        <table class="data verdicts">
          <thead>
            <tr>
              <th>Outcome</th>
              <th class="num">Treated</th>
              <th class="num">Held out</th>
              <th class="num">Difference</th>
              <th class="num">Adjusted</th>
              <th class="num">All treated</th>
              <th
                class="num"
                title="Wider, because it holds at every look at once: the one to read before the window is over"
              >
                While it runs
              </th>
              <th>Verdict</th>
            </tr>
          </thead>
          <tbody>
            {verdict.outcomes.map((o) => {
              const words = outcomeWords(o, reader.catalog);
              return (
                <tr>
                  <td>{o.title}</td>
                  <td class="num">
                    {words.mean(o.treated.mean)}
                    <Range of={o.treated.interval} say={words.mean} />
                  </td>
                  <td class="num">
                    {words.mean(o.control.mean)}
                    <Range of={o.control.interval} say={words.mean} />
                  </td>
                  <td class="num">
                    {words.lift(o.lift.difference)}
                    <Range of={o.lift.interval} say={words.lift} />
                  </td>
                  <td class="num">
                    {o.adjusted ? (
                      <>
                        {words.lift(o.adjusted.difference)}
                        <Range of={o.adjusted.interval} say={words.lift} />
                        {Number.isFinite(o.adjusted.varianceSaved) ? (
                          <div class="range">
                            {formatNumber(o.adjusted.varianceSaved, { format: "percent" })} of the variance saved
                          </div>
                        ) : null}
                      </>
                    ) : (
                      "–"
                    )}
                  </td>
                  <td class="num">
                    {o.total ? (
                      <>
                        {words.total(o.total.value)}
                        <Range of={o.total.interval} say={words.total} />
                      </>
                    ) : (
                      "–"
                    )}
                  </td>
                  <td class="num">
                    <Range of={o.sequential} say={words.lift} />
                  </td>
                  <td>
                    <Verdict outcome={o} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    )}
  </article>
);

const EchoCard = ({ echo, found }: { readonly echo: Echo; readonly found: Found<Result> }) => (
  <article class="card third">
    <header>
      <h2>{echo.title}</h2>
    </header>
    <div class="body">
      {found instanceof TesseraError ? (
        <PartFailed error={found} />
      ) : (
        <dl class="facts">
          {echo.measures.map((m) => {
            const column = found.columns.find((c) => c.name === m.member);
            return column ? (
              <>
                <dt>{m.title}</dt>
                <dd class="num">{formatValue(found.rows[0]?.[m.member], column)}</dd>
              </>
            ) : null;
          })}
        </dl>
      )}
    </div>
  </article>
);

/** @throws TesseraError not-found for an experiment or a group that there is not */
export const campaignPage = async (
  name: string,
  member: string,
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const { spec } = services.project;
  const experiment = declaredExperiment(spec, name);
  const { attributes, measures } = membersIn(reader.catalog);
  const period = periodOf(parameters);
  const group = member === "(unknown)" ? null : member;
  const own: Filter =
    group === null
      ? { member: experiment.by, operator: "is_null" }
      : { member: experiment.by, operator: "equals", values: [group] };
  const dates = periodFilters(period, drawDay(experiment, reader.catalog));
  const all = await verdictsOf(experiment, { filters: dates }, reader, services);
  const verdict = all.find((v) => (v.group === null ? group === null : String(v.group) === group));
  if (!verdict)
    throw new TesseraError(
      "not-found",
      phrase`nobody was drawn for ${member.slice(0, 100)}${period === null ? "" : " in this period"}`,
      { remedy: "/campaigns lists those that were" },
    );
  const possible = cutsOf(experiment, reader.catalog);
  const asked = possible.find((c) => c.member === parameters.get("cut"));
  const cuts: readonly Cut[] = [
    ...(asked ? [asked] : []),
    ...firstCuts(experiment, spec, reader.catalog).filter((c) => c.member !== asked?.member),
  ].slice(0, 3);
  const echoes = echoesOf(experiment, reader.catalog);
  const title = formatMember(group, { name: experiment.by, type: "string" });
  const facts = (reader.catalog.roles.find((r) => r.name === experiment.by.split(".")[0])?.attributes ?? [])
    .filter((a) => !a.isKey && a.member !== experiment.by)
    .slice(0, 12);
  const kept =
    withState(services.project.warehouse, listCampaigns).find((c) => c.status === "drawn" && c.name === group) ?? null;
  const [frame, about, found, answers, followed] = await Promise.all([
    frameOf(services, title, "/campaigns", reader.manifest),
    facts.length === 0
      ? null
      : settled(
          reader.query({
            measures: [experiment.outcomes[0]!],
            dimensions: facts.map((a) => a.member),
            filters: [own],
            limit: 1,
          }),
        ),
    Promise.all(
      cuts.map((cut) =>
        settled(verdictsOf(experiment, { by: cut.member, filters: [...dates, own] }, reader, services)),
      ),
    ),
    Promise.all(
      echoes.map((e) => settled(reader.query({ measures: e.measures.map((m) => m.member), filters: [own] }))),
    ),
    followedOf(experiment, own, kept, reader),
  ]);
  const outcome = experiment.outcomes[0]!;
  const back = period === null ? "/campaigns" : `/campaigns?period=${encodeURIComponent(period)}`;
  const here = groupHref(name, group);
  const groups = [...new Set(possible.map((c) => c.group))].map((g) => ({
    title: g,
    options: possible
      .filter((c) => c.group === g)
      .map((c) => ({
        title: c.title,
        href: `${here}?${period === null ? "" : `period=${encodeURIComponent(period)}&`}cut=${c.member}`,
        chosen: c.member === asked?.member,
      })),
  }));
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={title}
        description={`${attributes.get(experiment.by)?.title ?? experiment.by}: what came of it, treated against held out.`}
      >
        <a class="button bare" href={back}>
          All campaigns
        </a>
        {groups.length > 0 ? (
          <Picker
            name="Cut by"
            class="right"
            label={
              <>
                Cut by <b>{asked?.title ?? "…"}</b>
                <Caret />
              </>
            }
          >
            <Options groups={groups} search="Search" />
          </Picker>
        ) : null}
      </Head>
      {verdict.warnings.map((w) => (
        <div class="notice warn">{w}</div>
      ))}
      <Figures verdict={verdict} reader={reader} />
      <div class="grid">
        <Outcomes verdict={verdict} reader={reader} />
        <DayByDay followed={followed} />
        {cuts.map((cut, i) => {
          const cutFound = found[i]!;
          return (
            <article class="card wide">
              <header>
                <h2>
                  {measures.get(outcome)?.title ?? outcome} by {cut.title.toLowerCase()}
                </h2>
                <span class="faint small">corrected within this cut; a look around, not a plan's proof</span>
              </header>
              {cutFound instanceof TesseraError ? (
                <div class="body">
                  <PartFailed error={cutFound} />
                </div>
              ) : (
                <>
                  <div class="body">
                    <ForestLegend />
                    <Forest
                      verdicts={cutFound}
                      outcome={outcome}
                      title={`Lift by ${cut.title.toLowerCase()}`}
                      catalog={reader.catalog}
                      width={1130}
                    />
                  </div>
                  <VerdictTable
                    experiment={{ ...experiment, by: cut.member }}
                    verdicts={cutFound}
                    outcome={outcome}
                    title={cut.title}
                    catalog={reader.catalog}
                  />
                </>
              )}
            </article>
          );
        })}
        {about === null || about instanceof TesseraError || !about.rows[0] ? null : (
          <article class="card third">
            <header>
              <h2>About it</h2>
            </header>
            <div class="body">
              <dl class="facts">
                {about.columns
                  .filter((c) => c.kind === "dimension")
                  .map((c) => (
                    <>
                      <dt>{c.title}</dt>
                      <dd>{formatMember(about.rows[0]![c.name], c)}</dd>
                    </>
                  ))}
              </dl>
            </div>
          </article>
        )}
        {echoes.map((echo, i) => (
          <EchoCard echo={echo} found={answers[i]!} />
        ))}
        <Method experiment={experiment} verdicts={all} outcome={outcome} catalog={reader.catalog} />
      </div>
    </Layout>,
  );
};
