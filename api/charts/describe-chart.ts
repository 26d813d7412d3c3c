/** A chart in one sentence, for readers who do not see it. */
import { numberIn } from "./axis.ts";
import { columnOf, type ChartSpec } from "./chart-spec.ts";
import { formatMember, formatValue } from "./format-value.ts";

const NAMES = {
  line: "Line chart",
  area: "Area chart",
  bar: "Bar chart",
  stacked_bar: "Stacked bar chart",
  heatmap: "Heat map",
  scatter: "Scatter plot",
} as const;

/** `Revenue by month. Line chart, 12 values from $1.00 (Jan 2025) to $9.00 (Dec 2025).` */
export const describeChart = (spec: ChartSpec): string => {
  const measure = columnOf(spec, spec.y[0]!),
    x = columnOf(spec, spec.x);
  let least: { value: number; at: string } | undefined, most: { value: number; at: string } | undefined;
  let count = 0;
  for (const row of spec.rows) {
    const value = numberIn(row, measure.name);
    if (value === null) continue;
    count++;
    const at =
      formatMember(row[x.name] ?? null, x) +
      (spec.series ? `, ${formatMember(row[spec.series] ?? null, columnOf(spec, spec.series))}` : "");
    if (!least || value < least.value) least = { value, at };
    if (!most || value > most.value) most = { value, at };
  }
  const range =
    least && most
      ? `, ${count} values of ${measure.title} from ${formatValue(least.value, measure)} (${least.at})` +
        ` to ${formatValue(most.value, measure)} (${most.at})`
      : ", no values";
  return `${spec.title}. ${NAMES[spec.kind]}${range}.`;
};
