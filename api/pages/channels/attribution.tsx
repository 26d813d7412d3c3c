/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Conversions credited to channels, from the last run of each attribution model. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { MiningModel } from "../../../engine/model/mining-model.ts";
import { modelReport, type ModelReport } from "../../../etl/project/reports.ts";
import type { Reader } from "../../services/reader.ts";
import type { Services } from "../../services/services.ts";
import { settled } from "../../services/settled.ts";
import { Empty } from "../parts/card.tsx";
import { FailureNotice } from "../parts/problems.tsx";
import { Section } from "../parts/report-section.tsx";
import { VerdictLine } from "../parts/verdict-line.tsx";
import { useWords } from "../parts/words.ts";

export interface AttributionReport {
  readonly model: MiningModel;
  /** null before its first run */
  readonly report: ModelReport | TesseraError | null;
}

export const attributionReports = (reader: Reader, { project }: Services): Promise<AttributionReport[]> => {
  const models = (project.spec.models ?? []).filter(({ technique }) => technique === "attribution");
  return Promise.all(
    models.map(async (model) => {
      const { name } = model;
      if (reader.manifest.labels[name] === undefined) return { model, report: null };
      const work = reader.remember(["report", name], (options) => modelReport(project, name, options));
      return { model, report: await settled(work) };
    }),
  );
};

const Report = ({ report, model }: { readonly report: ModelReport | TesseraError | null; readonly model: string }) => {
  const { segments, shared } = useWords();
  if (report === null)
    return (
      <div class="card">
        <Empty title={shared.notMined}>
          <a class="link" href={`/segments#model-${encodeURIComponent(model)}`}>
            {segments.runModel}
          </a>
        </Empty>
      </div>
    );
  if (report instanceof TesseraError) return <FailureNotice error={report} />;
  return (
    <>
      {report.verdict ? <VerdictLine verdict={report.verdict} /> : null}
      <div class="grid">
        {report.sections.slice(0, 2).map((section) => (
          <Section section={section} />
        ))}
      </div>
    </>
  );
};

const AttributionSection = ({ model, report }: AttributionReport) => {
  const { shared } = useWords();
  return (
    <section class="model-section" id={`attribution-${model.name}`}>
      <div class="model-head">
        <div>
          <h2>{model.title ?? model.name}</h2>
          {model.description ? <p class="dim">{model.description}</p> : null}
        </div>
        {report === null || report instanceof TesseraError ? null : (
          <div class="small dim">
            {shared.asOf(report.asOf)} ·{" "}
            <a class="link" href={`/segments/models/${encodeURIComponent(model.name)}`}>
              {shared.modelReport}
            </a>
          </div>
        )}
      </div>
      <Report report={report} model={model.name} />
    </section>
  );
};

export const AttributionSections = ({ found }: { readonly found: readonly AttributionReport[] }) => (
  <>
    {found.map((each) => (
      <AttributionSection {...each} />
    ))}
  </>
);
