/** A result as CSV (RFC 4180, UTF-8; for people with a byte order mark, so that spreadsheets read every letter). */
import type { Column, Result, Value } from "../../engine/model/query.ts";

/** A spreadsheet takes text that begins so for a formula and runs it. */
const FORMULA = /^[=+\-@\t\r]/;

/** Text that a spreadsheet would run gets an apostrophe in front; numbers never do. */
export const neutralised = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const cell = (value: Value | undefined, column: Column, raw: boolean): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  // exact digits come as text and stay a number
  const digits = (column.type === "integer" || column.type === "number") && /^-?\d+(\.\d+)?$/.test(value);
  return quoted(raw || digits ? value : neutralised(value));
};

export interface CsvOptions {
  /** leaves text as it is, formulas too: for machines */
  readonly raw?: boolean;
  /** the first line has titles instead of member names */
  readonly titles?: boolean;
}

/** One line a row, the header first; totals are not among the rows. */
export const csv = (
  result: Pick<Result, "columns" | "rows">,
  { raw = false, titles = false }: CsvOptions = {},
): string => {
  const lines = [
    result.columns
      .map((c) => {
        const head = titles ? c.title : c.name;
        return quoted(raw ? head : neutralised(head));
      })
      .join(","),
  ];
  for (const row of result.rows) lines.push(result.columns.map((c) => cell(row[c.name], c, raw)).join(","));
  return `${raw ? "" : "\uFEFF"}${lines.join("\r\n")}\r\n`;
};
