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

/** What marks fields and comments. */
export interface CsvMarks {
  readonly delimiter: string;
  readonly quote: string;
  /** precedes a quote within quotes; the quote itself in most files */
  readonly escape: string;
  /** begins lines that are left out */
  readonly comment?: string;
}

/** What every record of a file has in common. */
export interface CsvShape extends CsvMarks {
  /** fields that a record must have */
  readonly width: number;
  /** matches the line that ends the table; it and all after it are left out */
  readonly footer?: RegExp;
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

/**
 * Records and faults in order.
 * @param first index of the first line to read
 * @returns the index of the line that ended the table, or how many lines there are
 */
export function* readRecords(
  lines: readonly Buffer[],
  first: number,
  shape: CsvShape,
): Generator<CsvRecord | CsvFault, number> {
  for (let at = first; at < lines.length; at++) {
    const raw = lineAt(lines, at);
    if (raw.length === 0) continue;
    const line = at + 1;
    const decoded = decode(raw);
    if ("reason" in decoded) {
      yield { line, reason: decoded.reason, text: decoded.shown };
      continue;
    }
    if (shape.footer?.test(decoded.text)) return at;
    if (shape.comment !== undefined && decoded.text.startsWith(shape.comment)) continue;
    const parsed = parseRecord(lines, at, decoded.text, shape);
    if ("reason" in parsed) {
      yield { line, reason: parsed.reason, text: decoded.text };
      continue;
    }
    yield { line, fields: parsed.fields };
    at = parsed.lastLine;
  }
  return lines.length;
}

type Fields = readonly (string | null)[];

function parseRecord(
  lines: readonly Buffer[],
  at: number,
  firstText: string,
  shape: CsvShape,
): { readonly fields: Fields; readonly lastLine: number } | { readonly reason: string } {
  let text = firstText;
  for (let lastLine = at; ; lastLine++) {
    const fields = scanFields(text, shape);
    if (fields === "text after quote") return { reason: "text follows a closing quote" };
    if (fields !== "open quote") {
      if (fields.length !== shape.width)
        return { reason: `the record has ${fields.length} fields, the header ${shape.width}` };
      return { fields, lastLine };
    }
    const next = lines[lastLine + 1];
    const decoded = next === undefined || lastLine - at >= MAX_INNER_LINES ? null : decode(next);
    if (decoded === null || "reason" in decoded) return { reason: "a quote is never closed" };
    text += `\n${decoded.text}`;
  }
}

/** The fields of a line, null where empty; null for a line within whose quotes the record goes on. */
export function parseFields(text: string, marks: CsvMarks): Fields | null {
  const fields = scanFields(text, marks);
  return typeof fields === "string" ? null : fields;
}

function scanFields(text: string, { delimiter, quote, escape }: CsvMarks): Fields | "open quote" | "text after quote" {
  const fields: (string | null)[] = [];
  let position = 0;
  for (;;) {
    if (quote !== "" && text.startsWith(quote, position)) {
      const quoted = scanQuoted(text, position + quote.length, quote, escape);
      if (quoted === null) return "open quote";
      position = quoted.end;
      if (position < text.length && !text.startsWith(delimiter, position)) return "text after quote";
      fields.push(quoted.value === "" ? null : quoted.value);
    } else {
      const found = text.indexOf(delimiter, position);
      const end = found < 0 ? text.length : found;
      fields.push(end === position ? null : text.slice(position, end));
      position = end;
    }
    if (position >= text.length) return fields;
    position += delimiter.length;
  }
}

/** The value within quotes, and where what follows the closing one begins; null where none closes it. */
function scanQuoted(
  text: string,
  begin: number,
  quote: string,
  escape: string,
): { readonly value: string; readonly end: number } | null {
  let value = "";
  let position = begin;
  for (;;) {
    const close = text.indexOf(quote, position);
    const escaped = escape === quote ? -1 : text.indexOf(escape, position);
    if (escaped >= 0 && (close < 0 || escaped < close)) {
      // what follows an escape stands for itself
      value += text.slice(position, escaped) + text.slice(escaped + 1, escaped + 2);
      position = escaped + 2;
      continue;
    }
    if (close < 0) return null;
    value += text.slice(position, close);
    position = close + quote.length;
    if (escape !== quote || !text.startsWith(quote, position)) return { value, end: position };
    value += quote;
    position += quote.length;
  }
}
