/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/campaigns/{experiment}/{member}`: one group of an experiment with its outcomes and breakdowns. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import { first } from "../../../engine/lookup.ts";
import type { ExperimentVerdict } from "../../../engine/mining/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Experiment } from "../../../engine/model/declarations.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import type { Result, Value } from "../../../engine/model/query.ts";
import { listCampaigns, withState } from "../../../etl/index.ts";
import { formatDate, formatMember, formatValue, UNKNOWN } from "../../charts/index.ts";
import { ownerOf } from "../../services/catalog-index.ts";
import { declaredExperiment } from "../../services/declared-requests.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { ignoreErrors, settled } from "../../services/settled.ts";
import { memberTitle } from "../explore/member-words.ts";
import { Card } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { periodFilters, periodOf } from "../parts/period.ts";
import { PartFailed } from "../parts/problems.tsx";
import { statedPeriod } from "../parts/stated.ts";
import { useWords } from "../parts/words.ts";
import { cutsOf, firstCuts, relatedCubes, type Cut, type RelatedCube } from "./campaign-data.ts";
import { CutPicker } from "./cut-picker.tsx";
import { DayByDay, followedOf } from "./day-by-day.tsx";
import { drawDay, groupHref, runningGroups, verdictsOf } from "./experiment-data.ts";
import { Forest, ForestLegend } from "./forest.tsx";
import { Method } from "./method.tsx";
import { GroupFigures, OutcomesCard } from "./outcomes-card.tsx";
import { VerdictTable } from "./verdict-table.tsx";

const MOST_CUTS = 3;
const MOST_FACTS = 12;

interface BreakdownProps {
  readonly experiment: Experiment;
  readonly cut: Cut;
  readonly found: readonly ExperimentVerdict[] | TesseraError;
  readonly catalog: CatalogView;
}

const Breakdown = ({ experiment, cut, found, catalog }: BreakdownProps) => {
  const { campaigns } = useWords();
  const outcome = first(experiment.outcomes);
  const title = campaigns.group.byDimension(memberTitle(outcome, catalog), cut.title);
  return (
    <Card title={title} aside={campaigns.group.byDimensionHint} size="wide">
      {found instanceof TesseraError ? (
        <div class="body">
          <PartFailed error={found} />
        </div>
      ) : (
        <>
          <div class="body">
            <ForestLegend />
            <Forest
              verdicts={found}
              outcome={outcome}
              title={campaigns.liftBy(cut.title)}
              catalog={catalog}
              width={1130}
            />
          </div>
          <VerdictTable
            experiment={{ ...experiment, by: cut.member }}
            verdicts={found}
            outcome={outcome}
            title={cut.title}
            catalog={catalog}
          />
        </>
      )}
    </Card>
  );
};

/** The group's attributes, from the first row of the answer. */
const Facts = ({ result }: { readonly result: Result | null }) => {
  const row = result?.rows[0];
  if (!result || !row) return null;
  return (
    <Card title={useWords().campaigns.group.facts} size="third">
      <div class="body">
        <dl class="facts">
          {result.columns
            .filter(({ kind }) => kind === "dimension")
            .map((column) => (
              <>
                <dt>{column.title}</dt>
                <dd>{formatMember(row[column.name], column)}</dd>
              </>
            ))}
        </dl>
      </div>
    </Card>
  );
};

const RelatedCard = ({ related, found }: { readonly related: RelatedCube; readonly found: Result | TesseraError }) => (
  <Card title={related.title} size="third">
    <div class="body">
      {found instanceof TesseraError ? (
        <PartFailed error={found} />
      ) : (
        <dl class="facts">
          {found.columns.map((column) => (
            <>
              <dt>{column.title}</dt>
              <dd class="num">{formatValue(found.rows[0]?.[column.name], column)}</dd>
            </>
          ))}
        </dl>
      )}
    </div>
  </Card>
);

const groupFilter = ({ by }: Experiment, group: Value): Filter =>
  group === null ? { member: by, operator: "is_null" } : { member: by, operator: "equals", values: [group] };

const notDrawn = (member: string, period: string | null): TesseraError =>
  new TesseraError(
    "not-found",
    period === null
      ? phrase`campaign "${member.slice(0, 100)}" not found`
      : phrase`campaign "${member.slice(0, 100)}" not found in this period`,
    { remedy: { action: "list-campaigns" } },
  );

/** @throws TesseraError `not-found` for an unknown experiment or group */
export const campaignPage = async (
  name: string,
  member: string,
  parameters: URLSearchParams,
  reader: Reader,
  services: Services,
): Promise<HtmlEscapedString> => {
  const { spec, warehouse } = services.project;
  const { catalog } = reader;
  const words = services.words.campaigns;
  const experiment = declaredExperiment(spec, name);
  const period = periodOf(parameters);
  const group = member === UNKNOWN ? null : member;
  const own = groupFilter(experiment, group);
  const dates = periodFilters(period, drawDay(experiment, catalog));
  const all = await verdictsOf(experiment, { filters: dates }, reader, services);
  const verdict = all.find((each) => (each.group === null ? null : String(each.group)) === group);
  if (!verdict) throw notDrawn(member, period);

  const possible = cutsOf(experiment, catalog);
  const chosen = possible.find((cut) => cut.member === parameters.get("cut"));
  const usual = firstCuts(experiment, spec, catalog).filter((cut) => cut.member !== chosen?.member);
  const cuts = [...(chosen ? [chosen] : []), ...usual].slice(0, MOST_CUTS);
  const outcome = first(experiment.outcomes);
  const facts = (catalog.roles.find((role) => role.name === ownerOf(experiment.by))?.attributes ?? [])
    .filter((attribute) => !attribute.isKey && attribute.member !== experiment.by)
    .slice(0, MOST_FACTS)
    .map((attribute) => attribute.member);
  const saved = withState(warehouse, listCampaigns).find((each) => each.status === "drawn" && each.name === group);
  const title = formatMember(group, { name: experiment.by, type: "string" });
  const [frame, about, breakdowns, related, followed] = await Promise.all([
    frameOf(services, title, "/campaigns", reader.manifest),
    facts.length === 0
      ? null
      : ignoreErrors(reader.query({ measures: [outcome], dimensions: facts, filters: [own], limit: 1 })),
    Promise.all(
      cuts.map(async (cut) => {
        const change = { by: cut.member, filters: [...dates, own] };
        return { cut, found: await settled(verdictsOf(experiment, change, reader, services)) };
      }),
    ),
    Promise.all(
      relatedCubes(experiment, catalog).map(async (each) => {
        const measures = each.measures.map((measure) => measure.member);
        return { related: each, found: await settled(reader.query({ measures, filters: [own] })) };
      }),
    ),
    followedOf(experiment, own, saved ?? null, reader, words.followed),
  ]);
  const open = (await runningGroups(experiment, reader)).get(group);
  const query = period === null ? "" : `period=${encodeURIComponent(period)}`;
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={title}
        description={words.group.description(memberTitle(experiment.by, catalog))}
        stated={[statedPeriod(period, null, services.words)]}
      >
        <a class="button bare" href={query === "" ? "/campaigns" : `/campaigns?${query}`}>
          {words.all}
        </a>
        <CutPicker
          cuts={possible}
          chosen={chosen}
          href={(cut) => `${groupHref(name, group)}?${query === "" ? "" : `${query}&`}cut=${cut}`}
        />
      </Head>
      {open === undefined ? null : (
        <div class="notice warn">{services.words.campaigns.running.notJudged(formatDate(open.until))}</div>
      )}
      {verdict.warnings.map((warning) => (
        <div class="notice warn">{warning}</div>
      ))}
      <GroupFigures verdict={verdict} catalog={catalog} />
      <div class="grid">
        <OutcomesCard verdict={verdict} catalog={catalog} />
        <DayByDay followed={followed} />
        {breakdowns.map(({ cut, found }) => (
          <Breakdown experiment={experiment} cut={cut} found={found} catalog={catalog} />
        ))}
        <Facts result={about} />
        {related.map((each) => (
          <RelatedCard {...each} />
        ))}
        <Method experiment={experiment} verdicts={all} outcome={outcome} catalog={catalog} />
      </div>
    </Layout>,
  );
};
