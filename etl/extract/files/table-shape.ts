/** Where the table of a delimited file begins, what separates its fields, and how its columns are named. */
import { at, last } from "../../../engine/lookup.ts";
import type { FileExtract } from "../../declare/job.ts";
import { parseFields, type CsvMarks } from "./csv-records.ts";
import { filled, headerBelow, LOOKED_AT, uniqueNames } from "./header-row.ts";

/** The shape of a delimited file. */
export interface TableShape extends CsvMarks {
  readonly columns: readonly string[];
  /** physical lines before the first record: the header and what is above it */
  readonly bodyLine: number;
}

/** A shape, and what a person should know about how it was found. */
export interface FoundShape {
  readonly shape: TableShape;
  /** DuckDB can find the body: it counts a line end within quotes as no line */
  readonly isPlain: boolean;
  readonly notes: readonly string[];
}

const DELIMITERS = [",", ";", "\t", "|"] as const;
/** Lines that the names of a header may take. */
const HEADER_LINES = 20;
const SEPARATOR_LINE = /^"?sep=(.)"?$/i;

/** The shape by the first bytes; undefined for a file without text. @param isShort the head is the whole file */
export function tableShape(
  head: Buffer,
  isShort: boolean,
  extract: FileExtract,
  isTsv: boolean,
): FoundShape | undefined {
  const lines = head.toString("utf8").split(/\r\n|\n|\r/);
  if (isShort && lines.length > 1 && last(lines) === "") lines.pop();
  // the last line of a head may be cut
  else if (!isShort && lines.length > 1) lines.pop();
  if (lines.every((line) => line === "")) return undefined;
  const separator = extract.skip === undefined ? SEPARATOR_LINE.exec(at(lines, 0))?.[1] : undefined;
  const begin = extract.skip ?? (separator === undefined ? 0 : 1);
  const start = begin + leading(lines.slice(begin), extract.comment);
  const quote = extract.quote ?? '"';
  const marks = { quote, escape: extract.escape ?? quote, ...(extract.comment && { comment: extract.comment }) };
  const declared = extract.delimiter ?? separator ?? (isTsv ? "\t" : undefined);
  const delimiter = declared ?? guessDelimiter(lines[start] ?? "", marks.quote);
  const hasHeader = extract.header ?? true;
  const first = headerAt(lines, start, { ...marks, delimiter });
  if (!hasHeader) {
    const columns = first.fields.map((_, i) => `column${i}`);
    const isPlain = hasNoQuotes(lines.slice(0, start), quote);
    return { shape: { ...marks, delimiter, columns, bodyLine: start }, isPlain, notes: [] };
  }
  const below =
    extract.skip === undefined && filled(first.fields) <= 1
      ? belowTitle(untilFooter(lines, extract.footer), start, marks, declared)
      : null;
  const header = below ?? { ...first, delimiter, line: start };
  return {
    shape: {
      ...marks,
      delimiter: header.delimiter,
      columns: uniqueNames(header.fields.map((field) => field.replace(/\s+/g, " ").trim())),
      bodyLine: header.next,
    },
    isPlain: header.next === header.line + 1 && hasNoQuotes(lines.slice(0, header.line), quote),
    notes:
      below === null
        ? []
        : [`${below.line - start} lines above the column names were left out, which begin with "${at(lines, start)}"`],
  };
}

const hasNoQuotes = (lines: readonly string[], quote: string): boolean => !lines.some((line) => line.includes(quote));

type Marks = Omit<CsvMarks, "delimiter">;

/** Empty lines and comments before the table. */
const leading = (lines: readonly string[], comment: string | undefined): number => {
  const first = lines.findIndex((line) => line !== "" && !(comment !== undefined && line.startsWith(comment)));
  return Math.max(0, first);
};

/** The fields of a header, which may go on over line ends within quotes. */
function headerAt(lines: readonly string[], start: number, marks: CsvMarks): { fields: string[]; next: number } {
  let text = lines[start] ?? "";
  for (let next = start + 1; next <= start + HEADER_LINES; next++) {
    const fields = parseFields(text, marks);
    if (fields !== null) return { fields: fields.map((field) => field ?? ""), next };
    if (next >= lines.length) break;
    text += `\n${at(lines, next)}`;
  }
  // a quote that is never closed is part of a name
  return { fields: (lines[start] ?? "").split(marks.delimiter), next: start + 1 };
}

interface Below {
  readonly line: number;
  readonly next: number;
  readonly delimiter: string;
  readonly fields: string[];
}

function untilFooter(lines: readonly string[], footer: string | undefined): readonly string[] {
  if (footer === undefined) return lines;
  const rule = new RegExp(footer);
  const end = lines.findIndex((line) => rule.test(line));
  return end < 0 ? lines : lines.slice(0, end);
}

function belowTitle(lines: readonly string[], start: number, marks: Marks, declared: string | undefined): Below | null {
  for (const delimiter of declared === undefined ? DELIMITERS : [declared]) {
    const rows = lines
      .slice(start, start + LOOKED_AT)
      .map((text, i) => ({ line: start + i, fields: parseFields(text, { ...marks, delimiter }) ?? [] }))
      .filter(({ fields }) => filled(fields) > 0);
    const header = rows[headerBelow(rows.map(({ fields }) => fields)) ?? -1];
    if (header === undefined) continue;
    return { line: header.line, next: header.line + 1, delimiter, fields: header.fields.map((field) => field ?? "") };
  }
  return null;
}

/** The delimiter of a header line: the most frequent of comma, semicolon, tab and bar outside quotes. */
function guessDelimiter(header: string, quote: string): string {
  const parts = header.split(quote);
  const outside = parts.filter((_, i) => i % 2 === 0).join("");
  let best: string = ",";
  let most = 0;
  for (const candidate of DELIMITERS) {
    const count = outside.split(candidate).length - 1;
    if (count > most) [best, most] = [candidate, count];
  }
  return best;
}
