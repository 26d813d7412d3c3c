/** Excel sheets: cells become text, as the other files' values are. */
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { WorkBook } from "@e965/xlsx";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { openChunkWriter } from "./chunk-writer.ts";
import { createRawTable, openBadRows, rawTable, SCRATCH, type ExtractContext, type RawColumn } from "./extracted.ts";
import { cellText } from "./excel-cell.ts";
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
  const worksheet = book.Sheets[sheetName ?? shown[0] ?? ""];
  if (worksheet === undefined)
    throw new TesseraError("source-refused", phrase`sheet "${sheetName ?? ""}" not found in ${file.name}`, {
      place,
      remedy: phrase`its sheets are ${book.SheetNames.join(", ")}`,
    });
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
