/**
 * A Sankey picture: what flows from one step to the next. Ribbons are as thick as what flows. Drawn by the server
 * alone.
 */
import * as Plot from "@observablehq/plot";
import type { Plot as ReportPlot } from "../../engine/mining/index.ts";
import type { Column, Row } from "../../engine/model/query.ts";
import { numberIn, shorten } from "./axis.ts";
import { plotSvg } from "./chart-svg.ts";
import { formatCompact, formatMember, formatValue } from "./format-value.ts";
import { seriesColour } from "./palette.ts";

export interface FlowSpec {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly plot: Extract<ReportPlot, { kind: "flow" }>;
}

const GAP = 8;
const NODE = 10;
/** `2 · E-mail`: the step before the name, so that a member can come again at a later step. */
const stepOf = (name: string): number => Number(/^(\d+) · /.exec(name)?.[1] ?? 1);
const bare = (name: string): string => name.replace(/^\d+ · /, "");

interface Node {
  readonly name: string;
  readonly step: number;
  readonly size: number;
  y: number;
  out: number;
  into: number;
}
interface Ribbon {
  readonly from: Node;
  readonly to: Node;
  readonly value: number;
  readonly y1: number;
  readonly y2: number;
  readonly thick: number;
  readonly tip: string;
}

export const flowSvg = (
  spec: FlowSpec,
  { width, height = 360 }: { readonly width: number; readonly height?: number },
): string => {
  const { plot, columns } = spec;
  const unit = columns.find((c) => c.name === plot.value)!;
  const from = columns.find((c) => c.name === plot.from)!;
  const links = spec.rows.flatMap((row) => {
    const value = numberIn(row, plot.value);
    return value === null || value <= 0
      ? []
      : [{ from: formatMember(row[plot.from] ?? null, from), to: formatMember(row[plot.to] ?? null, from), value }];
  });
  if (links.length === 0) return "";
  const sums = (side: "from" | "to"): Map<string, number> =>
    links.reduce((m, l) => m.set(l[side], (m.get(l[side]) ?? 0) + l.value), new Map<string, number>());
  const [out, into] = [sums("from"), sums("to")];
  const nodes = new Map(
    [...new Set(links.flatMap((l) => [l.from, l.to]))].map((name) => [
      name,
      {
        name,
        step: stepOf(name),
        size: Math.max(out.get(name) ?? 0, into.get(name) ?? 0),
        y: 0,
        out: 0,
        into: 0,
      } satisfies Node as Node,
    ]),
  );
  const steps = [...new Set([...nodes.values()].map((n) => n.step))].sort((a, b) => a - b);
  const most = Math.max(
    ...steps.map((s) => [...nodes.values()].filter((n) => n.step === s).reduce((sum, n) => sum + n.size, 0)),
  );
  const crowd = Math.max(...steps.map((s) => [...nodes.values()].filter((n) => n.step === s).length));
  const scale = (height - 24 - GAP * (crowd - 1)) / most;
  for (const step of steps) {
    let y = 12;
    for (const node of [...nodes.values()]
      .filter((n) => n.step === step)
      .sort((a, b) => b.size - a.size || a.name.localeCompare(b.name))) {
      node.y = y;
      y += node.size * scale + GAP;
    }
  }
  const at = (step: number): number => 4 + (steps.indexOf(step) / Math.max(1, steps.length - 1)) * (width - 130);
  const ribbons = [...links]
    .sort((a, b) => nodes.get(a.from)!.y - nodes.get(b.from)!.y || nodes.get(a.to)!.y - nodes.get(b.to)!.y)
    .map((l): Ribbon => {
      const [a, b] = [nodes.get(l.from)!, nodes.get(l.to)!];
      const thick = l.value * scale;
      const ribbon = {
        from: a,
        to: b,
        value: l.value,
        y1: a.y + a.out + thick / 2,
        y2: b.y + b.into + thick / 2,
        thick,
        tip: `${bare(l.from)} → ${bare(l.to)}\n${unit.title}  ${formatValue(l.value, unit)}`,
      };
      a.out += thick;
      b.into += thick;
      return ribbon;
    });
  const names = [...new Set([...nodes.values()].map((n) => bare(n.name)))];
  const colour = (name: string): string => seriesColour(names.indexOf(bare(name)));
  const drawn = [...nodes.values()];
  return plotSvg(
    {
      width,
      height,
      margin: 0,
      x: { axis: null, domain: [0, width] },
      y: { axis: null, domain: [height, 0] },
      marks: [
        ...ribbons.map((r) =>
          Plot.link([r], {
            x1: () => at(r.from.step) + NODE,
            y1: "y1",
            x2: () => at(r.to.step),
            y2: "y2",
            curve: "bump-x",
            stroke: colour(r.from.name),
            strokeOpacity: 0.32,
            strokeWidth: Math.max(1, r.thick),
            title: "tip",
          }),
        ),
        Plot.rect(drawn, {
          x1: (n: Node) => at(n.step),
          x2: (n: Node) => at(n.step) + NODE,
          y1: "y",
          y2: (n: Node) => n.y + Math.max(1.5, n.size * scale),
          fill: (n: Node) => colour(n.name),
          title: (n: Node) => `${bare(n.name)}\n${unit.title}  ${formatValue(n.size, unit)}`,
        }),
        Plot.text(
          drawn.filter((n) => n.size * scale > 7),
          {
            x: (n: Node) => at(n.step) + NODE + 5,
            y: (n: Node) => n.y + (n.size * scale) / 2,
            text: (n: Node) => `${shorten(bare(n.name), 86)} ${formatCompact(n.size, unit)}`,
            textAnchor: "start",
            fill: "var(--chart-ink)",
            stroke: "var(--chart-surface)",
            strokeWidth: 3,
          },
        ),
      ],
    },
    `${spec.title}: ${links.length} flows between ${drawn.length} stops.`,
  );
};
