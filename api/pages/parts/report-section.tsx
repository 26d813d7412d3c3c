/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A section of a model's report: its picture, and the same numbers as a table. */
import { raw } from "hono/html";
import type { ReportSection } from "../../../engine/mining/index.ts";
import { bridgeSvg, chooseChart, curveLegend, curveSvg, flowSvg, type ChartSpec } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { Card, Empty } from "./card.tsx";
import { ChartFigure } from "./chart-figure.tsx";
import { DataTable } from "./data-table.tsx";
import { useWords } from "./words.ts";

const WIDE = 1130;
const HALF = 540;

type Picture = NonNullable<ReportSection["plot"]>;

const pictureSvg = (plot: Picture, section: ReportSection, width: number, words: Catalogue["charts"]): string => {
  const { title, columns, rows } = section;
  switch (plot.kind) {
    case "curve":
      return curveSvg({ title, columns, rows, plot }, { width });
    case "flow":
      return flowSvg({ title, columns, rows, plot }, { width });
    case "bridge":
      return bridgeSvg({ title, columns, rows, plot }, { width, words });
  }
};

const PlotFigure = ({
  plot,
  section,
  width,
}: {
  readonly plot: Picture;
  readonly section: ReportSection;
  readonly width: number;
}) => {
  const { shared, charts } = useWords();
  const legend = plot.kind === "curve" ? curveLegend({ ...section, plot }) : [];
  return (
    <figure class="chart-figure">
      {legend.length > 0 ? (
        <ul class="legend">
          {legend.map(({ name, colour }) => (
            <li>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect width="10" height="10" rx="2.5" fill={colour} />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      ) : null}
      <div class="chart">{raw(pictureSvg(plot, section, width, charts))}</div>
      <details class="chart-data">
        <summary>{shared.numbers}</summary>
        <DataTable columns={section.columns} rows={section.rows} />
      </details>
    </figure>
  );
};

interface ContentProps {
  readonly section: ReportSection;
  readonly spec: ChartSpec | null;
  readonly width: number;
}

const Content = ({ section, spec, width }: ContentProps) => {
  const { shared } = useWords();
  if (section.rows.length === 0) return <Empty title={shared.nothingFound} />;
  if (section.plot)
    return (
      <div class="body">
        <PlotFigure plot={section.plot} section={section} width={width} />
      </div>
    );
  return spec ? (
    <div class="body">
      <ChartFigure spec={spec} width={width} />
    </div>
  ) : (
    <DataTable columns={section.columns} rows={section.rows} unknown="" />
  );
};

/** @param wide takes the page's full width; default by the section */
export const Section = ({ section, wide }: { readonly section: ReportSection; readonly wide?: boolean }) => {
  const spec = section.chart ? chooseChart(section, section.title, section.chart) : null;
  const isTable = section.plot === undefined && spec === null;
  const full = (wide ?? section.wide === true) || isTable;
  return (
    <Card title={section.title} {...(full ? { size: "wide" } : {})}>
      <Content section={section} spec={spec} width={full ? WIDE : HALF} />
      {section.note ? <p class="note">{section.note}</p> : null}
    </Card>
  );
};
