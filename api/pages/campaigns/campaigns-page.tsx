/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Every declared experiment: its groups with treated against held out, and what may be said of each. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import { listCampaigns, withState } from "../../../etl/index.ts";
import { formatCompact } from "../../charts/index.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { count } from "../data/status.tsx";
import { membersIn } from "../explore/state-query.ts";
import { Empty } from "../parts/chart-figure.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { yearsOf } from "../parts/years.ts";
import { drawDay, groupHref, periodFilters, periodOf, verdictsOf } from "./experiment-data.ts";
import { Forest, ForestLegend } from "./forest.tsx";
import { Kept } from "./kept-list.tsx";
import { Method } from "./method.tsx";
import { VerdictTable } from "./verdict-table.tsx";

const lift = (v: ExperimentVerdict, outcome: string): number => {
  const o = v.outcomes.find((each) => each.outcome === outcome);
  return o ? (o.adjusted ?? o.lift).difference : Number.NEGATIVE_INFINITY;
};

const Section = ({
  experiment,
  found,
  outcome,
  period,
  reader,
  href,
}: {
  readonly experiment: Experiment;
  readonly found: readonly ExperimentVerdict[] | TesseraError;
  readonly outcome: string;
  readonly period: string | null;
  readonly reader: Reader;
  readonly href: (outcome: string) => string;
}) => {
  const { catalog } = reader;
  const title = experiment.title ?? experiment.name;
  if (found instanceof TesseraError)
    return (
      <article class="card wide">
        <header>
          <h2>{title}</h2>
        </header>
        <div class="body">
          <PartFailed error={found} />
        </div>
      </article>
    );
  if (found.length === 0)
    return (
      <article class="card wide">
        <header>
          <h2>{title}</h2>
        </header>
        <Empty title="Nothing was drawn in this period">Take a longer period.</Empty>
      </article>
    );
  const { measures, attributes } = membersIn(catalog);
  const verdicts = [...found].sort((a, b) => lift(b, outcome) - lift(a, outcome));
  const shown = verdicts.filter((v) =>
    v.outcomes.some((o) => o.outcome === outcome && o.verdict !== "no difference shown"),
  ).length;
  const paid = verdicts.filter((v) => v.profit && v.profit.interval[0] > 0).length,
    lost = verdicts.filter((v) => v.profit && v.profit.interval[1] < 0).length;
  const cost = verdicts.reduce((sum, v) => sum + (v.profit?.cost ?? 0), 0);
  const money = (value: number): string =>
    formatCompact(value, { format: "currency", ...(catalog.currency && { currency: catalog.currency }) });
  const link = (v: ExperimentVerdict): string => groupHref(experiment.name, v.group, period);
  const outcomeTitle = measures.get(outcome)?.title ?? outcome;
  return (
    <section class="model-section wide" id={`experiment-${experiment.name}`}>
      <div class="model-head">
        <div>
          <h2>{title}</h2>
          {experiment.description ? <p class="dim">{experiment.description}</p> : null}
        </div>
        <nav class="segmented" aria-label="Outcome">
          {experiment.outcomes.map((o) => (
            <a href={href(o)} {...(o === outcome ? { "aria-current": "true" } : {})}>
              {measures.get(o)?.title ?? o}
            </a>
          ))}
        </nav>
      </div>
      <div class="figures">
        <div class="card">
          <span class="faint">Compared</span>
          <b>{count(verdicts.length)}</b>
        </div>
        <div class="card">
          <span class="faint">Treated</span>
          <b>{count(verdicts.reduce((n, v) => n + v.treated, 0))}</b>
        </div>
        <div class="card">
          <span class="faint">Held out</span>
          <b>{count(verdicts.reduce((n, v) => n + v.control, 0))}</b>
        </div>
        <div class="card">
          <span class="faint">Difference shown</span>
          <b>{count(shown)}</b>
        </div>
        {experiment.cost ? (
          <>
            <div class="card">
              <span class="faint">Shown to have paid</span>
              <b>{count(paid)}</b>
            </div>
            <div class="card">
              <span class="faint">Shown to have lost</span>
              <b>{count(lost)}</b>
            </div>
            <div class="card">
              <span class="faint">Contact cost</span>
              <b>{money(cost)}</b>
            </div>
          </>
        ) : null}
      </div>
      <div class="grid">
        <article class="card wide">
          <header>
            <h2>Lift in {outcomeTitle.toLowerCase()}</h2>
            <span class="faint small">treated less held out, 95 % interval</span>
          </header>
          <div class="body">
            <ForestLegend />
            <Forest
              verdicts={verdicts}
              outcome={outcome}
              title={`Lift in ${outcomeTitle.toLowerCase()}`}
              catalog={catalog}
              width={1130}
              href={link}
            />
          </div>
        </article>
        <article class="card wide">
          <header>
            <h2>Verdicts</h2>
          </header>
          <VerdictTable
            experiment={experiment}
            verdicts={verdicts}
            outcome={outcome}
            title={attributes.get(experiment.by)?.title ?? experiment.by}
            catalog={catalog}
            href={link}
          />
        </article>
        <Method experiment={experiment} verdicts={verdicts} outcome={outcome} catalog={catalog} />
      </div>
    </section>
  );
};

export const campaignsPage = async (
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const experiments = services.project.spec.experiments ?? [];
  const kept = withState(services.project.warehouse, listCampaigns);
  const period = periodOf(parameters);
  const asked = parameters.get("outcome");
  const [frame, found] = await Promise.all([
    frameOf(services, "Campaigns", "/campaigns", reader.manifest),
    Promise.all(
      experiments.map((e) =>
        verdictsOf(e, { filters: periodFilters(period, drawDay(e, reader.catalog)) }, reader, services).catch(
          (error: unknown) => {
            if (error instanceof TesseraError && error.code !== "cancelled") return error;
            throw error;
          },
        ),
      ),
    ),
  ]);
  const outcome = experiments.some((e) => e.outcomes.includes(asked ?? "")) ? asked! : null;
  const address = (p: string | null, o: string | null): string => {
    const q = new URLSearchParams([...(p ? [["period", p]] : []), ...(o ? [["outcome", o]] : [])] as [
      string,
      string,
    ][]).toString();
    return q ? `/campaigns?${q}` : "/campaigns";
  };
  return documentOf(
    <Layout frame={frame}>
      <Head title="Campaigns" description="What was done for it: treated customers against those held out at random.">
        {experiments.length > 0 ? (
          <PeriodPicker
            period={period}
            years={yearsOf(services, reader)}
            action="/campaigns"
            href={(p) => address(p, outcome)}
            hidden={outcome ? [["outcome", outcome]] : []}
            withAll
          />
        ) : null}
        <a class="button primary" href="/campaigns/plan">
          Plan a campaign
        </a>
      </Head>
      <Kept campaigns={kept} catalog={reader.catalog} />
      {experiments.length === 0 ? (
        <div class="card">
          <Empty title="No experiment is declared">
            Declare one with <code>defineExperiment</code> in tessera.config.ts: the cube of assignments, who was
            treated, and the outcomes.
          </Empty>
        </div>
      ) : null}
      <div class="grid">
        {experiments.map((e, i) => (
          <Section
            experiment={e}
            found={found[i]!}
            outcome={outcome !== null && e.outcomes.includes(outcome) ? outcome : e.outcomes[0]!}
            period={period}
            reader={reader}
            href={(o) => address(period, o)}
          />
        ))}
      </div>
    </Layout>,
  );
};
