/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/campaigns`: saved campaigns, and every declared experiment with its groups and verdicts. */
import type { HtmlEscapedString } from "hono/utils/html";
import { first } from "../../../engine/lookup.ts";
import { listCampaigns, withState } from "../../../etl/index.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { settled } from "../../services/settled.ts";
import { Empty } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { periodFilters, periodOf } from "../parts/period.ts";
import { Prose } from "../parts/prose.tsx";
import { statedPeriod } from "../parts/stated.ts";
import { yearsOf } from "../parts/years.ts";
import { drawDay, runningGroups, verdictsOf } from "./experiment-data.ts";
import { ExperimentSection } from "./experiment-section.tsx";
import { SavedCampaigns } from "./saved-campaigns.tsx";

/** The page's address for a period and an outcome. */
const addressOf = (period: string | null, outcome: string | null): string => {
  const parameters = new URLSearchParams({ ...(period && { period }), ...(outcome && { outcome }) });
  return parameters.size > 0 ? `/campaigns?${parameters}` : "/campaigns";
};

export const campaignsPage = async (
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const words = services.words.campaigns;
  const experiments = services.project.spec.experiments ?? [];
  const saved = withState(services.project.warehouse, listCampaigns);
  const period = periodOf(parameters);
  const asked = parameters.get("outcome");
  const outcome = experiments.some(({ outcomes }) => outcomes.includes(asked ?? "")) ? asked : null;
  const [frame, sections] = await Promise.all([
    frameOf(services, words.title, "/campaigns", reader.manifest),
    Promise.all(
      experiments.map(async (experiment) => {
        const filters = periodFilters(period, drawDay(experiment, reader.catalog));
        const [found, running] = await Promise.all([
          settled(verdictsOf(experiment, { filters }, reader, services)),
          runningGroups(experiment, reader),
        ]);
        return { experiment, found, running };
      }),
    ),
  ]);
  return documentOf(
    <Layout frame={frame}>
      <Head title={words.title} description={words.description} stated={[statedPeriod(period, null, services.words)]}>
        {experiments.length > 0 ? (
          <PeriodPicker
            period={period}
            years={yearsOf(services, reader)}
            action="/campaigns"
            href={(chosen) => addressOf(chosen, outcome)}
            hidden={outcome ? [["outcome", outcome]] : []}
            withAll
          />
        ) : null}
        <a class="button primary" href="/campaigns/plan">
          {words.planCampaign}
        </a>
      </Head>
      <SavedCampaigns campaigns={saved} catalog={reader.catalog} />
      {experiments.length === 0 ? (
        <div class="card">
          <Empty title={words.noExperiment}>
            <Prose text={words.noExperimentHint} />
          </Empty>
        </div>
      ) : null}
      <div class="grid">
        {sections.map(({ experiment, found, running }) => (
          <ExperimentSection
            experiment={experiment}
            running={running}
            found={found}
            outcome={outcome !== null && experiment.outcomes.includes(outcome) ? outcome : first(experiment.outcomes)}
            period={period}
            catalog={reader.catalog}
            href={(chosen) => addressOf(period, chosen)}
          />
        ))}
      </div>
    </Layout>,
  );
};
