/** Bars that stand up along time: stacked by a second dimension, or several measures beside each other. */
import * as Plot from "@observablehq/plot";
import type { Value } from "../../../engine/model/query.ts";
import { compactTick, membersOf, numberMargin, periodTicks } from "../axis.ts";
import { columnOf, type ChartSpec } from "../chart-spec.ts";
import { hrefOf, plotted } from "../series.ts";
import type { Frame } from "./frame.ts";
import { isGrouped } from "./grouped-bar.ts";

export const standingChart = (spec: ChartSpec, frame: Frame): Plot.PlotOptions => {
  const column = columnOf(spec, spec.x);
  const { points, series, unit } = plotted(spec, spec.kind === "bar");
  const periods = membersOf(spec.rows, spec.x)
    .filter((v): v is string => typeof v === "string")
    .sort();
  const drawn = points.filter((p) => typeof p.x === "string");
  const own = drawn.filter((p) => !p.previous),
    before = drawn.filter((p) => p.previous);
  const sums = new Map<Value, [number, number]>();
  for (const p of own) {
    const s = sums.get(p.x) ?? [0, 0];
    s[(p.y ?? 0) < 0 ? 0 : 1] += p.y ?? 0;
    sums.set(p.x, s);
  }
  const ends = [...[...sums.values()].flat(), ...before.map((p) => p.y ?? 0), 0];
  const singles = isGrouped(spec) ? [...own.map((p) => p.y ?? 0), 0] : ends;
  const least = Math.min(...singles),
    most = Math.max(...singles);
  const left = numberMargin(least, most, unit);
  const { ticks, format } = periodTicks(periods, column.level, frame.width - left - 8);
  const stacked = series.filter((s) => !s.previous).length > 1;
  if (isGrouped(spec)) {
    return {
      width: frame.width,
      height: frame.height,
      marginLeft: left,
      marginRight: 8,
      marginTop: 12,
      marginBottom: 36,
      fx: {
        label: null,
        domain: periods,
        tickFormat: (v: string) => (ticks.includes(v) ? format(v) : ""),
        tickSize: 0,
        tickPadding: 8,
        padding: 0.25,
      },
      x: { axis: null, domain: series.map((s) => s.name), padding: 0.08 },
      y: {
        label: null,
        tickFormat: compactTick(unit),
        tickSize: 0,
        nice: true,
        ticks: Math.max(2, Math.floor(frame.height / 52)),
      },
      color: { domain: series.map((s) => s.name), range: series.map((s) => s.colour), type: "categorical" },
      marks: [
        Plot.gridY({
          stroke: "var(--chart-grid)",
          strokeOpacity: 1,
          ticks: Math.max(2, Math.floor(frame.height / 52)),
        }),
        Plot.barY(own, { fx: "x", x: "series", y: "y", fill: "series", rx: 1.5, href: hrefOf, title: "tip" }),
        Plot.axisFx({
          anchor: "bottom",
          label: null,
          tickFormat: (v: string) => (ticks.includes(v) ? format(v) : ""),
          tickSize: 0,
        }),
        Plot.ruleY([0], { stroke: "var(--chart-axis)" }),
        frame.tips
          ? Plot.tip(own, Plot.pointer({ fx: "x", x: "series", y: "y", title: "tip", ...frame.tipStyle }))
          : null,
      ],
    };
  }
  return {
    width: frame.width,
    height: frame.height,
    marginLeft: left,
    marginRight: 8,
    marginTop: 12,
    marginBottom: 36,
    x: {
      type: "band",
      label: null,
      domain: periods,
      ticks,
      tickFormat: format,
      tickSize: 0,
      tickPadding: 8,
      padding: periods.length > 40 ? 0.1 : 0.28,
    },
    y: {
      label: null,
      tickFormat: compactTick(unit),
      tickSize: 0,
      nice: true,
      ticks: Math.max(2, Math.floor(frame.height / 52)),
    },
    color: { domain: series.map((s) => s.name), range: series.map((s) => s.colour), type: "categorical" },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1, ticks: Math.max(2, Math.floor(frame.height / 52)) }),
      Plot.barY(own, {
        x: "x",
        y: "y",
        fill: stacked ? "series" : series.find((s) => !s.previous)!.colour,
        ...(stacked ? { order: series.map((s) => s.name), insetTop: 0.75 } : { rx: 1.5 }),
        href: hrefOf,
        title: "tip",
      }),
      before.length > 0
        ? Plot.tickY(before, {
            x: "x",
            y: "y",
            stroke: "var(--chart-ink-2)",
            strokeWidth: 2,
            insetLeft: -2,
            insetRight: -2,
          })
        : null,
      Plot.ruleY([0], { stroke: "var(--chart-axis)" }),
      frame.tips
        ? Plot.tip(
            own,
            Plot.pointerX({
              ...(stacked
                ? Plot.stackY({ x: "x", y: "y", z: "series", order: series.map((s) => s.name) })
                : { x: "x", y: "y" }),
              title: "tip",
              ...frame.tipStyle,
            }),
          )
        : null,
    ],
  };
};
