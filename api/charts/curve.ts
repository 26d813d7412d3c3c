/**
 * Lines over numbers or days, with bands, steps and the diagonal: calibration, gain, survival, forecasts. Drawn by
 * the server alone.
 */
import * as Plot from "@observablehq/plot";
import type { Plot as ReportPlot } from "../../engine/mining/index.ts";
import type { Column, Row } from "../../engine/model/query.ts";
import { compactTick, membersOf, numberIn, numberMargin, periodTicks } from "./axis.ts";
import { plotSvg } from "./chart-svg.ts";
import { formatCompact, formatMember, formatValue } from "./format-value.ts";
import { seriesColour } from "./palette.ts";

export interface CurveSpec {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly plot: Extract<ReportPlot, { kind: "curve" }>;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly name: string;
  readonly tip: string;
}

const columnNamed = ({ columns }: CurveSpec, name: string): Column =>
  columns.find((c) => c.name === name) ?? { name, kind: "measure", type: "number", title: name };
/** Beyond this many a dot a point says nothing more. */
const MOST_DOTS = 60;

/** What a curve's lines are called, with their colours; one line needs no legend. */
export const curveLegend = (spec: CurveSpec): readonly { readonly name: string; readonly colour: string }[] => {
  const names = namesOf(spec);
  return names.length < 2 ? [] : names.map((name, i) => ({ name, colour: seriesColour(i) }));
};

const namesOf = (spec: CurveSpec): string[] =>
  spec.plot.series === undefined
    ? spec.plot.y.map((y) => columnNamed(spec, y).title)
    : membersOf(spec.rows, spec.plot.series).map((v) => formatMember(v, columnNamed(spec, spec.plot.series!)));

export const curveSvg = (
  spec: CurveSpec,
  { width, height = 260 }: { readonly width: number; readonly height?: number },
): string => {
  const { plot, rows } = spec;
  const across = columnNamed(spec, plot.x);
  const dated = across.type === "date";
  const place = (value: unknown): number => (dated ? Date.parse(`${String(value)}T00:00:00Z`) : Number(value));
  const names = namesOf(spec);
  const unit = columnNamed(spec, plot.y[0]!);
  const bandTip = (low: number, high: number, column: Column): string =>
    [low, high]
      .map((value, i) => `${columnNamed(spec, plot.band![i]!).title} ${formatCompact(value, column)}`)
      .join(" ");
  const pointsOf = (y: string, name: (row: Row) => string): Point[] =>
    rows.flatMap((row) => {
      const value = numberIn(row, y);
      const [low, high] =
        plot.band && y === plot.y[plot.y.length - 1]
          ? [numberIn(row, plot.band[0]), numberIn(row, plot.band[1])]
          : [null, null];
      if (value === null) return [];
      const column = columnNamed(spec, y);
      return [
        {
          x: place(row[plot.x]),
          y: value,
          low,
          high,
          name: name(row),
          tip:
            `${formatMember(row[plot.x] ?? null, across)}\n${name(row)}  ${formatValue(value, column)}` +
            (low !== null && high !== null ? `\n${bandTip(low, high, column)}` : ""),
        },
      ];
    });
  const points =
    plot.series === undefined
      ? plot.y.flatMap((y) => pointsOf(y, () => columnNamed(spec, y).title))
      : pointsOf(plot.y[0]!, (row) => formatMember(row[plot.series!] ?? null, columnNamed(spec, plot.series!)));
  if (points.length === 0) return "";
  const colourOf = (p: { readonly name: string }): string => seriesColour(names.indexOf(p.name));
  const values = points.flatMap((p) => [p.y, ...(p.low === null ? [] : [p.low]), ...(p.high === null ? [] : [p.high])]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const left = numberMargin(Math.min(0, least), most, unit);
  const days = dated ? membersOf(rows, plot.x).map(String).sort() : [];
  const { ticks, format } = periodTicks(days, across.level, width - left - 16);
  const byTime = new Map(ticks.map((t) => [place(t), t]));
  const far = least > 0.4 * most;
  const curve = plot.step ? "step-after" : "linear";
  const ends = points.map((p) => p.x);
  const marked = plot.mark === undefined ? [] : [{ x: place(plot.mark.at), words: plot.mark.words }];
  const corners: readonly [number, number] = [
    Math.max(Math.min(...ends), least),
    Math.min(Math.max(...ends), Math.max(most, ...(plot.diagonal ? ends : []))),
  ];
  return plotSvg(
    {
      width,
      height,
      marginLeft: left + 4,
      marginRight: 18,
      marginTop: marked.length > 0 ? 22 : 12,
      marginBottom: 40,
      x: dated
        ? {
            type: "utc",
            label: null,
            ticks: ticks.map((t) => new Date(place(t))),
            tickFormat: (d: Date) => format(byTime.get(d.getTime()) ?? ""),
            tickSize: 0,
            tickPadding: 8,
          }
        : {
            type: "linear",
            label: `${across.title} →`,
            labelAnchor: "right",
            labelOffset: 34,
            tickFormat: compactTick(across),
            tickSize: 0,
            tickPadding: 8,
            ticks: Math.max(3, Math.floor(width / 90)),
          },
      y: {
        label: null,
        tickFormat: compactTick(unit),
        tickSize: 0,
        zero: !far,
        nice: true,
        ticks: Math.max(2, Math.floor(height / 52)),
      },
      marks: [
        Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1, ticks: Math.max(2, Math.floor(height / 52)) }),
        ...(plot.diagonal
          ? [
              Plot.link([corners], {
                x1: "0",
                y1: "0",
                x2: "1",
                y2: "1",
                stroke: "var(--previous)",
                strokeDasharray: "3,3",
              }),
            ]
          : []),
        ...names.map((name, i) =>
          Plot.areaY(
            points.filter((p) => p.name === name && p.low !== null),
            {
              x: dated ? (p: Point) => new Date(p.x) : "x",
              y1: "low",
              y2: "high",
              fill: seriesColour(i),
              fillOpacity: 0.14,
              curve,
            },
          ),
        ),
        ...(least < 0 || !far ? [Plot.ruleY([0], { stroke: "var(--chart-axis)" })] : []),
        ...marked.flatMap((m) => [
          Plot.ruleX([m], {
            x: dated ? () => new Date(m.x) : "x",
            stroke: "var(--chart-ink-2)",
            strokeDasharray: "2,3",
          }),
          Plot.text([m], {
            x: dated ? () => new Date(m.x) : "x",
            frameAnchor: "top",
            dy: -12,
            text: "words",
            fill: "var(--chart-ink-2)",
          }),
        ]),
        ...names.map((name, i) =>
          Plot.lineY(
            points.filter((p) => p.name === name),
            {
              x: dated ? (p: Point) => new Date(p.x) : "x",
              y: "y",
              stroke: seriesColour(i),
              strokeWidth: 1.75,
              strokeLinejoin: "round",
              curve,
            },
          ),
        ),
        Plot.dot(points, {
          x: dated ? (p: Point) => new Date(p.x) : "x",
          y: "y",
          r: points.length <= MOST_DOTS && !plot.step ? 3 : 6,
          fill: points.length <= MOST_DOTS && !plot.step ? colourOf : "transparent",
          title: "tip",
        }),
      ],
    },
    `${spec.title}: ${names.join(", ")} by ${across.title}, ${formatCompact(least, unit)} to ` +
      `${formatCompact(most, unit)}.`,
  );
};
