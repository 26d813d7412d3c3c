/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** `/why`: a measure with its expected range, and the drivers of a change between two periods. */
import type { HtmlEscapedString } from "hono/utils/html";
import { TesseraError } from "../../../engine/errors/index.ts";
import type { Bands, Findings } from "../../../engine/mining/index.ts";
import type { Column } from "../../../engine/model/query.ts";
import { formatNumber, formatRange, NOTHING, UNKNOWN } from "../../charts/index.ts";
import { dateRoleOf, membersIn } from "../../services/catalog-index.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { settled } from "../../services/settled.ts";
import { memberTitle } from "../explore/member-words.ts";
import { EMPTY_STATE, stateHref } from "../explore/state.ts";
import { Card, KeyFigure } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { rangeOf } from "../parts/period.ts";
import { PartFailed } from "../parts/problems.tsx";
import { Section } from "../parts/report-section.tsx";
import { useWords } from "../parts/words.ts";
import { BandsSection, UnusualCard } from "./unusual-card.tsx";
import { WhyForm } from "./why-form.tsx";
import { daysOfPeriod, rightBefore, whyFilters, yearBefore, type Days, type WhyState } from "./why-state.ts";

/** Periods that the expected range covers. */
const LAST = { day: 42, week: 26, month: 18, quarter: 12 } as const;

interface Periods {
  readonly before: Days;
  readonly after: Days;
}

/** The days of the chosen period; null when the data has none. */
const chosenDays = async (period: string, state: WhyState, role: string, reader: Reader): Promise<Days | null> => {
  const exact = rangeOf(period);
  if (exact) return exact;
  const filters = [{ member: role, operator: "in_range" as const, values: [period] }];
  return (await reader.query({ measures: [state.measure], filters })).meta.range ?? null;
};

/** The periods to compare: the chosen one, else the last unusual period, else the last one. */
async function periodsOf(state: WhyState, bands: Bands | TesseraError, reader: Reader): Promise<Periods | null> {
  const role = dateRoleOf(reader.catalog, state.measure);
  const { period, compare } = state.explore;
  let after: Days | null = null;
  if (period !== null && role) after = await chosenDays(period, state, role, reader);
  else if (!(bands instanceof TesseraError)) {
    const point = bands.points.findLast(({ odd }) => odd !== null) ?? bands.points.at(-1);
    after = point ? daysOfPeriod(point.day, bands.period) : null;
  }
  if (!after) return null;
  return { after, before: state.before ?? (compare === "previous_period" ? rightBefore(after) : yearBefore(after)) };
}

const FailedCard = ({ found }: { readonly found: unknown }) =>
  found instanceof TesseraError ? (
    <div class="card">
      <PartFailed error={found} />
    </div>
  ) : null;

const FindingsPart = ({
  findings,
  currency,
}: {
  readonly findings: Findings;
  readonly currency: string | undefined;
}) => (
  <>
    <div class="notice">
      <ul class="notes dim">
        {findings.notes.map((note) => (
          <li>{note}</li>
        ))}
      </ul>
    </div>
    <section class="kpis">
      {findings.figures.map(({ title, value, format, note }) => (
        <KeyFigure
          title={title}
          value={value === null ? NOTHING : formatNumber(value, { format, ...(currency && { currency }) })}
          notes={note ? [note] : []}
        />
      ))}
    </section>
  </>
);

interface BandsPartProps {
  readonly bands: Bands | TesseraError;
  readonly state: WhyState;
  readonly unit: Pick<Column, "format" | "currency">;
}

const BandsPart = ({ bands, state, unit }: BandsPartProps) => {
  const { why } = useWords();
  if (bands instanceof TesseraError)
    return (
      <Card title={why.expectedAndActual} size="wide">
        <PartFailed error={bands} />
      </Card>
    );
  return (
    <>
      <BandsSection bands={bands} state={state} unit={unit} />
      <UnusualCard bands={bands} state={state} print={(value) => formatNumber(value, unit)} />
    </>
  );
};

const unitOf = (measure: string, { catalog }: Reader): Pick<Column, "format" | "currency"> => {
  const format = membersIn(catalog).measures.get(measure)?.format ?? "number";
  return { format, ...(catalog.currency && format === "currency" && { currency: catalog.currency }) };
};

export const whyPage = async (state: WhyState, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { project, words } = services;
  const { catalog } = reader;
  const { measure, explore, per } = state;
  const filters = whyFilters(state, catalog);
  const asked = { measure, filters, period: per, last: LAST[per] };
  const bands = await settled(reader.remember(["bands", asked], (options) => project.bands(asked, options)));
  const periods = await settled(periodsOf(state, bands, reader));
  const request = periods === null || periods instanceof TesseraError ? null : { measure, filters, ...periods };
  const [frame, move] = await Promise.all([
    frameOf(services, words.why.name, "/explore", reader.manifest),
    request ? settled(reader.remember(["move", request], (options) => project.move(request, options))) : null,
  ]);
  const findings = move === null || move instanceof TesseraError ? null : move.told;
  const conditions = [
    ...explore.where.map(({ member, values }) =>
      words.why.condition(memberTitle(member, catalog), values.map((value) => value ?? UNKNOWN).join(", ")),
    ),
    ...explore.segments,
  ];
  const { where, segments, filters: further, period } = explore;
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={words.why.title(memberTitle(measure, catalog))}
        description={conditions.length > 0 ? conditions.join("; ") : words.why.description}
        stated={[
          ...(request ? [`${formatRange(...request.before)} → ${formatRange(...request.after)}`] : []),
          ...conditions,
        ]}
      >
        <a
          class="button"
          href={stateHref({ ...EMPTY_STATE, measures: [measure], where, segments, filters: further, period })}
        >
          {words.shared.explore}
        </a>
      </Head>
      <WhyForm state={state} catalog={catalog} before={request?.before} after={request?.after} />
      <FailedCard found={periods} />
      <FailedCard found={move} />
      {findings ? <FindingsPart findings={findings} currency={catalog.currency ?? undefined} /> : null}
      <section class="grid">
        {findings?.sections.map((section) => (
          <Section section={section} />
        ))}
        <BandsPart bands={bands} state={state} unit={unitOf(measure, reader)} />
      </section>
    </Layout>,
  );
};
