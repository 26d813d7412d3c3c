/** What a model found as lines of text, with six digits a number, so that a change of any of them is a line of a diff. */
import type { Mined } from "./_lab.ts";

const SHOWN_LABELS = 12;
const SHOWN_ROWS = 40;

/** Any plain value: numbers with six digits, the rest as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${textOf(each)}`)
      .join(", ")} }`;
  return typeof value === "string" ? value : String(value);
}

/** Each field of an object on a line of its own, lists of objects one a line. */
export function linesOf(found: object): string[] {
  return Object.entries(found).flatMap(([key, value]) =>
    Array.isArray(value) && typeof value[0] === "object"
      ? [`${key}:`, ...value.map((each) => `  ${textOf(each)}`)]
      : [`${key}: ${textOf(value)}`],
  );
}

/** A report and its labels: the first labels, and each column summed up over all. */
export function minedLines({ report, labels }: Mined): string[] {
  const { sections, figures, notes, verdict, fingerprint: _, dataVersion: __, ...head } = report;
  return [
    ...linesOf(head),
    ...(verdict ? [`verdict: ${textOf(verdict)}`] : []),
    "figures:",
    ...figures.map((figure) => `  ${textOf(figure)}`),
    ...notes.map((note) => `note: ${note}`),
    ...sections.flatMap(({ rows, columns, ...section }) => [
      `section: ${textOf(section)}`,
      ...columns.map((column) => `  column ${textOf(column)}`),
      ...rows.slice(0, SHOWN_ROWS).map((row) => `  ${textOf(row)}`),
      `  ${rows.length} rows`,
    ]),
    `${labels.length} labels:`,
    ...Object.keys(labels[0] ?? {}).map((name) => `  all of ${name}: ${summaryOf(labels.map((row) => row[name]))}`),
    ...labels.slice(0, SHOWN_LABELS).map((row) => `  ${textOf(row)}`),
  ];
}

/** Numbers by their sum, texts by how many there are of each. */
function summaryOf(values: readonly unknown[]): string {
  const known = values.filter((value) => value !== null);
  if (known.every((value) => typeof value === "number"))
    return `${known.length}, sum ${textOf(known.reduce((sum: number, value) => sum + Number(value), 0))}`;
  const counts = new Map<string, number>();
  for (const value of known) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  if (counts.size > 20) return `${known.length}, ${counts.size} different`;
  return [...counts]
    .sort()
    .map(([value, n]) => `${n} ${value}`)
    .join(", ");
}
