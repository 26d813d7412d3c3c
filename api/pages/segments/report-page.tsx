/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The whole report of a mining model. */
import type { HtmlEscapedString } from "hono/utils/html";
import { modelReport, type ModelReport } from "../../../etl/project/reports.ts";
import { formatNumber, NOTHING } from "../../charts/index.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { Card, KeyFigure } from "../parts/card.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Section } from "../parts/report-section.tsx";
import { VerdictLine } from "../parts/verdict-line.tsx";
import { useWords } from "../parts/words.ts";
import { RuleAudienceForm } from "./rule-audience.tsx";

const Figures = ({ report, currency }: { readonly report: ModelReport; readonly currency: string | undefined }) => {
  const { shared } = useWords();
  return (
    <section class="kpis">
      {report.figures.map(({ title, value, format, interval, note }) => {
        const print = (number: number): string => formatNumber(number, { format, ...(currency && { currency }) });
        const range = interval ? [shared.range(print(interval[0]), print(interval[1]))] : [];
        return (
          <KeyFigure
            title={title}
            value={value === null ? NOTHING : print(value)}
            notes={[...range, ...(note ? [note] : [])]}
          />
        );
      })}
    </section>
  );
};

const Parameters = ({ report }: { readonly report: ModelReport }) => {
  const words = useWords().segments.report;
  return (
    <Card title={words.madeWith} size="wide">
      <div class="body">
        <dl class="facts">
          {Object.entries(report.parameters).map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{Array.isArray(value) ? value.join(", ") : String(value)}</dd>
            </>
          ))}
          <dt>{words.seed}</dt>
          <dd>{report.seed}</dd>
          <dt>{words.fingerprint}</dt>
          <dd>
            <code>{report.fingerprint}</code>
          </dd>
        </dl>
      </div>
    </Card>
  );
};

/** @throws TesseraError `not-found` */
export const reportPage = async (name: string, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const { segments, shared } = services.words;
  const report = await reader.run((options) => modelReport(services.project, name, options));
  const frame = await frameOf(services, report.title, "/segments", reader.manifest);
  const version = report.dataVersion === null ? NOTHING : String(report.dataVersion);
  const { technique, over, asOf, members } = report;
  return documentOf(
    <Layout frame={frame}>
      <Head title={report.title} description={segments.report.description(technique, over, asOf, members, version)}>
        {report.stale ? (
          <span class="badge warn">{segments.report.stale}</span>
        ) : (
          <span class="badge good">{shared.upToDate}</span>
        )}
        <a class="button bare" href="/segments">
          {segments.title}
        </a>
      </Head>
      {report.verdict ? <VerdictLine verdict={report.verdict} /> : null}
      {report.notes.length > 0 ? (
        <div class="notice">
          <ul class="notes dim">
            {report.notes.map((note) => (
              <li>{note}</li>
            ))}
          </ul>
        </div>
      ) : null}
      <Figures report={report} currency={reader.catalog.currency ?? undefined} />
      <section class="grid">
        {report.sections.map((section) => (
          <Section section={section} />
        ))}
        <RuleAudienceForm report={report} services={services} />
        <Parameters report={report} />
      </section>
    </Layout>,
  );
};
