/**
 * Delimited files. DuckDB reads all files with the same header in one statement; a file that it refuses is read record
 * by record.
 */
import { at, first } from "../../../engine/lookup.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { quoteIdentifier, quoteText } from "../../../engine/warehouse/index.ts";
import type { FileExtract } from "../../declare/job.ts";
import { openChunkWriter, type ChunkWriter } from "../chunk-writer.ts";
import { readRecords, splitLines } from "./csv-records.ts";
import {
  badTable,
  createRawTable,
  inScratch,
  openBadRows,
  rawTable,
  SCRATCH,
  type BadRows,
  type ExtractContext,
  type RawColumn,
} from "../extracted.ts";
import { fileShape, type FileShape } from "./file-header.ts";
import { isPlain } from "./plain-text.ts";
import { FILE_COLUMN, LINE_COLUMN } from "../json-rows.ts";
import { wantedColumns } from "../wanted.ts";
import { readNumber, readTexts } from "../read-sql.ts";

/** A delimited file in UTF-8. */
export interface DelimitedFile {
  /** relative to the source's folder */
  readonly name: string;
  readonly path: string;
  /** DuckDB can read it */
  readonly plain: boolean;
  readonly shape: FileShape;
  readonly content: () => Buffer;
}

/**
 * The file with its shape; undefined for an empty file. Other encodings are converted into a file of the work folder.
 */
export function delimitedFile(
  context: ExtractContext,
  extract: FileExtract,
  file: { name: string; path: string; plain: boolean; content: Buffer; read: () => Buffer },
): DelimitedFile | undefined {
  const isTsv = extract.format === "tsv" || /\.tsv(\.gz)?$/i.test(file.name);
  const isGzip = /\.gz$/i.test(file.name);
  const isEncoded = extract.encoding !== undefined && extract.encoding !== "utf-8";
  if (!isEncoded && !isGzip) {
    const shape = fileShape(file.content, extract, isTsv);
    return shape && { name: file.name, path: file.path, plain: file.plain, shape, content: file.read };
  }
  const text = isEncoded
    ? new TextDecoder(extract.encoding === "utf-16" ? "utf-16le" : "windows-1252").decode(file.content)
    : file.content;
  const path = join(context.work, "spool", file.name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const content = Buffer.from(text);
  const shape = fileShape(content, extract, isTsv);
  return shape && { name: file.name, path, plain: isPlain(content), shape, content: () => content };
}

/** What reading the files of one format gives. */
export interface DelimitedRows {
  readonly columns: readonly RawColumn[];
  /** columns that the contract does not name */
  readonly extra: readonly string[];
  readonly rows: number;
  readonly warnings: readonly string[];
}

/** Reads the files into the raw table, with all columns as text. */
export async function extractDelimited(
  context: ExtractContext,
  files: readonly DelimitedFile[],
): Promise<DelimitedRows> {
  const { job, connection } = context;
  const available = [...new Set(files.flatMap((file) => file.shape.columns))];
  const wanted = wantedColumns(job, available);
  const columns: RawColumn[] = wanted.read.map((name) => ({ name, raw: "VARCHAR" }));
  await createRawTable(context, [
    ...columns,
    { name: FILE_COLUMN, raw: "VARCHAR" },
    { name: LINE_COLUMN, raw: "BIGINT" },
  ]);

  const groups = new Map<string, DelimitedFile[]>();
  const careful: DelimitedFile[] = [];
  for (const file of files) {
    if (!file.plain) careful.push(file);
    else {
      const key = JSON.stringify(file.shape);
      groups.set(key, [...(groups.get(key) ?? []), file]);
    }
  }
  const warnings: string[] = [];
  for (const group of groups.values()) {
    const { name: example, shape } = first(group);
    const missing = wanted.read.filter((name) => !shape.columns.includes(name)).join(", ");
    if (missing !== "")
      warnings.push(
        group.length === 1
          ? `${example} has no column ${missing}: read as empty`
          : `${group.length} files like ${example} have no column ${missing}: read as empty`,
      );
    await readGroup(context, group, wanted.read, careful);
  }
  const table = inScratch(rawTable(job));
  if (careful.length > 0) {
    const writer = await openChunkWriter(connection, SCRATCH, rawTable(job));
    const bad = await openBadRows(context);
    for (const file of careful) readRecordByRecord(file, wanted.read, writer, bad);
    writer.close();
    await bad.close();
  }
  const counted = await readNumber(
    connection,
    `SELECT (SELECT count(*) FROM ${table}) + (SELECT count(*) FROM ${inScratch(badTable(job))})`,
  );
  return { columns, extra: wanted.extra, rows: counted, warnings };
}

/**
 * Reads the group in one statement. DuckDB leaves out lines that it cannot read, and good lines after an unclosed
 * quote: the rows of every file with such a line are removed again, and the file is added to `careful`.
 */
async function readGroup(
  context: ExtractContext,
  group: readonly DelimitedFile[],
  read: readonly string[],
  careful: DelimitedFile[],
): Promise<void> {
  context.signal.throwIfAborted();
  const { connection, job } = context;
  const { shape } = first(group);
  const table = inScratch(rawTable(job));
  const [errors, scans] = [`csv_errors_${job.name}`, `csv_scans_${job.name}`];
  const columns = `{${shape.columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(", ")}}`;
  const picked = read.map((name) =>
    shape.columns.includes(name) ? quoteIdentifier(name) : `NULL::VARCHAR AS ${quoteIdentifier(name)}`,
  );
  const paths = group.map((file) => quoteText(file.path)).join(", ");
  const source = `read_csv([${paths}], columns = ${columns}, header = ${shape.hasHeader}, auto_detect = false,
    delim = ${quoteText(shape.delimiter)}, quote = '"', escape = '"', strict_mode = true, null_padding = false,
    filename = '${FILE_COLUMN}',
    store_rejects = true, rejects_table = ${quoteText(errors)}, rejects_scan = ${quoteText(scans)},
    rejects_limit = 1)`;
  try {
    await connection.run(`INSERT INTO ${table} SELECT ${picked.join(", ")}, ${FILE_COLUMN}, NULL FROM ${source}`);
    const faulty = new Set(
      await readTexts(
        connection,
        `SELECT DISTINCT s.file_path
         FROM ${quoteIdentifier(errors)} AS e JOIN ${quoteIdentifier(scans)} AS s USING (scan_id, file_id)`,
      ),
    );
    if (faulty.size > 0) {
      await connection.run(`DELETE FROM ${table} WHERE ${FILE_COLUMN} IN (${[...faulty].map(quoteText).join(", ")})`);
      careful.push(...group.filter((file) => faulty.has(file.path)));
    }
  } catch (error) {
    // other faults (an overlong line) do not name their file: each half is tried
    if (!(error instanceof Error) || !/CSV|Invalid Input|Conversion|unicode/i.test(error.message)) throw error;
    if (group.length === 1) return void careful.push(...group);
    const half = group.length >> 1;
    await readGroup(context, group.slice(0, half), read, careful);
    await readGroup(context, group.slice(half), read, careful);
  } finally {
    for (const name of [errors, scans]) await connection.run(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`);
  }
}

function readRecordByRecord(file: DelimitedFile, read: readonly string[], writer: ChunkWriter, bad: BadRows): void {
  const { shape } = file;
  const targets = read.map((name, i) => ({ column: at(writer.columns, i), position: shape.columns.indexOf(name) }));
  const fileColumn = at(writer.columns, read.length);
  const lineColumn = at(writer.columns, read.length + 1);
  for (const record of readRecords(splitLines(file.content()), shape.hasHeader ? 1 : 0, {
    delimiter: shape.delimiter,
    width: shape.columns.length,
  })) {
    if ("reason" in record) {
      bad.add({ file: file.name, line: record.line, reason: record.reason, row: record.text });
      continue;
    }
    for (const { column, position } of targets) {
      const value = position < 0 ? null : record.fields[position];
      if (value === null || value === undefined) column.setNull(writer.row);
      else column.setText(writer.row, value);
    }
    fileColumn.setText(writer.row, file.path);
    lineColumn.setInteger(writer.row, record.line);
    writer.next();
  }
}
