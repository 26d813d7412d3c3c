import type { Setting } from "../secret.ts";

/** A folder of files as users write it. */
export interface FilesSpec {
  /** unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  /** the folder, relative to the project's folder */
  readonly path: Setting;
  /**
   * seconds; a younger file may still be growing and waits for the next load. Default 0: its size is watched instead
   */
  readonly settle?: number;
}

/** Made by `files`. */
export type FilesSource = FilesSpec & { readonly kind: "files" };

/** A folder of CSV, TSV, JSON, NDJSON, Parquet or Excel files. @example files({ name: "drops", path: "./drops" }) */
export const files = (spec: FilesSpec): FilesSource => Object.freeze({ ...spec, kind: "files" as const });
