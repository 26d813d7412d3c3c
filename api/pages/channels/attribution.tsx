/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** What conversions owe to each channel, as the last mining of each attribution model found it. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { MiningModel } from "../../../engine/model/mining-model.ts";
import { modelReport, type ModelReport } from "../../../etl/project/reports.ts";
import type { Reader } from "../../http/reader.ts";
import type { Services } from "../../http/services.ts";
import { Empty } from "../parts/chart-figure.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { Section } from "../segments/report-section.tsx";
import { VerdictLine } from "../segments/verdict-line.tsx";

interface Found {
  readonly model: MiningModel;
  readonly report: ModelReport | TesseraError | null;
}

export const attributionReports = (reader: Reader, { project }: Services): Promise<Found[]> =>
  Promise.all(
    (project.spec.models ?? [])
      .filter((m) => m.technique === "attribution")
      .map(async (model): Promise<Found> => {
        if (reader.manifest.labels[model.name] === undefined) return { model, report: null };
        try {
          return {
            model,
            report: await reader.remember(["report", model.name], (o) => modelReport(project, model.name, o)),
          };
        } catch (error) {
          if (error instanceof TesseraError && error.code !== "cancelled") return { model, report: error };
          throw error;
        }
      }),
  );

export const AttributionSections = ({ found }: { readonly found: readonly Found[] }) => (
  <>
    {found.map(({ model, report }) => (
      <section class="model-section" id={`attribution-${model.name}`}>
        <div class="model-head">
          <div>
            <h2>{model.title ?? model.name}</h2>
            {model.description ? <p class="dim">{model.description}</p> : null}
          </div>
          {report && !(report instanceof TesseraError) ? (
            <div class="small dim">
              as of {report.asOf} ·{" "}
              <a class="link" href={`/segments/models/${encodeURIComponent(model.name)}`}>
                full report
              </a>
            </div>
          ) : null}
        </div>
        {report === null ? (
          <div class="card">
            <Empty title="Not mined yet">
              Run <code>tessera mine {model.name}</code>.
            </Empty>
          </div>
        ) : report instanceof TesseraError ? (
          <div class="notice bad">
            <PartFailed error={report} />
          </div>
        ) : (
          <>
            {report.verdict ? <VerdictLine verdict={report.verdict} /> : null}
            <div class="grid">
              {report.sections.slice(0, 2).map((section) => (
                <Section section={section} />
              ))}
            </div>
          </>
        )}
      </section>
    ))}
  </>
);
