import type { Setting } from "../secret.ts";

export interface FilesSpec {
  readonly name: string;
  readonly title?: string;
  /** the folder, relative to the project's folder */
  readonly path: Setting;
  /** a file younger than this many seconds is taken to be still being written and left for the next load; default 0: its size is watched instead */
  readonly settle?: number;
}
export type FilesSource = FilesSpec & { readonly kind: "files" };

/** A folder of CSV, TSV, JSON, NDJSON, Parquet or Excel files. */
export const files = (spec: FilesSpec): FilesSource => Object.freeze({ ...spec, kind: "files" as const });
