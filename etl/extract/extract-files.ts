/** Files of a folder: each is loaded once, by its size and content; one that is still being written is left for the next load. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { FileExtract } from "../declare/job.ts";
import { modeOf } from "../declare/load-mode.ts";
import { resolveSetting } from "../declare/secret.ts";
import type { FilesSource } from "../declare/sources/files.ts";
import { delimitedFile, extractDelimited, type DelimitedFile, type DelimitedRows } from "./extract-csv.ts";
import { extractExcel } from "./extract-excel.ts";
import { extractJsonFiles } from "./extract-json-files.ts";
import { extractParquet } from "./extract-parquet.ts";
import { openBadRows, type ExtractContext, type Extracted, type FileRecord } from "./extracted.ts";
import { FILE_COLUMN, LINE_COLUMN } from "./json-rows.ts";
import { listFiles, type FoundFile } from "./list-files.ts";
import { lookAtFile, type LookedAt } from "./plain-text.ts";

type Format = NonNullable<FileExtract["format"]>;

const GUNZIP_LIMIT = 2 ** 31 - 1;

interface NewFile extends FoundFile, LookedAt {}

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
    warnings.push(`${waiting} file${waiting === 1 ? " is" : "s are"} still being written and left for the next load`);

  const known = new Set(context.loadedFiles.map(identity));
  const fresh = files.filter((file) => !known.has(identity(file)));
  const present = new Set(files.map(identity));
  const whole = modeOf(context.job) === "replace" || context.loadedFiles.length === 0;
  // a table that mirrors the folder is read again as a whole as soon as one file differs
  const gone = whole && context.loadedFiles.some((file) => !present.has(identity(file)));
  if (fresh.length === 0 && !gone) {
    return {
      columns: [],
      rows: 0,
      bytes: 0,
      whole: false,
      files: [],
      skipped: found.length === 0 ? `no file matches ${extract.file}` : "no new file",
      warnings,
    };
  }
  const chosen = whole ? files : fresh;
  for (const file of fresh) {
    const before = context.loadedFiles.find((each) => each.name === file.name);
    if (before && !whole) warnings.push(`${file.name} was loaded before with other content: its rows are read as new`);
  }
  await (await openBadRows(context)).close();
  const rows = await readFormat(context, extract, chosen, place, warnings);
  const bytes = chosen.reduce((sum, file) => sum + file.size, 0);
  if (rows.extra.length > 0 && context.job.columns)
    warnings.push(`the files have columns that the contract does not name: ${rows.extra.join(", ")}`);
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

/** Reads and identifies the files; of two with the same content the first counts. */
async function readFiles(found: readonly FoundFile[], warnings: string[]): Promise<NewFile[]> {
  const seen = new Map<string, string>();
  const files: NewFile[] = [];
  for (const file of found) {
    const looked = await lookAtFile(file);
    if (looked === undefined) {
      warnings.push(`${file.name} is still being written and left for the next load`);
      continue;
    }
    const read: NewFile = { ...file, ...looked };
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
  files: readonly NewFile[],
  place: string,
  warnings: string[],
): Promise<DelimitedRows> {
  const formats = new Set(files.map((file) => extract.format ?? formatOf(file.name)));
  if (formats.size > 1)
    throw new TesseraError(
      "job-invalid",
      phrase`the pattern matches files of several kinds: ${[...formats].join(", ")}`,
      {
        place,
        remedy: "make one job for each kind",
      },
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
      throw new TesseraError("job-invalid", phrase`nobody can tell what kind of file ${extract.file} is`, {
        place,
        remedy: 'set extract.format to "csv", "tsv", "json", "ndjson", "parquet" or "excel"',
      });
  }
}

function formatOf(name: string): Format | undefined {
  const ending = /\.([a-z0-9]+)(\.gz)?$/i.exec(name)?.[1]?.toLowerCase();
  const formats: { readonly [ending: string]: Format } = {
    csv: "csv",
    txt: "csv",
    tsv: "tsv",
    json: "json",
    ndjson: "ndjson",
    jsonl: "ndjson",
    parquet: "parquet",
    xlsx: "excel",
  };
  return ending === undefined ? undefined : formats[ending];
}
