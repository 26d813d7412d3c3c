/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/**
 * `/campaigns/plan`: a campaign is put together, previewed as often as needed, and saved. Drawing is a step of its
 * own.
 */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CampaignSummary } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { settled } from "../../services/settled.ts";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { FailureNotice } from "../parts/problems.tsx";
import { useWords } from "../parts/words.ts";
import { planChoices, planDefaults } from "./plan-defaults.ts";
import { PlanFields } from "./plan-fields.tsx";
import { planOf } from "./plan-form.ts";
import { groundsOf, type PlanGrounds } from "./plan-grounds.ts";
import { PlanSummary } from "./plan-summary.tsx";

const preview = async (
  fields: URLSearchParams,
  over: string,
  reader: Reader,
  { project }: Services,
): Promise<CampaignSummary> => {
  const plan = planOf(fields, over);
  return reader.remember(
    ["campaign plan", plan],
    async (options) => (await project.drawCampaign(plan, options)).summary,
  );
};

interface PreviewProps {
  readonly fields: URLSearchParams;
  readonly summary: CampaignSummary;
  readonly grounds: PlanGrounds;
  readonly catalog: CatalogView;
}

/** The figures of the previewed plan, and the form that saves it. */
const Preview = ({ fields, summary, grounds, catalog }: PreviewProps) => {
  const words = useWords().campaigns.plan;
  return (
    <section class="model-section" id="plan">
      <div class="model-head">
        <h2>{words.result}</h2>
        <form method="post" action="/campaigns/plans" class="fields across">
          {[...fields]
            .filter(([name]) => name !== "name")
            .map(([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ))}
          <label class="field">
            <span>{words.name}</span>
            <input type="text" class="text" name="name" required maxlength={120} autocomplete="off" />
          </label>
          <button class="button primary" type="submit">
            {words.save}
          </button>
        </form>
      </div>
      <PlanSummary summary={summary} grounds={grounds} catalog={catalog} />
    </section>
  );
};

/** @param fields the form's fields; without `effect`, a new plan */
export const planPage = async (
  fields: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const words = services.words.campaigns;
  const [frame, choices] = await Promise.all([
    frameOf(services, words.plan.title, "/campaigns", reader.manifest),
    planChoices(reader, services),
  ]);
  const asked = fields.has("effect");
  const summary = asked ? await settled(preview(fields, choices.over, reader, services)) : null;
  const grounds =
    summary === null || summary instanceof TesseraError
      ? null
      : await groundsOf(planOf(fields, choices.over), summary, reader, services);
  const shown = asked ? fields : planDefaults(choices);
  const segments = (services.project.spec.segments ?? []).filter(({ over }) => over === choices.over);
  return documentOf(
    <Layout frame={frame}>
      <Head title={words.plan.title} description={words.plan.description}>
        <a class="button bare" href="/campaigns">
          {words.all}
        </a>
      </Head>
      {summary instanceof TesseraError ? <FailureNotice error={summary} /> : null}
      <PlanFields choices={choices} segments={segments} value={(name) => shown.get(name) ?? fields.get(name) ?? ""} />
      {summary === null || summary instanceof TesseraError || grounds === null ? null : (
        <Preview fields={fields} summary={summary} grounds={grounds} catalog={reader.catalog} />
      )}
    </Layout>,
  );
};
