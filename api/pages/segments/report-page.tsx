/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A mining model's whole report. */
import type { HtmlEscapedString } from "hono/utils/html";
import type { Format } from "../../../engine/model/measure.ts";
import { modelReport } from "../../../etl/project/reports.ts";
import { formatNumber } from "../../charts/index.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { count } from "../data/status.tsx";
import { frameOf } from "../parts/frame-of.ts";
import { documentOf, Head, Layout } from "../parts/layout.tsx";
import { Section } from "./report-section.tsx";
import { RuleAudienceForm } from "./rule-audience.tsx";
import { VerdictLine } from "./verdict-line.tsx";

export const reportPage = async (name: string, reader: Reader, services: Services): Promise<HtmlEscapedString> => {
  const report = await reader.run((o) => modelReport(services.project, name, o));
  const frame = await frameOf(services, report.title, "/segments", reader.manifest);
  const figure = (value: number, { format }: { readonly format: Format }): string =>
    formatNumber(value, { format, ...(reader.catalog.currency && { currency: reader.catalog.currency }) });
  return documentOf(
    <Layout frame={frame}>
      <Head
        title={report.title}
        description={`${report.technique} over ${report.over}, as of ${report.asOf}, ${count(report.members)} members, from data version ${report.dataVersion ?? "–"}.`}
      >
        {report.stale ? (
          <span class="badge warn">data is newer than this</span>
        ) : (
          <span class="badge good">up to date</span>
        )}
        <a class="button bare" href="/segments">
          Segments
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
      <section class="kpis">
        {report.figures.map((f) => (
          <article class="card kpi">
            <h2>{f.title}</h2>
            <p class="value">{f.value === null ? "–" : figure(f.value, f)}</p>
            {f.interval ? (
              <p class="change">
                {figure(f.interval[0], f)} to {figure(f.interval[1], f)}
              </p>
            ) : null}
            {f.note ? <p class="change">{f.note}</p> : null}
          </article>
        ))}
      </section>
      <section class="grid">
        {report.sections.map((section) => (
          <Section section={section} />
        ))}
        <RuleAudienceForm report={report} services={services} />
        <article class="card wide">
          <header>
            <h2>Made with</h2>
          </header>
          <div class="body">
            <dl class="facts">
              {Object.entries(report.parameters).map(([key, value]) => (
                <>
                  <dt>{key}</dt>
                  <dd>{Array.isArray(value) ? value.join(", ") : String(value)}</dd>
                </>
              ))}
              <dt>seed</dt>
              <dd>{report.seed}</dd>
              <dt>fingerprint</dt>
              <dd>
                <code>{report.fingerprint}</code>
              </dd>
            </dl>
          </div>
        </article>
      </section>
    </Layout>,
  );
};
