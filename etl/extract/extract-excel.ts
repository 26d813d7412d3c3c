/** Excel sheets: cells become texts, like the values of other files. */
import { at } from "../../engine/lookup.ts";
import { statSync } from "node:fs";
import type ExcelJS from "exceljs";
import { didYouMean, phrase, TesseraError } from "../../engine/errors/index.ts";
import { openChunkWriter } from "./chunk-writer.ts";
import { createRawTable, openBadRows, rawTable, SCRATCH, type ExtractContext, type RawColumn } from "./extracted.ts";
import { uniqueNames } from "./file-header.ts";
import { FILE_COLUMN, LINE_COLUMN } from "./json-rows.ts";
import { wantedColumns } from "./wanted.ts";
import type { DelimitedRows } from "./extract-csv.ts";

/** A workbook is read as a whole and takes about ten times its size in memory. */
const LARGEST_BOOK = 64 << 20;

interface SheetFile {
  readonly name: string;
  readonly path: string;
}

interface Sheet {
  readonly file: SheetFile;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly (string | null)[] }[];
}

/**
 * Reads one sheet of each file into the raw table. The first row that is not empty has the names.
 * @throws TesseraError `source-refused` for a damaged or too large workbook, or a missing sheet
 */
export async function extractExcel(
  context: ExtractContext,
  files: readonly SheetFile[],
  sheetName: string | undefined,
): Promise<DelimitedRows> {
  const sheets: Sheet[] = [];
  for (const file of files) sheets.push(await readSheet(file, sheetName));
  const wanted = wantedColumns(context.job, [...new Set(sheets.flatMap((sheet) => sheet.columns))]);
  const columns: RawColumn[] = wanted.read.map((name) => ({ name, raw: "VARCHAR" }));
  await createRawTable(context, [
    ...columns,
    { name: FILE_COLUMN, raw: "VARCHAR" },
    { name: LINE_COLUMN, raw: "BIGINT" },
  ]);
  await (await openBadRows(context)).close();
  const writer = await openChunkWriter(context.connection, SCRATCH, rawTable(context.job));
  for (const sheet of sheets) {
    const targets = wanted.read.map((name, i) => ({
      column: at(writer.columns, i),
      position: sheet.columns.indexOf(name),
    }));
    const fileColumn = at(writer.columns, targets.length);
    const lineColumn = at(writer.columns, targets.length + 1);
    for (const { line, cells } of sheet.rows) {
      for (const { column, position } of targets) {
        const value = position < 0 ? null : (cells[position] ?? null);
        if (value === null) column.setNull(writer.row);
        else column.setText(writer.row, value);
      }
      fileColumn.setText(writer.row, sheet.file.path);
      lineColumn.setInteger(writer.row, line);
      writer.next();
    }
  }
  writer.close();
  return { columns, extra: wanted.extra, rows: writer.rows, warnings: [] };
}

async function readSheet(file: SheetFile, sheetName: string | undefined): Promise<Sheet> {
  const place = `${file.name}${sheetName === undefined ? "" : ` › ${sheetName}`}`;
  const { size } = statSync(file.path);
  if (size > LARGEST_BOOK)
    throw new TesseraError(
      "source-refused",
      phrase`workbook ${file.name} has ${size >> 20} MB; the limit is ${LARGEST_BOOK >> 20} MB`,
      { place, remedy: "save the sheet as CSV" },
    );
  // not its streaming reader, which fails on parts in another order than Excel's; loaded late: 20 MB and 0.2 s
  const { default: excel } = await import("exceljs");
  const book = new excel.Workbook();
  try {
    await book.xlsx.readFile(file.path);
  } catch (cause) {
    throw new TesseraError("source-refused", phrase`${file.name} cannot be read as an Excel workbook (.xlsx)`, {
      place,
      remedy: "open it in a spreadsheet and save it as .xlsx or CSV",
      cause,
    });
  }
  const worksheet = sheetName === undefined ? book.worksheets[0] : book.getWorksheet(sheetName);
  if (worksheet === undefined) {
    const names = book.worksheets.map((each) => each.name);
    throw new TesseraError(
      "source-refused",
      phrase`sheet "${sheetName ?? ""}" not found in ${file.name}${didYouMean(sheetName ?? "", names)}`,
      {
        place,
        remedy: phrase`use one of ${names.join(", ")}`,
      },
    );
  }
  let columns: string[] | undefined;
  const rows: { line: number; cells: (string | null)[] }[] = [];
  worksheet.eachRow((row, line) => {
    // positions begin at 1; values by name do not occur in files
    const cells = Array.isArray(row.values) ? Array.from(row.values.slice(1), cellText) : [];
    if (cells.every((cell) => cell === null)) return;
    if (columns === undefined) columns = uniqueNames(cells.map((cell) => cell?.trim() ?? ""));
    else rows.push({ line, cells });
  });
  return { file, columns: columns ?? [], rows };
}

/** A cell as text: dates in ISO form, formulas as their stored result, errors as their code. */
export function cellText(value: ExcelJS.CellValue | undefined): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (value instanceof Date) {
    const text = value.toISOString();
    return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
  }
  if (typeof value !== "object") return String(value);
  if ("richText" in value) return value.richText.map((part) => part.text).join("");
  if ("hyperlink" in value) return cellText(value.text);
  if ("formula" in value || "sharedFormula" in value) return cellText(value.result);
  if ("error" in value) return value.error;
  return JSON.stringify(value);
}
