/** A scatter plot: one dot a member, two measures; the outermost members are named where there is room. */
import * as Plot from "@observablehq/plot";
import { compactTick, numberIn, numberMargin, shorten, textWidth } from "../axis.ts";
import { columnOf, type ChartSpec } from "../chart-spec.ts";
import { formatMember, formatValue } from "../format-value.ts";
import type { Frame } from "./frame.ts";

interface Dot { readonly x: number; readonly y: number; readonly label: string; readonly href: string | null; readonly tip: string }

/** Labels that do not touch each other, the largest dots first. */
const labelled = (dots: readonly Dot[], frame: Frame, most: { x: number; y: number }, left: number): Set<Dot> => {
  const boxes: { x: number; y: number; width: number }[] = [];
  const chosen = new Set<Dot>();
  const scale = (d: Dot): { x: number; y: number } => ({ x: left + (d.x / (most.x || 1)) * (frame.width - left - 30), y: (1 - d.y / (most.y || 1)) * (frame.height - 56) });
  for (const dot of [...dots].sort((a, b) => Math.max(b.x / most.x, b.y / most.y) - Math.max(a.x / most.x, a.y / most.y))) {
    const { x, y } = scale(dot);
    const width = textWidth(dot.label) + 10;
    if (x + width > frame.width || boxes.some((b) => Math.abs(b.y - y) < 14 && x < b.x + b.width && b.x < x + width)) continue;
    boxes.push({ x, y, width });
    chosen.add(dot);
    if (chosen.size === 14) break;
  }
  return chosen;
};

export const scatterChart = (spec: ChartSpec, frame: Frame): Plot.PlotOptions => {
  const x = columnOf(spec, spec.y[0]!), y = columnOf(spec, spec.y[1]!), member = columnOf(spec, spec.x);
  const dots: Dot[] = spec.rows.flatMap((row, i) => {
    const a = numberIn(row, x.name), b = numberIn(row, y.name);
    if (a === null || b === null) return [];
    const label = formatMember(row[member.name] ?? null, member);
    return [{ x: a, y: b, label: shorten(label, 120), href: spec.links?.[i] ?? null, tip: `${label}\n${x.title}  ${formatValue(a, x)}\n${y.title}  ${formatValue(b, y)}` }];
  });
  const most = { x: Math.max(...dots.map((d) => d.x)), y: Math.max(...dots.map((d) => d.y)) };
  const left = numberMargin(Math.min(0, ...dots.map((d) => d.y)), most.y, y);
  const names = labelled(dots, frame, most, left);
  return {
    width: frame.width, height: frame.height, marginLeft: left, marginRight: 16, marginTop: 24, marginBottom: 42,
    x: { label: `${x.title} →`, labelAnchor: "right", labelOffset: 36, tickFormat: compactTick(x), tickSize: 0, tickPadding: 8, nice: true, ticks: Math.max(3, Math.floor(frame.width / 110)) },
    y: { label: `↑ ${y.title}`, labelAnchor: "top", tickFormat: compactTick(y), tickSize: 0, nice: true, ticks: Math.max(2, Math.floor(frame.height / 60)) },
    marks: [
      Plot.gridY({ stroke: "var(--chart-grid)", strokeOpacity: 1 }), Plot.gridX({ stroke: "var(--chart-grid)", strokeOpacity: 1 }),
      Plot.dot(dots, { x: "x", y: "y", r: 4.5, fill: "var(--series-1)", fillOpacity: 0.65, stroke: "var(--chart-surface)", strokeWidth: 0.75, href: "href", title: "tip" }),
      Plot.text(dots.filter((d) => names.has(d)), { x: "x", y: "y", text: "label", textAnchor: "start", dx: 8, fill: "var(--chart-ink-2)", stroke: "var(--chart-surface)", strokeWidth: 3 }),
      frame.tips ? Plot.tip(dots, Plot.pointer({ x: "x", y: "y", title: "tip", maxRadius: 40, ...frame.tipStyle })) : null,
    ],
  };
};
