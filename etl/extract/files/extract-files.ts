/**
 * Files of a folder. Each is loaded once, by size and content; a file that is still being written waits for the next
 * load.
 */
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import type { FileExtract } from "../../declare/job.ts";
import { modeOf } from "../../declare/load-mode.ts";
import { resolveSetting } from "../../declare/secret.ts";
import type { FilesSource } from "../../declare/sources/files.ts";
import { delimitedFile, extractDelimited, type DelimitedFile, type DelimitedRows } from "./extract-csv.ts";
import { extractExcel } from "./extract-excel.ts";
import { extractJsonFiles } from "./extract-json-files.ts";
import { extractParquet } from "./extract-parquet.ts";
import { spoolFolder, utf8File, type Utf8File } from "./utf8-file.ts";
import { extraColumns } from "../wanted.ts";
import {
  openBadRows,
  type ExtractContext,
  type Extracted,
  type FileRecord,
  FILE_COLUMN,
  LINE_COLUMN,
} from "../extracted.ts";
import { listFiles, type FoundFile } from "./list-files.ts";
import { inspectFile, type Inspected } from "./plain-text.ts";

type Format = NonNullable<FileExtract["format"]>;

interface ReadFile extends FoundFile, Inspected {
  readonly format: Format;
  /** of a text file: where it can be read as UTF-8 */
  readonly text?: Utf8File;
}

/** Reads the new files of a source into the raw table; with mode replace all files, as soon as one differs. */
export async function extractFiles(
  context: ExtractContext,
  source: FilesSource,
  extract: FileExtract,
): Promise<Extracted> {
  const place = `job ${context.job.name} › ${extract.file}`;
  const folder = resolve(context.folder, resolveSetting(source.path, context.environment, `source ${source.name}`));
  const found = listFiles(folder, extract.file, `source ${source.name}`);
  const warnings: string[] = [];
  const settled = found.filter((file) => Date.now() - file.modified >= (source.settle ?? 0) * 1000);
  const files = await readFiles(context, settled, extract, place, warnings);
  const waiting = found.length - settled.length;
  if (waiting > 0)
    warnings.push(
      waiting === 1
        ? "1 file is still being written and waits for the next load"
        : `${waiting} files are still being written and wait for the next load`,
    );

  const known = new Set(context.loadedFiles.map(identity));
  const fresh = files.filter((file) => !known.has(identity(file)));
  const present = new Set(files.map(identity));
  const whole = modeOf(context.job) === "replace" || context.loadedFiles.length === 0;
  // with mode replace the table is equal to the folder: one missing file means a full read
  const gone = whole && context.loadedFiles.some((file) => !present.has(identity(file)));
  if (fresh.length === 0 && !gone) {
    return {
      columns: [],
      rows: 0,
      bytes: 0,
      whole: false,
      files: [],
      skipped: found.length === 0 ? `no file matches ${extract.file}` : "no new files",
      warnings,
    };
  }
  const chosen = whole ? files : fresh;
  for (const file of fresh) {
    const before = context.loadedFiles.find((each) => each.name === file.name);
    if (before && !whole) warnings.push(`${file.name} was loaded before with other content: its rows are new`);
  }
  await (await openBadRows(context)).close();
  const rows = await readFormat(context, extract, chosen, place, warnings);
  const bytes = chosen.reduce((sum, file) => sum + file.size, 0);
  warnings.push(...extraColumns(context.job, rows.extra));
  context.onRows(rows.rows, rows.rows);
  return {
    columns: rows.columns,
    rows: rows.rows,
    bytes,
    whole,
    provenance: {
      file: FILE_COLUMN,
      line: LINE_COLUMN,
      folders: [`${spoolFolder(context.work)}/`, `${realpathSync(folder)}/`],
      ...(rows.above && { above: rows.above }),
    },
    files: chosen.map(({ name, size, sha256 }): FileRecord => ({ name, size, sha256 })),
    warnings: [...warnings, ...rows.warnings],
  };
}

const identity = (file: { readonly size: number; readonly sha256: string }): string => `${file.size}:${file.sha256}`;

/** Inspects the files; of several with the same content the first is loaded. */
async function readFiles(
  context: ExtractContext,
  found: readonly FoundFile[],
  extract: FileExtract,
  place: string,
  warnings: string[],
): Promise<ReadFile[]> {
  const seen = new Map<string, string>();
  const files: ReadFile[] = [];
  for (const file of found) {
    const waits = (why: string): void => void warnings.push(`${file.name} ${why}: it waits for the next load`);
    if (file.size === 0) {
      waits("is empty");
      continue;
    }
    const inspected = await inspectFile(file);
    if (inspected === undefined) {
      waits("is still being written");
      continue;
    }
    const read = { ...file, ...inspected };
    const same = seen.get(identity(read));
    if (same !== undefined) {
      warnings.push(`${file.name} has the same content as ${same}: loaded once`);
      continue;
    }
    const format = extract.format ?? formatOf(file.name, extract, place);
    const keepMark = format === "csv" || format === "tsv";
    const options = { encoding: extract.encoding, keepMark, work: context.work };
    const text = isText(format) ? await utf8File(read, options) : null;
    if (text === undefined) {
      waits("is not a complete gzip file");
      continue;
    }
    seen.set(identity(read), file.name);
    files.push({ ...read, format, ...(text && { text }) });
  }
  return files;
}

const isText = (format: Format): boolean => format !== "parquet" && format !== "excel";

function readFormat(
  context: ExtractContext,
  extract: FileExtract,
  files: readonly ReadFile[],
  place: string,
  warnings: string[],
): Promise<DelimitedRows> {
  const formats = new Set(files.map(({ format }) => format));
  if (formats.size > 1)
    throw new TesseraError(
      "job-invalid",
      phrase`"${extract.file}" matches files of several formats: ${[...formats].join(", ")}`,
      { place, remedy: "make a job for each format" },
    );
  const texts = files.flatMap(({ text }) => text ?? []);
  const [format] = formats;
  switch (format) {
    case "parquet":
      return extractParquet(context, files);
    case "excel":
      return extractExcel(context, files, extract);
    case "json":
    case "ndjson":
      return extractJsonFiles(context, texts, extract, format === "ndjson");
    default: {
      const delimited = texts.flatMap((text): DelimitedFile[] => {
        const one = delimitedFile(text, extract);
        if (one === undefined) warnings.push(`${text.name} has no lines`);
        warnings.push(...(one?.notes ?? []));
        return one ? [one.file] : [];
      });
      return extractDelimited(context, delimited, extract);
    }
  }
}

const FORMATS: Readonly<Record<string, Format>> = {
  csv: "csv",
  txt: "csv",
  tsv: "tsv",
  json: "json",
  ndjson: "ndjson",
  jsonl: "ndjson",
  parquet: "parquet",
  xlsx: "excel",
  xlsm: "excel",
  xlsb: "excel",
  xls: "excel",
  ods: "excel",
};

/** The format by the file's extension. @throws TesseraError `job-invalid` for an unknown extension */
function formatOf(name: string, extract: FileExtract, place: string): Format {
  const [, extension = ""] = /\.([a-z0-9]+)(\.gz)?$/i.exec(name) ?? [];
  const format = FORMATS[extension.toLowerCase()];
  if (format !== undefined) return format;
  throw new TesseraError("job-invalid", phrase`cannot infer the format of ${extract.file}`, {
    place,
    remedy: "name it with `extract.format`: csv, tsv, json, ndjson, parquet or excel",
  });
}
