/** A scatter plot: one dot a member, two measures; the outermost members are named where there is room. */
import * as Plot from "@observablehq/plot";
import { compactTick, numberIn, numberMargin, shorten, textWidth } from "../axis.ts";
import { columnOf, type ChartSpec } from "../chart-spec.ts";
import { formatMember, formatValue } from "../format-value.ts";
import type { Frame } from "./frame.ts";

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly href: string | null;
  readonly tip: string;
}

type Domain = readonly [number, number];

/** The numbers' span with room around it; from zero where it begins near. */
const domainOf = (values: readonly number[]): Domain => {
  const least = Math.min(...values),
    most = Math.max(...values);
  const room = (most - least) * 0.06 || Math.abs(most) * 0.1 || 1;
  return [least >= 0 && least < (most - least) * 0.35 ? 0 : least - room, most + room];
};

/** Labels that touch neither each other nor a dot, the outermost dots first. */
const labelled = (dots: readonly Dot[], frame: Frame, x: Domain, y: Domain, left: number): Set<Dot> => {
  const at = (d: Dot): { readonly x: number; readonly y: number } => ({
    x: left + ((d.x - x[0]) / (x[1] - x[0])) * (frame.width - left - 16),
    y: 24 + (1 - (d.y - y[0]) / (y[1] - y[0])) * (frame.height - 66),
  });
  const boxes = dots.map((d) => ({ x: at(d).x - 5, y: at(d).y, width: 10 }));
  const chosen = new Set<Dot>();
  const share = (d: Dot): number => Math.max((d.x - x[0]) / (x[1] - x[0]), (d.y - y[0]) / (y[1] - y[0]));
  for (const dot of [...dots].sort((a, b) => share(b) - share(a))) {
    const box = { x: at(dot).x + 6, y: at(dot).y, width: textWidth(dot.label) + 6 };
    if (
      box.x + box.width > frame.width ||
      boxes.some((b) => Math.abs(b.y - box.y) < 12 && box.x < b.x + b.width && b.x < box.x + box.width)
    )
      continue;
    boxes.push(box);
    chosen.add(dot);
    if (chosen.size === 24) break;
  }
  return chosen;
};

export const scatterChart = (spec: ChartSpec, frame: Frame): Plot.PlotOptions => {
  const x = columnOf(spec, spec.y[0]!),
    y = columnOf(spec, spec.y[1]!),
    member = columnOf(spec, spec.x);
  const dots: Dot[] = spec.rows.flatMap((row, i) => {
    const a = numberIn(row, x.name),
      b = numberIn(row, y.name);
    if (a === null || b === null) return [];
    const label = formatMember(row[member.name] ?? null, member);
    return [
      {
        x: a,
        y: b,
        label: shorten(label, 120),
        href: spec.links?.[i] ?? null,
        tip: `${label}\n${x.title}  ${formatValue(a, x)}\n${y.title}  ${formatValue(b, y)}`,
      },
    ];
  });
  const across = domainOf(dots.map((d) => d.x)),
    up = domainOf(dots.map((d) => d.y));
  const left = numberMargin(up[0], up[1], y);
  const names = labelled(dots, frame, across, up, left);
  return {
    width: frame.width,
    height: frame.height,
    marginLeft: left,
    marginRight: 16,
    marginTop: 24,
    marginBottom: 42,
    x: {
      label: `${x.title} →`,
      labelAnchor: "right",
      labelOffset: 36,
      tickFormat: compactTick(x),
      tickSize: 0,
      tickPadding: 8,
      domain: across,
      ticks: Math.max(3, Math.floor(frame.width / 110)),
    },
    y: {
      label: `↑ ${y.title}`,
      labelAnchor: "top",
      tickFormat: compactTick(y),
      tickSize: 0,
      domain: up,
      ticks: Math.max(2, Math.floor(frame.height / 60)),
    },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.gridX({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.dot(dots, {
        x: "x",
        y: "y",
        r: 4.5,
        fill: "var(--series-1)",
        fillOpacity: 0.65,
        stroke: "var(--chart-surface)",
        strokeWidth: 0.75,
        href: "href",
        title: "tip",
      }),
      Plot.text(
        dots.filter((d) => names.has(d)),
        {
          x: "x",
          y: "y",
          text: "label",
          textAnchor: "start",
          dx: 8,
          fill: "var(--chart-ink-2)",
          stroke: "var(--chart-surface)",
          strokeWidth: 3,
        },
      ),
      frame.tips
        ? Plot.tip(dots, Plot.pointer({ x: "x", y: "y", title: "tip", maxRadius: 40, ...frame.tipStyle }))
        : null,
    ],
  };
};
