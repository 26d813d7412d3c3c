/**
 * A result as an Excel workbook: typed cells, number formats by column, totals in bold, a further sheet where one is
 * full.
 */
import type ExcelJS from "exceljs";
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

const cellValue = (value: Value | undefined, column: Column, raw: boolean): string | number | boolean | Date | null => {
  if (value === null || value === undefined) return column.kind === "dimension" ? "(unknown)" : null;
  if (typeof value !== "string") return value;
  if (column.type === "date" || column.type === "timestamp") {
    const date = new Date(
      value.length === 10
        ? `${value}T00:00:00Z`
        : /Z|[+-]\d\d:?\d\d$/.test(value)
          ? value
          : `${value.replace(" ", "T")}Z`,
    );
    if (!Number.isNaN(date.getTime())) return date;
  }
  return raw ? value : neutralised(value);
};

/** The workbook's bytes. */
export const xlsx = async (result: Result, options: XlsxOptions): Promise<Uint8Array> => {
  // large, and most processes write no sheet
  const { default: excel } = await import("exceljs");
  const book = new excel.Workbook();
  book.creator = "Tessera";
  book.created = options.asOf;
  const name =
    options.title
      .replace(/[\\/*?:[\]]/g, " ")
      .trim()
      .slice(0, 26) || "Result";
  const most = (options.sheetRows ?? SHEET_ROWS) - 1;
  let sheet: ExcelJS.Worksheet | undefined;
  let used = 0;
  const next = (): ExcelJS.Worksheet => {
    const count = book.worksheets.length;
    const made = book.addWorksheet(count === 0 ? name : `${name} ${count + 1}`, {
      views: [{ state: "frozen", ySplit: 1 }],
    });
    made.columns = result.columns.map((column) => {
      const format =
        column.type === "date" || column.type === "timestamp"
          ? (DATE_FORMATS[column.level ?? ""] ?? "yyyy-mm-dd")
          : numberFormat(column);
      return {
        header: options.raw ? column.title : neutralised(column.title),
        key: column.name,
        width: Math.min(48, Math.max(12, column.title.length + 3)),
        ...(format && { style: { numFmt: format } }),
      };
    });
    made.getRow(1).font = { bold: true };
    made.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: Math.max(1, result.columns.length) } };
    used = 0;
    return made;
  };
  const add = (row: Row, bold: boolean, spread?: readonly string[]): void => {
    if (!sheet || used === most) sheet = next();
    const added = sheet.addRow(
      result.columns.map((column) => {
        if (spread && column.kind === "dimension" && !spread.includes(column.name))
          return spread.length === 0 && column === result.columns[0] ? "Total" : "";
        return cellValue(row[column.name], column, options.raw ?? false);
      }),
    );
    if (bold) added.font = { bold: true };
    used++;
  };
  if (result.rows.length === 0) sheet = next();
  for (const row of result.rows) add(row, false);
  for (const total of result.totals ?? []) add(total.row, true, total.level);
  if (options.about) {
    const about = book.addWorksheet("About");
    about.columns = [{ width: 18 }, { width: 100 }];
    for (const [label, text] of options.about) about.addRow([label, neutralised(text)]);
  }
  return new Uint8Array(await book.xlsx.writeBuffer());
};
