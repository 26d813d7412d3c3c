/** Several measures of one unit beside each other, one group a member. */
import * as Plot from "@observablehq/plot";
import type { Value } from "../../../engine/model/query.ts";
import { memberLabels, textWidth } from "../axis.ts";
import { columnOf, type ChartSpec } from "../chart-spec.ts";
import { formatCompact } from "../format-value.ts";
import { hrefOf, plotted, type Point } from "../series.ts";
import type { Frame } from "./frame.ts";

/** Pixels of one bar, and between groups. */
export const GROUPED_BAR = 16;
export const GROUP_GAP = 10;

/** Several measures stand beside each other; only the parts of one measure may be stacked. */
export const isGrouped = (spec: ChartSpec): boolean => spec.series === undefined && spec.y.length > 1;

export const groupedChart = (spec: ChartSpec, frame: Frame, members: readonly Value[]): Plot.PlotOptions => {
  const { points, series, unit } = plotted(spec, false);
  const labels = memberLabels(members, columnOf(spec, spec.x), Math.min(190, frame.width * 0.36));
  const bars = points
    .filter((p) => members.includes(p.x) && p.y !== null)
    .map((p) => ({ ...p, label: labels.get(p.x) ?? "", text: formatCompact(p.y ?? 0, unit) }));
  const ends = [...bars.map((b) => b.y ?? 0), 0];
  const least = Math.min(...ends),
    most = Math.max(...ends);
  const room = Math.max(0, ...bars.map((b) => textWidth(b.text))) + 10;
  const left = Math.ceil(Math.max(24, ...[...labels.values()].map(textWidth))) + 12;
  return {
    width: frame.width,
    height: frame.height,
    marginLeft: left,
    marginRight: room,
    marginTop: 2,
    marginBottom: 2,
    x: { axis: null, domain: least === most ? [0, 1] : [least, most], ...(least < 0 && { insetLeft: room }) },
    y: { axis: null, domain: series.map((s) => s.name), padding: 0.12 },
    fy: { label: null, domain: [...labels.values()], padding: 0.22 },
    color: { domain: series.map((s) => s.name), range: series.map((s) => s.colour), type: "categorical" },
    marks: [
      Plot.axisFy({ anchor: "left", label: null, tickSize: 0 }),
      Plot.barX(bars, {
        x: "y",
        y: "series",
        fy: "label",
        fill: "series",
        rx: 2,
        href: hrefOf,
        title: "tip",
      }),
      Plot.text(bars, {
        x: (b: Point) => Math.max(0, b.y ?? 0),
        y: "series",
        fy: "label",
        text: "text",
        textAnchor: "start",
        dx: 6,
        fill: "var(--chart-ink-2)",
        fontVariant: "tabular-nums",
        filter: (b: Point) => (b.y ?? 0) >= 0,
      }),
      Plot.text(bars, {
        x: "y",
        y: "series",
        fy: "label",
        text: "text",
        textAnchor: "end",
        dx: -6,
        fill: "var(--chart-ink-2)",
        fontVariant: "tabular-nums",
        filter: (b: Point) => (b.y ?? 0) < 0,
      }),
      least < 0 ? Plot.ruleX([0], { stroke: "var(--chart-axis)" }) : null,
      frame.tips
        ? Plot.tip(bars, Plot.pointer({ x: "y", y: "series", fy: "label", title: "tip", ...frame.tipStyle }))
        : null,
    ],
  };
};
