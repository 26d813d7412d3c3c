/** A small line without axes, as text: the last value has a dot, the compared period is dotted. */

export interface SparklineOptions {
  readonly width: number;
  readonly height: number;
  readonly colour?: string;
  readonly label: string;
}

const round = (n: number): string => String(Math.round(n * 10) / 10);

/** `values` in order of time; nulls are gaps. Empty where fewer than two values are known. */
export const sparkline = (
  values: readonly (number | null)[],
  { width, height, colour = "var(--series-1)", label }: SparklineOptions,
  before: readonly (number | null)[] = [],
): string => {
  const known = [...values, ...before].filter((v): v is number => v !== null);
  if (values.filter((v) => v !== null).length < 2) return "";
  const least = Math.min(...known),
    most = Math.max(...known);
  const pad = 4;
  const x = (i: number, n: number): number => pad + (i / Math.max(1, n - 1)) * (width - 2 * pad);
  const y = (v: number): number =>
    most === least ? height / 2 : pad + (1 - (v - least) / (most - least)) * (height - 2 * pad);
  const path = (series: readonly (number | null)[]): string => {
    let d = "",
      pen = false;
    series.forEach((v, i) => {
      if (v === null) {
        pen = false;
        return;
      }
      d += `${pen ? "L" : "M"}${round(x(i, values.length))},${round(y(v))}`;
      pen = true;
    });
    return d;
  };
  const last = values.findLastIndex((v) => v !== null);
  const first = values.findIndex((v) => v !== null);
  const [begin, end] = [first, last].map((i) => round(x(i, values.length)));
  const line = path(values);
  const gaps = values.slice(first, last + 1).includes(null);
  const escaped = label.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return (
    `<svg class="sparkline" role="img" aria-label="${escaped}" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" preserveAspectRatio="none">` +
    (gaps ? "" : `<path d="${line}L${end},${height}L${begin},${height}Z" fill="${colour}" fill-opacity=".08"/>`) +
    (before.length > 0
      ? `<path d="${path(before.slice(0, values.length))}" fill="none" stroke="var(--previous)" ` +
        'stroke-width="1.25" stroke-dasharray="2 3"/>'
      : "") +
    `<path d="${line}" fill="none" stroke="${colour}" stroke-width="1.5" ` +
    'stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke"/>' +
    `<circle cx="${end}" cy="${round(y(values[last]!))}" r="2.5" fill="${colour}"/></svg>`
  );
};
