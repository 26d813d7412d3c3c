/** Lines and areas along time. */
import * as Plot from "@observablehq/plot";
import { membersOf, numberMargin, periodTicks, compactTick } from "../axis.ts";
import { columnOf, type ChartSpec } from "../chart-spec.ts";
import { plotted } from "../series.ts";
import type { Frame } from "./frame.ts";

const instant = (iso: string): Date =>
  new Date(/[T ]/.test(iso) ? `${iso.replace(" ", "T").replace(/Z?$/, "Z")}` : `${iso}T00:00:00Z`);

interface Dated {
  readonly date: Date;
  readonly y: number | null;
  readonly series: string;
  readonly previous: boolean;
  readonly tip: string;
}

/** One tip a period, telling all series; a dot on each line. */
const tips = (points: readonly Dated[], names: readonly string[], area: boolean, frame: Frame): Plot.Markish[] => {
  const own = points.filter((p) => !p.previous && p.y !== null);
  const periods = new Map<number, Dated[]>();
  for (const p of own) periods.set(p.date.getTime(), [...(periods.get(p.date.getTime()) ?? []), p]);
  const told = [...periods.values()].map((at) => {
    const [head = "", ...rest] = at[0]!.tip.split("\n");
    if (at.length === 1) return { date: at[0]!.date, y: at[0]!.y, tip: at[0]!.tip };
    const lines = at.map((p) => {
      const [first = "", second = ""] = p.tip.split("\n");
      return first.includes(" · ")
        ? `${first.slice(first.indexOf(" · ") + 3)}  ${second.split("  ").at(-1) ?? ""}`
        : second;
    });
    const total = at.reduce((sum, p) => sum + (p.y ?? 0), 0);
    return {
      date: at[0]!.date,
      y: area ? total : Math.max(...at.map((p) => p.y ?? 0)),
      tip: [head.split(" · ")[0], ...(rest.length > 0 ? lines : [])].join("\n"),
    };
  });
  return [
    Plot.ruleX(told, Plot.pointerX({ x: "date", stroke: "var(--chart-axis)" })),
    ...(area
      ? []
      : names.map((name) =>
          Plot.dot(
            own.filter((p) => p.series === name),
            Plot.pointerX({
              x: "date",
              y: "y",
              fill: "series",
              stroke: "var(--chart-surface)",
              strokeWidth: 1.5,
              r: 4,
            }),
          ),
        )),
    Plot.tip(told, Plot.pointerX({ x: "date", y: "y", title: "tip", ...frame.tipStyle })),
  ];
};

/** A line chart, or with kind `area` a stacked one. Rates may leave zero out of sight; amounts may not. */
export const lineChart = (spec: ChartSpec, frame: Frame): Plot.PlotOptions => {
  const x = columnOf(spec, spec.x);
  const area = spec.kind === "area";
  const { points, series, unit } = plotted(spec, !area);
  const drawn = points
    .filter((p) => typeof p.x === "string")
    .map((p) => ({ ...p, date: instant(String(p.x)) }))
    .sort((a, b) => a.date.getTime() - b.date.getTime());
  const periods = membersOf(spec.rows, spec.x)
    .filter((v): v is string => typeof v === "string")
    .sort();
  const values = drawn.flatMap((p) => (p.y === null ? [] : [p.y]));
  const stackedTop = area
    ? Math.max(0, ...periods.map((period) => drawn.reduce((sum, p) => (p.x === period ? sum + (p.y ?? 0) : sum), 0)))
    : 0;
  const least = Math.min(...values),
    most = Math.max(...values, stackedTop);
  const rate = unit.format === "percent" && !area && least > 0.4 * most;
  const left = numberMargin(rate ? least : Math.min(0, least), most, unit);
  const { ticks, format } = periodTicks(periods, x.level, frame.width - left - 16);
  const byTime = new Map(ticks.map((t) => [instant(t).getTime(), t]));
  const single = periods.length === 1;
  return {
    width: frame.width,
    height: frame.height,
    marginLeft: left,
    marginRight: 16,
    marginTop: 12,
    marginBottom: 36,
    x: {
      type: "utc",
      label: null,
      ticks: ticks.map(instant),
      tickFormat: (d: Date) => format(byTime.get(d.getTime()) ?? ""),
      tickSize: 0,
      tickPadding: 8,
    },
    y: {
      label: null,
      ticks: Math.max(2, Math.floor(frame.height / 52)),
      tickFormat: compactTick(unit),
      tickSize: 0,
      zero: !rate,
      nice: true,
      insetTop: 2,
    },
    color: { domain: series.map((s) => s.name), range: series.map((s) => s.colour), type: "categorical" },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1, ticks: Math.max(2, Math.floor(frame.height / 52)) }),
      ...(area
        ? [
            Plot.areaY(drawn, {
              x: "date",
              y: "y",
              z: "series",
              fill: "series",
              fillOpacity: 0.85,
              order: series.map((s) => s.name),
            }),
          ]
        : [
            ...(series.length === 1 && !single && !rate
              ? [Plot.areaY(drawn, { x: "date", y: "y", fill: series[0]!.colour, fillOpacity: 0.07 })]
              : []),
            Plot.lineY(
              drawn.filter((p) => p.previous),
              {
                x: "date",
                y: "y",
                stroke: "var(--previous)",
                strokeWidth: 1.5,
                strokeDasharray: "2,3",
                strokeLinecap: "round",
              },
            ),
            Plot.lineY(
              drawn.filter((p) => !p.previous),
              {
                x: "date",
                y: "y",
                z: "series",
                stroke: "series",
                strokeWidth: 1.75,
                strokeLinejoin: "round",
                strokeLinecap: "round",
              },
            ),
            ...(periods.length <= 40
              ? [
                  Plot.dot(
                    drawn.filter((p) => !p.previous),
                    {
                      x: "date",
                      y: "y",
                      r: single ? 4 : 9,
                      fill: single ? "series" : "transparent",
                      href: (p: { href: string | null }) => p.href,
                      title: "tip",
                    },
                  ),
                ]
              : []),
          ]),
      rate ? null : Plot.ruleY([0], { stroke: "var(--chart-axis)" }),
      ...(frame.tips
        ? tips(
            drawn,
            series.map((s) => s.name),
            area,
            frame,
          )
        : []),
    ],
  };
};
