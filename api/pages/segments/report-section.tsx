/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A part of a model's report: its picture, and the same numbers as a table. */
import { raw } from "hono/html";
import type { ReportSection } from "../../../engine/mining/index.ts";
import { bridgeSvg, chooseChart, curveLegend, curveSvg, flowSvg } from "../../charts/index.ts";
import { ChartFigure, Empty } from "../parts/chart-figure.tsx";
import { DataTable } from "../parts/data-table.tsx";

const WIDE = 1130;
const HALF = 540;
const MOST_ROWS = 300;

const Picture = ({ section, width }: { readonly section: ReportSection; readonly width: number }) => {
  const { plot, title, columns, rows } = section;
  if (!plot) return null;
  const legend = plot.kind === "curve" ? curveLegend({ title, columns, rows, plot }) : [];
  const svg =
    plot.kind === "curve"
      ? curveSvg({ title, columns, rows, plot }, { width })
      : plot.kind === "flow"
        ? flowSvg({ title, columns, rows, plot }, { width })
        : bridgeSvg({ title, columns, rows, plot }, { width });
  return (
    <figure class="chart-figure">
      {legend.length > 0 ? (
        <ul class="legend">
          {legend.map((s) => (
            <li>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect width="10" height="10" rx="2.5" fill={s.colour} />
              </svg>
              {s.name}
            </li>
          ))}
        </ul>
      ) : null}
      <div class="chart">{raw(svg)}</div>
      <details class="chart-data">
        <summary>Numbers</summary>
        <DataTable columns={columns} rows={rows.slice(0, MOST_ROWS)} />
      </details>
    </figure>
  );
};

export const Section = ({ section }: { readonly section: ReportSection }) => {
  const spec = section.chart
    ? chooseChart({ columns: section.columns, rows: section.rows }, section.title, section.chart)
    : null;
  const wide = section.wide === true || (spec === null && section.plot === undefined);
  const width = wide ? WIDE : HALF;
  return (
    <article class={`card${wide ? " wide" : ""}`}>
      <header>
        <h2>{section.title}</h2>
      </header>
      {section.rows.length === 0 ? (
        <Empty title="Nothing found" />
      ) : section.plot ? (
        <div class="body">
          <Picture section={section} width={width} />
        </div>
      ) : spec ? (
        <div class="body">
          <ChartFigure spec={spec} width={width} />
        </div>
      ) : (
        <DataTable columns={section.columns} rows={section.rows} unknown="" />
      )}
      {section.note ? <p class="note">{section.note}</p> : null}
    </article>
  );
};
