/** Redraws the page's charts in the browser: as wide as their container, with tips. */
import type { ChartSpec } from "../charts/chart-spec.ts";
import { drawChart, nameParts } from "../charts/draw-chart.ts";

interface Drawn {
  readonly place: HTMLElement;
  readonly spec: ChartSpec;
  width: number;
  tips: boolean;
}

const specOf = (place: HTMLElement): ChartSpec | null => {
  const data = place.querySelector<HTMLScriptElement>("script[type='application/json']");
  return data ? (JSON.parse(data.textContent ?? "null") as ChartSpec | null) : null;
};

const draw = (chart: Drawn, width: number, tips: boolean): void => {
  const height = chart.place.dataset["height"];
  const narrow = width < 480;
  const svg = drawChart(chart.spec, {
    document,
    width,
    tips,
    ...(height !== undefined && { height: narrow ? Math.min(Number(height), 240) : Number(height) }),
  });
  // the marks' own titles would show a second tip
  if (tips) for (const title of svg.querySelectorAll("title")) title.remove();
  // the tip is drawn again whenever the pointer moves
  if (tips) new MutationObserver(() => nameParts(svg)).observe(svg, { childList: true, subtree: true });
  chart.place.querySelector("svg")?.replaceWith(svg);
  chart.width = width;
  chart.tips = tips;
};

export const charts = (): void => {
  const all = new Map<HTMLElement, Drawn>();
  for (const place of document.querySelectorAll<HTMLElement>("[data-chart]")) {
    const spec = specOf(place);
    const width = Number(place.dataset["width"]);
    if (spec && width > 0) all.set(place, { place, spec, width, tips: false });
  }
  const fit = new ResizeObserver((entries) => {
    for (const entry of entries) {
      const chart = all.get(entry.target as HTMLElement);
      const width = Math.floor(entry.contentRect.width);
      if (chart && width > 60 && Math.abs(width - chart.width) > 6) draw(chart, width, chart.tips);
    }
  });
  for (const chart of all.values()) {
    fit.observe(chart.place);
    chart.place.addEventListener("pointerenter", () => {
      if (!chart.tips) draw(chart, Math.floor(chart.place.clientWidth) || chart.width, true);
    });
  }
  document.documentElement.dataset["charts"] = "ready";
};
