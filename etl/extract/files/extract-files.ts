/**
 * Files of a folder. Each is loaded once, by size and content; a file that is still being written waits for the next
 * load.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import type { FileExtract } from "../../declare/job.ts";
import { modeOf } from "../../declare/load-mode.ts";
import { resolveSetting } from "../../declare/secret.ts";
import type { FilesSource } from "../../declare/sources/files.ts";
import { delimitedFile, extractDelimited, type DelimitedFile, type DelimitedRows } from "./extract-csv.ts";
import { extractExcel } from "./extract-excel.ts";
import { extractJsonFiles } from "./extract-json-files.ts";
import { extractParquet } from "./extract-parquet.ts";
import { extraColumns } from "../wanted.ts";
import { openBadRows, type ExtractContext, type Extracted, type FileRecord } from "../extracted.ts";
import { FILE_COLUMN, LINE_COLUMN } from "../json-rows.ts";
import { listFiles, type FoundFile } from "./list-files.ts";
import { inspectFile, type Inspected } from "./plain-text.ts";

type Format = NonNullable<FileExtract["format"]>;

const GUNZIP_LIMIT = 2 ** 31 - 1;

interface ReadFile extends FoundFile, Inspected {}

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
  const files = await readFiles(settled, warnings);
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
    provenance: { file: FILE_COLUMN, line: LINE_COLUMN },
    files: chosen.map(({ name, size, sha256 }): FileRecord => ({ name, size, sha256 })),
    warnings: [...warnings, ...rows.warnings],
  };
}

const identity = (file: { readonly size: number; readonly sha256: string }): string => `${file.size}:${file.sha256}`;

/** Inspects the files; of several with the same content the first is loaded. */
async function readFiles(found: readonly FoundFile[], warnings: string[]): Promise<ReadFile[]> {
  const seen = new Map<string, string>();
  const files: ReadFile[] = [];
  for (const file of found) {
    const inspected = await inspectFile(file);
    if (inspected === undefined) {
      warnings.push(`${file.name} is still being written and waits for the next load`);
      continue;
    }
    const read: ReadFile = { ...file, ...inspected };
    const same = seen.get(identity(read));
    if (same !== undefined) {
      warnings.push(`${file.name} has the same content as ${same}: loaded once`);
      continue;
    }
    seen.set(identity(read), file.name);
    files.push(read);
  }
  return files;
}

function readFormat(
  context: ExtractContext,
  extract: FileExtract,
  files: readonly ReadFile[],
  place: string,
  warnings: string[],
): Promise<DelimitedRows> {
  const formats = new Set(files.map((file) => extract.format ?? formatOf(file.name)));
  if (formats.size > 1)
    throw new TesseraError(
      "job-invalid",
      phrase`"${extract.file}" matches files of several formats: ${[...formats].join(", ")}`,
      { place, remedy: "make a job for each format" },
    );
  const format = [...formats][0];
  switch (format) {
    case "csv":
    case "tsv": {
      const delimited = files.flatMap((file): DelimitedFile[] => {
        const zipped = /\.gz$/i.test(file.name);
        const read = (): Buffer =>
          zipped ? gunzipSync(readFileSync(file.path), { maxOutputLength: GUNZIP_LIMIT }) : readFileSync(file.path);
        const needsAll = zipped || (extract.encoding !== undefined && extract.encoding !== "utf-8");
        const one = delimitedFile(context, extract, {
          name: file.name,
          path: file.path,
          plain: file.plain,
          content: needsAll ? read() : file.head,
          read,
        });
        if (one === undefined) warnings.push(`${file.name} is empty`);
        return one ? [one] : [];
      });
      return extractDelimited(context, delimited);
    }
    case "json":
    case "ndjson":
      return extractJsonFiles(context, files, format === "ndjson");
    case "parquet":
      return extractParquet(context, files);
    case "excel":
      return extractExcel(context, files, extract.sheet);
    default:
      throw new TesseraError("job-invalid", phrase`cannot infer the format of ${extract.file}`, {
        place,
        remedy: "name it with `extract.format`: csv, tsv, json, ndjson, parquet or excel",
      });
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
};

/** The format by the file's extension. */
function formatOf(name: string): Format | undefined {
  const [, extension] = /\.([a-z0-9]+)(\.gz)?$/i.exec(name) ?? [];
  return extension === undefined ? undefined : FORMATS[extension.toLowerCase()];
}
