/**
 * One channel's response to spend: solid within observed spend, dashed beyond; current and recommended spend are
 * marked.
 */
import * as Plot from "@observablehq/plot";
import type { Catalogue } from "../i18n/catalogue.ts";
import { numberMargin } from "./axis.ts";
import { plotSvg } from "./chart-svg.ts";
import { formatCompact } from "./format-value.ts";
import type { Column } from "../../engine/model/query.ts";

export interface CurvePicture {
  readonly title: string;
  readonly at: (spend: number) => number;
  /** least and most observed spend */
  readonly observed: readonly [number, number];
  readonly now: number;
  readonly recommended: number;
  /** rightmost spend drawn */
  readonly until: number;
  /** highest response drawn; the same for all channels, so that they can be compared */
  readonly top?: number;
  readonly spend: Column;
  readonly outcome: Column;
  readonly words: Pick<
    Catalogue["channels"]["curves"],
    "brings" | "nowTip" | "recommendedTip" | "observedTip" | "summary"
  >;
}

const STEPS = 80;

export const responseCurveSvg = (
  curve: CurvePicture,
  { width, height = 190 }: { readonly width: number; readonly height?: number },
): string => {
  const until = curve.until * 1.04 || 1;
  const [low, high] = curve.observed;
  const line = Array.from({ length: STEPS + 1 }, (_, i) => (until * i) / STEPS)
    .concat(low, high)
    .sort((a, b) => a - b)
    .map((x) => ({ x, y: curve.at(x) }));
  const top = curve.top ?? Math.max(...line.map((p) => p.y), 1);
  const { words } = curve;
  const point = (x: number): string =>
    words.brings(formatCompact(x, curve.spend), formatCompact(curve.at(x), curve.outcome));
  const points = [
    {
      x: curve.now,
      y: curve.at(curve.now),
      tip: words.nowTip(point(curve.now)),
      fill: "var(--chart-surface)",
      stroke: "var(--chart-ink-2)",
    },
    {
      x: curve.recommended,
      y: curve.at(curve.recommended),
      tip: words.recommendedTip(point(curve.recommended)),
      fill: "var(--series-1)",
      stroke: "var(--series-1)",
    },
  ];
  const dashed = {
    stroke: "var(--series-1)",
    strokeWidth: 1.5,
    strokeDasharray: "2,4",
    strokeLinecap: "round",
  } as const;
  return plotSvg(
    {
      width,
      height,
      marginLeft: numberMargin(0, top, curve.outcome),
      marginRight: 16,
      marginTop: 10,
      marginBottom: 30,
      x: {
        label: null,
        domain: [0, until],
        tickFormat: (v: number) => formatCompact(v, curve.spend),
        tickSize: 0,
        tickPadding: 8,
        ticks: 4,
      },
      y: {
        label: null,
        domain: [0, top * 1.06],
        tickFormat: (v: number) => formatCompact(v, curve.outcome),
        tickSize: 0,
        ticks: 4,
      },
      marks: [
        Plot.rectX([{ low, high: Math.min(high, until) }], {
          x1: "low",
          x2: "high",
          fill: "var(--series-1)",
          fillOpacity: 0.07,
          title: () => words.observedTip(formatCompact(low, curve.spend), formatCompact(high, curve.spend)),
        }),
        Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1, ticks: 4 }),
        Plot.ruleY([0], { stroke: "var(--chart-axis)" }),
        Plot.lineY(
          line.filter((p) => p.x <= low),
          { x: "x", y: "y", ...dashed },
        ),
        Plot.lineY(
          line.filter((p) => p.x >= low && p.x <= high),
          { x: "x", y: "y", stroke: "var(--series-1)", strokeWidth: 2, strokeLinejoin: "round" },
        ),
        Plot.lineY(
          line.filter((p) => p.x >= high),
          { x: "x", y: "y", ...dashed },
        ),
        Plot.ruleX(points, { x: "x", y1: 0, y2: "y", stroke: "stroke", strokeOpacity: 0.5 }),
        Plot.dot(points, { x: "x", y: "y", r: 5, fill: "fill", stroke: "stroke", strokeWidth: 2, title: "tip" }),
      ],
    },
    words.summary(
      curve.title,
      point(curve.now),
      point(curve.recommended),
      formatCompact(low, curve.spend),
      formatCompact(high, curve.spend),
    ),
  );
};
