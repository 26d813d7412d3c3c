/** Picks a sensible chart from a result's columns. */
import type { ChartKind } from "../../engine/model/declarations.ts";
import type { Column, Result } from "../../engine/model/query.ts";
import { isTime, type ChartSpec } from "./chart-spec.ts";
import { formatMember } from "./format-value.ts";
import { SERIES } from "./palette.ts";

const DERIVED = /\.(previous|change|change_rate)$/;
const distinct = (result: Pick<Result, "rows">, name: string): number =>
  new Set(result.rows.map((row) => row[name])).size;
/** Numbers whose parts make a whole can be stacked; rates, medians and overlapping groups cannot. */
const stacks = (column: Column): boolean =>
  column.overlapping !== true && ["currency", "integer", "number"].includes(column.format ?? "number");

const kindOf = (
  result: Pick<Result, "rows">,
  dimensions: readonly Column[],
  measures: readonly Column[],
): ChartKind => {
  const [first, second] = dimensions as [Column, Column | undefined];
  if (!second) {
    if (isTime(first)) return "line";
    return measures.length === 2 && measures[0]?.format !== measures[1]?.format && distinct(result, first.name) > 12
      ? "scatter"
      : "bar";
  }
  const time = dimensions.find(isTime);
  const other = time === first ? second : first;
  // cities within countries: each belongs to one, so there is nothing to compare across
  if (
    !time &&
    result.rows.length > 1 &&
    distinct(result, first.name) > 1 &&
    distinct(result, second.name) >= result.rows.length
  )
    return "bar";
  if (time && !(isTime(first) && isTime(second))) {
    if (distinct(result, other.name) > SERIES) return "heatmap";
    return stacks(measures[0]!) && distinct(result, time.name) <= 8 ? "stacked_bar" : "line";
  }
  return stacks(measures[0]!) && distinct(result, second.name) <= SERIES && !time ? "stacked_bar" : "heatmap";
};

/**
 * Two dimensions as one: plain bars of regions within countries say `North · Germany`, the part that tells them apart
 * first.
 */
const joined = (
  result: Pick<Result, "columns" | "rows">,
  first: Column,
  second: Column,
): Pick<Result, "columns" | "rows"> => {
  const name = `${first.name}+${second.name}`;
  return {
    columns: [
      { ...second, name, type: "string", title: `${second.title}, ${first.title}` },
      ...result.columns.filter((c) => c.kind === "measure"),
    ],
    rows: result.rows.map((row) => ({
      ...row,
      [name]: `${formatMember(row[second.name], second)} · ${formatMember(row[first.name], first)}`,
    })),
  };
};

/**
 * The chart for a result; null where there is nothing to draw (no dimension, no measure, or more than two dimensions).
 * `wanted` is taken where the columns allow it, else the nearest that they do.
 */
export const chooseChart = (
  result: Pick<Result, "columns" | "rows">,
  title: string,
  wanted?: ChartKind,
): ChartSpec | null => {
  const dimensions = result.columns.filter((c) => c.kind === "dimension");
  const measures = result.columns.filter((c) => c.kind === "measure" && !DERIVED.test(c.name));
  const [first, second] = dimensions;
  const measure = measures[0];
  if (!first || !measure || dimensions.length > 2) return null;
  if (second && second.name === first.name) return null;
  let kind = wanted ?? kindOf(result, dimensions, measures);
  if (kind === "bar" && second && !dimensions.some(isTime))
    return chooseChart(joined(result, first, second), title, "bar");
  if (kind === "heatmap" && !second) kind = "bar";
  if (kind === "scatter" && (measures.length < 2 || second)) kind = second ? "heatmap" : "bar";
  if ((kind === "line" || kind === "area") && !dimensions.some(isTime)) kind = second ? "stacked_bar" : "bar";
  const base = { kind, title, columns: result.columns, rows: result.rows };
  if (kind === "scatter") return { ...base, x: first.name, y: [measure.name, measures[1]!.name] };
  const time = dimensions.find(isTime);
  // a heat map lays its first dimension down the side, where long names find room
  const x = time ?? (kind === "heatmap" ? second! : first);
  const series = dimensions.find((d) => d !== x);
  // one axis carries one unit: further measures join only where they share it
  const y = series
    ? [measure.name]
    : measures
        .filter((m) => (m.format ?? "number") === (measure.format ?? "number"))
        .slice(0, 4)
        .map((m) => m.name);
  return { ...base, x: x.name, y, ...(series && { series: series.name }) };
};
