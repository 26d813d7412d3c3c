/**
 * Delimited files. DuckDB reads all files with the same header in one statement; a file that it refuses is read record
 * by record.
 */
import { at, first } from "../../../engine/lookup.ts";
import { readFileSync } from "node:fs";
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
  FILE_COLUMN,
  LINE_COLUMN,
} from "../extracted.ts";
import { tableShape, type TableShape } from "./table-shape.ts";
import type { Utf8File } from "./utf8-file.ts";
import { wantedColumns } from "../wanted.ts";
import { readNumber, readTexts } from "../read-sql.ts";

/** A delimited file in UTF-8. */
export interface DelimitedFile {
  /** relative to the source's folder */
  readonly name: string;
  readonly path: string;
  /** DuckDB can read it */
  readonly plain: boolean;
  readonly shape: TableShape;
}

/** The file with its shape, and notes about it; undefined for an empty file. */
export function delimitedFile(
  file: Utf8File,
  extract: FileExtract,
): { readonly file: DelimitedFile; readonly notes: readonly string[] } | undefined {
  const isTsv = extract.format === "tsv" || /\.tsv(\.gz)?$/i.test(file.name);
  const found = tableShape(file.head, file.isShort, extract, isTsv);
  if (found === undefined) return undefined;
  // DuckDB knows no footer, and takes a comment mark within a line for one too
  const plain = file.plain && found.isPlain && extract.footer === undefined && extract.comment === undefined;
  return {
    file: { name: file.name, path: file.path, plain, shape: found.shape },
    notes: found.notes.map((note) => `${file.name}: ${note}`),
  };
}

/** What reading the files of one format gives. */
export interface DelimitedRows {
  readonly columns: readonly RawColumn[];
  /** columns that the contract does not name */
  readonly extra: readonly string[];
  readonly rows: number;
  readonly warnings: readonly string[];
  /** by path, how many lines are above a file's first record, where it is not one */
  readonly above?: ReadonlyMap<string, number>;
}

/** Reads the files into the raw table, with all columns as text. */
export async function extractDelimited(
  context: ExtractContext,
  files: readonly DelimitedFile[],
  extract: FileExtract,
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
    await readGroup(context, group, { read: wanted.read, nullWords: extract.nullWords ?? [] }, careful);
  }
  const table = inScratch(rawTable(job));
  if (careful.length > 0) {
    const writer = await openChunkWriter(connection, SCRATCH, rawTable(job));
    const bad = await openBadRows(context);
    for (const file of careful) warnings.push(...readRecordByRecord(file, wanted.read, extract, writer, bad));
    writer.close();
    await bad.close();
  }
  const counted = await readNumber(
    connection,
    `SELECT (SELECT count(*) FROM ${table}) + (SELECT count(*) FROM ${inScratch(badTable(job))})`,
  );
  const above = files.flatMap(({ path, shape }) => (shape.bodyLine === 1 ? [] : [[path, shape.bodyLine] as const]));
  return { columns, extra: wanted.extra, rows: counted, warnings, above: new Map(above) };
}

/**
 * Reads the group in one statement. DuckDB leaves out lines that it cannot read, and good lines after an unclosed
 * quote: the rows of every file with such a line are removed again, and the file is added to `careful`.
 */
async function readGroup(
  context: ExtractContext,
  group: readonly DelimitedFile[],
  wanted: { readonly read: readonly string[]; readonly nullWords: readonly string[] },
  careful: DelimitedFile[],
): Promise<void> {
  context.signal.throwIfAborted();
  const { connection, job } = context;
  const { shape } = first(group);
  const table = inScratch(rawTable(job));
  const [errors, scans] = [`csv_errors_${job.name}`, `csv_scans_${job.name}`];
  const columns = `{${shape.columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(", ")}}`;
  const picked = wanted.read.map((name) =>
    shape.columns.includes(name) ? valueSql(name, wanted.nullWords) : `NULL::VARCHAR AS ${quoteIdentifier(name)}`,
  );
  const paths = group.map((file) => quoteText(file.path)).join(", ");
  const source = `read_csv([${paths}], columns = ${columns}, header = false, skip = ${shape.bodyLine}, auto_detect = false,
    delim = ${quoteText(shape.delimiter)}, quote = ${quoteText(shape.quote)}, escape = ${quoteText(shape.escape)},
    strict_mode = true, null_padding = false,
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
    await readGroup(context, group.slice(0, half), wanted, careful);
    await readGroup(context, group.slice(half), wanted, careful);
  } finally {
    for (const name of [errors, scans]) await connection.run(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`);
  }
}

const valueSql = (name: string, nullWords: readonly string[]): string => {
  const column = quoteIdentifier(name);
  if (nullWords.length === 0) return column;
  return `CASE WHEN trim(${column}) IN (${nullWords.map(quoteText).join(", ")}) THEN NULL ELSE ${column} END AS ${column}`;
};

/** @returns what a person should know */
function readRecordByRecord(
  file: DelimitedFile,
  read: readonly string[],
  extract: FileExtract,
  writer: ChunkWriter,
  bad: BadRows,
): string[] {
  const { shape } = file;
  const nullWords = new Set(extract.nullWords ?? []);
  const targets = read.map((name, i) => ({ column: at(writer.columns, i), position: shape.columns.indexOf(name) }));
  const fileColumn = at(writer.columns, read.length);
  const lineColumn = at(writer.columns, read.length + 1);
  const lines = splitLines(readFileSync(file.path));
  const records = readRecords(lines, shape.bodyLine, {
    ...shape,
    width: shape.columns.length,
    ...(extract.footer !== undefined && { footer: new RegExp(extract.footer) }),
  });
  for (;;) {
    const { value: record, done } = records.next();
    if (done) {
      const left = lines.length - record;
      return left === 0 ? [] : [`${file.name}: the table ends at line ${record + 1}; ${left} lines were left out`];
    }
    if ("reason" in record) {
      bad.add({ file: file.path, line: record.line, reason: record.reason, row: record.text });
      continue;
    }
    for (const { column, position } of targets) {
      const value = position < 0 ? null : record.fields[position];
      if (value === null || value === undefined || nullWords.has(value.trim())) column.setNull(writer.row);
      else column.setText(writer.row, value);
    }
    fileColumn.setText(writer.row, file.path);
    lineColumn.setInteger(writer.row, record.line);
    writer.next();
  }
}
