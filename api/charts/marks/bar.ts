/** Bars: lying down by member with the number at the end, stacked by a second dimension; along time they stand up. */
import * as Plot from "@observablehq/plot";
import type { Value } from "../../../engine/model/query.ts";
import { memberLabels, membersOf, textWidth } from "../axis.ts";
import { columnOf, isTime, type ChartSpec } from "../chart-spec.ts";
import { formatCompact } from "../format-value.ts";
import { hrefOf, plotted } from "../series.ts";
import type { Frame } from "./frame.ts";
import { groupedChart, GROUP_GAP, GROUPED_BAR, isGrouped } from "./grouped-bar.ts";
import { standingChart } from "./standing-bar.ts";

/** Height of one lying bar with its gap. */
export const BAR_STEP = 26;
/** How many members a bar chart shows where nothing else is said. */
export const MOST_BARS = 30;

/** Members in the order of the rows, at most `most` of them. */
export const barMembers = (spec: ChartSpec): Value[] => membersOf(spec.rows, spec.x).slice(0, spec.most ?? MOST_BARS);

export const barChart = (spec: ChartSpec, frame: Frame): Plot.PlotOptions => {
  if (isTime(columnOf(spec, spec.x))) return standingChart(spec, frame);
  return isGrouped(spec) ? groupedChart(spec, frame, barMembers(spec)) : lying(spec, frame);
};

const lying = (spec: ChartSpec, frame: Frame): Plot.PlotOptions => {
  const members = barMembers(spec);
  const column = columnOf(spec, spec.x);
  const { points, series, unit } = plotted(spec, spec.kind === "bar");
  const labels = memberLabels(members, column, Math.min(190, frame.width * 0.36));
  const shown = points.filter((p) => members.includes(p.x)).map((p) => ({ ...p, label: labels.get(p.x) ?? "" }));
  const own = shown.filter((p) => !p.previous),
    before = shown.filter((p) => p.previous);
  const stacked = series.filter((s) => !s.previous).length > 1;
  const totals = members.map((member) => {
    const label = labels.get(member) ?? "";
    const values = own.flatMap((p) => (p.label === label && p.y !== null ? [p.y] : []));
    return {
      label,
      total: values.length === 0 ? null : values.reduce((a, b) => a + b, 0),
      positive: values.filter((v) => v > 0).reduce((a, b) => a + b, 0),
      negative: values.filter((v) => v < 0).reduce((a, b) => a + b, 0),
    };
  });
  const ends = [...totals.flatMap((t) => [t.positive, t.negative]), ...before.map((p) => p.y ?? 0), 0];
  const least = Math.min(...ends),
    most = Math.max(...ends);
  const valueRoom =
    Math.max(0, ...totals.map((t) => textWidth(t.total === null ? "" : formatCompact(t.total, unit)))) + 10;
  const left = Math.ceil(Math.max(24, ...[...labels.values()].map(textWidth))) + 12;
  return {
    width: frame.width,
    height: frame.height,
    marginLeft: left,
    marginRight: valueRoom,
    marginTop: 2,
    marginBottom: 2,
    x: { axis: null, domain: least === most ? [0, 1] : [least, most], ...(least < 0 && { insetLeft: valueRoom }) },
    y: { label: null, domain: [...labels.values()], tickSize: 0, tickPadding: 8, padding: 0.28 },
    color: { domain: series.map((s) => s.name), range: series.map((s) => s.colour), type: "categorical" },
    marks: [
      Plot.barX(own, {
        x: "y",
        y: "label",
        fill: stacked ? "series" : series.find((s) => !s.previous)!.colour,
        ...(stacked ? { order: series.map((s) => s.name), insetRight: 0.75 } : { rx: 2 }),
        href: hrefOf,
        title: "tip",
      }),
      before.length > 0
        ? Plot.tickX(before, {
            x: "y",
            y: "label",
            stroke: "var(--chart-ink-2)",
            strokeWidth: 2,
            insetTop: -2,
            insetBottom: -2,
          })
        : null,
      Plot.text(
        totals.filter((t) => t.total !== null),
        {
          x: (t: { positive: number; negative: number; total: number }) => (t.total < 0 ? t.negative : t.positive),
          y: "label",
          text: (t: { total: number }) => formatCompact(t.total, unit),
          textAnchor: "start",
          dx: 6,
          fill: "var(--chart-ink-2)",
          fontVariant: "tabular-nums",
          filter: (t: { total: number }) => t.total >= 0,
        },
      ),
      Plot.text(
        totals.filter((t) => t.total !== null),
        {
          x: "negative",
          y: "label",
          text: (t: { total: number }) => formatCompact(t.total, unit),
          textAnchor: "end",
          dx: -6,
          fill: "var(--chart-ink-2)",
          fontVariant: "tabular-nums",
          filter: (t: { total: number }) => t.total < 0,
        },
      ),
      least < 0 ? Plot.ruleX([0], { stroke: "var(--chart-axis)" }) : null,
      frame.tips
        ? Plot.tip(
            own,
            Plot.pointerY({
              ...(stacked
                ? Plot.stackX({ x: "y", y: "label", z: "series", order: series.map((s) => s.name) })
                : { x: "y", y: "label" }),
              title: "tip",
              ...frame.tipStyle,
            }),
          )
        : null,
    ],
  };
};

/** Height a bar chart of `spec` wants. */
export const barHeight = (spec: ChartSpec, otherwise: number): number => {
  if (isTime(columnOf(spec, spec.x))) return otherwise;
  const members = Math.max(1, barMembers(spec).length);
  return isGrouped(spec)
    ? members * (spec.y.length * GROUPED_BAR + GROUP_GAP) + 6
    : Math.max(2, members) * BAR_STEP + 6;
};
