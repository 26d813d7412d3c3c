/** Excel sheets: cells become texts, like the values of other files. */
import { at } from "../../../engine/lookup.ts";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { WorkBook } from "@e965/xlsx";
import { didYouMean, phrase, TesseraError } from "../../../engine/errors/index.ts";
import { openChunkWriter } from "../chunk-writer.ts";
import { createRawTable, openBadRows, rawTable, SCRATCH, type ExtractContext, type RawColumn } from "../extracted.ts";
import { cellText } from "./excel-cell.ts";
import { uniqueNames } from "./file-header.ts";
import { FILE_COLUMN, LINE_COLUMN } from "../json-rows.ts";
import { wantedColumns } from "../wanted.ts";
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
  // loads without Excel files do not wait for the library
  const { read, SSF } = await import("@e965/xlsx");
  let book: WorkBook;
  try {
    book = read(await readFile(file.path), { dense: true, cellNF: true, cellHTML: false, cellDates: false });
  } catch (cause) {
    throw new TesseraError("source-refused", phrase`${file.name} is not a workbook that can be read`, {
      place,
      remedy: "open it in Excel and save it again, without a password",
      cause,
    });
  }
  const shown = book.SheetNames.filter((_, i) => (book.Workbook?.Sheets?.[i]?.Hidden ?? 0) === 0);
  const wanted = sheetName ?? shown[0] ?? "";
  const worksheet = book.Sheets[wanted];
  if (worksheet === undefined)
    throw new TesseraError(
      "source-refused",
      phrase`sheet "${wanted}" not found in ${file.name}${didYouMean(wanted, book.SheetNames)}`,
      { place, remedy: phrase`use one of ${book.SheetNames.join(", ")}` },
    );
  const epoch1904 = book.Workbook?.WBProps?.date1904 === true;
  let columns: string[] | undefined;
  const rows: { line: number; cells: (string | null)[] }[] = [];
  for (const [i, row] of (worksheet["!data"] ?? []).entries()) {
    // sparse: rows and cells that were never written are holes
    const cells = Array.from(row ?? [], (cell) => cellText(cell, epoch1904, SSF));
    if (cells.every((cell) => cell === null)) continue;
    if (columns === undefined) columns = uniqueNames(cells.map((cell) => cell?.trim() ?? ""));
    else rows.push({ line: i + 1, cells });
  }
  return { file, columns: columns ?? [], rows };
}
