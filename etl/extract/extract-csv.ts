/** Delimited files: DuckDB reads all that agree in their header in one statement; a file it refuses is read carefully, record by record. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import type { FileExtract } from "../declare/job.ts";
import { openChunkWriter, type ChunkWriter } from "./chunk-writer.ts";
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
} from "./extracted.ts";
import { fileShape, type FileShape } from "./file-header.ts";
import { isPlain } from "./plain-text.ts";
import { FILE_COLUMN, LINE_COLUMN } from "./json-rows.ts";
import { wantedColumns } from "./wanted.ts";

export interface DelimitedFile {
  readonly name: string;
  readonly path: string;
  readonly plain: boolean;
  readonly shape: FileShape;
  readonly content: () => Buffer;
}

/** The file as UTF-8 text with its shape; undefined for an empty file. Other encodings are written anew below the work folder. */
export function delimitedFile(
  context: ExtractContext,
  extract: FileExtract,
  file: { name: string; path: string; plain: boolean; content: Buffer; read: () => Buffer },
): DelimitedFile | undefined {
  const isTsv = extract.format === "tsv" || /\.tsv(\.gz)?$/i.test(file.name);
  const isGzip = /\.gz$/i.test(file.name);
  const other = extract.encoding !== undefined && extract.encoding !== "utf-8";
  if (!other && !isGzip) {
    const shape = fileShape(file.content, extract, isTsv);
    return shape && { name: file.name, path: file.path, plain: file.plain, shape, content: file.read };
  }
  const text = other
    ? new TextDecoder(extract.encoding === "utf-16" ? "utf-16le" : "windows-1252").decode(file.content)
    : file.content;
  const path = join(context.work, "spool", file.name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const content = Buffer.from(text);
  const shape = fileShape(content, extract, isTsv);
  return shape && { name: file.name, path, plain: isPlain(content), shape, content: () => content };
}

export interface DelimitedRows {
  readonly columns: readonly RawColumn[];
  readonly extra: readonly string[];
  readonly rows: number;
  readonly warnings: readonly string[];
}

/** Reads the files into the raw table, all columns as text. */
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
    const missing = wanted.read.filter((name) => !group[0]!.shape.columns.includes(name));
    if (missing.length > 0)
      warnings.push(
        `${group.length} file${group.length === 1 ? "" : "s"} as ${group[0]!.name} lack ${missing.join(", ")}: read as empty`,
      );
    await readGroup(context, group, wanted.read, careful);
  }
  const table = inScratch(rawTable(job));
  if (careful.length > 0) {
    const writer = await openChunkWriter(connection, SCRATCH, rawTable(job));
    const bad = await openBadRows(context);
    for (const file of careful) readCarefully(file, wanted.read, writer, bad);
    writer.close();
    await bad.close();
  }
  const counted = await connection.runAndReadAll(
    `SELECT (SELECT count(*) FROM ${table}) + (SELECT count(*) FROM ${inScratch(badTable(job))})`,
  );
  return { columns, extra: wanted.extra, rows: Number(counted.getRowsJson()[0]![0]), warnings };
}

/**
 * One statement for the group. DuckDB leaves out lines that it cannot read, and after an unclosed quote good ones with them: so
 * every file that has such a line is taken out again and read carefully.
 */
async function readGroup(
  context: ExtractContext,
  group: readonly DelimitedFile[],
  read: readonly string[],
  careful: DelimitedFile[],
): Promise<void> {
  context.signal.throwIfAborted();
  const { connection, job } = context;
  const { shape } = group[0]!;
  const table = inScratch(rawTable(job));
  const [errors, scans] = [`csv_errors_${job.name}`, `csv_scans_${job.name}`];
  const columns = `{${shape.columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(", ")}}`;
  const picked = read.map((name) =>
    shape.columns.includes(name) ? quoteIdentifier(name) : `NULL::VARCHAR AS ${quoteIdentifier(name)}`,
  );
  const source = `read_csv([${group.map((file) => quoteText(file.path)).join(", ")}], columns = ${columns}, header = ${shape.hasHeader}, auto_detect = false,
    delim = ${quoteText(shape.delimiter)}, quote = '"', escape = '"', strict_mode = true, null_padding = false, filename = '${FILE_COLUMN}',
    store_rejects = true, rejects_table = ${quoteText(errors)}, rejects_scan = ${quoteText(scans)}, rejects_limit = 1)`;
  try {
    await connection.run(`INSERT INTO ${table} SELECT ${picked.join(", ")}, ${FILE_COLUMN}, NULL FROM ${source}`);
    const found = await connection.runAndReadAll(
      `SELECT DISTINCT s.file_path FROM ${quoteIdentifier(errors)} AS e JOIN ${quoteIdentifier(scans)} AS s USING (scan_id, file_id)`,
    );
    const faulty = new Set(found.getRowsJson().map(([path]) => String(path)));
    if (faulty.size > 0) {
      await connection.run(`DELETE FROM ${table} WHERE ${FILE_COLUMN} IN (${[...faulty].map(quoteText).join(", ")})`);
      careful.push(...group.filter((file) => faulty.has(file.path)));
    }
  } catch (error) {
    // faults that it does not leave out, an overlong line for one, come without the file's name: the halves are tried
    if (!(error instanceof Error) || !/CSV|Invalid Input|Conversion|unicode/i.test(error.message)) throw error;
    if (group.length === 1) return void careful.push(group[0]!);
    const half = group.length >> 1;
    await readGroup(context, group.slice(0, half), read, careful);
    await readGroup(context, group.slice(half), read, careful);
  } finally {
    for (const name of [errors, scans]) await connection.run(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`);
  }
}

function readCarefully(file: DelimitedFile, read: readonly string[], writer: ChunkWriter, bad: BadRows): void {
  const { shape } = file;
  const positions = read.map((name) => shape.columns.indexOf(name));
  const fileColumn = writer.columns[read.length]!;
  const lineColumn = writer.columns[read.length + 1]!;
  for (const record of readRecords(splitLines(file.content()), shape.hasHeader ? 1 : 0, {
    delimiter: shape.delimiter,
    width: shape.columns.length,
  })) {
    if ("reason" in record) {
      bad.add({ file: file.name, line: record.line, reason: record.reason, row: record.text });
      continue;
    }
    for (let i = 0; i < positions.length; i++) {
      const value = positions[i]! < 0 ? null : record.fields[positions[i]!];
      if (value === null || value === undefined) writer.columns[i]!.setNull(writer.row);
      else writer.columns[i]!.setText(writer.row, value);
    }
    fileColumn.setText(writer.row, file.path);
    lineColumn.setInteger(writer.row, record.line);
    writer.next();
  }
}
