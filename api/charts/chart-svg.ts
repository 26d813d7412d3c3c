/** Charts as text, on the server. */
import * as Plot from "@observablehq/plot";
import { FONT_SIZE } from "./axis.ts";
import { serverDocument } from "./document.ts";
import { CHART_CLASS, drawChart, nameParts } from "./draw-chart.ts";
import { resolveColours, type Theme } from "./palette.ts";
import type { ChartSpec } from "./chart-spec.ts";

export interface ChartSvgOptions {
  readonly width: number;
  readonly height?: number;
  /** fixed colours, for pictures that leave the page; without it colours are CSS variables */
  readonly theme?: Theme;
}

let plotStyle: string | undefined;

/**
 * The style sheet that Plot puts into every chart; it goes into the pages' own sheet once, and its hash into their
 * policy.
 */
export const plotStyleSheet = (): string => {
  if (plotStyle === undefined) {
    const column = { type: "string", title: "" } as const;
    const svg = drawChart(
      {
        kind: "bar",
        title: "",
        columns: [
          { ...column, name: "x", kind: "dimension" },
          { ...column, name: "y", kind: "measure", type: "number" },
        ],
        rows: [{ x: "a", y: 1 }],
        x: "x",
        y: ["y"],
      },
      { document: serverDocument(), width: 100 },
    );
    plotStyle = svg.querySelector("style")?.textContent ?? "";
  }
  return plotStyle;
};

/**
 * linkedom leaves `&` and `<` in attributes as they are: fine in HTML, wrong in XML, and a strict reader's stumbling
 * block in both.
 */
const wellFormed = (markup: string): string =>
  markup.replace(
    /="([^"]*)"/g,
    (_whole, value: string) =>
      `="${value.replace(/&(?!(?:#\d+|#x[\da-f]+|quot|amp|lt|gt|apos);)/gi, "&amp;").replace(/</g, "&lt;")}"`,
  );

/** What Plot draws, as an SVG string in the pages' colours. @param label the picture in words */
export const plotSvg = (options: Plot.PlotOptions, label: string): string => {
  const svg = Plot.plot({
    ...options,
    document: serverDocument(),
    className: CHART_CLASS,
    style: undefined,
  }) as SVGSVGElement;
  svg.querySelector("style")?.remove();
  svg.setAttribute("font-size", String(FONT_SIZE));
  svg.setAttribute("font-family", "inherit");
  svg.setAttribute("aria-label", label);
  nameParts(svg);
  return wellFormed(svg.outerHTML);
};

/** The chart as an SVG string; empty without rows. It has no inline styles: the pages' policy forbids them. */
export const chartSvg = (spec: ChartSpec, options: ChartSvgOptions): string => {
  if (spec.rows.length === 0) return "";
  const svg = drawChart(spec, {
    document: serverDocument(),
    width: options.width,
    ...(options.height !== undefined && { height: options.height }),
  });
  svg.querySelector("style")?.remove();
  if (options.theme === undefined) return wellFormed(svg.outerHTML);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("xmlns:xlink", "http://www.w3.org/1999/xlink");
  svg.setAttribute("font-family", "Inter, system-ui, sans-serif");
  svg.setAttribute("color", "var(--chart-ink-2)");
  return resolveColours(wellFormed(svg.outerHTML), options.theme);
};
export { CHART_CLASS };
