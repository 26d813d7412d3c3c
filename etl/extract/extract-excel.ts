/** Excel sheets: cells become text, as the other files' values are. */
import { statSync } from "node:fs";
import type ExcelJS from "exceljs";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { openChunkWriter } from "./chunk-writer.ts";
import { createRawTable, openBadRows, rawTable, SCRATCH, type ExtractContext, type RawColumn } from "./extracted.ts";
import { uniqueNames } from "./file-header.ts";
import { FILE_COLUMN, LINE_COLUMN } from "./json-rows.ts";
import { wantedColumns } from "./wanted.ts";
import type { DelimitedRows } from "./extract-csv.ts";

/** A workbook is read as a whole and takes some ten times its size in memory. */
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

/** Reads one sheet of each file into the raw table. The first row that is not empty holds the names. */
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
    const positions = wanted.read.map((name) => sheet.columns.indexOf(name));
    for (const { line, cells } of sheet.rows) {
      positions.forEach((position, i) => {
        const value = position < 0 ? null : (cells[position] ?? null);
        if (value === null) writer.columns[i]!.setNull(writer.row);
        else writer.columns[i]!.setText(writer.row, value);
      });
      writer.columns[positions.length]!.setText(writer.row, sheet.file.path);
      writer.columns[positions.length + 1]!.setInteger(writer.row, line);
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
      phrase`${file.name} is a workbook of ${size >> 20} MB, too large to be read`,
      {
        place,
        remedy: "save the sheet as CSV",
      },
    );
  // the library's own streaming reader fails on books whose parts stand in another order than Excel's
  // 20 MB and a fifth of a second that loads without Excel files do without
  const { default: excel } = await import("exceljs");
  const book = new excel.Workbook();
  try {
    await book.xlsx.readFile(file.path);
  } catch (cause) {
    throw new TesseraError(
      "source-refused",
      phrase`${file.name} cannot be read as an Excel workbook: ${cause instanceof Error ? cause.message : String(cause)}`,
      { place, cause },
    );
  }
  const worksheet = sheetName === undefined ? book.worksheets[0] : book.getWorksheet(sheetName);
  if (worksheet === undefined)
    throw new TesseraError("source-refused", phrase`${file.name} has no sheet ${sheetName ?? ""}`, {
      place,
      remedy: phrase`its sheets are ${book.worksheets.map((each) => each.name).join(", ")}`,
    });
  let columns: string[] | undefined;
  const rows: { line: number; cells: (string | null)[] }[] = [];
  worksheet.eachRow((row, line) => {
    const cells = Array.from((row.values as ExcelJS.CellValue[]).slice(1), cellText);
    if (cells.every((cell) => cell === null)) return;
    if (columns === undefined) columns = uniqueNames(cells.map((cell) => cell?.trim() ?? ""));
    else rows.push({ line, cells });
  });
  return { file, columns: columns ?? [], rows };
}

/** Dates as ISO, formulas as their last result, errors as their code, which no typed column will take. */
export function cellText(value: ExcelJS.CellValue | undefined): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (value instanceof Date) {
    const text = value.toISOString();
    return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
  }
  if (typeof value !== "object") return String(value);
  if ("richText" in value) return value.richText.map((part) => part.text).join("");
  if ("hyperlink" in value) return cellText(value.text);
  if ("formula" in value || "sharedFormula" in value) return cellText(value.result as ExcelJS.CellValue);
  if ("error" in value) return value.error;
  return JSON.stringify(value);
}
