/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/campaigns/plans/{id}`: a saved plan, its draw, its lists, planned and realised figures. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CampaignSummary } from "../../../engine/mining/index.ts";
import { getCampaign, withState, type Campaign } from "../../../etl/index.ts";
import { formatDate } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { settled } from "../../services/settled.ts";
import { Card } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { FailureNotice } from "../parts/problems.tsx";
import { useWords } from "../parts/words.ts";
import { DayByDay, followedOf } from "./day-by-day.tsx";
import { groupHref } from "./experiment-data.ts";
import { groundsOf } from "./plan-grounds.ts";
import { PlanSummary } from "./plan-summary.tsx";
import { RealisedCard } from "./realised-card.tsx";
import { realisedOf, type Realised } from "./realised-data.ts";

/** The figures of the draw; before it, those of the plan on the current data. */
const summaryOf = async (
  campaign: Campaign,
  reader: Reader,
  { project }: Services,
): Promise<CampaignSummary | TesseraError> =>
  campaign.summary ??
  settled(
    reader.remember(
      ["campaign plan", campaign.plan],
      async (options) => (await project.drawCampaign(campaign.plan, options)).summary,
    ),
  );

const descriptionOf = ({ drawnOn, version }: Campaign, words: Catalogue["campaigns"]["saved"]): string =>
  drawnOn === null ? words.descriptionPlanned : words.descriptionDrawn(formatDate(drawnOn), String(version));

const Lists = ({ campaign }: { readonly campaign: Campaign }) => {
  const words = useWords().campaigns.saved;
  if (campaign.summary === null) return null;
  const used = campaign.summary.options.filter(({ treated }) => treated > 0);
  const list = (query: string): string => `/campaigns/plans/${campaign.id}/list.csv${query}`;
  return (
    <Card title={words.lists} size="wide">
      <div class="body">
        <p class="dim">{words.listsHint}</p>
        <p>
          {[...new Set(used.map(({ channel }) => channel))].map((channel) => (
            <>
              <a class="button small" href={list(`?channel=${encodeURIComponent(channel)}`)}>
                {channel}
              </a>{" "}
            </>
          ))}
          <a class="button small" href={list("")}>
            {words.allChannels}
          </a>{" "}
          <a class="button small bare" href={list("?held_out=1")}>
            {words.controlList}
          </a>
        </p>
      </div>
    </Card>
  );
};

const Actions = ({ campaign, realised }: { readonly campaign: Campaign; readonly realised: Realised | null }) => {
  const words = useWords().campaigns;
  return (
    <>
      <a class="button bare" href="/campaigns">
        {words.all}
      </a>
      {realised?.verdict ? (
        <a class="button" href={groupHref(realised.experiment.name, campaign.name)}>
          {words.verdict}
        </a>
      ) : null}
      {campaign.status === "planned" ? (
        <form method="post" action={`/campaigns/plans/${campaign.id}/draw`} data-confirm={words.saved.drawQuestion}>
          <button class="button primary" type="submit">
            {words.saved.draw}
          </button>
        </form>
      ) : null}
    </>
  );
};

/** @throws TesseraError `not-found` */
export const savedPage = async (id: number, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { project, words } = services;
  const campaign = withState(project.warehouse, (state) => getCampaign(state, id));
  const experiment = project.spec.experiments?.[0];
  const own = experiment && {
    member: experiment.by,
    operator: "equals" as const,
    values: [campaign.name],
  };
  const [frame, summary, realised, followed] = await Promise.all([
    frameOf(services, campaign.name, "/campaigns", reader.manifest),
    summaryOf(campaign, reader, services),
    realisedOf(campaign, reader, services),
    experiment && own && campaign.drawnOn !== null
      ? followedOf(experiment, own, campaign, reader, words.campaigns.followed)
      : null,
  ]);
  const grounds = await groundsOf(campaign.plan, summary, reader, services);
  return documentOf(
    <Layout frame={frame}>
      <Head title={campaign.name} description={descriptionOf(campaign, words.campaigns.saved)}>
        <Actions campaign={campaign} realised={realised} />
      </Head>
      {summary instanceof TesseraError ? (
        <FailureNotice error={summary} />
      ) : (
        <PlanSummary summary={summary} grounds={grounds} catalog={reader.catalog} />
      )}
      <div class="grid after-plan">
        {campaign.summary && realised ? (
          <RealisedCard
            summary={campaign.summary}
            realised={realised}
            catalog={reader.catalog}
            windowDays={campaign.plan.windowDays}
          />
        ) : null}
        <DayByDay followed={followed} />
        <Lists campaign={campaign} />
      </div>
    </Layout>,
  );
};
