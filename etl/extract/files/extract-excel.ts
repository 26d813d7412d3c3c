/** Excel sheets: cells become texts, like the values of other files. */
import { at } from "../../../engine/lookup.ts";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { WorkBook } from "@e965/xlsx";
import { didYouMean, phrase, TesseraError } from "../../../engine/errors/index.ts";
import { openChunkWriter } from "../chunk-writer.ts";
import {
  createRawTable,
  openBadRows,
  rawTable,
  SCRATCH,
  type ExtractContext,
  type RawColumn,
  FILE_COLUMN,
  LINE_COLUMN,
} from "../extracted.ts";
import { cellText } from "./excel-cell.ts";
import { filled, headerBelow, LOOKED_AT, uniqueNames } from "./header-row.ts";
import type { FileExtract } from "../../declare/job.ts";
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
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

interface Row {
  /** in the sheet, from 1 */
  readonly line: number;
  readonly cells: readonly (string | null)[];
}

/**
 * Reads one sheet of each file into the raw table. The first row that is not empty has the names, or the first row of
 * names below a title; cells beyond the names get a name of their own.
 * @throws TesseraError `source-refused` for a damaged or too large workbook, or a missing sheet
 */
export async function extractExcel(
  context: ExtractContext,
  files: readonly SheetFile[],
  extract: FileExtract,
): Promise<DelimitedRows> {
  const sheets: Sheet[] = [];
  for (const file of files) sheets.push(await readSheet(file, extract));
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
  return { columns, extra: wanted.extra, rows: writer.rows, warnings: sheets.flatMap(({ notes }) => notes) };
}

async function readSheet(file: SheetFile, extract: FileExtract): Promise<Sheet> {
  const { sheet: sheetName } = extract;
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
  const rows: Row[] = [];
  for (const [i, row] of (worksheet["!data"] ?? []).entries()) {
    if (i < (extract.skip ?? 0)) continue;
    // sparse: rows and cells that were never written are holes
    const cells = Array.from(row ?? [], (cell) => cellText(cell, epoch1904, SSF));
    while (cells.length > 0 && cells.at(-1) === null) cells.pop();
    if (cells.length > 0) rows.push({ line: i + 1, cells });
  }
  return tableOf(file, rows, extract);
}

/** The table in the rows of a sheet. */
function tableOf(file: SheetFile, sheet: readonly Row[], extract: FileExtract): Sheet {
  const notes: string[] = [];
  const footer = extract.footer === undefined ? undefined : new RegExp(extract.footer);
  const end = footer === undefined ? -1 : sheet.findIndex(({ cells }) => footer.test(cells[0] ?? ""));
  if (end >= 0)
    notes.push(`${file.name}: the table ends at row ${at(sheet, end).line}; ${sheet.length - end} rows were left out`);
  const rows = withoutWords(end < 0 ? sheet : sheet.slice(0, end), new Set(extract.nullWords ?? []));
  const [top] = rows;
  if (top === undefined) return { file, columns: [], rows: [], notes: [...notes, `${file.name} has no cells`] };
  const hasHeader = extract.header ?? true;
  let begin = 0;
  if (extract.skip === undefined && hasHeader && filled(top.cells) <= 1)
    begin = headerBelow(rows.slice(0, LOOKED_AT).map(({ cells }) => cells)) ?? 0;
  if (begin > 0)
    notes.push(
      `${file.name}: ${begin} rows above the column names were left out, which begin with "${filledText(top)}"`,
    );
  const names = hasHeader ? at(rows, begin).cells.map((cell) => cell?.trim() ?? "") : [];
  const body = rows.slice(hasHeader ? begin + 1 : 0);
  const width = body.reduce((most, { cells }) => Math.max(most, cells.length), names.length);
  const wider = body.filter(({ cells }) => cells.length > names.length).length;
  if (hasHeader && wider > 0)
    notes.push(
      `${file.name}: ${wider} rows have cells beyond the column names: ` +
        `they are in column${names.length}${width > names.length + 1 ? ` to column${width - 1}` : ""}`,
    );
  return { file, columns: uniqueNames(Array.from({ length: width }, (_, i) => names[i] ?? "")), rows: body, notes };
}

const filledText = ({ cells }: Row): string => cells.find((cell) => cell !== null) ?? "";

const withoutWords = (rows: readonly Row[], words: ReadonlySet<string>): readonly Row[] =>
  words.size === 0
    ? rows
    : rows.map(({ line, cells }) => ({
        line,
        cells: cells.map((cell) => (cell !== null && words.has(cell.trim()) ? null : cell)),
      }));
