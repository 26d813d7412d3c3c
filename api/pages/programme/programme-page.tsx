/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/programme`: goals with their forecast, cost and benefit, adoption, data readiness, judgements. */
import type { HtmlEscapedString } from "hono/utils/html";
import { listJudgements, usageByWeek, withState } from "../../../etl/index.ts";
import { goalOutlooks } from "../../services/goal-outlooks.ts";
import { goalStates } from "../../services/goal-state.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { ignoreErrors } from "../../services/settled.ts";
import { audienceDimension } from "../campaigns/plan-defaults.ts";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { AdoptionCard } from "./adoption-card.tsx";
import { GoalsCard } from "./goals-card.tsx";
import { JudgementsCard } from "./judgements-card.tsx";
import { flowsOf, MoneyCard } from "./money-card.tsx";
import { ReadinessCard } from "./readiness-card.tsx";
import { readinessOf } from "./readiness.ts";
import { scenarioOf } from "./scenario.ts";

/** The day that the data counts as today; null without a measure. */
const dataDay = async (reader: Reader): Promise<string | null> => {
  const measure = reader.catalog.cubes[0]?.measures[0]?.member;
  if (measure === undefined) return null;
  return (await reader.query({ measures: [measure], limit: 1 })).meta.now ?? null;
};

export const programmePage = async (reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { project, clock } = services;
  const { catalog } = reader;
  const words = services.words.programme;
  const goals = project.spec.goals ?? [];
  const clockDay = clock().toISOString().slice(0, 10);
  const [frame, today, states, flows, readiness, outlooks] = await Promise.all([
    frameOf(services, words.title, "/programme", reader.manifest),
    dataDay(reader),
    goalStates(goals, reader),
    ignoreErrors(flowsOf(reader)),
    readinessOf(audienceDimension(project.spec), reader, services),
    goalOutlooks(goals, reader, project),
  ]);
  const { judgements, weeks } = withState(project.warehouse, (state) => ({
    judgements: listJudgements(state),
    weeks: usageByWeek(state, clock()),
  }));
  return documentOf(
    <Layout frame={frame}>
      <Head title={words.title} description={words.description} />
      <div class="grid">
        <GoalsCard
          goals={states.map((goal, i) => ({ goal, outlook: outlooks[i] ?? null }))}
          catalog={catalog}
          today={today ?? clockDay}
        />
        {flows && flows.length > 0 ? <MoneyCard scenario={scenarioOf(flows)} catalog={catalog} /> : null}
        <AdoptionCard weeks={weeks} />
        <ReadinessCard readiness={readiness} />
        <JudgementsCard judgements={judgements} goals={goals} today={clockDay} />
      </div>
    </Layout>,
  );
};
