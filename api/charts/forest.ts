/** A forest plot: an estimate a row with its interval, around the line of no effect. */
import * as Plot from "@observablehq/plot";
import { shorten, textWidth } from "./axis.ts";
import { plotSvg } from "./chart-svg.ts";

export interface ForestRow {
  readonly label: string;
  readonly value: number;
  readonly interval: readonly [number, number];
  /** the interval as a verdict: shown to be more, shown to be less, or neither */
  readonly tone: "good" | "bad" | "none";
  readonly href?: string;
  /** told on hovering */
  readonly tip: string;
}

const ROW = 22;
const COLOURS = { good: "var(--good)", bad: "var(--bad)", none: "var(--series-8)" } as const;

/** @param format of the numbers along the axis */
export const forestSvg = (
  rows: readonly ForestRow[],
  {
    width,
    title,
    format,
  }: { readonly width: number; readonly title: string; readonly format: (value: number) => string },
): string => {
  if (rows.length === 0) return "";
  const most = Math.min(220, width * 0.34);
  const drawn = rows.map((row, i) => ({ ...row, key: String(i), from: row.interval[0], until: row.interval[1] }));
  const left = Math.ceil(Math.max(...drawn.map((r) => textWidth(shorten(r.label, most))))) + 14;
  const shown = drawn.filter((r) => r.tone !== "none").length;
  return plotSvg(
    {
      width,
      height: rows.length * ROW + 40,
      marginLeft: left,
      marginRight: 34,
      marginTop: 6,
      marginBottom: 30,
      x: {
        label: null,
        tickFormat: format,
        tickSize: 0,
        tickPadding: 8,
        nice: true,
        ticks: Math.max(3, Math.floor((width - left) / 110)),
      },
      y: {
        label: null,
        domain: drawn.map((r) => r.key),
        tickFormat: (key: string) => shorten(drawn[Number(key)]!.label, most),
        tickSize: 0,
        padding: 0.4,
      },
      marks: [
        Plot.gridX({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
        Plot.ruleX([0], { stroke: "var(--chart-ink-2)", strokeWidth: 1 }),
        Plot.ruleY(drawn, {
          y: "key",
          x1: "from",
          x2: "until",
          stroke: (r: ForestRow) => COLOURS[r.tone],
          strokeWidth: 2,
          strokeLinecap: "round",
          strokeOpacity: 0.55,
          title: "tip",
        }),
        Plot.dot(drawn, {
          y: "key",
          x: "value",
          r: 4.5,
          fill: (r: ForestRow) => COLOURS[r.tone],
          stroke: "var(--chart-surface)",
          strokeWidth: 1.5,
          href: (r: ForestRow) => r.href ?? null,
          title: "tip",
        }),
      ],
    },
    `${title}. ${rows.length} estimates with their 95 % intervals; ` +
      `${["none is", "one is"][shown] ?? `${shown} are`} shown to differ from zero.`,
  );
};
