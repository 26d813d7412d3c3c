/** Draws a chart as an SVG element of the given document: the same code on the server and in the browser. */
import * as Plot from "@observablehq/plot";
import { FONT_SIZE } from "./axis.ts";
import type { ChartSpec } from "./chart-spec.ts";
import { barChart, barHeight } from "./marks/bar.ts";
import { TIP_STYLE, type Frame } from "./marks/frame.ts";
import { heatChart, HEAT_ROW, heatRows } from "./marks/heatmap.ts";
import { lineChart } from "./marks/line.ts";
import { scatterChart } from "./marks/scatter.ts";
import { describeChart } from "./describe-chart.ts";

/**
 * One class for all charts: Plot's own style sheet is then one constant text, which the content security policy can
 * name by its hash.
 */
export const CHART_CLASS = "tessera-chart";

export interface DrawOptions {
  readonly document: Document;
  /** pixels */
  readonly width: number;
  /** pixels; of lying bars and heat maps it follows from the members */
  readonly height?: number;
  readonly tips?: boolean;
}

const HEIGHTS = { line: 260, area: 260, bar: 260, stacked_bar: 260, heatmap: 260, scatter: 340 } as const;

/** Pixels high a chart will be. */
export const chartHeight = (spec: ChartSpec, height?: number): number => {
  if (spec.kind === "bar" || spec.kind === "stacked_bar") return barHeight(spec, height ?? HEIGHTS[spec.kind]);
  if (spec.kind === "heatmap") return Math.max(1, heatRows(spec).length) * HEAT_ROW + 36;
  return height ?? HEIGHTS[spec.kind];
};

const optionsOf = (spec: ChartSpec, frame: Frame): Plot.PlotOptions => {
  switch (spec.kind) {
    case "line":
    case "area":
      return lineChart(spec, frame);
    case "bar":
    case "stacked_bar":
      return barChart(spec, frame);
    case "heatmap":
      return heatChart(spec, frame);
    case "scatter":
      return scatterChart(spec, frame);
  }
};

/**
 * Plot labels groups that have no role, and links without a name; a picture with links in it is a group of them.
 * A mark's own label becomes `data-mark`.
 */
export const nameParts = (svg: SVGSVGElement): void => {
  for (const group of svg.querySelectorAll("g[aria-label]")) {
    group.setAttribute("data-mark", group.getAttribute("aria-label") ?? "");
    group.removeAttribute("aria-label");
  }
  const links = svg.querySelectorAll("a");
  for (const link of links) {
    // in the browser the titles go, because they would show a second tip
    const title = link.querySelector("title")?.textContent;
    if (title) link.setAttribute("aria-label", title);
    // a bar of nothing cannot be seen, and so not be stopped at
    const bar = link.querySelector("rect");
    if (bar && (bar.getAttribute("width") === "0" || bar.getAttribute("height") === "0"))
      link.setAttribute("tabindex", "-1");
  }
  svg.setAttribute("role", links.length > 0 ? "group" : "img");
};

export const drawChart = (spec: ChartSpec, { document, width, height, tips = false }: DrawOptions): SVGSVGElement => {
  const frame: Frame = { width, height: chartHeight(spec, height), tips, tipStyle: TIP_STYLE };
  const svg = Plot.plot({
    ...optionsOf(spec, frame),
    document,
    className: CHART_CLASS,
    style: undefined,
  }) as SVGSVGElement;
  svg.setAttribute("font-size", String(FONT_SIZE));
  svg.setAttribute("font-family", "inherit");
  svg.setAttribute("aria-label", describeChart(spec));
  nameParts(svg);
  return svg;
};
