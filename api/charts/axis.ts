/** Axis measures shared by the kinds of chart: margins by the longest label, ticks that do not overlap. */
import type { Column, Row, Value } from "../../engine/model/query.ts";
import { formatDateTick } from "./format-date.ts";
import { formatCompact, formatMember } from "./format-value.ts";

export const FONT_SIZE = 11;

const letterWidth = (letter: string): number => {
  if ((letter.codePointAt(0) ?? 0) > 0x2e7f) return 11;
  if (/[iljtfrI.,:;'|()! ]/.test(letter)) return 3.6;
  if (/[mwMWQO@%—]/.test(letter)) return 9.2;
  return /[A-Z0-9&$€£]/.test(letter) ? 7 : 6.1;
};

/** Width of a text in Inter at 11 px: narrow, middle and wide letters counted apart; East Asian ones are square. */
export const textWidth = (text: string): number => {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return width;
};

/** Cuts a text to a width in pixels, with an ellipsis. */
export const shorten = (text: string, width: number): string => {
  if (textWidth(text) <= width) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && textWidth(letters.join("")) > width - 9) letters.pop();
  return `${letters.join("").trimEnd()}…`;
};

/** Labels of members, cut to `most` pixels but kept different from each other. */
export const memberLabels = (values: readonly Value[], column: Column, most: number): Map<Value, string> => {
  const labels = new Map<Value, string>();
  const taken = new Set<string>();
  for (const value of values) {
    let label = shorten(formatMember(value, column), most);
    for (let n = 2; taken.has(label); n++) label = `${shorten(formatMember(value, column), most - 16)} ${n}`;
    taken.add(label);
    labels.set(value, label);
  }
  return labels;
};

/** How many periods there may be between two labels. */
const stepsOf = (level: string | undefined): readonly number[] => {
  switch (level) {
    case "month":
      return [1, 2, 3, 4, 6, 12, 24, 36, 60];
    case "quarter":
    case "fiscal_quarter":
      return [1, 2, 4, 8, 12, 20];
    default:
      return [1, 2, 4, 5, 7, 10, 14, 28, 56, 91, 182, 364];
  }
};

/** Every kth of the periods, so that labels of 44 px find room, with the year below where it begins. */
export const periodTicks = (
  values: readonly string[],
  level: string | undefined,
  width: number,
): { readonly ticks: readonly string[]; readonly format: (value: string) => string } => {
  const room = level === "day" || level === undefined ? 58 : 44;
  const step = Math.max(1, Math.ceil((values.length * room) / Math.max(1, width)));
  const chosen = stepsOf(level).find((s) => s >= step) ?? step;
  // months and quarters start where the year does
  const january = chosen > 1 ? values.findIndex((v) => v.slice(5, 7) === "01") : 0;
  const start = january > 0 ? january % chosen : 0;
  const ticks = values.filter((_, i) => i >= start && (i - start) % chosen === 0);
  let year = "";
  const withYear = new Set<string>();
  for (const tick of ticks)
    if (tick.slice(0, 4) !== year) {
      year = tick.slice(0, 4);
      withYear.add(tick);
    }
  return { ticks, format: (value) => formatDateTick(value, level, withYear.has(value)) };
};

/** Distinct members of a column in the order in which the rows bring them. */
export const membersOf = (rows: readonly Row[], name: string): Value[] => [
  ...new Set(rows.map((row) => row[name] ?? null)),
];

export const compactTick =
  (column: Column) =>
  (value: number): string =>
    formatCompact(value, column);

/** Left margin for an axis of numbers between `least` and `most`. */
export const numberMargin = (least: number, most: number, column: Column): number => {
  const samples = [least, most, most / 2, most / 4, (most * 3) / 4].map((v) => textWidth(formatCompact(v, column)));
  return Math.ceil(Math.max(...samples)) + 14;
};

/** The number in a cell; texts of exact digits too. */
export const numberIn = (row: Row, name: string): number | null => {
  const value = row[name];
  if (value === null || value === undefined || value === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};
