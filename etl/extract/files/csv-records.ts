/**
 * A tolerant reader of delimited text, for files that DuckDB refuses. An unclosed quote, or a record with the wrong
 * number of fields, costs one line; reading continues with the next.
 */
import { at as lineAt } from "../../../engine/lookup.ts";

/** A record that was read. */
export interface CsvRecord {
  /** line in the file, from 1 */
  readonly line: number;
  readonly fields: readonly (string | null)[];
}

/** A line that cannot be read. */
export interface CsvFault {
  /** line in the file, from 1 */
  readonly line: number;
  readonly reason: string;
  /** the line's text; in hexadecimal when it is not UTF-8 */
  readonly text: string;
}

/** What every record of a file has in common. */
export interface CsvShape {
  readonly delimiter: string;
  /** fields that a record must have */
  readonly width: number;
}

/** Line ends that a quoted field may contain. */
const MAX_INNER_LINES = 200;

/** Splits bytes at LF, CRLF or CR; the parser joins lines inside quotes again. */
export function splitLines(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = content.length >= 3 && content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf ? 3 : 0;
  for (let at = start; at < content.length; at++) {
    const byte = content[at];
    if (byte !== 10 && byte !== 13) continue;
    lines.push(content.subarray(start, at));
    if (byte === 13 && content[at + 1] === 10) at++;
    start = at + 1;
  }
  if (start < content.length) lines.push(content.subarray(start));
  return lines;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A line as text, or why it cannot be decoded. */
function decode(line: Buffer): { text: string } | { reason: string; shown: string } {
  if (line.includes(0))
    return { reason: "the line contains a NUL byte", shown: line.toString("latin1").replaceAll("\0", "\\0") };
  try {
    return { text: utf8.decode(line) };
  } catch {
    return { reason: "the line is not UTF-8", shown: `0x${line.toString("hex")}` };
  }
}

/** Records and faults in order. @param first index of the first line to read */
export function* readRecords(
  lines: readonly Buffer[],
  first: number,
  shape: CsvShape,
): Generator<CsvRecord | CsvFault> {
  for (let at = first; at < lines.length; at++) {
    const raw = lineAt(lines, at);
    if (raw.length === 0) continue;
    const line = at + 1;
    const decoded = decode(raw);
    if ("reason" in decoded) {
      yield { line, reason: decoded.reason, text: decoded.shown };
      continue;
    }
    const parsed = parseRecord(lines, at, decoded.text, shape);
    if ("reason" in parsed) {
      yield { line, reason: parsed.reason, text: decoded.text };
      continue;
    }
    yield { line, fields: parsed.fields };
    at = parsed.lastLine;
  }
}

function parseRecord(
  lines: readonly Buffer[],
  at: number,
  firstText: string,
  { delimiter, width }: CsvShape,
): { fields: (string | null)[]; lastLine: number } | { reason: string } {
  const fields: (string | null)[] = [];
  let text = firstText;
  let lastLine = at;
  let position = 0;
  for (;;) {
    if (text[position] === '"') {
      let value = "";
      position++;
      for (;;) {
        const close = text.indexOf('"', position);
        if (close < 0) {
          const next = lines[lastLine + 1];
          if (next === undefined || lastLine - at >= MAX_INNER_LINES) return { reason: "a quote is never closed" };
          const decoded = decode(next);
          if ("reason" in decoded) return { reason: "a quote is never closed" };
          value += `${text.slice(position)}\n`;
          text = decoded.text;
          position = 0;
          lastLine++;
          continue;
        }
        value += text.slice(position, close);
        position = close + 1;
        if (text[position] !== '"') break;
        value += '"';
        position++;
      }
      if (position < text.length && !text.startsWith(delimiter, position))
        return { reason: "text follows a closing quote" };
      fields.push(value === "" ? null : value);
    } else {
      const end = text.indexOf(delimiter, position);
      const value = text.slice(position, end < 0 ? text.length : end);
      fields.push(value === "" ? null : value);
      position = end < 0 ? text.length : end;
    }
    if (position >= text.length) break;
    position += delimiter.length;
  }
  if (fields.length !== width) return { reason: `the record has ${fields.length} fields instead of ${width}` };
  return { fields, lastLine };
}

/** The fields of a header line. */
export function parseHeader(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let position = 0;
  while (position <= text.length) {
    if (text[position] === '"') {
      const close = text.indexOf('"', position + 1);
      const end = close < 0 ? text.length : close;
      fields.push(text.slice(position + 1, end));
      position = end + 1 + delimiter.length;
      continue;
    }
    const end = text.indexOf(delimiter, position);
    fields.push(text.slice(position, end < 0 ? text.length : end));
    if (end < 0) break;
    position = end + delimiter.length;
  }
  return fields;
}

/** The delimiter of a header line: the most frequent of comma, semicolon, tab and bar outside quotes. */
export function guessDelimiter(header: string): string {
  const outside = header.replace(/"[^"]*"/g, "");
  let best = ",";
  let most = 0;
  for (const candidate of [",", ";", "\t", "|"]) {
    const count = outside.split(candidate).length - 1;
    if (count > most) [best, most] = [candidate, count];
  }
  return best;
}
