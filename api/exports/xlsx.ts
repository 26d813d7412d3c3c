/**
 * A result as an Excel workbook: typed cells, number formats by column, totals in bold, a further sheet where one is
 * full.
 */
import type { Blob } from "node:buffer";
import type Stream from "node:stream";
import type { Cell, CellObject, Feature, Sheet } from "write-excel-file/node";
import type { Column, Result, Row, Value } from "../../engine/model/query.ts";
import { neutralised } from "./csv.ts";

/** Rows of a sheet, the header among them. */
export const SHEET_ROWS = 1_048_576;

export interface XlsxOptions {
  readonly title: string;
  readonly raw?: boolean;
  /** what the sheet “About” says: the question, the data version, when it was asked */
  readonly about?: readonly (readonly [string, string])[];
  /** fewer than Excel's own, for tests */
  readonly sheetRows?: number;
  readonly asOf: Date;
}

const numberFormat = (column: Column): string | undefined => {
  switch (column.format) {
    case "currency":
      return column.currency ? `[$${column.currency}] #,##0.00;[Red]-[$${column.currency}] #,##0.00` : "#,##0.00";
    case "percent":
      return "0.0%";
    case "integer":
      return "#,##0";
    case "decimal":
      return "#,##0.00";
    case "number":
    case undefined:
      return column.kind === "measure" ? "#,##0.##" : undefined;
    default:
      return "#,##0.0";
  }
};
const DATE_FORMATS: { readonly [level: string]: string } = {
  year: "yyyy",
  month: "mmm yyyy",
  hour: "yyyy-mm-dd hh:mm",
  minute: "yyyy-mm-dd hh:mm",
};

/** A day or a moment of an answer as a date; without an offset it is UTC. */
const dateOf = (value: string): Date => {
  if (value.length === 10) return new Date(`${value}T00:00:00Z`);
  return new Date(/Z|[+-]\d\d:?\d\d$/.test(value) ? value : `${value.replace(" ", "T")}Z`);
};

/** What the library takes as a file's content. */
type FileContent = Stream | Buffer | Blob;

type CellValue = string | number | boolean | Date | null;

const cellValue = (value: Value | undefined, column: Column, raw: boolean): CellValue => {
  if (value === null || value === undefined) return column.kind === "dimension" ? "(unknown)" : null;
  if (typeof value !== "string") return value;
  if (column.type === "date" || column.type === "timestamp") {
    const date = dateOf(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  return raw ? value : neutralised(value);
};

const formatOf = (column: Column): string | undefined =>
  column.type === "date" || column.type === "timestamp"
    ? (DATE_FORMATS[column.level ?? ""] ?? "yyyy-mm-dd")
    : numberFormat(column);

const cell = (value: CellValue, format: string | undefined, bold: boolean): Cell => {
  if (value === null || value === "") return null;
  const shown: CellObject = { value };
  if (format && (typeof value === "number" || value instanceof Date)) shown.format = format;
  if (bold) shown.fontWeight = "bold";
  return shown;
};

/** Column letters: A, B, …, Z, AA. */
const letters = (position: number): string =>
  position < 26
    ? String.fromCharCode(65 + position)
    : letters(Math.floor(position / 26) - 1) + String.fromCharCode(65 + (position % 26));

/** Drop-downs on the header of every sheet of rows, which the library leaves to extensions. */
const headerFilters = (columns: number): Feature<FileContent> => ({
  files: {
    transform: {
      "xl/worksheets/sheet{id}.xml": {
        transform: (xml, options) =>
          options.sheet === ABOUT
            ? xml
            : xml.replace("</sheetData>", `</sheetData><autoFilter ref="A1:${letters(Math.max(0, columns - 1))}1"/>`),
      },
    },
  },
});

const ABOUT = "About";

/**
 * A workbook of a result: its rows, over further sheets where one is full, then the totals in bold and a sheet about
 * the question.
 */
export const xlsx = async (result: Result, options: XlsxOptions): Promise<Uint8Array> => {
  const { default: writeExcel } = await import("write-excel-file/node");
  const { columns } = result;
  const raw = options.raw ?? false;
  const formats = columns.map(formatOf);
  const header = columns.map((column) => cell(raw ? column.title : neutralised(column.title), undefined, true));
  const widths = columns.map((column) => ({ width: Math.min(48, Math.max(12, column.title.length + 3)) }));
  const most = (options.sheetRows ?? SHEET_ROWS) - 1;
  const sheets: Sheet<FileContent>[] = [];
  const addSheet = (): Cell[][] => {
    const data: Cell[][] = [header];
    const name = sheets.length === 0 ? sheetName(options.title) : `${sheetName(options.title)} ${sheets.length + 1}`;
    sheets.push({ sheet: name, data, columns: widths, stickyRowsCount: 1 });
    return data;
  };
  let data = addSheet();
  const add = (row: readonly Cell[]): void => {
    if (data.length > most) data = addSheet();
    data.push([...row]);
  };
  for (const row of result.rows)
    add(columns.map((column, i) => cell(cellValue(row[column.name], column, raw), formats[i], false)));
  for (const total of result.totals ?? []) add(totalRow(total.row, total.level, columns, formats, raw));
  if (options.about) {
    const about = options.about.map(([label, text]): Cell[] => [label, neutralised(text)]);
    sheets.push({ sheet: ABOUT, data: about, columns: [{ width: 18 }, { width: 100 }] });
  }
  const book = writeExcel(sheets, { features: [headerFilters(columns.length)] });
  return new Uint8Array(await book.toBuffer());
};

/** A total in bold; its rolled-up dimensions stay empty, and the grand total is labelled. */
function totalRow(
  row: Row,
  level: readonly string[],
  columns: readonly Column[],
  formats: readonly (string | undefined)[],
  raw: boolean,
): Cell[] {
  return columns.map((column, i) => {
    if (column.kind === "dimension" && !level.includes(column.name))
      return level.length === 0 && i === 0 ? cell("Total", undefined, true) : null;
    return cell(cellValue(row[column.name], column, raw), formats[i], true);
  });
}

/** A title without the characters that Excel refuses in a sheet's name. */
const sheetName = (title: string): string =>
  title
    .replace(/[\\/*?:[\]]/g, " ")
    .trim()
    .slice(0, 26) || "Result";
