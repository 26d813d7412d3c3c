/** A heat map: two dimensions, one number, seven steps from least to most. */
import * as Plot from "@observablehq/plot";
import type { Value } from "../../../engine/model/query.ts";
import { memberLabels, membersOf, numberIn, periodTicks, textWidth } from "../axis.ts";
import { columnOf, isTime, type ChartSpec } from "../chart-spec.ts";
import { formatCompact, formatMember, formatValue } from "../format-value.ts";
import { HEAT_STEPS } from "../palette.ts";
import type { Frame } from "./frame.ts";

export const HEAT_ROW = 30;
const MOST = 40;

export const heatRows = (spec: ChartSpec): Value[] => membersOf(spec.rows, spec.series ?? spec.x).slice(0, MOST);

/** Dates come as text, whose order is theirs. */
const byText = (a: Value, b: Value): number => Number(String(a) > String(b)) - Number(String(a) < String(b));

export const heatChart = (spec: ChartSpec, frame: Frame): Plot.PlotOptions => {
  const across = columnOf(spec, spec.x),
    down = columnOf(spec, spec.series ?? spec.x),
    unit = columnOf(spec, spec.y[0]!);
  const time = isTime(across);
  const columns = time
    ? membersOf(spec.rows, across.name)
        .filter((v) => v !== null)
        .sort(byText)
    : membersOf(spec.rows, across.name).slice(0, MOST);
  const rows = heatRows(spec);
  const downLabels = memberLabels(rows, down, Math.min(170, frame.width * 0.3));
  const left = Math.ceil(Math.max(...[...downLabels.values()].map(textWidth))) + 14;
  const step = (frame.width - left - 4) / Math.max(1, columns.length);
  const acrossLabels = memberLabels(columns, across, Math.max(22, step - 6));
  const values = spec.rows.flatMap((row) => {
    const n = numberIn(row, unit.name);
    return n === null ? [] : [n];
  });
  const least = Math.min(...values),
    most = Math.max(...values);
  const middle = [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  // where a few cells outdo all others, roots keep the others apart
  const skewed = most - least > 6 * (middle - least);
  const stepOf = (n: number): number => {
    if (most === least) return 3;
    const part = (n - least) / (most - least);
    return Math.min(HEAT_STEPS - 1, Math.floor((skewed ? Math.sqrt(part) : part) * HEAT_STEPS));
  };
  const cells = spec.rows.flatMap((row, i) => {
    const value = numberIn(row, unit.name);
    const x = row[across.name] ?? null,
      y = row[down.name] ?? null;
    if (value === null || !columns.includes(x) || !rows.includes(y)) return [];
    return [
      {
        x: time ? String(x) : acrossLabels.get(x)!,
        y: downLabels.get(y)!,
        value,
        step: stepOf(value),
        href: spec.links?.[i] ?? null,
        tip: `${formatMember(y, down)} · ${formatMember(x, across)}\n${unit.title}  ${formatValue(value, unit)}`,
      },
    ];
  });
  const { ticks, format } = time
    ? periodTicks(columns.map(String), across.level, frame.width - left)
    : { ticks: [...acrossLabels.values()], format: (v: string) => v };
  const room = step - 6;
  return {
    width: frame.width,
    height: frame.height,
    marginLeft: left,
    marginRight: 4,
    marginTop: 2,
    marginBottom: 34,
    x: {
      type: "band",
      label: null,
      domain: time ? columns.map(String) : [...acrossLabels.values()],
      ticks,
      tickFormat: format,
      tickSize: 0,
      tickPadding: 8,
      padding: 0,
    },
    y: { type: "band", label: null, domain: [...downLabels.values()], tickSize: 0, tickPadding: 8, padding: 0 },
    marks: [
      Plot.cell(cells, {
        x: "x",
        y: "y",
        fill: (c: { step: number }) => `var(--heat-${c.step})`,
        inset: 1,
        rx: 2,
        href: "href",
        title: "tip",
      }),
      Plot.text(cells, {
        x: "x",
        y: "y",
        text: (c: { value: number }) => formatCompact(c.value, unit),
        filter: (c: { value: number }) => textWidth(formatCompact(c.value, unit)) <= room,
        fill: (c: { step: number }) => `var(--heat-ink-${c.step})`,
        fontVariant: "tabular-nums",
        pointerEvents: "none",
      }),
      frame.tips
        ? Plot.tip(cells, Plot.pointer({ x: "x", y: "y", title: "tip", maxRadius: 60, ...frame.tipStyle }))
        : null,
    ],
    color: { type: "identity" },
  };
};
