/** A chart's rows as points, one per row and series; the compared period is a muted series of its own. */
import type { Column, Row, Value } from "../../engine/model/query.ts";
import { charts } from "../i18n/en/charts.ts";
import { membersOf, numberIn } from "./axis.ts";
import { columnOf, type ChartSpec } from "./chart-spec.ts";
import { formatMember, formatValue } from "./format-value.ts";
import { seriesColour } from "./palette.ts";

export interface Point {
  readonly x: Value;
  readonly y: number | null;
  readonly series: string;
  readonly previous: boolean;
  /** index of its row */
  readonly row: number;
  readonly href: string | null;
  readonly tip: string;
}

export const hrefOf = (p: Point): string | null => p.href;

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly previous: boolean;
}

export interface Plotted {
  readonly points: readonly Point[];
  readonly series: readonly Series[];
  /** the y axis' column */
  readonly unit: Column;
}

const tipOf = (spec: ChartSpec, row: Row, measure: Column, series: string | undefined): string => {
  const x = columnOf(spec, spec.x);
  const lines = [
    formatMember(row[spec.x] ?? null, x) + (series === undefined ? "" : ` · ${series}`),
    `${measure.title}  ${formatValue(row[measure.name], measure)}`,
  ];
  const { tipBefore, tipChange } = spec.words ?? charts;
  for (const [suffix, label] of [
    ["previous", tipBefore],
    ["change_rate", tipChange],
  ] as const) {
    const column = spec.columns.find((c) => c.name === `${measure.name}.${suffix}`);
    if (column && row[column.name] !== undefined && row[column.name] !== null)
      lines.push(`${label}  ${formatValue(row[column.name], column)}`);
  }
  return lines.join("\n");
};

/** Spreads the rows out by series dimension or by measure. `withPrevious` adds the compared period's points. */
export const plotted = (spec: ChartSpec, withPrevious: boolean): Plotted => {
  const unit = columnOf(spec, spec.y[0]!);
  const points: Point[] = [];
  const series: Series[] = [];
  const href = (row: number): string | null => spec.links?.[row] ?? null;
  const compared =
    withPrevious &&
    spec.series === undefined &&
    spec.y.length === 1 &&
    spec.columns.some((c) => c.name === `${unit.name}.previous`);
  if (compared) {
    const { before } = spec.words ?? charts;
    series.push({ name: before, colour: "var(--previous)", previous: true });
    spec.rows.forEach((row, i) =>
      points.push({
        x: row[spec.x] ?? null,
        y: numberIn(row, `${unit.name}.previous`),
        series: before,
        previous: true,
        row: i,
        href: null,
        tip: tipOf(spec, row, unit, undefined),
      }),
    );
  }
  if (spec.series !== undefined) {
    const column = columnOf(spec, spec.series);
    membersOf(spec.rows, spec.series).forEach((member, i) =>
      series.push({ name: formatMember(member, column), colour: seriesColour(i), previous: false }),
    );
    spec.rows.forEach((row, i) => {
      const name = formatMember(row[spec.series!] ?? null, column);
      points.push({
        x: row[spec.x] ?? null,
        y: numberIn(row, unit.name),
        series: name,
        previous: false,
        row: i,
        href: href(i),
        tip: tipOf(spec, row, unit, name),
      });
    });
    return { points, series, unit };
  }
  for (const [i, name] of spec.y.entries()) {
    const measure = columnOf(spec, name);
    series.push({ name: measure.title, colour: seriesColour(i), previous: false });
    spec.rows.forEach((row, r) =>
      points.push({
        x: row[spec.x] ?? null,
        y: numberIn(row, name),
        series: measure.title,
        previous: false,
        row: r,
        href: href(r),
        tip: tipOf(spec, row, measure, undefined),
      }),
    );
  }
  return { points, series, unit };
};

/** What the legend shows; empty where one series needs none. */
export const legendOf = (spec: ChartSpec): readonly Series[] => {
  if (spec.kind === "heatmap" || spec.kind === "scatter" || spec.rows.length === 0) return [];
  const { series } = plotted(spec, true);
  return series.length > 1 ? [...series].sort((a, b) => Number(a.previous) - Number(b.previous)) : [];
};
