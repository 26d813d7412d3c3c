/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/campaigns/plans/{id}`: a kept plan, its draw, its lists, and what was planned against what came. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CampaignSummary } from "../../../engine/mining/index.ts";
import { getCampaign, withState } from "../../../etl/index.ts";
import { formatCompact, formatNumber, NOTHING } from "../../charts/index.ts";
import { formatDate } from "../../charts/format-date.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { count } from "../data/status.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { DayByDay, followedOf } from "./day-by-day.tsx";
import { groupHref } from "./experiment-data.ts";
import { realisedOf, type Realised } from "./kept-data.ts";
import { PlanSummary } from "./plan-summary.tsx";

const Against = ({
  summary,
  realised,
  reader,
  windowDays,
}: {
  readonly summary: CampaignSummary;
  readonly realised: Realised;
  readonly reader: Reader;
  readonly windowDays: number;
}) => {
  const column = { format: "currency" as const, ...(reader.catalog.currency && { currency: reader.catalog.currency }) };
  const money = (v: number): string => (Math.abs(v) >= 10_000 ? formatCompact(v, column) : formatNumber(v, column));
  const { verdict, sends, responses, spend, days } = realised;
  const part = Math.min(1, days / windowDays);
  const extra = verdict?.profit ?? null;
  const open = part < 1;
  // while the window is open one looks more than once: the interval must hold at every look
  const interval = extra ? (open ? extra.sequential : extra.interval) : null;
  const judged =
    interval === null
      ? ""
      : summary.expected * part > interval[1]
        ? "the plan expected more than that"
        : summary.expected * part < interval[0]
          ? "more than the plan expected"
          : "the plan lies within";
  const rows: readonly (readonly [what: string, plan: string, toDate: string, real: string, note: string])[] = [
    [
      "Contacted",
      count(summary.treated),
      count(Math.round(summary.treated * part)),
      sends === null ? NOTHING : count(sends),
      sends === null
        ? "no cube counts what was sent"
        : sends === 0
          ? "nothing is known to have been sent: is the list with the tool that sends?"
          : `${formatNumber(sends / Math.max(1, summary.treated), { format: "percent" })} of the plan`,
    ],
    [
      "Contact cost",
      money(summary.cost),
      money(summary.cost * part),
      spend === null ? NOTHING : money(spend),
      sends === 0 ? "profit below counts the cost as planned, since nothing is known to have been sent" : "",
    ],
    [
      "Answers",
      NOTHING,
      NOTHING,
      responses === null ? NOTHING : count(responses),
      sends ? `${formatNumber((responses ?? 0) / sends, { format: "percent" })} of what was sent` : "",
    ],
    [
      "Profit",
      money(summary.expected),
      money(summary.expected * part),
      extra ? money(extra.value) : NOTHING,
      interval ? `95 %${open ? ", at every look" : ""}: ${money(interval[0])} to ${money(interval[1])}; ${judged}` : "",
    ],
  ];
  return (
    <article class="card wide">
      <header>
        <h2>Planned and realised</h2>
        <span class="faint small">{!open ? "the window is over" : `day ${days} of ${windowDays}`}</span>
      </header>
      {verdict === null ? (
        <div class="body faint">The draw becomes part of the facts with the next load; verdicts begin then.</div>
      ) : (
        <div class="table-wrap">
          <table class="data">
            <thead>
              <tr>
                <th></th>
                <th class="num">Planned</th>
                {open ? (
                  <th class="num" title="The plan, spread evenly over the window">
                    Plan to date
                  </th>
                ) : null}
                <th class="num">Realised</th>
                <th></th>
              </tr>
            </thead>
            <tbody>
              {rows.map(([what, plan, toDate, real, note]) => (
                <tr>
                  <td>{what}</td>
                  <td class="num">{plan}</td>
                  {open ? <td class="num">{toDate}</td> : null}
                  <td class="num">{real}</td>
                  <td class="dim text">{note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {verdict?.warnings.map((w) => (
        <div class="note warned">{w}</div>
      ))}
    </article>
  );
};

/** @throws TesseraError `not-found` */
export const keptPage = async (id: number, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { project } = services;
  const campaign = withState(project.warehouse, (state) => getCampaign(state, id));
  const preview =
    campaign.summary ??
    (await reader
      .remember(["campaign plan", campaign.plan], async (o) => (await project.drawCampaign(campaign.plan, o)).summary)
      .catch((error: unknown) => {
        if (error instanceof TesseraError && error.code !== "cancelled") return error;
        throw error;
      }));
  const experiment = services.project.spec.experiments?.[0];
  const [frame, realised, followed] = await Promise.all([
    frameOf(services, campaign.name, "/campaigns", reader.manifest),
    realisedOf(campaign, reader, services),
    experiment && campaign.drawnOn !== null
      ? followedOf(experiment, { member: experiment.by, operator: "equals", values: [campaign.name] }, campaign, reader)
      : null,
  ]);
  const channels = campaign.summary?.options.filter((o) => o.treated > 0).map((o) => o.channel) ?? [];
  const list = (query: string): string => `/campaigns/plans/${id}/list.csv${query}`;
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={campaign.name}
        description={
          campaign.status === "drawn"
            ? `Drawn on ${formatDate(campaign.drawnOn!)} from data version ${campaign.version}; a draw is never made again.`
            : "A plan that was kept. The figures are of the data as they stand; drawing makes them fast."
        }
      >
        <a class="button bare" href="/campaigns">
          All campaigns
        </a>
        {realised?.verdict ? (
          <a class="button" href={groupHref(realised.experiment.name, campaign.name)}>
            Verdict
          </a>
        ) : null}
        {campaign.status === "planned" ? (
          <form method="post" action={`/campaigns/plans/${id}/draw`}>
            <button
              class="button primary"
              type="submit"
              data-confirm="Draw now? The hold-out is drawn once and for all."
            >
              Draw once
            </button>
          </form>
        ) : null}
      </Head>
      {preview instanceof TesseraError ? (
        <div class="notice bad">
          <PartFailed error={preview} />
        </div>
      ) : (
        <PlanSummary summary={preview} catalog={reader.catalog} />
      )}
      <div class="grid after-plan">
        {campaign.summary && realised ? (
          <Against
            summary={campaign.summary}
            realised={realised}
            reader={reader}
            windowDays={campaign.plan.windowDays}
          />
        ) : null}
        <DayByDay followed={followed} />
        {campaign.status === "drawn" ? (
          <article class="card wide">
            <header>
              <h2>Lists</h2>
            </header>
            <div class="body">
              <p class="dim">Whom to contact, as CSV that spreadsheets read without running anything in it.</p>
              <p>
                {[...new Set(channels)].map((c) => (
                  <>
                    <a class="button small" href={list(`?channel=${encodeURIComponent(c)}`)}>
                      {c}
                    </a>{" "}
                  </>
                ))}
                <a class="button small" href={list("")}>
                  All channels
                </a>{" "}
                <a class="button small bare" href={list("?held_out=1")}>
                  Held out (not to be contacted)
                </a>
              </p>
            </div>
          </article>
        ) : null}
      </div>
    </Layout>,
  );
};
