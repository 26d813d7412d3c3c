/** What a format of answers brings. */
import type { Result } from "../../engine/model/query.ts";

/** An answer that can be written in several formats. */
export interface Exportable {
  /** heads a workbook and names a file */
  readonly title: string;
  /** dimensions laid out across in formats for people */
  readonly across: readonly string[];
  readonly result: () => Promise<Result>;
  /** the Arrow stream, where the answer has one */
  readonly arrow?: () => Promise<Uint8Array>;
  /** the Parquet file, where the answer has one */
  readonly parquet?: () => Promise<Uint8Array>;
}

export interface ExportOptions {
  /** keeps text that a spreadsheet would run as a formula */
  readonly raw?: boolean;
  /** heads columns with titles instead of member names */
  readonly titles?: boolean;
  /** lays JSON out for people */
  readonly indented?: boolean;
  /** what a workbook says of its origin: the question, the data version, when it was asked */
  readonly about?: (result: Result) => readonly (readonly [string, string])[];
  readonly asOf: Date;
}

export interface ExportFormat {
  /** in `?format=` and `--format`, and the extension of files */
  readonly name: string;
  readonly mediaType: string;
  /** whether the file is text, in UTF-8 */
  readonly isText: boolean;
  /** whether an answer can be written in it; default: every answer */
  readonly suits?: (answer: Exportable) => boolean;
  write(answer: Exportable, options: ExportOptions): Promise<string | Uint8Array>;
}
