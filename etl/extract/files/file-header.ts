/** The shape of a delimited file: its delimiter and columns. */
import type { FileExtract } from "../../declare/job.ts";
import { guessDelimiter, parseHeader } from "./csv-records.ts";

/** What the first line of a delimited file shows. */
export interface FileShape {
  readonly delimiter: string;
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
}

/** The shape from the first line; undefined for an empty file. */
export function fileShape(content: Buffer, extract: FileExtract, isTsv: boolean): FileShape | undefined {
  const start = content.length >= 3 && content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf ? 3 : 0;
  if (start >= content.length) return undefined;
  const ends = [content.indexOf(10, start), content.indexOf(13, start)].filter((at) => at >= 0);
  const line = content.toString("utf8", start, ends.length === 0 ? content.length : Math.min(...ends));
  const delimiter = extract.delimiter ?? (isTsv ? "\t" : guessDelimiter(line));
  const fields = parseHeader(line, delimiter);
  const hasHeader = extract.header ?? true;
  const names = hasHeader ? uniqueNames(fields.map((field) => field.trim())) : fields.map((_, i) => `column${i}`);
  return { delimiter, columns: names, hasHeader };
}

/** The names made unique without regard to case, as DuckDB requires: empty and repeated ones get a number. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    const base = name === "" ? `column${i}` : name;
    let unique = base;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${base}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
