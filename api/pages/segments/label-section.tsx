/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** One mining model on the segments page. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { ModelReport } from "../../../etl/project/reports.ts";
import { chooseChart, formatNumber, NOTHING, type ChartSpec } from "../../charts/index.ts";
import type { MiningRuns } from "../../services/mining-runs.ts";
import { Card, Empty } from "../parts/card.tsx";
import { ChartFigure } from "../parts/chart-figure.tsx";
import { PartFailed } from "../parts/problems.tsx";
import { Section } from "../parts/report-section.tsx";
import { useWords } from "../parts/words.ts";
import type { LabelData } from "./label-data.ts";
import { LabelProfile } from "./label-profile.tsx";
import { MineButton } from "./mine-button.tsx";

export interface LabelSectionProps {
  readonly data: LabelData;
  readonly mining: MiningRuns;
  readonly chosen: string | undefined;
  readonly measureTitle: string;
}

const NotRun = ({ data, mining }: Pick<LabelSectionProps, "data" | "mining">) => {
  const { segments } = useWords();
  const { model, role } = data.label;
  return (
    <Card
      title={model.title ?? model.name}
      aside={<MineButton model={model.name} mining={mining} />}
      size="wide"
      id={`model-${model.name}`}
    >
      {data.report instanceof TesseraError ? (
        <div class="body">
          <PartFailed error={data.report} />
        </div>
      ) : (
        <Empty title={segments.notRun}>{segments.notRunHint(role.title)}</Empty>
      )}
    </Card>
  );
};

const ReportLine = ({
  report,
  mining,
  model,
}: {
  readonly report: ModelReport;
  readonly mining: MiningRuns;
  readonly model: string;
}) => {
  const { segments, shared } = useWords();
  const figures = report.figures.map(
    ({ title, value, format }) => `${title} ${value === null ? NOTHING : formatNumber(value, { format })}`,
  );
  return (
    <div class="small dim">
      {report.stale ? (
        <span class="badge warn">{shared.dataIsNewer}</span>
      ) : (
        <span class="badge good">{shared.upToDate}</span>
      )}{" "}
      {[shared.asOf(report.asOf), segments.members(report.members), ...figures].join(" · ")} ·{" "}
      <a class="link" href={`/segments/models/${encodeURIComponent(model)}`}>
        {shared.modelReport}
      </a>{" "}
      <MineButton model={model} mining={mining} />
    </div>
  );
};

const Pictures = ({ report }: { readonly report: ModelReport }) => {
  const drawn = report.sections.filter(({ chart, plot, rows }) => (chart ?? plot) !== undefined && rows.length > 0);
  return (
    <>
      {drawn.slice(0, 2).map((section) => (
        <Section section={section} wide={drawn.length === 1} />
      ))}
    </>
  );
};

const placesChart = ({ places }: LabelData, title: string): ChartSpec | null =>
  places === null || places instanceof TesseraError ? null : chooseChart(places, title, "heatmap");

export const LabelSection = ({ data, mining, chosen, measureTitle }: LabelSectionProps) => {
  const { segments } = useWords();
  const { label, report, profile } = data;
  if (report === null || report instanceof TesseraError) return <NotRun data={data} mining={mining} />;
  const { model } = label;
  const title = model.title ?? model.name;
  const places = placesChart(data, segments.byLabelAndPlace(measureTitle, title));
  return (
    <section class="model-section wide" id={`model-${model.name}`}>
      <div class="model-head">
        <div>
          <h2>{title}</h2>
          {model.description ? <p class="dim">{model.description}</p> : null}
        </div>
        <ReportLine report={report} mining={mining} model={model.name} />
      </div>
      <div class="grid">
        <Card title={segments.sizesAndValue} size="wide">
          {profile instanceof TesseraError ? <PartFailed error={profile} /> : null}
          {profile && !(profile instanceof TesseraError) ? (
            <LabelProfile label={label} result={profile} chosen={chosen} />
          ) : null}
        </Card>
        <Pictures report={report} />
        {places ? (
          <Card title={segments.byPlace(measureTitle)} size="wide">
            <div class="body">
              <ChartFigure spec={places} width={1130} />
            </div>
          </Card>
        ) : null}
      </div>
    </section>
  );
};
