/**
 * A bridge from one total to another: each contribution begins where the one before it ended. Drawn by the server
 * alone.
 */
import * as Plot from "@observablehq/plot";
import type { Plot as ReportPlot } from "../../engine/mining/index.ts";
import type { Column, Row } from "../../engine/model/query.ts";
import type { Catalogue } from "../i18n/catalogue.ts";
import { charts } from "../i18n/en/charts.ts";
import { compactTick, numberIn, shorten, textWidth } from "./axis.ts";
import { plotSvg } from "./chart-svg.ts";
import { formatCompact, formatMember, formatValue } from "./format-value.ts";

export interface BridgeSpec {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly plot: Extract<ReportPlot, { kind: "bridge" }>;
}

interface Bar {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly fill: string;
  readonly tip: string;
}

const ROW = 26;

export interface BridgeOptions {
  /** pixels */
  readonly width: number;
  /** texts in the picture; default English */
  readonly words?: Pick<Catalogue["charts"], "before" | "after">;
}

export const bridgeSvg = (spec: BridgeSpec, { width, words = charts }: BridgeOptions): string => {
  const { plot } = spec;
  const step = spec.columns.find((c) => c.name === plot.step)!,
    unit = spec.columns.find((c) => c.name === plot.value)!;
  let at = plot.from;
  const bars: Bar[] = [
    {
      name: words.before,
      from: 0,
      to: plot.from,
      value: plot.from,
      fill: "var(--series-8)",
      tip: `${words.before}  ${formatValue(plot.from, unit)}`,
    },
  ];
  for (const row of spec.rows) {
    const value = numberIn(row, plot.value) ?? 0;
    const name = formatMember(row[plot.step] ?? null, step);
    bars.push({
      name,
      from: at,
      to: at + value,
      value,
      fill: value < 0 === (unit.better === "down") ? "var(--good)" : "var(--bad)",
      tip: `${name}\n${unit.title}  ${formatValue(value, unit)}`,
    });
    at += value;
  }
  bars.push({
    name: words.after,
    from: 0,
    to: plot.until,
    value: plot.until,
    fill: "var(--series-1)",
    tip: `${words.after}  ${formatValue(plot.until, unit)}`,
  });
  const keyed = bars.map((bar, i) => ({ ...bar, key: `${i}`, label: shorten(bar.name, 230) }));
  const left = Math.ceil(Math.max(...keyed.map((b) => textWidth(b.label)))) + 14;
  const ends = bars
    .slice(1, -1)
    .flatMap((b) => [b.from, b.to])
    .concat(plot.from, plot.until);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  // totals are cut where the changes would else be too small to see
  const floor = least > 0 && least > 0.6 * most ? least - (most - least) * 0.35 : Math.min(0, least);
  const room = (most - floor) * 0.14;
  return plotSvg(
    {
      width,
      height: keyed.length * ROW + 34,
      marginLeft: left,
      marginRight: 12,
      marginTop: 4,
      marginBottom: 28,
      x: {
        label: null,
        domain: [floor, most + room],
        tickFormat: compactTick(unit),
        tickSize: 0,
        tickPadding: 8,
        ticks: Math.max(3, Math.floor(width / 120)),
      },
      y: {
        type: "band",
        label: null,
        domain: keyed.map((b) => b.key),
        tickFormat: (key: string) => keyed[Number(key)]!.label,
        tickSize: 0,
        padding: 0.28,
      },
      marks: [
        Plot.gridX({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
        Plot.barX(keyed, {
          y: "key",
          x1: (b: Bar) => Math.max(floor, Math.min(b.from, b.to)),
          x2: (b: Bar) => Math.max(b.from, b.to),
          fill: "fill",
          rx: 2,
          title: "tip",
        }),
        Plot.text(keyed, {
          y: "key",
          x: (b: Bar) => Math.max(b.from, b.to),
          dx: 6,
          textAnchor: "start",
          text: (b: Bar) =>
            `${b === keyed[0] || b === keyed.at(-1) || b.value < 0 ? "" : "+"}${formatCompact(b.value, unit)}`,
          fill: "var(--chart-ink-2)",
          fontVariant: "tabular-nums",
        }),
      ],
    },
    `${spec.title}: from ${formatCompact(plot.from, unit)} to ${formatCompact(plot.until, unit)} in ` +
      `${spec.rows.length} steps.`,
  );
};
